"""The statement ledger: every act of speaking in an agency's name, and what was said outside the system."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import LateResult, StatementForm

from .casefile import Case, Inquiry, Question
from .mandates import Mandate
from .organisation import Agency
from .people import Person


class Statement(models.Model):
    """Who spoke, in what capacity, in what form, on what text. Written once, never edited."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="statements")
    case = models.ForeignKey(Case, models.PROTECT, related_name="statements")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="statements")
    speaker = models.ForeignKey(Person, models.PROTECT, related_name="statements")
    speaker_post = models.TextField(_("post of the speaker"))
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="statements")
    form = models.CharField(_("form"), max_length=24, choices=StatementForm)
    recipient = models.CharField(_("recipient"), max_length=300, blank=True)
    address = models.URLField(_("address where it stands"), max_length=500, blank=True)
    text = models.TextField(_("text"))
    content_sha256 = models.CharField(_("SHA-256 of the approved content"), max_length=64)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    spoken_at = models.DateTimeField(_("spoken at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["spoken_at"]
        indexes = [models.Index(fields=["case", "spoken_at"]), models.Index(fields=["agency", "spoken_at"])]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.spoken_at:%d/%m/%Y %H:%M}"


class LateRecord(models.Model):
    """Ghi nhận phát ngôn sau: what somebody of the agency said outside the system, recorded afterwards. Written once.

    Judged at `spoken_at` with what the system knew then: a statement of the ledger, or information given by an
    individual, which it remains (Decree 244/2026 art 3.7). `why` is the sentence that says so. A speaker without an
    account is named in `speaker_name`.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="late_records")
    case = models.ForeignKey(Case, models.PROTECT, related_name="late_records")
    speaker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="late_records")
    speaker_name = models.CharField(_("who spoke"), max_length=120)
    speaker_post = models.TextField(_("post of the speaker"), blank=True)
    form = models.CharField(_("form"), max_length=24, choices=StatementForm)
    questions = models.ManyToManyField(Question, blank=True, related_name="late_records")
    outlet = models.CharField(_("outlet"), max_length=200)
    asked_by = models.CharField(_("who asked"), max_length=200, blank=True)
    gist = models.TextField(_("what was said, in substance"), blank=True)
    address = models.URLField(_("address where it stands"), max_length=500, blank=True)
    recording_sha256 = models.CharField(max_length=64, blank=True)
    recording_name = models.CharField(_("file of the recording"), max_length=200, blank=True)
    spoken_at = models.DateTimeField(_("spoken at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=12, choices=LateResult)
    why = models.TextField(_("why it is no statement"), blank=True)
    statement = models.OneToOneField(
        Statement, models.PROTECT, null=True, blank=True, related_name="late_record"
    )

    class Meta:
        verbose_name = _("late record")
        verbose_name_plural = _("late records")
        ordering = ["spoken_at", "pk"]
        indexes = [models.Index(fields=["agency", "result", "spoken_at"])]
        constraints = [
            models.CheckConstraint(
                name="late_record_result_stands_for_itself",
                condition=Q(result=LateResult.STATEMENT, statement__isnull=False, why="")
                | Q(result=LateResult.PERSONAL, statement__isnull=True) & ~Q(why=""),
            ),
            models.CheckConstraint(
                name="late_record_says_what_was_said",
                condition=~Q(gist="") | ~Q(recording_sha256=""),
            ),
            models.CheckConstraint(name="late_record_is_late", condition=Q(recorded_at__gte=F("spoken_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name} {self.spoken_at:%d/%m/%Y %H:%M}"

    @property
    def is_statement(self) -> bool:
        return self.result == LateResult.STATEMENT

    @property
    def delay(self) -> timedelta:
        return self.recorded_at - self.spoken_at
