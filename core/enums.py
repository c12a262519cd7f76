"""Closed lists. The values are stored and therefore frozen; only the labels may change."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgencyKind(TextChoices):
    MINISTRY = "ministry", _("Ministry")
    PROVINCIAL_COMMITTEE = "provincial_committee", _("Provincial people's committee")
    DEPARTMENT = "department", _("Department")
    BRANCH = "branch", _("Branch")
    COMMUNE = "commune", _("Commune people's committee")


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


class MandateKind(TextChoices):
    EX_OFFICIO = "ex_officio", _("Head, ex officio")
    STANDING = "standing", _("Standing spokesperson")
    DELEGATED = "delegated", _("Delegated")


class MandateEndCause(TextChoices):
    """What ended a mandate before its term; the end of its term is no act and leaves no row."""

    POST_ENDED = "post_ended", _("The post ended")
    DECISION_ENDED = "decision_ended", _("The assignment ended")
    REVOKED = "revoked", _("Revoked")
    CASE_CLOSED = "case_closed", _("The case was closed")
    LEFT_POST = "left_post", _("The delegate left the post")


class Circumstance(TextChoices):
    """Why the head does not speak himself; the law or a local rule may allow only some of them."""

    HEAD_UNABLE = "head_unable", _("The head cannot speak")
    UNEXPECTEDLY_BUSY = "unexpectedly_busy", _("The head is unexpectedly busy")
    ASSIGNED = "assigned", _("The head gives the matter to the delegate")


class LateResult(TextChoices):
    """What speech outside the system was, judged at its own instant with what was known then. Final."""

    STATEMENT = "statement", _("Statement, recorded late")
    PERSONAL = "personal", _("Information given by an individual, not the agency's official view")


class Capacity(TextChoices):
    """In what capacity a person signs (Decree 30/2020 art 13); another grant than a mandate to speak."""

    DIRECT = "DIRECT", _("Head, in his own right")
    TM = "TM", _("On behalf of the collective (TM.)")
    Q = "Q", _("Acting head (Q.)")
    KT = "KT", _("Deputy for the head (KT.)")
    TL = "TL", _("By order (TL.)")
    TUQ = "TUQ", _("By delegated authority (TUQ.)")


class PressKind(TextChoices):
    DAILY = "daily", _("Daily newspaper")
    ONLINE = "online", _("Online newspaper")
    WEEKLY = "weekly", _("Weekly newspaper")
    MAGAZINE = "magazine", _("Magazine")
    RADIO_TV = "radio_tv", _("Radio and television")
    NEWS_AGENCY = "news_agency", _("News agency")


class Secrecy(TextChoices):
    """Who normally sees a case. State secrets never enter the system at all."""

    ORDINARY = "ordinary", _("Ordinary")
    RESTRICTED = "restricted", _("Restricted to the people who take part")


class Channel(TextChoices):
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", _("In person")
    PRESS_CONFERENCE = "press_conference", _("Press conference")
    WEB_FORM = "web_form", _("Web form")


class InquiryKind(TextChoices):
    INFORMATION = "information", _("Information request")
    INTERVIEW = "interview", _("Interview request")
    REPLY_ON_PRESS = "reply_on_press", _("Reply on the press, asked by the head of a press agency")
    FORWARDED_OPINION = "forwarded_opinion", _("Forwarded opinion")
    FORWARDED_COMPLAINT = "forwarded_complaint", _("Forwarded complaint")
    FORWARDED_DENUNCIATION = "forwarded_denunciation", _("Forwarded denunciation")


class CredentialKind(TextChoices):
    """Either suffices (Law 126/2025 art 27); none shown never blocks registering."""

    PRESS_CARD = "press_card", _("Press card")
    INTRODUCTION = "introduction", _("Letter of introduction")
    NONE_SHOWN = "none_shown", _("None shown")


class Urgency(TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")


class Competence(TextChoices):
    UNDECIDED = "undecided", _("Not triaged yet")
    OURS = "ours", _("Ours")
    OTHER_AGENCY = "other_agency", _("Another agency's")
    STATE_SECRET = "state_secret", _("Contains state secrets: handled off-system")


class QuestionOutcome(TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    REDIRECTED = "redirected", _("Redirected")
    REFUSED = "refused", _("Refused")
    WITHHELD = "withheld", _("Considered, not provided yet")
    OFF_SYSTEM = "off_system", _("Handled off-system")
    NOT_ANSWERED = "not_answered", _("Not answered")


class InquiryOutcome(TextChoices):
    """The named end an inquiry reached; blank while it runs."""

    ANSWERED = "answered", _("Answered")
    PARTLY_ANSWERED = "partly_answered", _("Partly answered")
    REFUSED = "refused", _("Refused")
    PARTLY_REFUSED = "partly_refused", _("Partly refused")
    WITHHELD = "withheld", _("Considered, not provided yet")
    REDIRECTED = "redirected", _("Redirected")
    ADVICE_GIVEN = "advice_given", _("Advice given")
    WITHDRAWN = "withdrawn", _("Withdrawn by the journalist")
    NOT_A_REQUEST = "not_a_request", _("Not a request for information")
    FOREIGN_PRESS = "foreign_press", _("Foreign press: handled under another decree")
    OFF_SYSTEM = "off_system", _("Handled off-system")


class ReplyForm(TextChoices):
    """How the reply will leave; only a letter is a numbered document."""

    LETTER = "letter", _("Official letter")
    EMAIL = "email", _("E-mail text")
    PORTAL = "portal", _("Text on the portal or an official account")
    INTERVIEW = "interview", _("Interview")


class StatementForm(TextChoices):
    """The five legal forms of speaking (Decree 244/2026 art 5)."""

    PRESS_CONFERENCE = "press_conference", _("Press conference")
    PORTAL = "portal", _("Portal, site or official account")
    DIRECT = "direct", _("Direct statement or interview")
    PRESS_RELEASE_OR_REPLY = "press_release_or_reply", _("Press release, reply by document or e-mail")
    BRIEFING = "briefing", _("Direct exchange at a press briefing")


# A reply prepared in a form is released in one of these.
FORMS_OF_RELEASE = {
    ReplyForm.LETTER: (StatementForm.PRESS_RELEASE_OR_REPLY,),
    ReplyForm.EMAIL: (StatementForm.PRESS_RELEASE_OR_REPLY,),
    ReplyForm.PORTAL: (StatementForm.PORTAL,),
    ReplyForm.INTERVIEW: (
        StatementForm.DIRECT,
        StatementForm.PRESS_CONFERENCE,
        StatementForm.BRIEFING,
    ),
}


def settled_form(form: ReplyForm) -> StatementForm | None:
    """In which form a reply will be spoken, where the form it is prepared in leaves no choice."""
    forms = FORMS_OF_RELEASE[form]
    return forms[0] if len(forms) == 1 else None


class MailStatus(TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


class PurgeRemains(TextChoices):
    """What a purge cannot reach and names for cleaning by hand; the label is filled with what it is."""

    MAILBOX = "mailbox", _("in the mailbox and on its server: the mail %(what)s")
    ELSEWHERE = "elsewhere", _("the same file or mail, kept for %(what)s")
    DOCUMENT = "document", _("copies of the document %(what)s, printed or sent")
    RELEASED = "released", _("released and therefore kept: %(what)s")
    REASON = "reason", _("a reason typed into the trail, which nothing can change: entry %(what)s")


class InstrumentKind(TextChoices):
    LAW = "law", _("Statute")
    CODE = "code", _("Code")
    DECREE = "decree", _("Decree")
    RESOLUTION = "resolution", _("Resolution")


class GroundKind(TextChoices):
    """What a ground for refusal protects, whatever law lists it; each asks facts of its own."""

    SECRET = "secret", _("Secrets")
    INVESTIGATION = "investigation", _("Criminal investigation, or no trial yet")
    INSPECTION = "inspection", _("Inspection, complaint, denunciation or dispute without a conclusion")
    DRAFT_POLICY = "draft_policy", _("Draft policy")


class Secret(TextChoices):
    """The kinds of secrets; which of them the law of a day protects against the press is a dated value."""

    STATE = "state", _("State secret")
    PARTY = "party", _("Secret by the principles and rules of the Party")
    PRIVATE_LIFE = "private_life", _("Private life of a person")
    PERSONAL = "personal", _("Personal secret")
    FAMILY = "family", _("Family secret")
    OTHER = "other", _("Other secret protected by a law")


class Mark(TextChoices):
    """How far a statement of the reference data is known. What is unknown is not stated at all."""

    VERIFIED = "verified", _("Seen in a source")
    RECALLED = "recalled", _("Recalled, not seen in a source")
    INFERRED = "inferred", _("Inferred from verified text")


class StartingEvent(TextChoices):
    """What starts a clock. Each rule names its own, and each is a recorded instant of its own."""

    OCCURRENCE = "occurrence", _("Occurrence")
    RECEIPT = "receipt", _("Receipt")
    RECEIPT_AND_HANDLING = "receipt_and_handling", _("Receipt and handling within competence")
    REGISTRATION = "registration", _("Registration")
    DETERMINATION = "determination", _("Determination of impact on public opinion")
    PUBLICATION = "publication", _("Publication")
    DETECTION = "detection", _("Detection")
    SIGNING = "signing", _("Signing")
    ASSIGNMENT_DECISION = "assignment_decision", _("Assignment decision")
    CONCLUSION = "conclusion", _("Conclusion")
    PLANNED_EVENT = "planned_event", _("Planned event, counted backwards")
    ENTRY_INTO_FORCE = "entry_into_force", _("Entry into force")
    REPORTING_PERIOD = "reporting_period", _("Reporting period")
    STEP_OPENED = "step_opened", _("Opening of the step")


class LimitUnit(TextChoices):
    """In what a rule's value is counted; only the first three and a date give a deadline."""

    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")
    BEFORE_DATE = "before_date", _("before a date of the year")
    NEXT_ISSUE = "next_issue", _("in the next issue")
    MONTHS = "months", _("months")
    TIMES = "times", _("times")
    LIST = "list", _("listed")
    NONE = "none", _("no time limit")


