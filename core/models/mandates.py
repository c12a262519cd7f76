"""The right to speak and the capacity to sign: two different grants with their own rows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import Capacity, Circumstance, MandateEndCause, MandateKind, StatementForm

from .casefile import Case, Question
from .law import RuleSet
from .organisation import Agency
from .people import Person, Post
from .periods import KnownPeriod, PeriodQuerySet, RecordedEnd, TimedPeriod, ordered_period


class Mandate(KnownPeriod):
    """The right to speak for an agency (Decree 244/2026 art 3): ex officio, standing, or delegated for a case.

    A delegation names its case, the head who signed it and the law it was signed under. Without `forms` it covers
    every form of speaking, without `questions` every question of the case. What was granted never changes; an end
    before the term is a row of its own.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=MandateKind)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    post = models.OneToOneField(Post, models.PROTECT, null=True, blank=True, related_name="mandate")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="mandates")
    questions: models.ManyToManyField[Question, MandateQuestion] = models.ManyToManyField(
        Question, through="MandateQuestion", blank=True, related_name="mandates"
    )
    document_number = models.CharField(_("number of the decision or letter"), max_length=60, blank=True)
    document_date = models.DateField(_("date of the decision or letter"), null=True, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    circumstance = models.CharField(_("circumstance"), max_length=20, choices=Circumstance, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PeriodQuerySet["Mandate"].as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["valid_from", "pk"]
        indexes = [models.Index(fields=["person", "agency"]), models.Index(fields=["agency", "kind"])]
        constraints = [
            # One that was revoked before it began was never in force.
            models.CheckConstraint(
                name="mandate_period_ordered",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="mandate_granted_period_ordered",
                condition=Q(granted_until__isnull=True) | Q(granted_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="mandate_ends_no_later_than_granted",
                condition=Q(granted_until__isnull=True)
                | Q(valid_until__isnull=False, valid_until__lte=F("granted_until")),
            ),
            models.CheckConstraint(
                name="mandate_case_iff_delegated",
                condition=Q(kind=MandateKind.DELEGATED, case__isnull=False)
                | (~Q(kind=MandateKind.DELEGATED) & Q(case__isnull=True)),
            ),
            models.CheckConstraint(
                name="mandate_delegated_by_a_signature_for_a_term",
                condition=~Q(kind=MandateKind.DELEGATED)
                | Q(signed_at__isnull=False, signed_by__isnull=False, granted_until__isnull=False),
            ),
            models.CheckConstraint(
                name="mandate_not_delegated_to_oneself",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("person")),
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

    @property
    def is_delegated(self) -> bool:
        return self.kind == MandateKind.DELEGATED


class MandateForm(models.Model):
    """A form of speaking that a delegation covers."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="forms")
    form = models.CharField(_("form"), max_length=24, choices=StatementForm)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mandate", "form"], name="mandate_form_once")]

    def __str__(self) -> str:
        return self.get_form_display()


class MandateQuestion(models.Model):
    """A question that a delegation covers."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="covered")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["question"]
        constraints = [models.UniqueConstraint(fields=["mandate", "question"], name="mandate_question_once")]

    def __str__(self) -> str:
        return str(self.question)


class MandateEnd(RecordedEnd):
    """That a mandate ended before its term, by what, and when the system learned it."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="ends")
    cause = models.CharField(_("cause"), max_length=16, choices=MandateEndCause)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("end of a mandate")
        verbose_name_plural = _("ends of mandates")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mandate_revoked_with_a_reason",
                condition=~Q(cause=MandateEndCause.REVOKED) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.ends_at:%d/%m/%Y %H:%M}"


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
