"""Kịch bản: a scenario with its signs, its steps and those to whom it reports. A version approved never changes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import CrisisLevel, CrisisPart, LateAct, RecipientPart, StepDeed, StepDocument, StepStart
from core.models import Agency, Person, Topic
from core.models.periods import DatedPeriod, PeriodQuerySet, ordered_period


class Playbook(models.Model):
    """One scenario. Without an agency it is an example for every agency, until one writes its own version of it."""

    code = models.CharField(_("code"), max_length=40)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="playbooks", verbose_name=_("agency")
    )

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "agency"], name="playbook_unique"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(agency__isnull=True), name="playbook_example_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PlaybookVersion(DatedPeriod):
    """A version of a scenario: a draft until `approved_at`, then frozen but for the day its use ends.

    The minutes and levels are examples of an internal regulation; only the legal clock is law. `approved_by_name` names
    who approved a version that was loaded, where no account stands for it.
    """

    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    level = models.PositiveSmallIntegerField(_("usual level"), choices=CrisisLevel)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(_("written at"))
    change = models.TextField(_("what this version changes, and why"), blank=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by_name = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = PeriodQuerySet["PlaybookVersion"].as_manager()

    class Meta:
        verbose_name = _("version of a playbook")
        verbose_name_plural = _("versions of playbooks")
        ordering = ["playbook", "number"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="playbook_version_unique"),
            models.UniqueConstraint(
                fields=["playbook"], condition=Q(approved_at__isnull=True), name="playbook_one_draft"
            ),
            ordered_period("playbook_version_period_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def is_draft(self) -> bool:
        return self.approved_at is None


class PlaybookSign(models.Model):
    """Dấu hiệu: what to watch for; ticked at the assessment, it speaks for the scenario."""

    version = models.ForeignKey(PlaybookVersion, models.CASCADE, related_name="signs")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("sign"), max_length=300)

    class Meta:
        verbose_name = _("sign")
        verbose_name_plural = _("signs")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="playbook_sign_unique")]

    def __str__(self) -> str:
        return self.text


class PlaybookStep(models.Model):
    """A step: what, who, within how many minutes of what, after which other steps; from which level on it is there."""

    version = models.ForeignKey(PlaybookVersion, models.CASCADE, related_name="steps")
    code = models.SlugField(_("code"), max_length=40)
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    what = models.TextField(_("what to do"))
    part = models.CharField(_("who does it"), max_length=20, choices=CrisisPart)
    deed = models.CharField(_("what doing it is"), max_length=20, choices=StepDeed, default=StepDeed.TASK)
    min_level = models.PositiveSmallIntegerField(
        _("from level"), choices=CrisisLevel, default=CrisisLevel.LOCAL
    )
    after: models.JSONField[list[str], list[str]] = models.JSONField(
        _("after the steps"), default=list, blank=True
    )
    minutes = models.PositiveIntegerField(_("minutes allowed"))
    counted_from = models.CharField(
        _("counted from"), max_length=12, choices=StepStart, default=StepStart.READY
    )
    document = models.CharField(
        _("document produced"), max_length=20, choices=StepDocument, default=StepDocument.NONE
    )
    may_skip = models.CharField(_("may be skipped by"), max_length=20, choices=CrisisPart, blank=True)
    on_late = models.CharField(_("when late"), max_length=12, choices=LateAct, default=LateAct.REMIND)

    class Meta:
        verbose_name = _("step of a playbook")
        verbose_name_plural = _("steps of playbooks")
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="playbook_step_code_unique"),
            models.UniqueConstraint(fields=["version", "number"], name="playbook_step_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class ReportLine(models.Model):
    """To whom this scenario reports from which level on, in which order, and within how many minutes it is to be
    acknowledged before the ladder climbs."""

    version = models.ForeignKey(PlaybookVersion, models.CASCADE, related_name="report_lines")
    number = models.PositiveSmallIntegerField(_("order"))
    part = models.CharField(_("to whom"), max_length=24, choices=RecipientPart)
    min_level = models.PositiveSmallIntegerField(
        _("from level"), choices=CrisisLevel, default=CrisisLevel.LOCAL
    )
    minutes = models.PositiveIntegerField(_("minutes to acknowledge"))

    class Meta:
        verbose_name = _("recipient of reports")
        verbose_name_plural = _("recipients of reports")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "part"], name="report_line_unique")]

    def __str__(self) -> str:
        return str(self.get_part_display())
