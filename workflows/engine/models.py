"""The engine's own tables beside viewflow's: who may take a task, and what was typed but not yet sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task

from core.enums import DutyKind, Role, StatementForm
from core.models import Agency, Case, Crisis, Deadline, Inquiry, Person, Question, Unit


class TaskAssignment(models.Model):
    """Who may take a human task, as columns the inbox can join; written when the node creates the task.

    `role` and `duty` narrow the right: to whoever holds that role in the agency, or is on that duty there at the
    instant of the act.
    """

    task = models.OneToOneField(Task, models.CASCADE, related_name="assignment")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this question"),
    )
    crisis = models.ForeignKey(Crisis, models.PROTECT, null=True, blank=True, related_name="+")
    codename = models.CharField(_("right needed"), max_length=40)
    role = models.CharField(_("in this role"), max_length=24, choices=Role, blank=True)
    duty = models.CharField(_("on this duty"), max_length=12, choices=DutyKind, blank=True)
    form = models.CharField(
        _("form in which it speaks, where no inquiry says it"),
        max_length=24,
        choices=StatementForm,
        blank=True,
    )
    only = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("only this person")
    )
    excluded = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("not this person")
    )
    took_part = models.ManyToManyField(
        Person, blank=True, related_name="+", verbose_name=_("none of these, who took part")
    )
    needs_mandate = models.BooleanField(_("needs a mandate"), default=False)

    class Meta:
        verbose_name = _("task assignment")
        verbose_name_plural = _("task assignments")
        indexes = [models.Index(fields=["agency", "codename"])]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.codename}"


class TaskDeadline(models.Model):
    """The local time limit of a step, where the agency's own regulation sets one; it ends with the task."""

    task = models.OneToOneField(Task, models.CASCADE, related_name="task_deadline")
    deadline = models.OneToOneField(Deadline, models.PROTECT, related_name="task_deadline")

    class Meta:
        verbose_name = _("time limit of a step")
        verbose_name_plural = _("time limits of steps")

    def __str__(self) -> str:
        return f"{self.task_id}: {self.deadline_id}"


class SavedInput(models.Model):
    """What a person typed into a step's form, kept until the step is done. Saved without the process lock."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="saved_inputs")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved input")
        verbose_name_plural = _("saved inputs")
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="saved_input_unique")]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.person_id}"
