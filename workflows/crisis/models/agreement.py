"""A joint matter: the lead proposes the text, the others agree or object (Decree 244/2026 art 7.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Crisis, Person


class JointMatter(models.Model):
    """An incident of two or more ministries or provinces. Only the lead speaks, and only what all agreed to.

    `crises` are the agencies' own crises about it. A deadlock goes to the heads: from then on only they agree or
    object.
    """

    title = models.CharField(_("title"), max_length=300)
    lead = models.ForeignKey(Agency, models.PROTECT, related_name="led_matters", verbose_name=_("lead"))
    parties = models.ManyToManyField(Agency, related_name="joint_matters", verbose_name=_("the others"))
    crises = models.ManyToManyField(Crisis, blank=True, related_name="joint_matters")
    assigned_by = models.CharField(_("by which paper the Government assigned the lead"), max_length=300)
    assigned_on = models.DateField(_("date of that paper"))
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    deadlocked_at = models.DateTimeField(_("put to the heads at"), null=True, blank=True)
    deadlock_reason = models.TextField(_("why it was put to the heads"), blank=True)

    class Meta:
        verbose_name = _("joint matter")
        verbose_name_plural = _("joint matters")
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class JointText(models.Model):
    """A version of the text the lead proposes, in paragraphs. Written once."""

    matter = models.ForeignKey(JointMatter, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField(_("version"))
    paragraphs: models.JSONField[list[str], list[str]] = models.JSONField(_("paragraphs"), default=list)
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))

    class Meta:
        verbose_name = _("joint text")
        verbose_name_plural = _("joint texts")
        ordering = ["matter", "number"]
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="joint_text_unique")]

    def __str__(self) -> str:
        return f"{self.matter}: {self.number}"


class JointVoice(models.Model):
    """What one agency says of one version: agreed, or objected to by paragraph. The latest of an agency counts."""

    text = models.ForeignKey(JointText, models.PROTECT, related_name="voices")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    agrees = models.BooleanField(_("agrees"))
    objections: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        _("objections by paragraph"), default=dict
    )
    is_head = models.BooleanField(_("given by the head"), default=False)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("voice on a joint text")
        verbose_name_plural = _("voices on joint texts")
        ordering = ["given_at", "pk"]
        indexes = [models.Index(fields=["text", "agency"])]
        constraints = [
            models.CheckConstraint(
                name="joint_voice_objects_or_agrees",
                condition=Q(agrees=True, objections={}) | Q(agrees=False) & ~Q(objections={}),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.text_id}"
