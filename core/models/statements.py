"""The statement ledger: every act of speaking in an agency's name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import StatementForm

from .casefile import Case, Inquiry
from .mandates import Mandate
from .organisation import Agency
from .people import Person


class Statement(models.Model):
    """Who spoke, in what capacity, in what form, on what text. Written once, never edited."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="statements")
    case = models.ForeignKey(Case, models.PROTECT, related_name="statements")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="statements")
    speaker = models.ForeignKey(Person, models.PROTECT, related_name="statements")
    speaker_post = models.TextField(_("post of the speaker"))
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="statements")
    form = models.CharField(_("form"), max_length=24, choices=StatementForm)
    recipient = models.CharField(_("recipient"), max_length=300, blank=True)
    address = models.URLField(_("address where it stands"), max_length=500, blank=True)
    text = models.TextField(_("text"))
    content_sha256 = models.CharField(_("SHA-256 of the approved content"), max_length=64)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    spoken_at = models.DateTimeField(_("spoken at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["spoken_at"]
        indexes = [models.Index(fields=["case", "spoken_at"]), models.Index(fields=["agency", "spoken_at"])]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.spoken_at:%d/%m/%Y %H:%M}"
