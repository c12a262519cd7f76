"""What the delegation procedure keeps: a delegation from its report to its end. The mandate it gives is core's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from core.enums import Circumstance, StatementForm
from core.models import Agency, Case, Inquiry, Mandate, Person, Question
from documents.models import IssuedDocument


class Origin(models.TextChoices):
    """How a delegation began."""

    REPORT = "report", _("A spokesperson reported being unable to speak")
    PROPOSAL = "proposal", _("Proposed")
    PAPER = "paper", _("A letter signed on paper was filed")


class Outcome(models.TextChoices):
    """The named end a delegation reached; blank while it is prepared or in force."""

    EXPIRED = "expired", _("Its term is over")
    REVOKED = "revoked", _("Revoked")
    CASE_CLOSED = "case_closed", _("The case was closed")
    LEFT_POST = "left_post", _("The delegate left the post")
    DROPPED = "dropped", _("Given up before it was signed")


class Delegation(models.Model):  # type: ignore[django-manager-missing]  # the engine under `processes` is untyped
    """One delegation of speaking for one case: its draft, its letter, the mandate given by it.

    `forms` lists the forms of speaking covered, empty for all; `questions` likewise. `signer` is the head whom the
    letter names; `version` counts the drafts, each with a document of its own.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="delegations")
    origin = models.CharField(_("how it began"), max_length=10, choices=Origin)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    request = models.TextField(_("report or proposal"), blank=True)

    to = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name=_("delegate")
    )
    forms: models.JSONField[list[str], list[str]] = models.JSONField(_("forms of speaking"), default=list)
    questions = models.ManyToManyField(Question, blank=True, related_name="+")
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    circumstance = models.CharField(_("circumstance"), max_length=20, choices=Circumstance, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    outside_list_reason = models.TextField(_("why somebody outside the list"), blank=True)
    overlap_note = models.TextField(_("why beside another delegation"), blank=True)
    is_on_paper = models.BooleanField(_("signed on paper"), default=False)
    drafted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=0)

    signer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(IssuedDocument, models.PROTECT, null=True, blank=True, related_name="+")
    scan_sha256 = models.CharField(max_length=64, blank=True)
    scan_name = models.CharField(_("file of the scan"), max_length=200, blank=True)
    mandate = models.OneToOneField(Mandate, models.PROTECT, null=True, blank=True, related_name="delegation")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_address = models.CharField(_("where it was published"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["case", "-opened_at"])]
        constraints = [
            models.CheckConstraint(
                name="delegation_draft_is_whole",
                condition=Q(version=0)
                | Q(to__isnull=False, valid_from__isnull=False, valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="delegation_dropped_has_no_mandate",
                condition=~Q(outcome=Outcome.DROPPED) | Q(mandate__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference}: {self.to or '–'}"

    @property
    def agency(self) -> Agency:
        return self.case.agency

    @property
    def number(self) -> str:
        """The number and symbol of its letter, once it has one."""
        if self.mandate:
            return self.mandate.document_number
        return self.document.symbol if self.document else ""

    @property
    def forms_in_words(self) -> list[str]:
        return [str(StatementForm(form).label) for form in self.forms]

    @property
    def is_signed(self) -> bool:
        return self.mandate_id is not None


class DelegationProcess(Process):
    """One run of the procedure on a delegation; a change of the head starts another. The gates read its columns."""

    inquiry: ClassVar[Inquiry | None] = None

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="processes")
    definition_version = models.CharField(_("version of the procedure"), max_length=20)
    is_returned = models.BooleanField(_("the last step sent it back"), default=False)
    is_dropped = models.BooleanField(_("given up"), default=False)
    new_head = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("delegation process")
        verbose_name_plural = _("delegation processes")
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "new_head"], name="delegation_confirmed_once_by_each_head"
            )
        ]

    @property
    def case(self) -> Case:
        return self.delegation.case

    @property
    def agency(self) -> Agency:
        return self.delegation.agency

    @property
    def is_on_paper(self) -> bool:
        return self.delegation.is_on_paper
