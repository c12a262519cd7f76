"""Half-open periods: `valid_from` is in, `valid_until` is out, no end means open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


def covering(point: date | datetime, prefix: str = "") -> Q:
    """The condition that a period (reached over `prefix`) covers a day or an instant."""
    begun = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": point})
    unended = Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": point})
    return begun & unended


def ordered_period(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True)
        | Q(valid_until__isnull=True)
        | Q(valid_until__gt=F("valid_from")),
        violation_error_message=_("The end must come after the start."),
    )


class PeriodQuerySet(models.QuerySet[M]):
    def at(self, point: date | datetime) -> Self:
        return self.filter(covering(point))


class DatedPeriod(models.Model):
    """A period of whole days, local time."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )

    def has_ended(self, day: date) -> bool:
        """What does not exist yet has not ended."""
        return self.valid_until is not None and self.valid_until <= day


class TimedPeriod(models.Model):
    """A period between two instants."""

    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True

    def covers(self, instant: datetime) -> bool:
        return self.valid_from <= instant and (self.valid_until is None or instant < self.valid_until)


class KnownPeriod(TimedPeriod):
    """A period as it is known now, with what was granted and when the system learned it.

    `valid_until` follows from `granted_until` and the recorded ends and is what lists ask; what was known at an
    earlier instant follows from the ends recorded until then (`core.rules.periods`).
    """

    granted_until = models.DateTimeField(_("valid until, as granted"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        abstract = True


class RecordedEnd(models.Model):
    """A period ended at `ends_at`; the system learned it at `recorded_at`. Written once."""

    ends_at = models.DateTimeField(_("ends at"))
    reason = models.TextField(_("reason"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        abstract = True
