"""The working calendar of civil servants as numbered, published versions. A published version never changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import DayKind

from .people import Person


class CalendarVersion(models.Model):
    """Every year from the first to the last, none left out, with the decision under which it was published.

    `changed_days` are the days (ISO) whose answer differs from the version before; `sha256` covers the content.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    decision_number = models.CharField(_("number of the decision"), max_length=120, blank=True)
    decision_date = models.DateField(_("date of the decision"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=160, blank=True)
    note = models.TextField(_("note"), blank=True)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))
    provisional_years: models.JSONField[list[int], list[int]] = models.JSONField(
        _("provisional years"), default=list
    )
    changed_days: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="calendar_years_ordered", condition=Q(last_year__gte=F("first_year")))
        ]

    def __str__(self) -> str:
        return str(self.number)


class CalendarDay(models.Model):
    """A day that differs from the weekly rule, Monday to Friday worked, or is still to be settled."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="days")
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind)
    name = models.CharField(_("name"), max_length=160, blank=True)
    is_provisional = models.BooleanField(_("provisional"), default=False)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["version", "day"]
        constraints = [models.UniqueConstraint(fields=["version", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
