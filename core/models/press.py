"""Press agencies and journalists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import PressKind

from .periods import DatedPeriod, PeriodQuerySet, ordered_period


class PressAgency(DatedPeriod):
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=16, choices=PressKind)
    governing_body = models.CharField(_("governing body"), max_length=200, blank=True)
    domains = models.JSONField(_("mail domains"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = PeriodQuerySet["PressAgency"].as_manager()

    class Meta:
        verbose_name = _("press agency")
        verbose_name_plural = _("press agencies")
        ordering = ["name"]
        constraints = [ordered_period("press_agency_period_ordered")]

    def __str__(self) -> str:
        return self.name


class Journalist(models.Model):
    """A person who asks for a press agency, as known to one or many agencies."""

    name = models.CharField(_("name"), max_length=120)
    press_agency = models.ForeignKey(
        PressAgency, models.PROTECT, null=True, blank=True, related_name="journalists"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("journalist")
        verbose_name_plural = _("journalists")
        ordering = ["name"]
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.name
