"""What is said in a crisis: the initial statement, updates and further ones; each is drafted, cleared and released."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import StatementForm
from core.models import Agency, Case, Crisis, Inquiry, Person, Statement

from .running import CrisisStep


class CrisisStatement(models.Model):
    """One statement on its way. It needs no number, no seal and no PDF, at whatever hour (Decree 244/2026 art 5).

    `ledger` is the act of speaking in the agency's name; a drill says nothing and so has none. `step` is the step of
    the playbook that it fulfils, the initial statement's.
    """

    inquiry: ClassVar[Inquiry | None] = None

    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="crisis_statements")
    number = models.PositiveSmallIntegerField(_("number"))
    step = models.OneToOneField(
        CrisisStep, models.PROTECT, null=True, blank=True, related_name="crisis_statement"
    )
    form = models.CharField(_("form"), max_length=24, choices=StatementForm)
    recipient = models.CharField(_("recipient"), max_length=300, blank=True)
    is_returned = models.BooleanField(_("the last step sent it back"), default=False)
    is_given_up = models.BooleanField(_("given up"), default=False)
    cleared_sha256 = models.CharField(_("SHA-256 of the text that was cleared"), max_length=64, blank=True)
    cleared_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.URLField(_("address where it stands"), max_length=500, blank=True)
    ledger = models.OneToOneField(
        Statement, models.PROTECT, null=True, blank=True, related_name="crisis_statement"
    )

    class Meta:
        verbose_name = _("statement in a crisis")
        verbose_name_plural = _("statements in crises")
        ordering = ["crisis", "number"]
        constraints = [
            models.UniqueConstraint(fields=["crisis", "number"], name="crisis_statement_unique"),
            models.CheckConstraint(
                name="crisis_statement_released_by_somebody",
                condition=Q(released_at__isnull=True) | Q(released_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crisis.reference}/{self.number}"

    @property
    def case(self) -> Case:
        return self.crisis.case

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    @property
    def is_initial(self) -> bool:
        return self.step_id is not None


class StatementText(models.Model):
    """A version of the text. Written once; the hash is what clearance and release refer to."""

    statement = models.ForeignKey(CrisisStatement, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("text of a statement")
        verbose_name_plural = _("texts of statements")
        ordering = ["statement", "number"]
        constraints = [models.UniqueConstraint(fields=["statement", "number"], name="statement_text_unique")]

    def __str__(self) -> str:
        return f"{self.statement}: {self.number}"
