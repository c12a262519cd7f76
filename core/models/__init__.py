"""The nouns of the house."""

from .calendar import CalendarDay, CalendarVersion
from .casefile import (
    Attachment,
    Case,
    CaseParticipant,
    CaseUnit,
    Inquiry,
    Purge,
    Question,
    ReferenceSeries,
    Topic,
)
from .crises import Crisis
from .deadlines import (
    CalendarFeed,
    Deadline,
    DeadlineChange,
    DeadlineExtension,
    DeadlinePause,
    OrderPaper,
    RecordedEvent,
    Reminder,
)
from .directory import AgencyContact, DirectoryEntry, DutyShift
from .files import PendingPurge
from .grants import CaseGroupObjectPermission, CaseUserObjectPermission
from .law import (
    Instrument,
    LegalBasis,
    LocalRegulation,
    LocalRule,
    Provision,
    RuleKey,
    RuleScope,
    RuleSet,
    RuleSetChoice,
    RuleValue,
)
from .mail import IncomingMail, OutgoingMail
from .mandates import Mandate, MandateEnd, MandateForm, MandateQuestion, SigningCapacity
from .organisation import Agency, Succession, Unit
from .people import AccountClosure, Person, Post, PostEnd, RoleAssignment
from .press import Journalist, PressAgency
from .register import RegisterEdition
from .statements import LateRecord, Statement
from .trail import TextKey, TrailEntry, TrailHead

__all__ = [
    "AccountClosure",
    "Agency",
    "AgencyContact",
    "Attachment",
    "CalendarDay",
    "CalendarFeed",
    "CalendarVersion",
    "Case",
    "CaseGroupObjectPermission",
    "CaseParticipant",
    "CaseUnit",
    "CaseUserObjectPermission",
    "Crisis",
    "Deadline",
    "DeadlineChange",
    "DeadlineExtension",
    "DeadlinePause",
    "DirectoryEntry",
    "DutyShift",
    "IncomingMail",
    "Inquiry",
    "Instrument",
    "Journalist",
    "LateRecord",
    "LegalBasis",
    "LocalRegulation",
    "LocalRule",
    "Mandate",
    "MandateEnd",
    "MandateForm",
    "MandateQuestion",
    "OrderPaper",
    "OutgoingMail",
    "PendingPurge",
    "Person",
    "Post",
    "PostEnd",
    "PressAgency",
    "Provision",
    "Purge",
    "Question",
    "RecordedEvent",
    "ReferenceSeries",
    "RegisterEdition",
    "Reminder",
    "RoleAssignment",
    "RuleKey",
    "RuleScope",
    "RuleSet",
    "RuleSetChoice",
    "RuleValue",
    "SigningCapacity",
    "Statement",
    "Succession",
    "TextKey",
    "Topic",
    "TrailEntry",
    "TrailHead",
    "Unit",
]
