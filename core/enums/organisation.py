"""Agencies, posts, roles, and what a role may do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgencyKind(TextChoices):
    MINISTRY = "ministry", _("Ministry")
    PROVINCIAL_COMMITTEE = "provincial_committee", _("Provincial people's committee")
    DEPARTMENT = "department", _("Department")
    BRANCH = "branch", _("Branch")
    COMMUNE = "commune", _("Commune people's committee")
    PARTY_BODY = "party_body", _("Body of the Party")


class Numbering(TextChoices):
    """How an agency numbers its outgoing documents (Decree 30/2020 art 15: the head decides)."""

    OWN_SERIES = "own_series", _("Own yearly series")
    ENTERED = "entered", _("Entered by the clerk from the office's own document system")


class PostKind(TextChoices):
    HEAD = "head", _("Head of the agency")
    ACTING_HEAD = "acting_head", _("Acting head")
    DEPUTY_IN_CHARGE = "deputy_in_charge", _("Deputy in charge while the post of head is vacant")
    DEPUTY_HEAD = "deputy_head", _("Deputy head")
    DEPUTY_RUNNING = "deputy_running", _("Deputy running daily work while the head is away")
    UNIT_HEAD = "unit_head", _("Head of unit")
    DEPUTY_UNIT_HEAD = "deputy_unit_head", _("Deputy head of unit")
    STAFF = "staff", _("Staff")


# In this order: who is put in charge heads the agency only while nobody is appointed or acting.
HEADSHIP = (PostKind.HEAD, PostKind.ACTING_HEAD, PostKind.DEPUTY_IN_CHARGE)


class Role(TextChoices):
    PRESS_CONTACT = "press_contact", _("Press contact")
    CLERK = "clerk", _("Clerk")
    CHIEF_OF_OFFICE = "chief_of_office", _("Chief of office")
    UNIT_HEAD = "unit_head", _("Unit head")
    SPECIALIST = "specialist", _("Specialist")
    LEGAL_OFFICER = "legal_officer", _("Legal officer")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    DEPUTY_HEAD = "deputy_head", _("Deputy head")
    HEAD = "head", _("Head")
    MINISTRY_PRESS_OFFICER = "ministry_press_officer", _("Ministry press officer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Codename(TextChoices):
    """What a role may do, as Django permission codenames on `core.Case`."""

    REGISTER_INQUIRY = "register_inquiry", _("register inquiries")
    TRIAGE_INQUIRY = "triage_inquiry", _("triage inquiries")
    ASSIGN_INQUIRY = "assign_inquiry", _("assign inquiries within the unit")
    DRAFT_REPLY = "draft_reply", _("draft replies")
    REVIEW_DRAFT = "review_draft", _("review the content of drafts")
    CLEAR_DRAFT = "clear_draft", _("clear drafts for secrecy, personal data and wording")
    CLEAR_IN_PLACE = "clear_in_place", _("clear drafts where the agency has no legal officer")
    DECIDE_REPLY = "decide_reply", _("decide on replies")
    ENTER_NUMBER = "enter_number", _("enter document numbers")
    SIGN_DOCUMENT = "sign_document", _("sign documents")
    STAMP_DOCUMENT = "stamp_document", _("apply the agency's signature")
    RELEASE_STATEMENT = "release_statement", _("release statements")
    FOLLOW_UP_INQUIRY = "follow_up_inquiry", _("follow up on what was published")
    WITHDRAW_INQUIRY = "withdraw_inquiry", _("record a withdrawal by the journalist")
    REOPEN_INQUIRY = "reopen_inquiry", _("reopen inquiries")
    STOP_CLOCK = "stop_clock", _("stop and restart the clock")
    SKIP_REVIEW = "skip_review", _("skip a review when urgent")
    ASK_OPINION = "ask_opinion", _("ask a superior's opinion")
    MOVE_INQUIRY = "move_inquiry", _("move inquiries to another case")
    VIEW_AGENCY_CASES = "view_agency_cases", _("see the ordinary cases of the agency")
    VIEW_UNIT_CASES = "view_unit_cases", _("see the ordinary cases of the unit")
    AUDIT_CASES = "audit_cases", _("read every case and its decision trail")
    ADMINISTER_AGENCY = "administer_agency", _("administer the agency's settings")
    KEEP_LAW = "keep_law", _("enter and check the verbatim texts of the law")
    CHOOSE_LAW = "choose_law", _("choose the law that governs an inquiry between two regimes")
    KEEP_LOCAL_RULES = "keep_local_rules", _("record the agency's own regulations")
    CLOSE_CASE = "close_case", _("close cases")
    DRAFT_DELEGATION = "draft_delegation", _("draft delegations to speak")
    DELEGATE_SPEAKING = "delegate_speaking", _("delegate speaking, and revoke it")
    REGISTER_DELEGATION = "register_delegation", _("register delegation letters signed on paper")
    PUBLISH_SPEAKERS = "publish_speakers", _("publish who speaks for the agency")
    KEEP_DEADLINES = "keep_deadlines", _("record starting events, orders and extensions")
    PROPOSE_REFUSAL = "propose_refusal", _("propose refusals, and watch their grounds")
    RECONSIDER_REFUSAL = "reconsider_refusal", _("look again at refusals")
    PUBLISH_CALENDAR = "publish_calendar", _("publish the working calendar")
    DETECT_CRISIS = "detect_crisis", _("note a possible crisis")
    ASSESS_CRISIS = "assess_crisis", _("assess whether it is a crisis")
    ACTIVATE_CRISIS = "activate_crisis", _("activate a playbook")
    CARRY_OUT_STEP = "carry_out_step", _("carry out steps of a playbook")
    REPORT_CRISIS = "report_crisis", _("report a crisis upward and beside")
    DRAFT_STATEMENT = "draft_statement", _("draft statements in a crisis")
    STAND_DOWN_CRISIS = "stand_down_crisis", _("stand a crisis down")
    REVIEW_CRISIS = "review_crisis", _("review what was done in a crisis")
    ACKNOWLEDGE_REPORT = "acknowledge_report", _("acknowledge reports of other agencies")
    AGREE_CONTENT = "agree_content", _("agree the content of a joint statement")
    KEEP_PLAYBOOKS = "keep_playbooks", _("write playbooks")
    APPROVE_PLAYBOOK = "approve_playbook", _("approve playbooks")
    KEEP_DUTY_ROSTER = "keep_duty_roster", _("keep the duty roster")
    RUN_DRILL = "run_drill", _("run drills")
