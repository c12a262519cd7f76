"""The public register of who speaks for an agency, as it stood at each change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .organisation import Agency


class RegisterEdition(models.Model):
    """What the register of an agency said from `published_at` until its next edition. Written once.

    `content` is what the public page and its JSON show; `sha256` covers its canonical form.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="register_editions")
    number = models.PositiveIntegerField(_("edition"))
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("edition of the register")
        verbose_name_plural = _("editions of the register")
        ordering = ["agency", "-number"]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="register_edition_unique")]

    def __str__(self) -> str:
        return f"{self.agency.code} {self.number}"
