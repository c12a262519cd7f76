"""Agencies as a tree with dates and successors, and their units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import AgencyKind, Numbering

from .periods import DatedPeriod, PeriodQuerySet, ordered_period


class Agency(DatedPeriod):
    """A ministry, provincial committee, department, branch or commune, as it exists between two days."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    symbol = models.CharField(
        _("symbol"), max_length=20, help_text=_("Abbreviation used in the symbol of documents.")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=AgencyKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("superior body"),
    )
    province = models.CharField(_("province code"), max_length=8, blank=True)
    note = models.TextField(_("note"), blank=True)

    place_name = models.CharField(_("place name on documents"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mailbox = models.EmailField(_("mailbox for the press"), blank=True)
    portal = models.URLField(_("portal"), blank=True)
    numbering = models.CharField(
        _("numbering of documents"), max_length=16, choices=Numbering, default=Numbering.OWN_SERIES
    )
    follow_up_days = models.PositiveSmallIntegerField(
        _("days until nothing published is recorded"),
        default=10,
        help_text=_("A local setting, not a legal time limit."),
    )
    publishes_delegates = models.BooleanField(
        _("names delegates in the public register"),
        default=False,
        help_text=_("The law in force makes no delegate's data public; name, post and term only."),
    )
    may_withhold = models.BooleanField(
        _("may answer “considered, not provided yet”"),
        default=False,
        help_text=_(
            "No outcome of the Press Law: the head alone decides it, it cites no provision, auditors list it."
        ),
    )
    is_demo = models.BooleanField(_("fictional, for demonstration"), default=False)

    objects = PeriodQuerySet["Agency"].as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["code"]
        constraints = [
            ordered_period("agency_period_ordered"),
            models.UniqueConstraint(
                fields=["mailbox"], condition=~models.Q(mailbox=""), name="agency_mailbox_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """Who took over which field of an agency that ended or was split, and from which day."""

    predecessor = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, models.PROTECT, related_name="inheritances")
    field = models.CharField(_("field of work"), max_length=120)
    on = models.DateField(_("from"))

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "field"], name="succession_unique")
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}: {self.field}"


class Unit(DatedPeriod):
    """A division or office inside an agency."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=160)
    symbol = models.CharField(_("symbol"), max_length=20, blank=True)

    objects = PeriodQuerySet["Unit"].as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["agency", "code"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="unit_code_unique"),
            ordered_period("unit_period_ordered"),
        ]

    def __str__(self) -> str:
        return self.name
