"""What the pages of a statement show beside its text."""

from __future__ import annotations

from core import events
from core.models import TrailEntry
from workflows.crisis.models import CrisisStatement, StatementText


def texts(statement: CrisisStatement) -> list[StatementText]:
    """Every version, the latest first."""
    return list(statement.texts.select_related("author").order_by("-number"))


def remarks(statement: CrisisStatement) -> list[TrailEntry]:
    """Why the text was sent back, the latest first: the entries that say so hold the reason."""
    rows = TrailEntry.objects.filter(
        type=events.CRISIS_STATEMENT_RETURNED.code, object_type=statement._meta.label, object_id=statement.pk
    )
    return list(rows.order_by("-seq"))
