"""The yearly number series of an agency."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Agency

# What a drill writes stands in no series and takes no number.
DRILL_SCOPE = "drill"
DRILL_SYMBOL = "…/DIỄN TẬP"


class Series(models.Model):
    """The last number given in a year; the row is locked to give the next and never counts back.

    Decree 30/2020 art 15: numbers run from 01 on 1 January to 31 December, and the head of the agency decides
    which documents share one series, which is the `scope`.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="document_series")
    year = models.PositiveSmallIntegerField(_("year"))
    scope = models.CharField(_("documents that share the series"), max_length=40)
    last = models.PositiveIntegerField(_("last number given"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ["agency", "-year", "scope"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "scope"], name="document_series_unique")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.year}/{self.scope}"
