"""Load the kinds of documents by natural key; running it twice changes nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from documents.models import DocumentKind

DATES = ("valid_from", "valid_until")


@transaction.atomic
def load(folder: Path) -> int:
    """Bring the table in line with `document_kinds.json` in the folder; returns how many kinds it holds."""
    rows = json.loads((folder / "document_kinds.json").read_text(encoding="utf-8"))
    kinds = [_cleaned(row) for row in rows if "code" in row]
    for kind in kinds:
        DocumentKind.objects.update_or_create(code=kind.pop("code"), defaults=kind)
    return len(kinds)


def _cleaned(row: dict[str, Any]) -> dict[str, Any]:
    dates = {name: date.fromisoformat(row[name]) if row.get(name) else None for name in DATES}
    return {**row, **dates}
