"""What the refusal procedure keeps: one question to be refused, every version of why, the decision and its fate."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from core.models import Agency, Case, Inquiry, Mandate, Person, Provision, Question, RuleSet, Statement
from documents.models import IssuedDocument

Facts = dict[str, Any]


class State(models.TextChoices):
    """What has become of a refusal; `decided` until its ground lapses or its question is open again."""

    OPEN = "open", _("Being decided")
    DECIDED = "decided", _("Decided")
    TO_ANSWER = "to_answer", _("Sent back to be answered")
    LAPSED = "lapsed", _("Brought back: the ground has lapsed")
    ANSWERED = "answered", _("Brought back: to be answered after a second look")
    REPLACED = "replaced", _("Replaced after a second look")
    WITHDRAWN = "withdrawn", _("Given up: the inquiry has ended")
    OFF_SYSTEM = "off_system", _("Handled off-system")
    REOPENED = "reopened", _("Brought back: the inquiry was reopened")


class Outcome(models.TextChoices):
    """What is decided of the question. Only the first rests on a ground of the Press Law."""

    REFUSED = "refused", _("Refused on a ground of the law")
    REDIRECTED = "redirected", _("Beyond our competence: redirected")
    WITHHELD = "withheld", _("Considered, not provided yet")


class Origin(models.TextChoices):
    """At which step of the inquiry the refusal was asked for, or what led to it afterwards."""

    TRIAGE = "triage", _("Triage")
    REVIEW = "review", _("Review of the content")
    CLEAR = "clear", _("Clearance")
    DECIDE = "decide", _("Decision")
    RECONSIDERED = "reconsidered", _("A second look at an earlier refusal")


class VersionStep(models.TextChoices):
    PROPOSE = "propose", _("Proposal")
    REVIEW = "review", _("Legal review")


class WatchKind(models.TextChoices):
    """The event with which a ground ends."""

    CONCLUSION = "conclusion", _("Conclusion of the inspection")
    RESOLUTION = "resolution", _("The complaint, denunciation or dispute is settled")
    TRIAL = "trial", _("The case was tried, or was dropped")
    APPROVAL = "approval", _("The draft may be published")
    DECLASSIFICATION = "declassification", _("The secret is declassified, or its term ends")
    OTHER = "other", _("Another event")


class Cause(models.TextChoices):
    LAPSED = "lapsed", _("The ground has lapsed")
    RECONSIDERED = "reconsidered", _("A second look found that the question is to be answered")


class Result(models.TextChoices):
    """What a second look found; blank while it is under way."""

    UPHELD = "upheld", _("Upheld")
    CHANGED = "changed", _("Changed")
    ANSWERED = "answered", _("To be answered")


class Refusal(models.Model):  # type: ignore[django-manager-missing]  # the engine under `processes` is untyped
    """One question that is to be refused, redirected or withheld. Its decision is a row of its own, written once.

    `letter_of` is the refusal whose own letter states this one's outcome, itself perhaps; without it the inquiry's
    reply does. `follows` is the earlier refusal of the same question that this one replaces.
    """

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="refusals")
    question = models.ForeignKey(Question, models.PROTECT, related_name="refusals")
    origin = models.CharField(_("asked for at"), max_length=12, choices=Origin)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    remark = models.TextField(_("remark"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    letter_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="states", verbose_name=_("letter")
    )
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="followed_by")

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        ordering = ["opened_at", "pk"]
        indexes = [models.Index(fields=["inquiry", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(state=State.OPEN), name="refusal_open_once_for_a_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry.reference}/{self.question.number}"

    @property
    def case(self) -> Case:
        return self.inquiry.case

    @property
    def agency(self) -> Agency:
        return self.inquiry.agency

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def has_own_letter(self) -> bool:
        """Whether its own run makes the letter."""
        return self.letter_of_id == self.pk


class RefusalVersion(models.Model):
    """What somebody proposed, or found in legal review. Written once; a change of the ground is another version.

    `facts` are those the ground asks for (`rules/grounds.py`); `watch_*` the event with which the ground ends.
    A purge blanks its words and keeps the row.
    """

    refusal = models.ForeignKey(Refusal, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    step = models.CharField(_("step"), max_length=8, choices=VersionStep)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    at = models.DateTimeField(_("at"))
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("law"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    ground = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    facts: models.JSONField[Facts, Facts] = models.JSONField(_("facts"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    redirected_to = models.CharField(_("competent agency"), max_length=200, blank=True)
    watch_kind = models.CharField(_("event to watch"), max_length=16, choices=WatchKind, blank=True)
    watch_what = models.CharField(_("what happens then"), max_length=300, blank=True)
    watch_on = models.DateField(_("expected on"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("version of a refusal")
        verbose_name_plural = _("versions of a refusal")
        ordering = ["refusal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["refusal", "number"], name="refusal_version_number_unique"),
            models.CheckConstraint(
                name="refusal_version_ground_iff_refused",
                condition=Q(outcome=Outcome.REFUSED, ground__isnull=False)
                | ~Q(outcome=Outcome.REFUSED) & Q(ground__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refusal} v{self.number}"

    @property
    def citation(self) -> str:
        """Its ground in full form; nothing where it rests on none."""
        return self.ground.citation_in_full if self.ground else ""

    @property
    def is_purged(self) -> bool:
        return not self.sha256


class RefusalDecision(models.Model):
    """The decision about one question, under the law of its day. Written once: later law and wording change nothing.

    `citation` is the provision in full form as a letter prints it; `entry_id` its entry in the trail.
    """

    refusal = models.OneToOneField(Refusal, models.PROTECT, related_name="decision")
    version = models.OneToOneField(RefusalVersion, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("law"))
    ground = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="refusals", verbose_name=_("ground")
    )
    citation = models.CharField(_("citation"), max_length=300, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    decider_post = models.TextField(_("post"), blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    remark = models.TextField(_("remark"), blank=True)
    entry_id = models.UUIDField()

    class Meta:
        verbose_name = _("decision to refuse")
        verbose_name_plural = _("decisions to refuse")
        ordering = ["decided_at", "pk"]
        indexes = [models.Index(fields=["ground", "decided_at"]), models.Index(fields=["decided_at"])]
        constraints = [
            models.CheckConstraint(
                name="refusal_decision_cites_iff_refused",
                condition=Q(outcome=Outcome.REFUSED, ground__isnull=False) & ~Q(citation="")
                | ~Q(outcome=Outcome.REFUSED) & Q(ground__isnull=True, citation=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refusal}: {self.get_outcome_display()}"

    @property
    def is_stated(self) -> bool:
        return hasattr(self, "stated")


class StatedOutcome(models.Model):
    """Which one statement told the press of a decision. Written once: no second document can state it."""

    decision = models.OneToOneField(RefusalDecision, models.PROTECT, related_name="stated")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="stated_refusals")
    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, null=True, blank=True, related_name="stated_refusals"
    )

    class Meta:
        verbose_name = _("stated outcome")
        verbose_name_plural = _("stated outcomes")

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.statement_id}"


class BringBack(models.Model):
    """A question comes back, from an instant on: its ground lapsed, or a second look wants it answered.

    `happened_at` may be told beforehand; nothing depends on the sweep being on time. `done_at` is when it was
    settled: the inquiry was open again for the question, or the refusal, as its state says, stood no longer anyway.
    """

    refusal = models.OneToOneField(Refusal, models.PROTECT, related_name="bring_back")
    cause = models.CharField(_("why it comes back"), max_length=14, choices=Cause)
    happened_at = models.DateTimeField(_("happened at"))
    note = models.TextField(_("what happened"), blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    done_at = models.DateTimeField(_("brought back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question brought back")
        verbose_name_plural = _("questions brought back")
        ordering = ["happened_at", "pk"]
        indexes = [
            models.Index(fields=["happened_at"], condition=Q(done_at__isnull=True), name="bring_back_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.refusal}: {self.get_cause_display()}"


class Reconsideration(models.Model):
    """Đề nghị xem xét lại: the journalist asks to look again. The refusal is never edited; the result is kept here."""

    refusal = models.ForeignKey(Refusal, models.PROTECT, related_name="reconsiderations")
    received_at = models.DateTimeField(_("received at"))
    asked_by = models.CharField(_("who asks"), max_length=200)
    gist = models.TextField(_("what is said for it"), blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    judged_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    signer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.OneToOneField(
        Statement, models.PROTECT, null=True, blank=True, related_name="reconsideration"
    )

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["refusal"], condition=Q(result=""), name="reconsideration_one_at_a_time"
            ),
            models.CheckConstraint(
                name="reconsideration_judged_whole",
                condition=Q(result="", judged_by__isnull=True)
                | ~Q(result="") & Q(judged_by__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refusal}: {self.get_result_display() or '–'}"


class RefusalProcess(Process):
    """One run on a refusal: to its decision and letter, or a second look at it. The gates read its columns."""

    refusal = models.ForeignKey(Refusal, models.PROTECT, related_name="processes")
    reconsideration = models.OneToOneField(
        Reconsideration, models.PROTECT, null=True, blank=True, related_name="process"
    )
    definition_version = models.CharField(_("version of the procedure"), max_length=20)
    is_returned = models.BooleanField(_("the last step sent it back"), default=False)

    class Meta:
        verbose_name = _("refusal process")
        verbose_name_plural = _("refusal processes")

    @property
    def has_own_letter(self) -> bool:
        return self.refusal.has_own_letter

    @property
    def is_second_look(self) -> bool:
        return self.reconsideration_id is not None

    @property
    def inquiry(self) -> Inquiry:
        return self.refusal.inquiry

    @property
    def question(self) -> Question:
        return self.refusal.question

    @property
    def case(self) -> Case:
        return self.refusal.case

    @property
    def agency(self) -> Agency:
        return self.refusal.agency
