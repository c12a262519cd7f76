"""Deadlines as stored computations: what started them, under which rule and calendar, and the steps in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.enums import ChangeKind, DeadlineOutcome, DeadlineSource, ReminderStage, StartingEvent

from .calendar import CalendarVersion
from .casefile import Case, Inquiry
from .crises import Crisis
from .law import LocalRule, Provision, RuleKey, RuleSet, RuleValue
from .mandates import Mandate
from .organisation import Agency
from .people import Person

if TYPE_CHECKING:
    from datetime import date


class RecordedEvent(models.Model):
    """An instant that starts a clock: what is claimed to have happened when, and when the system learned it."""

    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="recorded_events"
    )
    crisis = models.ForeignKey(Crisis, models.PROTECT, null=True, blank=True, related_name="recorded_events")
    kind = models.CharField(_("what happened"), max_length=24, choices=StartingEvent)
    occurred_at = models.DateTimeField(_("when, as stated"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("starting event")
        verbose_name_plural = _("starting events")
        ordering = ["occurred_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="starting_event_of_one_matter",
                condition=Q(inquiry__isnull=False, crisis__isnull=True)
                | Q(inquiry__isnull=True, crisis__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_at:%d/%m/%Y %H:%M}"


class OrderPaper(models.Model):
    """Văn bản giao việc: a superior's paper that sets a date, “report before the day …”."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="order_papers")
    number = models.CharField(_("number"), max_length=60)
    date: models.DateField[str | date, date] = models.DateField(_("date"))
    issuer = models.CharField(_("issuer"), max_length=200)
    task = models.CharField(_("what is asked"), max_length=300)
    before = models.DateField(_("to be done before the day"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("order paper")
        verbose_name_plural = _("order papers")
        ordering = ["before", "pk"]

    def __str__(self) -> str:
        return f"{self.number} ngày {self.date:%d/%m/%Y}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        return self.filter(ended_at__isnull=True)

    def nearest_first(self) -> DeadlineQuerySet:
        return self.order_by(F("due").asc(nulls_last=True), "pk")


class Deadline(models.Model):
    """Hạn xử lý: one rule applied to one starting event. `original_due` stays for reports whatever moves it.

    It is owed on an inquiry, on a mandate whose publication the law asks for, or on a crisis.

    `due` is an instant; for a limit in hours it is itself in time, for a limit in days it is 24:00 of `last_day`.
    It is null where the rule sets no limit, and while `missing_year` waits for its calendar. `span_*` are the
    days whose standing in the calendar the result depends on.
    """

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="deadlines")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="deadlines")
    crisis = models.ForeignKey(Crisis, models.PROTECT, null=True, blank=True, related_name="deadlines")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="deadlines")
    source = models.CharField(_("source"), max_length=8, choices=DeadlineSource)
    key = models.ForeignKey(RuleKey, models.PROTECT, null=True, blank=True, related_name="deadlines")
    rule_value = models.ForeignKey(RuleValue, models.PROTECT, null=True, blank=True, related_name="deadlines")
    local_rule = models.ForeignKey(LocalRule, models.PROTECT, null=True, blank=True, related_name="deadlines")
    order = models.OneToOneField(OrderPaper, models.PROTECT, null=True, blank=True, related_name="deadline")
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="deadlines")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, blank=True, related_name="deadlines")
    start = models.CharField(_("starting event"), max_length=24, choices=StartingEvent, blank=True)
    started_at = models.DateTimeField(_("started at"))
    calendar = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, blank=True, related_name="deadlines"
    )

    due = models.DateTimeField(_("due"), null=True, blank=True)
    due_inclusive = models.BooleanField(default=False)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    is_provisional = models.BooleanField(_("touches provisional days"), default=False)
    missing_year = models.PositiveSmallIntegerField(_("year without a calendar"), null=True, blank=True)
    span_from = models.DateField(null=True, blank=True)
    span_until = models.DateField(null=True, blank=True)
    steps: models.JSONField[list[str], list[str]] = models.JSONField(_("computation"), default=list)
    original_due = models.DateTimeField(_("first computed"), null=True, blank=True)
    reminded = models.CharField(_("last stage reminded of"), max_length=8, choices=ReminderStage, blank=True)

    created_at = models.DateTimeField(_("computed at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=4, choices=DeadlineOutcome, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="deadline_has_its_source",
                condition=Q(source=DeadlineSource.LAW, rule_value__isnull=False, order__isnull=True)
                & Q(local_rule__isnull=True, provision__isnull=False)
                | Q(source=DeadlineSource.LOCAL, local_rule__isnull=False)
                & Q(rule_value__isnull=True, order__isnull=True)
                | Q(source=DeadlineSource.ORDER, order__isnull=False)
                & Q(rule_value__isnull=True, local_rule__isnull=True),
            ),
            models.CheckConstraint(
                name="deadline_owed_on_one_matter",
                condition=Q(inquiry__isnull=False, mandate__isnull=True, crisis__isnull=True)
                | Q(inquiry__isnull=True, mandate__isnull=False, crisis__isnull=True)
                & ~Q(source=DeadlineSource.ORDER)
                | Q(inquiry__isnull=True, mandate__isnull=True, crisis__isnull=False)
                & ~Q(source=DeadlineSource.ORDER),
            ),
            models.CheckConstraint(
                name="deadline_outcome_iff_ended",
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
            ),
        ]
        indexes = [
            models.Index(fields=["inquiry"]),
            models.Index(fields=["mandate"]),
            models.Index(fields=["crisis"]),
            models.Index(fields=["agency", "due"]),
            models.Index(
                fields=["span_until", "span_from"],
                condition=Q(ended_at__isnull=True),
                name="deadline_open_span",
            ),
            models.Index(fields=["due"], condition=Q(ended_at__isnull=True), name="deadline_open_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def case(self) -> Case | None:
        """The case it belongs to; none for the publication of a standing spokesperson."""
        owed_on = self.inquiry or self.crisis or self.mandate
        return owed_on.case if owed_on else None

    @property
    def reference(self) -> str:
        """On what it is owed, for lists, mails and the trail."""
        if self.inquiry:
            return self.inquiry.reference
        if self.crisis:
            return self.crisis.reference
        return self.mandate.document_number if self.mandate else ""

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def title(self) -> str:
        return self.order.task if self.order else str(self.key)

    @property
    def label(self) -> str:
        """What it is, for the trail, mails and feeds: never the words of a superior's paper, which may hold a text."""
        return f"Văn bản giao việc số {self.order}" if self.order else str(self.key)

    @property
    def citation(self) -> str:
        """The provision, local rule or order paper it rests on, as it is cited."""
        if self.order:
            return f"Văn bản số {self.order} của {self.order.issuer}"
        if self.local_rule:
            return self.local_rule.citation
        return self.provision.citation if self.provision else ""

    def is_late(self, at: datetime) -> bool:
        """Whether an act at this instant comes too late: the last instant of an hour limit is still in time."""
        if self.due is None:
            return False
        return at > self.due if self.due_inclusive else at >= self.due

    def was_missed(self, at: datetime) -> bool:
        """Whether its time was over by this instant before it ended, however it ended: set aside later, it was missed
        all the same."""
        return self.is_late(self.ended_at or at)


class DeadlinePause(models.Model):
    """A period in which the clock of a deadline stood, with the reason. No end means it still stands."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="pauses")
    paused_at = models.DateTimeField(_("stopped at"))
    resumed_at = models.DateTimeField(_("restarted at"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("pause of a deadline")
        verbose_name_plural = _("pauses of deadlines")
        ordering = ["paused_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"], condition=Q(resumed_at__isnull=True), name="deadline_paused_once"
            ),
            models.CheckConstraint(
                name="deadline_pause_ordered",
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.paused_at:%d/%m/%Y %H:%M}"


class DeadlineExtension(models.Model):
    """A longer limit, on what basis and why. It never shortens: the later of it and the computation holds."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions")
    until = models.DateTimeField(_("extended until"))
    basis = models.CharField(_("provision or paper that allows it"), max_length=300)
    reason = models.TextField(_("reason"))
    extended_at = models.DateTimeField(_("extended at"))
    extended_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["extended_at"]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.until:%d/%m/%Y %H:%M}"


class DeadlineChange(models.Model):
    """A deadline moved: from which instant to which, and what moved it. Written once."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="changes")
    kind = models.CharField(_("why"), max_length=10, choices=ChangeKind)
    old_due = models.DateTimeField(_("old instant"), null=True, blank=True)
    new_due = models.DateTimeField(_("new instant"), null=True, blank=True)
    calendar = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, blank=True, related_name="changes"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of a deadline")
        verbose_name_plural = _("changes of deadlines")
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.kind}"


class Reminder(models.Model):
    """One person told of one deadline at one stage, once; a moved deadline is told anew."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="reminders")
    stage = models.CharField(_("stage"), max_length=8, choices=ReminderStage)
    due = models.DateTimeField(_("due"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="reminders")
    reminded_at = models.DateTimeField(_("reminded at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["reminded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "stage", "due", "person"], name="reminder_once_for_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.stage}: {self.person}"


class CalendarFeed(models.Model):
    """A person's secret address for the open deadlines as iCalendar; only its digest is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="calendar_feeds")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="calendar_feed_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%d/%m/%Y}"
