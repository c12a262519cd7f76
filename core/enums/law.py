"""The law, the calendar and the clocks they give."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
