"""What the file store still has to do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingPurge(models.Model):
    """Bytes that are to leave the file store; the row goes only once they are gone, so no crash saves them."""

    sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("pending purge")
        verbose_name_plural = _("pending purges")

    def __str__(self) -> str:
        return self.sha256[:12]