class RuleBound(TextChoices):
    """What a local regulation may do with a rule: never loosen it."""

    AT_MOST = "at_most", _("May be shortened")
    AT_LEAST = "at_least", _("May be lengthened")
    SUBSET = "subset", _("May be narrowed")
    FIXED = "fixed", _("Not a matter for local rules")


class DayKind(TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    SWAPPED = "swapped", _("Day off by swap")
    MAKE_UP = "make_up", _("Make-up working day")
    ORDINARY = "ordinary", _("Ordinary day, still to be settled")


class DeadlineSource(TextChoices):
    """Where a deadline comes from; only the law's count in legal statistics."""

    LAW = "law", _("Law")
    LOCAL = "local", _("Local rule")
    ORDER = "order", _("Order of a superior")


class DeadlineOutcome(TextChoices):
    """How a deadline ended; blank while it is open."""

    MET = "met", _("Met in time")
    LATE = "late", _("Done late")
    VOID = "void", _("No longer owed")


class ChangeKind(TextChoices):
    """What moved a deadline."""

    CALENDAR = "calendar", _("New working calendar")
    EXTENSION = "extension", _("Extension")
    PAUSE = "pause", _("Stopped clock")


class ReminderStage(TextChoices):
    BEFORE = "before", _("Before it is due")
    DUE = "due", _("When it is due")
    OVERDUE = "overdue", _("Overdue")
