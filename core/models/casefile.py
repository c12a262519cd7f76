"""The case file: the matter, the inquiries under it, their questions and attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.enums import (
    Channel,
    Codename,
    Competence,
    CredentialKind,
    InquiryKind,
    InquiryOutcome,
    MandateKind,
    PurgeRemains,
    QuestionOutcome,
    ReplyForm,
    Secrecy,
    StatementForm,
    Urgency,
    settled_form,
)

from .organisation import Agency, Unit
from .people import Person, RoleAssignment
from .periods import DatedPeriod, PeriodQuerySet, covering
from .press import Journalist, PressAgency

if TYPE_CHECKING:
    from datetime import datetime

LASTING_GRANTS = ("view_case", "handle_case")
SPEAK = "speak_on_case"


class Topic(DatedPeriod):
    """An area of work a question falls into, for as long as the agency's sector has it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    instrument = models.CharField(_("source"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = PeriodQuerySet["Topic"].as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class ReferenceSeries(models.Model):
    """The last number given to a case or inquiry of an agency in a year; the row is locked to give the next."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "prefix", "year"], name="reference_series_unique")
        ]


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, person: Person, *, at: datetime) -> CaseQuerySet:
        """The cases this person may open at this instant: by role, by part played, or by a grant.

        Ordinary cases follow from a role in the case's agency or in one of its units; restricted ones only from
        taking part or a grant; an auditor of the agency reads all of them. Administering shows none. The grant to
        speak opens a case only while a delegation covers the instant.
        """
        if not person.is_active:
            return self.none()
        roles = RoleAssignment.objects.at(at).filter(person=person)

        def agencies(codename: Codename) -> models.QuerySet[RoleAssignment, Any]:
            return roles.filter(group__permissions__codename=codename).values("agency_id")

        unit_roles = roles.filter(group__permissions__codename=Codename.VIEW_UNIT_CASES, unit__isnull=False)
        ordinary = Q(secrecy=Secrecy.ORDINARY)
        return self.filter(
            Q(agency__in=agencies(Codename.AUDIT_CASES))
            | ordinary & Q(agency__in=agencies(Codename.VIEW_AGENCY_CASES))
            | ordinary
            & Q(pk__in=CaseUnit.objects.filter(unit__in=unit_roles.values("unit_id")).values("case_id"))
            | Q(pk__in=CaseParticipant.objects.filter(person=person).values("case_id"))
            & Q(agency__in=roles.values("agency_id"))
            | Q(
                pk__in=person.caseuserobjectpermission_set.filter(
                    Q(permission__codename__in=LASTING_GRANTS) | _speaking(person, at=at)
                ).values("content_object_id")
            )
        )

    def delegated_to(self, person: Person, *, at: datetime) -> CaseQuerySet:
        """The cases opened to the person by a delegation in force at the instant."""
        granted = person.caseuserobjectpermission_set.filter(_speaking(person, at=at))
        return self.filter(pk__in=granted.values("content_object_id"))


def _speaking(person: Person, *, at: datetime) -> Q:
    """guardian's rows to speak on a case that count: a delegation of the person for it, as known now, covers `at`.

    The row is given at the signing and taken back by a sweep; neither is the instant at which the case opens or closes.
    """
    delegations = person.mandates.filter(
        covering(at), kind=MandateKind.DELEGATED, case=OuterRef("content_object")
    )
    return Q(permission__codename=SPEAK) & Q(Exists(delegations))


class Case(models.Model):
    """Vụ việc: the event or matter. Many inquiries may hang under it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases")
    reference = models.CharField(_("reference"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    secrecy = models.CharField(_("who may see it"), max_length=12, choices=Secrecy, default=Secrecy.ORDINARY)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-opened_at"]
        permissions = (
            *((code.value, code.value.replace("_", " ")) for code in Codename),
            ("handle_case", "handle this case"),
            (SPEAK, "speak on this case"),
        )
        constraints = [models.UniqueConstraint(fields=["agency", "reference"], name="case_reference_unique")]
        indexes = [models.Index(fields=["agency", "-opened_at"])]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class CaseUnit(models.Model):
    """A unit that leads or coordinates an inquiry of the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="case_units")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="case_unit_unique")]


class CaseParticipant(models.Model):
    """A person who has done or was given a step in the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="case_participant_unique")]


