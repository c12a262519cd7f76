"""Document kinds, number series, issued documents and what was put on them."""

from .issued import DocumentState, Endorsement, EndorsementKind, IssuedDocument
from .kinds import DocumentKind
from .series import Series

__all__ = ["DocumentKind", "DocumentState", "Endorsement", "EndorsementKind", "IssuedDocument", "Series"]
