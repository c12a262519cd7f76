"""A crisis under way: what it was assessed to be, the steps of its own copy of the playbook, its end and its review."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from core.enums import CrisisLevel, CrisisPart, LateAct, StepDeed, StepDocument, StepOrigin
from core.models import Agency, Case, Crisis, Inquiry, Person, Provision, RuleKey

from .playbooks import PlaybookSign, PlaybookStep, PlaybookVersion


class CrisisSetting(models.Model):
    """Numbers of an agency's own regulation, examples until it has one; none of them is law."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="crisis_setting")
    rung_minutes = models.PositiveSmallIntegerField(_("minutes between rungs of the ladder"), default=15)
    repeat_minutes = models.PositiveSmallIntegerField(_("minutes until the head is told again"), default=60)
    link_hours = models.PositiveSmallIntegerField(_("hours a link for acknowledging is good"), default=48)
    office_opens = models.TimeField(_("the office opens at"), default=time(7, 30))
    office_closes = models.TimeField(_("the office closes at"), default=time(17, 0))

    class Meta:
        verbose_name = _("setting for crises")
        verbose_name_plural = _("settings for crises")

    def __str__(self) -> str:
        return str(self.agency)


class CrisisProcess(Process):
    """The one run of the procedure on a crisis. The gates read its columns."""

    inquiry: ClassVar[Inquiry | None] = None

    crisis = models.OneToOneField(Crisis, models.PROTECT, related_name="process")
    definition_version = models.CharField(_("version of the procedure"), max_length=20)
    is_returned = models.BooleanField(_("the last step sent it back"), default=False)
    is_dismissed = models.BooleanField(_("no crisis"), default=False)

    class Meta:
        verbose_name = _("crisis process")
        verbose_name_plural = _("crisis processes")

    @property
    def case(self) -> Case:
        return self.crisis.case

    @property
    def agency(self) -> Agency:
        return self.crisis.agency


class Assessment(models.Model):
    """What a person took a crisis to be, with the reason: scenario, level, paragraph and so clock. Written once.

    One `is_anew` says another paragraph of a crisis whose playbook runs; it repeats scenario and level as they were.
    """

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="assessments")
    signs = models.ManyToManyField(PlaybookSign, blank=True, related_name="+")
    ranking: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        _("scenarios as they were ranked"), default=list
    )
    version = models.ForeignKey(
        PlaybookVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("playbook")
    )
    is_crisis = models.BooleanField(_("it is a crisis"), default=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=CrisisLevel, null=True, blank=True)
    duty = models.ForeignKey(RuleKey, models.PROTECT, null=True, blank=True, related_name="+")
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(_("starting event at"), null=True, blank=True)
    needed_at_once = models.BooleanField(_("initial information is needed at once"), default=True)
    reason = models.TextField(_("reason"))
    is_anew = models.BooleanField(_("the paragraph alone, anew while the playbook ran"), default=False)
    assessed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(_("assessed at"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["assessed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assessment_of_a_crisis_is_whole",
                condition=Q(is_crisis=False)
                | Q(version__isnull=False, level__isnull=False, duty__isnull=False, provision__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.crisis.reference}: {self.assessed_at:%d/%m/%Y %H:%M}"


class CrisisStep(models.Model):
    """One step of one crisis, copied from the playbook when it was activated, or added later.

    It is ready once the steps it comes `after` are settled; then the flow makes a task of it. `after` holds codes of
    this crisis. `due` is null until the instant its minutes are counted from is known.
    """

    inquiry: ClassVar[Inquiry | None] = None

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="steps")
    code = models.SlugField(_("code"), max_length=60)
    number = models.PositiveSmallIntegerField(_("number"))
    origin = models.CharField(_("where it comes from"), max_length=10, choices=StepOrigin)
    playbook_step = models.ForeignKey(PlaybookStep, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    what = models.TextField(_("what to do"), blank=True)
    part = models.CharField(_("who does it"), max_length=20, choices=CrisisPart)
    deed = models.CharField(_("what doing it is"), max_length=20, choices=StepDeed, default=StepDeed.TASK)
    after: models.JSONField[list[str], list[str]] = models.JSONField(_("after the steps"), default=list)
    minutes = models.PositiveIntegerField(_("minutes allowed"), null=True, blank=True)
    counted_from = models.CharField(_("counted from"), max_length=12, blank=True)
    document = models.CharField(
        _("document produced"), max_length=20, choices=StepDocument, default=StepDocument.NONE
    )
    may_skip = models.CharField(_("may be skipped by"), max_length=20, choices=CrisisPart, blank=True)
    on_late = models.CharField(_("when late"), max_length=12, choices=LateAct, default=LateAct.REMIND)

    added_at = models.DateTimeField(_("added at"))
    opened_at = models.DateTimeField(_("became a task at"), null=True, blank=True)
    due = models.DateTimeField(_("due"), null=True, blank=True)
    late_noted_at = models.DateTimeField(_("followed up as late at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("done, skipped or dropped at"), null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    is_skipped = models.BooleanField(_("skipped"), default=False)
    is_dropped = models.BooleanField(_("left undone at the end"), default=False)
    note = models.TextField(_("what was done, or why not"), blank=True)
    late_reason = models.TextField(_("why it was late"), blank=True)

    class Meta:
        verbose_name = _("step of a crisis")
        verbose_name_plural = _("steps of crises")
        ordering = ["crisis", "number", "pk"]
        constraints = [models.UniqueConstraint(fields=["crisis", "code"], name="crisis_step_unique")]
        indexes = [
            models.Index(fields=["due"], condition=Q(settled_at__isnull=True), name="crisis_step_open_due")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def case(self) -> Case:
        return self.crisis.case

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def is_done(self) -> bool:
        return self.is_settled and not self.is_skipped and not self.is_dropped


class LevelChange(models.Model):
    """The level went up or down, with the reason. Written once."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="level_changes")
    old = models.PositiveSmallIntegerField(_("from level"), choices=CrisisLevel)
    new = models.PositiveSmallIntegerField(_("to level"), choices=CrisisLevel)
    reason = models.TextField(_("reason"))
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of level")
        verbose_name_plural = _("changes of level")
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.crisis.reference}: {self.old} → {self.new}"


class StandDown(models.Model):
    """The head ended the handling. Forced where the legal clock ran and nothing was said; auditors list that."""

    crisis = models.OneToOneField(Crisis, models.PROTECT, related_name="stand_down")
    reason = models.TextField(_("reason"))
    is_forced = models.BooleanField(_("though the legal clock ran and nothing was said"), default=False)
    ordered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("ordered at"))

    class Meta:
        verbose_name = _("stand-down")
        verbose_name_plural = _("stand-downs")
        ordering = ["ordered_at"]

    def __str__(self) -> str:
        return f"{self.crisis.reference}: {self.ordered_at:%d/%m/%Y %H:%M}"


class Review(models.Model):
    """Tổng kết, rút kinh nghiệm: what was late and why as it was computed, the lessons, the change proposed."""

    crisis = models.OneToOneField(Crisis, models.PROTECT, related_name="review")
    late: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        _("what was late, from the trail"), default=list
    )
    lessons = models.TextField(_("lessons"))
    proposed_change = models.TextField(_("change proposed to the playbook"), blank=True)
    draft = models.ForeignKey(
        PlaybookVersion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("draft version opened by it"),
    )
    reviewed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"))

    class Meta:
        verbose_name = _("after-action review")
        verbose_name_plural = _("after-action reviews")
        ordering = ["reviewed_at"]

    def __str__(self) -> str:
        return self.crisis.reference
