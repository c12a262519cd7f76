"""The kinds of administrative documents (Decree 30/2020 art 7 and Appendix III)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.periods import DatedPeriod, PeriodQuerySet, ordered_period


class DocumentKind(DatedPeriod):
    """One kind. An official letter has no abbreviation: its symbol names the drafting unit instead."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=8, blank=True)
    numbered = models.BooleanField(_("carries a number"), default=True)
    instrument = models.CharField(_("legal instrument"), max_length=80, blank=True)

    objects = PeriodQuerySet["DocumentKind"].as_manager()

    class Meta:
        verbose_name = _("document kind")
        verbose_name_plural = _("document kinds")
        ordering = ["code"]
        constraints = [ordered_period("document_kind_period_ordered")]

    def __str__(self) -> str:
        return self.name
