"""Crises: where they come from, what their playbooks ask of whom, and how reports travel."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from .organisation import Role


class CrisisSource(TextChoices):
    TRIAGE = "triage", _("An inquiry, at triage")
    PUBLICATION = "publication", _("An article or post")
    BY_HAND = "by_hand", _("Noted by an official")


class CrisisState(TextChoices):
    DETECTED = "detected", _("Detected, not assessed")
    ASSESSED = "assessed", _("Assessed, waiting to be activated")
    RUNNING = "running", _("Running")
    STOOD_DOWN = "stood_down", _("Stood down, under review")
    CLOSED = "closed", _("Closed")
    DISMISSED = "dismissed", _("Assessed: no crisis")


class CrisisLevel(IntegerChoices):
    """Of the agency's own regulation, never of the law."""

    LOCAL = 1, _("Level 1: local")
    SPREADING = 2, _("Level 2: beginning to spread")
    GRAVE = 3, _("Level 3: grave")


class DutyKind(TextChoices):
    LEADER = "duty_leader", _("Leader on duty")
    OFFICER = "duty_officer", _("Officer on duty")


class CrisisPart(TextChoices):
    """Who a step of a playbook is for: whoever holds a role in the agency, or is on duty at that hour."""

    PRESS_CONTACT = Role.PRESS_CONTACT.value, Role.PRESS_CONTACT.label
    CLERK = Role.CLERK.value, Role.CLERK.label
    CHIEF_OF_OFFICE = Role.CHIEF_OF_OFFICE.value, Role.CHIEF_OF_OFFICE.label
    UNIT_HEAD = Role.UNIT_HEAD.value, Role.UNIT_HEAD.label
    SPECIALIST = Role.SPECIALIST.value, Role.SPECIALIST.label
    LEGAL_OFFICER = Role.LEGAL_OFFICER.value, Role.LEGAL_OFFICER.label
    SPOKESPERSON = Role.SPOKESPERSON.value, Role.SPOKESPERSON.label
    DEPUTY_HEAD = Role.DEPUTY_HEAD.value, Role.DEPUTY_HEAD.label
    HEAD = Role.HEAD.value, Role.HEAD.label
    DUTY_LEADER = DutyKind.LEADER.value, DutyKind.LEADER.label
    DUTY_OFFICER = DutyKind.OFFICER.value, DutyKind.OFFICER.label


class StepDeed(TextChoices):
    """What doing a step is: most are reported done; two are acts with pages of their own."""

    TASK = "task", _("Done and reported done")
    INITIAL_STATEMENT = "initial_statement", _("The initial statement is released")
    REPORT = "report", _("The first report goes upward and beside")


class StepStart(TextChoices):
    """From when the minutes of a step are counted."""

    ACTIVATION = "activation", _("Activation")
    READY = "ready", _("When the steps before it are done")
    DETECTION = "detection", _("Detection")


class StepDocument(TextChoices):
    """What a step produces, if anything."""

    NONE = "none", _("Nothing in writing")
    FACTS = "facts", _("Record of the facts")
    STATEMENT = "statement", _("Statement")
    REPORT = "report", _("Written report")
    COORDINATION = "coordination", _("Coordination letter")
    MINUTES = "minutes", _("Minutes of a meeting")
    CORRECTION_DEMAND = "correction_demand", _("Demand for correction")
    NOTICE = "notice", _("Notice to those concerned")


class LateAct(TextChoices):
    """What follows when a step is late, once."""

    REMIND = "remind", _("Whoever is to do it is reminded")
    TELL_CHIEF = "tell_chief", _("The chief of office is told")
    TELL_HEAD = "tell_head", _("The head is told")
    HAND_UP = "hand_up", _("It becomes the head's to do")


class StepOrigin(TextChoices):
    PLAYBOOK = "playbook", _("The playbook")
    LEVEL = "level", _("A higher level")
    PHONE = "phone", _("A report that nobody acknowledged")
    DIRECTION = "direction", _("A direction from above")
    BY_HAND = "by_hand", _("Added by an official")


class RecipientPart(TextChoices):
    """To whom a report goes; which agency that is on a day, the directory says."""

    PROVINCIAL_COMMITTEE = "provincial_committee", _("Provincial people's committee")
    FIELD_MINISTRY = "field_ministry", _("Ministry of the field")
    PRESS_MINISTRY = "press_ministry", _("Ministry for the press")
    PRESS_DEPARTMENT = "press_department", _("Department for the press in the province")
    PARTY_COMMUNICATION = "party_communication", _("The Party's communication body")
    POLICE = "police", _("Police of the province")
    NEIGHBOUR = "neighbour", _("Another department concerned")


class ReportKind(TextChoices):
    FIRST = "first", _("First report")
    UPDATE = "update", _("Update")
    LEVEL = "level", _("Change of level")
    CLOSING = "closing", _("Closing report")


class PaperKind(TextChoices):
    """A body of the same level gets a coordination letter, not a report (Decree 30/2020)."""

    REPORT = "report", _("Report (BC)")
    COORDINATION = "coordination", _("Coordination letter")


class DispatchMeans(TextChoices):
    TASK = "task", _("Task in this system")
    MAIL = "mail", _("Mail with a link")
    PHONE = "phone", _("Phone")


class AckMeans(TextChoices):
    TASK = "task", _("In this system")
    LINK = "link", _("By the link in the mail")
    PHONE = "phone", _("By phone")


class VoiceMeans(TextChoices):
    """How what an agency says of a joint text came to the lead, where nobody gave it here."""

    PAPER = "paper", _("On paper")
    PHONE = "phone", _("By phone")


class RungKind(TextChoices):
    """The ladder climbs on our own side; nothing goes over a recipient's head but by our head's own act."""

    RESEND = "resend", _("Sent again")
    NEXT_CONTACT = "next_contact", _("To the next contact or duty number of the recipient")
    PHONE = "phone", _("Our duty officer is to phone")
    CHIEF_OF_OFFICE = "chief_of_office", _("Our chief of office is told")
    DEPUTY_HEAD = "deputy_head", _("Our deputy head is told")
    HEAD = "head", _("Our head is told")
