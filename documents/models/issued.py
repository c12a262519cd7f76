"""Issued documents. Their facts, number and bytes never change: database triggers refuse it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import Capacity
from core.models import Agency, Case, Inquiry, Person, Unit

from .kinds import DocumentKind
from .series import DRILL_SCOPE, DRILL_SYMBOL


class DocumentState(models.TextChoices):
    """How far a document has come; told by its columns and endorsements, stored nowhere."""

    NUMBERED = "numbered", _("Numbered")
    RENDERED = "rendered", _("Ready to sign")
    SIGNED = "signed", _("Signed")
    STAMPED = "stamped", _("Signed and stamped")
    PURGED = "purged", _("Text removed")


class IssuedDocument(models.Model):
    """A snapshot: it copies every fact it states, and only another document that refers to it corrects it.

    `key` makes one decision give one document however often it is asked for. `content_sha256` is the hash of
    the approved version; `pdf_sha256` is blank until the bytes exist, then set once. A purged document keeps its
    number and nothing of its text.
    """

    key = models.CharField(max_length=120, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="issued_documents")
    case = models.ForeignKey(Case, models.PROTECT, related_name="issued_documents")
    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="issued_documents"
    )
    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="issued_documents")
    year = models.PositiveSmallIntegerField(_("year"))
    scope = models.CharField(max_length=40)
    number = models.PositiveIntegerField(_("number in the series"), null=True, blank=True)
    symbol = models.CharField(_("number and symbol"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"))
    subject = models.CharField(_("subject of the document"), max_length=500, blank=True)
    drafting_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="issued_documents"
    )
    facts = models.JSONField(_("facts stated"))
    content_sha256 = models.CharField(_("SHA-256 of the approved text"), max_length=64, blank=True)

    signer = models.ForeignKey(Person, models.PROTECT, related_name="documents_to_sign")
    capacity = models.CharField(_("capacity"), max_length=8, choices=Capacity)
    signature_lines = models.JSONField(_("lines above the signature"), default=list)
    numbered_at = models.DateTimeField(_("numbered at"))

    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    rendered_at = models.DateTimeField(_("rendered at"), null=True, blank=True)
    renderer = models.JSONField(_("programs and fonts that made the PDF"), default=dict, blank=True)
    purged_at = models.DateTimeField(_("text removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ["-year", "-number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "scope", "number"], name="document_number_unique"
            ),
            models.UniqueConstraint(
                fields=["agency", "year", "symbol"], condition=~Q(symbol=""), name="document_symbol_unique"
            ),
            models.CheckConstraint(
                name="document_number_positive", condition=Q(number__isnull=True) | Q(number__gt=0)
            ),
            models.CheckConstraint(
                name="document_symbol_iff_number",
                condition=Q(number__isnull=True, symbol="") | (Q(number__isnull=False) & ~Q(symbol="")),
            ),
            models.CheckConstraint(
                name="document_rendered_whole",
                condition=Q(pdf_sha256="", pages__isnull=True, rendered_at__isnull=True)
                | (~Q(pdf_sha256="") & Q(pages__isnull=False, rendered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="document_purged_whole",
                condition=Q(purged_at__isnull=True) | Q(subject="", content_sha256="", pdf_sha256=""),
            ),
        ]
        indexes = [models.Index(fields=["case"]), models.Index(fields=["agency", "year", "number"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.mark}".strip()

    @property
    def is_drill(self) -> bool:
        """Written in a drill: it has no number and stands in no register."""
        return self.scope == DRILL_SCOPE

    @property
    def mark(self) -> str:
        """What stands after “Số:”."""
        return DRILL_SYMBOL if self.is_drill else self.symbol

    @property
    def case_now(self) -> Case:
        """The case its inquiry is under now; `case` keeps the one it was issued under."""
        return self.inquiry.case if self.inquiry else self.case

    @property
    def is_purged(self) -> bool:
        return self.purged_at is not None

    @property
    def is_rendered(self) -> bool:
        return bool(self.pdf_sha256)

    @property
    def signature(self) -> Endorsement | None:
        return self._endorsement(EndorsementKind.SIGN)

    @property
    def stamp(self) -> Endorsement | None:
        return self._endorsement(EndorsementKind.STAMP)

    @property
    def is_signed(self) -> bool:
        return self.signature is not None

    @property
    def is_stamped(self) -> bool:
        return self.stamp is not None

    @property
    def state(self) -> DocumentState:
        if self.is_purged:
            return DocumentState.PURGED
        if self.is_stamped:
            return DocumentState.STAMPED
        if self.is_signed:
            return DocumentState.SIGNED
        return DocumentState.RENDERED if self.is_rendered else DocumentState.NUMBERED

    def _endorsement(self, kind: EndorsementKind) -> Endorsement | None:
        return next((each for each in self.endorsements.all() if each.kind == kind), None)


class EndorsementKind(models.TextChoices):
    SIGN = "sign", _("Signature of the person in charge")
    STAMP = "stamp", _("Signature of the agency")


class Endorsement(models.Model):
    """A recorded act on exact bytes: the signer signed them, or the clerk applied the agency's signature."""

    document = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="endorsements")
    kind = models.CharField(_("kind"), max_length=8, choices=EndorsementKind)
    by = models.ForeignKey(Person, models.PROTECT, related_name="endorsements")
    capacity = models.CharField(_("in what capacity"), max_length=250, blank=True)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["document", "kind"], name="endorsement_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.by}"
