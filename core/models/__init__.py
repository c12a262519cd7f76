"""The nouns of the house."""

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
from .files import PendingPurge
from .grants import CaseGroupObjectPermission, CaseUserObjectPermission
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
    "Case",
    "CaseGroupObjectPermission",
    "CaseParticipant",
    "CaseUnit",
    "CaseUserObjectPermission",
    "IncomingMail",
    "Inquiry",
    "Journalist",
    "Mandate",
    "OutgoingMail",
    "PendingPurge",
    "Person",
    "Post",
    "PressAgency",
    "Purge",
    "Question",
    "ReferenceSeries",
    "RoleAssignment",
    "SigningCapacity",
    "Statement",
    "Succession",
    "TextKey",
    "Topic",
    "TrailEntry",
    "TrailHead",
    "Unit",
]