class Inquiry(models.Model):  # type: ignore[django-manager-missing]  # the engine under `processes` is untyped
    """One contact of the press that asks for information, under a case.

    `received_at` is claimed by whoever registers; `registered_at` is the system's own clock and blank while a
    mail waits to be registered. `due` stays null where no law sets a limit.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="inquiries")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="inquiries")
    reference = models.CharField(_("reference"), max_length=40)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    kind = models.CharField(_("kind"), max_length=24, choices=InquiryKind, default=InquiryKind.INFORMATION)
    subject = models.CharField(_("subject"), max_length=300, blank=True)

    received_at = models.DateTimeField(_("received at"))
    mail_dated_at = models.DateTimeField(_("date in the mail's header"), null=True, blank=True)
    created_at = models.DateTimeField(_("reached the system at"))
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    registered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateTimeField(_("due"), null=True, blank=True)

    press_agency = models.ForeignKey(
        PressAgency, models.PROTECT, null=True, blank=True, related_name="inquiries"
    )
    press_agency_name = models.CharField(_("press agency as given"), max_length=160, blank=True)
    journalist = models.ForeignKey(
        Journalist, models.PROTECT, null=True, blank=True, related_name="inquiries"
    )
    asker_name = models.CharField(_("who asks"), max_length=120, blank=True)
    asker_email = models.EmailField(_("e-mail"), blank=True)
    asker_phone = models.CharField(_("phone"), max_length=40, blank=True)
    credential = models.CharField(
        _("credential"), max_length=16, choices=CredentialKind, default=CredentialKind.NONE_SHOWN
    )
    credential_number = models.CharField(_("number of the credential"), max_length=60, blank=True)
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows up"),
    )

    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="inquiries")
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="led_inquiries")
    coordinating_units = models.ManyToManyField(Unit, blank=True, related_name="coordinated_inquiries")
    reply_form = models.CharField(_("form of the reply"), max_length=12, choices=ReplyForm, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=InquiryOutcome, blank=True)
    answer_owed = models.BooleanField(
        _("an answer to the press agency is still owed"),
        default=True,
        help_text=_(
            "Stays true after advice to a superior, whose statement does not discharge our own duty."
        ),
    )
    is_demo = models.BooleanField(_("fictional, for demonstration"), default=False)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "reference"], name="inquiry_reference_unique"),
            models.CheckConstraint(
                name="inquiry_registered_by_somebody",
                condition=Q(registered_at__isnull=True) | Q(registered_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["case"]),
            models.Index(fields=["agency", "-received_at"]),
            models.Index(fields=["agency", "asker_email", "-received_at"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_registered(self) -> bool:
        return self.registered_at is not None

    @property
    def is_ended(self) -> bool:
        return bool(self.outcome)

    @property
    def needs_document(self) -> bool:
        return self.reply_form == ReplyForm.LETTER

    @property
    def settled_form(self) -> StatementForm | None:
        """In which form it will be spoken on, where the form of the reply leaves no choice."""
        return settled_form(ReplyForm(self.reply_form)) if self.reply_form else None

    @property
    def questions_spoken_to(self) -> models.QuerySet[Question]:
        """The open questions a reply speaks to: ours and those redirected, never those handled off-system."""
        still_open = self.questions.filter(outcome=QuestionOutcome.OPEN)
        return still_open.exclude(competence=Competence.STATE_SECRET)

    @property
    def is_ordinary(self) -> bool:
        """A request for which the law sets no time limit (Decree 244/2026 art 7.5, before 09/2017 art 6.3.b)."""
        return self.kind in (InquiryKind.INFORMATION, InquiryKind.INTERVIEW)

    @property
    def asker_display(self) -> str:
        """Who asks, as shown in lists: the name and the press agency where known."""
        press = str(self.press_agency) if self.press_agency else self.press_agency_name
        return " – ".join(part for part in (self.asker_name, press) if part)


class Question(models.Model):
    """One numbered item of an inquiry; each has its own outcome. A purged one keeps its number, not its text."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("question"), blank=True)
    competence = models.CharField(
        _("whose it is"), max_length=16, choices=Competence, default=Competence.UNDECIDED
    )
    redirected_to = models.CharField(_("competent agency"), max_length=200, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=QuestionOutcome, default=QuestionOutcome.OPEN
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["inquiry", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "number"], name="question_number_unique"),
            models.CheckConstraint(
                name="question_redirect_names_agency",
                condition=~Q(competence=Competence.OTHER_AGENCY) | ~Q(redirected_to=""),
            ),
            models.CheckConstraint(
                name="question_secret_has_no_text",
                condition=~Q(competence=Competence.STATE_SECRET) | Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id}/{self.number}"

    @property
    def is_secret(self) -> bool:
        return self.competence == Competence.STATE_SECRET

    @property
    def is_ours(self) -> bool:
        return self.competence == Competence.OURS

    @property
    def is_redirected(self) -> bool:
        return self.competence == Competence.OTHER_AGENCY


class Attachment(models.Model):
    """A file that came with an inquiry; its bytes lie under their SHA-256 in the file store until purged."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="attachments")
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type, found in the content"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_purged(self) -> bool:
        return not self.sha256


class Purge(models.Model):
    """The tombstone of a question purged for state secrets: when, by whom, who was told, what remains to clean."""

    question = models.OneToOneField(Question, models.PROTECT, related_name="purge")
    purged_at = models.DateTimeField(_("purged at"))
    purged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    told = models.CharField(_("who was told"), max_length=300)
    purged_from = models.JSONField(_("places purged"), default=list)
    backups = models.TextField(_("backups to clean"))
    remains: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        _("what this system cannot reach"), default=list
    )

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")

    def __str__(self) -> str:
        return str(self.question)

    @property
    def remains_told(self) -> list[str]:
        """What is left to clean by hand, a sentence each."""
        return [PurgeRemains(row["kind"]).label % {"what": row["what"]} for row in self.remains]
