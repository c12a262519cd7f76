"""Mail in and out. Raw bytes lie in the file store under their SHA-256 until purged."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import MailStatus

from .casefile import Inquiry
from .organisation import Agency
from .people import Person


class IncomingMail(models.Model):
    """One received message. Its Message-ID, or the hash of its bytes where it has none, arrives only once."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="incoming_mails")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="incoming_mails")
    message_id = models.CharField(_("Message-ID"), max_length=255)
    in_reply_to = models.CharField(max_length=255, blank=True)
    sender = models.CharField(_("sender"), max_length=255, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    dated_at = models.DateTimeField(_("date in the header"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    sha256 = models.CharField(max_length=64, blank=True)
    defects = models.JSONField(_("defects found"), default=list)
    is_joined = models.BooleanField(_("came to an inquiry that was there before"), default=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    read_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering = ["received_at"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "message_id"], name="incoming_mail_once"),
        ]

    def __str__(self) -> str:
        return self.message_id


class OutgoingMail(models.Model):
    """A message to send after commit; `key` makes the same message exist only once however often a job runs."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="outgoing_mails")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="outgoing_mails")
    key = models.CharField(max_length=120, unique=True)
    recipient = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    message_id = models.CharField(max_length=255, unique=True)
    in_reply_to = models.CharField(max_length=255, blank=True)
    attachment_sha256 = models.CharField(max_length=64, blank=True)
    attachment_name = models.CharField(max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=MailStatus, default=MailStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    queued_at = models.DateTimeField(_("queued at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    failure = models.TextField(_("why it was not sent"), blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["queued_at"]
        indexes = [models.Index(fields=["status", "queued_at"])]

    def __str__(self) -> str:
        return self.subject
