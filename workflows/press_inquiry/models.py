"""What the press-inquiry procedure keeps beside the case file: versions, verdicts, opinions, publications."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from core.models import Agency, Case, Inquiry, Person, Statement


class TriageExit(models.TextChoices):
    """Where triage sends the inquiry."""

    HANDLE = "handle", _("Ours to answer or to redirect")
    ADVICE = "advice", _("Advice to a superior who will speak")
    ALREADY_ANSWERED = "already_answered", _("Already answered by a released text")
    FOREIGN_PRESS = "foreign_press", _("Foreign press: handled under another decree")
    NOT_A_REQUEST = "not_a_request", _("Not a request for information")
    OFF_SYSTEM = "off_system", _("Only state secrets: handled off-system")


class NotARequest(models.TextChoices):
    ADVERTISING = "advertising", _("Advertising")
    CITIZEN = "citizen", _("A citizen's request")
    SPAM = "spam", _("Spam")
    OTHER = "other", _("Other")


class PressInquiryProcess(Process):
    """One run of the procedure on an inquiry; reopening starts another. The gates read its columns."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="processes")
    definition_version = models.CharField(_("version of the procedure"), max_length=20)
    triage_exit = models.CharField(_("triage"), max_length=20, choices=TriageExit, blank=True)
    not_a_request = models.CharField(max_length=16, choices=NotARequest, blank=True)
    drafter = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(_("accepted by the drafter at"), null=True, blank=True)
    is_returned = models.BooleanField(_("the last step sent it back"), default=False)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("press inquiry process")
        verbose_name_plural = _("press inquiry processes")

    @property
    def case(self) -> Case:
        return self.inquiry.case

    @property
    def agency(self) -> Agency:
        return self.inquiry.agency

    @property
    def is_registered(self) -> bool:
        return bool(self.inquiry.is_registered)

    @property
    def is_advice(self) -> bool:
        return self.triage_exit == TriageExit.ADVICE

    @property
    def needs_document(self) -> bool:
        return bool(self.inquiry.needs_document)


class VersionKind(models.TextChoices):
    SUBMISSION = "submission", _("Submission of the drafter")
    CORRECTION = "correction", _("Correction by the head in the act of approving")
    REUSE = "reuse", _("Reuse of a released text")
    OUTCOMES = "outcomes", _("The refusals decided since were taken in")


class DraftVersion(models.Model):
    """One numbered, kept version of the reply. `sha256` covers the canonical content; the row never changes.

    `answers` is a list of {"question": number, "text": …}; `refusals` the same of the questions not answered, with
    the id of the decision; `talking_points` and `questions_beforehand` serve an interview.
    """

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=12, choices=VersionKind, default=VersionKind.SUBMISSION)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    submitted_at = models.DateTimeField(_("submitted at"))
    reply_form = models.CharField(_("form of the reply"), max_length=12)
    answers: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    refusals: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    talking_points = models.TextField(_("talking points"), blank=True)
    questions_beforehand = models.TextField(_("questions given beforehand"), blank=True)
    sha256 = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reuses = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("version of the reply")
        verbose_name_plural = _("versions of the reply")
        ordering = ["inquiry", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "number"], name="draft_version_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.inquiry} v{self.number}"


class VerdictStep(models.TextChoices):
    REVIEW = "review", _("Review of the content")
    CLEAR = "clear", _("Clearance")
    DECIDE = "decide", _("Decision")


class VerdictKind(models.TextChoices):
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    SKIPPED = "skipped", _("Skipped")


class Verdict(models.Model):
    """What one step said of one version. An approval counts only for the text whose hash it names."""

    version = models.ForeignKey(DraftVersion, models.PROTECT, related_name="verdicts")
    step = models.CharField(_("step"), max_length=8, choices=VerdictStep)
    kind = models.CharField(_("verdict"), max_length=8, choices=VerdictKind)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.TextField(_("in what post"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="verdict_back_or_skip_has_reason",
                condition=Q(kind=VerdictKind.APPROVED) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_kind_display()}"


class ClockStop(models.Model):
    """The clock stands while the journalist is asked to clarify. Recorded with its reason; no date is changed."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="clock_stops")
    stopped_at = models.DateTimeField(_("stopped at"))
    stopped_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    restarted_at = models.DateTimeField(_("restarted at"), null=True, blank=True)
    restarted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("clock stop")
        verbose_name_plural = _("clock stops")
        ordering = ["stopped_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry"], condition=Q(restarted_at__isnull=True), name="clock_stopped_once"
            ),
            models.CheckConstraint(
                name="clock_restart_after_stop",
                condition=Q(restarted_at__isnull=True) | Q(restarted_at__gte=F("stopped_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry}: {self.stopped_at:%d/%m/%Y %H:%M}"


class Opinion(models.Model):
    """An opinion asked of a superior body beside the path; it blocks nothing."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="opinions")
    asked_of = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    about = models.TextField(_("what is asked"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.CharField(_("who answered"), max_length=160, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.inquiry}: {self.asked_of}"


class Quotation(models.TextChoices):
    CORRECT = "correct", _("Quoted correctly")
    INCORRECT = "incorrect", _("Quoted incorrectly")
    NOTHING = "nothing", _("Nothing was published")


class Publication(models.Model):
    """What came of the reply in the press."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="publications")
    quotation = models.CharField(_("quotation"), max_length=12, choices=Quotation)
    address = models.URLField(_("address of the article"), max_length=500, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    shown_before = models.BooleanField(_("answers were shown before publication"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="publication_has_address",
                condition=Q(quotation=Quotation.NOTHING) | ~Q(address=""),
            )
        ]

    def __str__(self) -> str:
        return self.address or self.get_quotation_display()
