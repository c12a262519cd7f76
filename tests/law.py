"""The law and the calendar of the fixtures: loaded once for a run, and written back as they were after a flush."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from core.actions import calendar, law_reference, reference
from core.models import (
    CalendarDay,
    CalendarVersion,
    Instrument,
    Provision,
    RuleKey,
    RuleScope,
    RuleSet,
    RuleValue,
)

FIXTURES = Path(settings.BASE_DIR) / "fixtures" / "reference"
LOADED_AT = datetime(2026, 1, 2, tzinfo=UTC)
MODELS: tuple[Any, ...] = (
    Instrument,
    Provision,
    RuleSet,
    RuleSet.instruments.through,
    RuleKey,
    RuleScope,
    RuleValue,
    CalendarVersion,
    CalendarDay,
)
_kept: dict[Any, list[Any]] = {}


def load_law() -> None:
    """Make sure that the law is there. Loading the files takes a second, which nearly every test would pay."""
    if RuleValue.objects.exists():
        return
    if not _kept:
        law_reference.load(FIXTURES / "law")
        calendar.load_first(reference.read_rows(FIXTURES / "calendar.json"), at=LOADED_AT)
        _kept.update({model: list(model.objects.order_by("pk")) for model in MODELS})
        return
    for model in MODELS:
        model.objects.bulk_create(_kept[model])
