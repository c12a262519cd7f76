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
from .mandates import Mandate, SigningCapacity
from .organisation import Agency, Succession, Unit
from .people import Person, Post, RoleAssignment
from .press import Journalist, PressAgency
from .statements import Statement
from .trail import TextKey, TrailEntry, TrailHead

__all__ = [
    "Agency",
    "Attachment",
    "CalendarDay",
    "CalendarFeed",
    "CalendarVersion",
    "Case",
    "CaseGroupObjectPermission",
    "CaseParticipant",
    "CaseUnit",
    "CaseUserObjectPermission",
    "Deadline",
    "DeadlineChange",
    "DeadlineExtension",
    "DeadlinePause",
    "IncomingMail",
    "Inquiry",
    "Instrument",
    "Journalist",
    "LegalBasis",
    "LocalRegulation",
    "LocalRule",
    "Mandate",
    "OrderPaper",
    "OutgoingMail",
    "PendingPurge",
    "Person",
    "Post",
    "PressAgency",
    "Provision",
    "Purge",
    "Question",
    "RecordedEvent",
    "ReferenceSeries",
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
