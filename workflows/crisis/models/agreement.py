"""A joint matter: the lead proposes the text, the others agree or object (Decree 244/2026 art 7.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import VoiceMeans
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


_HERE = Q(means="", name="", post="", paper="", phone="", recorded_at__isnull=True)
_OUTSIDE = ~Q(name="") & ~Q(post="") & Q(recorded_at__isnull=False)
_ON_PAPER = Q(means=VoiceMeans.PAPER, phone="") & ~Q(paper="")
_BY_PHONE = Q(means=VoiceMeans.PHONE, paper="") & ~Q(phone="")


class JointVoice(models.Model):
    """What one agency says of one version: agreed, or objected to by paragraph. The latest of an agency counts.

    `stands_for` are the keys of dissolved agencies of the matter in whose place it spoke, by the directory as it was
    then. What was said outside the system names who said it, by which paper or from which number; `given_by` is then
    whoever recorded it for the lead.
    """

    text = models.ForeignKey(JointText, models.PROTECT, related_name="voices")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    agrees = models.BooleanField(_("agrees"))
    objections: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        _("objections by paragraph"), default=dict
    )
    is_head = models.BooleanField(_("given by the head"), default=False)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))
    stands_for: models.JSONField[list[int], list[int]] = models.JSONField(
        _("in the place of dissolved agencies"), default=list, blank=True
    )
    means = models.CharField(_("said outside the system"), max_length=8, choices=VoiceMeans, blank=True)
    name = models.CharField(_("full name"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=160, blank=True)
    paper = models.CharField(_("number and symbol of the paper"), max_length=300, blank=True)
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("voice on a joint text")
        verbose_name_plural = _("voices on joint texts")
        ordering = ["given_at", "pk"]
        indexes = [models.Index(fields=["text", "agency"])]
        constraints = [
            models.CheckConstraint(
                name="joint_voice_objects_or_agrees",
                condition=Q(agrees=True, objections={}) | Q(agrees=False) & ~Q(objections={}),
            ),
            models.CheckConstraint(
                name="joint_voice_says_who_and_how",
                condition=_HERE | _OUTSIDE & (_ON_PAPER | _BY_PHONE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.text_id}"
