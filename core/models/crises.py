"""A crisis as the rest of the house knows it: a matter of a case that clocks and reports hang on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import CrisisLevel, CrisisSource, CrisisState

from .casefile import Case, Inquiry
from .law import Provision, RuleKey
from .organisation import Agency
from .people import Person


class Crisis(models.Model):
    """Khủng hoảng truyền thông: what was noticed, what it was assessed to be, how far its handling has come.

    `duty` is the duty of the law that was chosen for it, a rule key whose value of the day gives clock and starting
    event; `provision` is the paragraph that says so. `started_at` is the instant of that event, and null where no
    clock runs. A drill is marked on every page and mail and counted nowhere; its mails reach `players` alone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="crises")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="crises")
    reference = models.CharField(_("reference"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    source = models.CharField(_("how it was noticed"), max_length=12, choices=CrisisSource)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="crises")
    address = models.URLField(_("address of the article or post"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    note = models.TextField(_("what was noticed"), blank=True)
    detected_at = models.DateTimeField(_("detected at"))
    detected_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    state = models.CharField(_("state"), max_length=12, choices=CrisisState, default=CrisisState.DETECTED)
    level = models.PositiveSmallIntegerField(_("level"), choices=CrisisLevel, null=True, blank=True)
    duty = models.ForeignKey(
        RuleKey, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("duty of the law")
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paragraph")
    )
    started_at = models.DateTimeField(_("starting event at"), null=True, blank=True)
    activated_at = models.DateTimeField(_("activated at"), null=True, blank=True)
    stood_down_at = models.DateTimeField(_("stood down at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    is_drill = models.BooleanField(_("drill"), default=False)
    players = models.ManyToManyField(
        Person, blank=True, related_name="drills", verbose_name=_("people of the drill")
    )
    is_demo = models.BooleanField(_("fictional, for demonstration"), default=False)

    class Meta:
        verbose_name = _("crisis")
        verbose_name_plural = _("crises")
        ordering = ["-detected_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "reference"], name="crisis_reference_unique"),
            models.CheckConstraint(
                name="crisis_assessed_is_whole",
                condition=Q(state__in=[CrisisState.DETECTED, CrisisState.DISMISSED])
                | Q(level__isnull=False, duty__isnull=False, provision__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"]), models.Index(fields=["case"])]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_running(self) -> bool:
        return self.state == CrisisState.RUNNING

    @property
    def is_open(self) -> bool:
        return self.state not in (CrisisState.CLOSED, CrisisState.DISMISSED)
