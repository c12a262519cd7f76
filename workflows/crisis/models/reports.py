"""Reports upward and beside: five lines, to whom they went, who acknowledged, what came back, and the ladder."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import AckMeans, CrisisLevel, DispatchMeans, PaperKind, RecipientPart, ReportKind, RungKind
from core.models import Agency, AgencyContact, Case, Crisis, Inquiry, Person
from documents.models import IssuedDocument

from .running import CrisisStep


class Report(models.Model):
    """Five lines: what, where, when, what was said, what is needed. Written once; a change is another report."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=ReportKind)
    level = models.PositiveSmallIntegerField(_("level"), choices=CrisisLevel)
    what = models.TextField(_("what happened"))
    where = models.TextField(_("where"))
    when = models.TextField(_("when"))
    said = models.TextField(_("what was said"))
    needed = models.TextField(_("what is needed"))
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared at"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["crisis", "number"]
        constraints = [models.UniqueConstraint(fields=["crisis", "number"], name="crisis_report_unique")]

    def __str__(self) -> str:
        return f"{self.crisis.reference}/{self.number}"


class Dispatch(models.Model):
    """A report to one recipient, and how far it got: prepared, sent, delivered, acknowledged.

    Delivered says that the receiving mail server accepted it, or that its task was opened; a bounce sets it back. It is
    acknowledged once a named person on the other side confirmed (`Acknowledgement`); `acknowledged_at` repeats the
    first one. `given_up_at`: the head ended it without, with the reason. `over_head_of` is the dispatch whose recipient
    our head went over, by his own act.
    """

    inquiry: ClassVar[Inquiry | None] = None

    report = models.ForeignKey(Report, models.PROTECT, related_name="dispatches")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="dispatches")
    part = models.CharField(_("part"), max_length=24, choices=RecipientPart)
    paper = models.CharField(_("report or coordination letter"), max_length=12, choices=PaperKind)
    means = models.CharField(_("by"), max_length=8, choices=DispatchMeans)
    contact = models.ForeignKey(
        AgencyContact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact it was first sent to"),
    )
    minutes = models.PositiveIntegerField(_("minutes to acknowledge"))
    prepared_at = models.DateTimeField(_("prepared at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    given_up_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    given_up_reason = models.TextField(_("why given up"), blank=True)
    over_head_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="went_over_by"
    )
    over_head_reason = models.TextField(_("why our head went over the recipient"), blank=True)

    class Meta:
        verbose_name = _("dispatch of a report")
        verbose_name_plural = _("dispatches of reports")
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "recipient"], name="dispatch_unique"),
            models.CheckConstraint(
                name="dispatch_given_up_by_somebody",
                condition=Q(given_up_at__isnull=True) | Q(given_up_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["recipient", "acknowledged_at"])]

    def __str__(self) -> str:
        return f"{self.report} → {self.recipient}"

    @property
    def crisis(self) -> Crisis:
        return self.report.crisis

    @property
    def case(self) -> Case:
        return self.report.crisis.case

    @property
    def agency(self) -> Agency:
        return self.report.crisis.agency

    @property
    def is_settled(self) -> bool:
        """Nobody is to be kept at it any more."""
        return self.acknowledged_at is not None or self.given_up_at is not None


class DispatchReply(models.Model):
    """A mail that answers a report or its paper. Its sender is not verified, and it confirms nothing."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="replies")
    message_id = models.CharField(_("Message-ID"), max_length=255)
    sha256 = models.CharField(max_length=64)
    sender = models.CharField(_("sender"), max_length=255, blank=True)
    received_at = models.DateTimeField(_("received at"))
    is_automatic = models.BooleanField(_("sent by a machine"), default=False)
    file_names: models.JSONField[list[str], list[str]] = models.JSONField(
        _("names of the attached files"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("answer to a report by mail")
        verbose_name_plural = _("answers to reports by mail")
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "message_id"], name="dispatch_reply_unique")
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.message_id}"

    @property
    def crisis(self) -> Crisis:
        return self.dispatch.crisis


class Rung(models.Model):
    """One rung of the ladder of one dispatch, with its due time; climbed once, with the instant and to whom."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="rungs")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("what happens"), max_length=16, choices=RungKind)
    due_at = models.DateTimeField(_("due"))
    climbed_at = models.DateTimeField(_("climbed at"), null=True, blank=True)
    to = models.CharField(_("to whom"), max_length=300, blank=True)
    contact = models.ForeignKey(AgencyContact, models.PROTECT, null=True, blank=True, related_name="+")
    step = models.OneToOneField(CrisisStep, models.PROTECT, null=True, blank=True, related_name="rung")

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        ordering = ["dispatch", "number"]
        constraints = [models.UniqueConstraint(fields=["dispatch", "number"], name="rung_unique")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(climbed_at__isnull=True), name="rung_open_due")
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id}/{self.number}"


class Acknowledgement(models.Model):
    """Xác nhận đã nhận: a named person on the other side confirmed. Another one is added and replaces nothing."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="acknowledgements")
    means = models.CharField(_("how"), max_length=6, choices=AckMeans)
    name = models.CharField(_("full name"), max_length=120)
    post = models.CharField(_("post"), max_length=160)
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(AgencyContact, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(_("acknowledged at"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["acknowledged_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="acknowledged_by_phone_names_the_number",
                condition=~Q(means=AckMeans.PHONE) | ~Q(phone=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.post}"


class Direction(models.Model):
    """Ý kiến chỉ đạo received in answer to a report: its text, from whom; it becomes a step of the crisis."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="directions")
    text = models.TextField(_("text"))
    from_name = models.CharField(_("from whom"), max_length=120)
    from_post = models.CharField(_("post"), max_length=160)
    received_at = models.DateTimeField(_("received at"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    step = models.OneToOneField(CrisisStep, models.PROTECT, null=True, blank=True, related_name="direction")

    class Meta:
        verbose_name = _("direction")
        verbose_name_plural = _("directions")
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="direction_not_before_received", condition=Q(recorded_at__gte=F("received_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_name}: {self.dispatch_id}"


class ReportPaper(models.Model):
    """The numbered paper of a report, for those who get a report or for those who get a coordination letter.

    It follows when the office opens (`opens_at`). A drill's takes no official number.
    """

    inquiry: ClassVar[Inquiry | None] = None

    report = models.ForeignKey(Report, models.PROTECT, related_name="papers")
    kind = models.CharField(_("report or coordination letter"), max_length=12, choices=PaperKind)
    opens_at = models.DateTimeField(_("the office opens at"))
    opened_at = models.DateTimeField(_("taken up at"), null=True, blank=True)
    signer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(IssuedDocument, models.PROTECT, null=True, blank=True, related_name="+")
    stamped_at = models.DateTimeField(_("stamped at"), null=True, blank=True)

    class Meta:
        verbose_name = _("paper of a report")
        verbose_name_plural = _("papers of reports")
        ordering = ["report", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="report_paper_unique")]

    def __str__(self) -> str:
        return f"{self.report}: {self.kind}"

    @property
    def crisis(self) -> Crisis:
        return self.report.crisis

    @property
    def case(self) -> Case:
        return self.report.crisis.case

    @property
    def agency(self) -> Agency:
        return self.report.crisis.agency
