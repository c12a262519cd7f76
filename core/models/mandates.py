"""The right to speak and the capacity to sign: two different grants with their own rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import Capacity, MandateKind

from .casefile import Case
from .organisation import Agency
from .people import Person, Post
from .periods import PeriodQuerySet, TimedPeriod, ordered_period


class Mandate(TimedPeriod):
    """The right to speak for an agency (Decree 244/2026 art 3): ex officio, standing, or delegated for a case.

    `valid_*` is when it holds; `recorded_at` is when the system learned it.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=MandateKind)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    post = models.OneToOneField(Post, models.PROTECT, null=True, blank=True, related_name="mandate")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="mandates")
    document_number = models.CharField(_("number of the decision or letter"), max_length=60, blank=True)
    document_date = models.DateField(_("date of the decision or letter"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = PeriodQuerySet["Mandate"].as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["valid_from"]
        indexes = [models.Index(fields=["person", "agency"])]
        constraints = [
            ordered_period("mandate_period_ordered"),
            models.CheckConstraint(
                name="mandate_case_iff_delegated",
                condition=Q(kind=MandateKind.DELEGATED, case__isnull=False)
                | (~Q(kind=MandateKind.DELEGATED) & Q(case__isnull=True)),
            ),
            models.CheckConstraint(
                name="mandate_post_iff_ex_officio",
                condition=Q(kind=MandateKind.EX_OFFICIO, post__isnull=False)
                | (~Q(kind=MandateKind.EX_OFFICIO) & Q(post__isnull=True)),
            ),
            models.CheckConstraint(
                name="mandate_written",
                condition=Q(kind=MandateKind.EX_OFFICIO)
                | (~Q(document_number="") & Q(document_date__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


class SigningCapacity(TimedPeriod):
    """In what capacity a person may sign an agency's documents (Decree 30/2020 art 13)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="signing_capacities")
    person = models.ForeignKey(Person, models.PROTECT, related_name="signing_capacities")
    capacity = models.CharField(_("capacity"), max_length=8, choices=Capacity)
    authority_line = models.CharField(
        _("authority line"), max_length=120, blank=True, help_text=_("For example: KT. GIÁM ĐỐC")
    )
    title_line = models.CharField(_("title line"), max_length=120, help_text=_("For example: PHÓ GIÁM ĐỐC"))
    document = models.CharField(_("document that grants it"), max_length=120, blank=True)

    objects = PeriodQuerySet["SigningCapacity"].as_manager()

    class Meta:
        verbose_name = _("signing capacity")
        verbose_name_plural = _("signing capacities")
        ordering = ["valid_from"]
        constraints = [ordered_period("signing_capacity_period_ordered")]

    def __str__(self) -> str:
        return f"{self.get_capacity_display()}: {self.person}"
