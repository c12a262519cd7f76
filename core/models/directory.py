"""Who is told of a crisis, on which day; their contacts; and who of one's own agency is on duty at which hour."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import DutyKind, RecipientPart

from .organisation import Agency
from .people import Person
from .periods import DatedPeriod, PeriodQuerySet, ordered_period


class DirectoryEntry(DatedPeriod):
    """Which body plays a part on which days: for one agency, for all of a province, or where both are blank for all.

    The nearest one holds: an entry for the agency before one for its province, that before one for all. The
    provincial committee needs no entry: it is the superior body of the agency.
    """

    part = models.CharField(_("part"), max_length=24, choices=RecipientPart)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directory",
        verbose_name=_("for this agency alone"),
    )
    province = models.CharField(_("for all agencies of the province"), max_length=8, blank=True)
    recipient = models.ForeignKey(
        Agency, models.PROTECT, related_name="directory_parts", verbose_name=_("recipient")
    )
    note = models.TextField(_("note"), blank=True)

    objects = PeriodQuerySet["DirectoryEntry"].as_manager()

    class Meta:
        verbose_name = _("entry of the directory")
        verbose_name_plural = _("directory")
        ordering = ["part", "valid_from", "pk"]
        constraints = [ordered_period("directory_entry_period_ordered")]
        indexes = [models.Index(fields=["part"])]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.recipient}"


class AgencyContact(models.Model):
    """Whom to reach at an agency that gets reports, in the order of trying; a duty number may have no name."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="contacts")
    rank = models.PositiveSmallIntegerField(_("order"), default=1)
    name = models.CharField(_("full name"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=160, blank=True)
    email = models.EmailField(_("official e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_duty = models.BooleanField(_("duty number, day and night"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("contact of an agency")
        verbose_name_plural = _("contacts of agencies")
        ordering = ["agency", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contact_can_be_reached",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message=_("Give an e-mail or a phone number."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.post, self.phone, self.email) if part)


class DutyShift(models.Model):
    """Lịch trực: who leads or sits on duty in an agency, from an hour and until an hour."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="duty_shifts")
    kind = models.CharField(_("duty"), max_length=12, choices=DutyKind)
    person = models.ForeignKey(Person, models.PROTECT, related_name="duty_shifts")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    phone = models.CharField(_("duty phone"), max_length=40, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty roster")
        ordering = ["starts_at", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="duty_shift_ordered",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must come after the start."),
            )
        ]
        indexes = [models.Index(fields=["agency", "kind", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"
