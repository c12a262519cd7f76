"""The coordination letter (công văn phối hợp): what bodies of the same level are told and asked in a crisis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from documents.rules.wording import cleaned

from .crisis_report import CrisisFacts, common


class CoordinationLetter:
    code: ClassVar[str] = "coordination"
    kind_code: ClassVar[str] = "official_letter"
    template: ClassVar[str] = "documents/print/coordination.html"

    @classmethod
    def facts(cls, given: CrisisFacts) -> Mapping[str, Any]:
        """The bodies it goes to are its addressees, and so its first recipients (“Như trên”)."""
        addressees = [cleaned(each) for each in given.recipients]
        return {"letter": cls.code, **common(given), "addressees": addressees, "recipients": []}
