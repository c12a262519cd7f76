"""The decision trail: append-only entries, chained per case. Database triggers refuse change and removal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .casefile import Case


class TrailHead(models.Model):
    """The last entry of a stream; the row is locked while the next is written. `global` has no case."""

    stream = models.CharField(max_length=40, primary_key=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="trail_head")
    seq = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)


class TrailEntry(models.Model):
    """One decision or step. `body` holds the canonical bytes of every other field and is what `hash` covers.

    The columns repeat the body for asking and are compared with it at verification. No foreign keys: an entry
    outlives whatever it speaks of.
    """

    entry_id = models.UUIDField(unique=True)
    gesture_id = models.UUIDField(help_text=_("Shared by the entries of one act."))
    stream = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    type = models.CharField(_("type"), max_length=60)
    occurred_at = models.DateTimeField(_("claimed to have happened at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    agency_code = models.CharField(max_length=32, blank=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(_("who"), max_length=120, blank=True)
    actor_post = models.TextField(_("in what post"), blank=True)
    actor_unit = models.TextField(blank=True)
    mandate_id = models.BigIntegerField(null=True, blank=True)
    on_behalf_of_id = models.BigIntegerField(null=True, blank=True)
    rule_set = models.CharField(_("rule set"), max_length=80, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    object_hash = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)
    request = models.JSONField(default=dict)
    procedure = models.CharField(max_length=40, blank=True)
    procedure_version = models.CharField(max_length=20, blank=True)
    format_version = models.PositiveSmallIntegerField(default=1)

    body = models.BinaryField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        ordering = ["stream", "seq"]
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="trail_entry_seq_unique")]
        indexes = [
            models.Index(fields=["type", "recorded_at"]),
            models.Index(fields=["object_type", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.type}"


class TextKey(models.Model):
    """The key under which the trail hashed a text. Once destroyed, the hash says nothing about the text."""

    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    key = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["object_type", "object_id"], name="text_key_unique")]
