"""The law as dated data: instruments, provisions, rule sets and the values of rules. Superseded, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import (
    AgencyKind,
    GroundKind,
    InstrumentKind,
    LimitUnit,
    Mark,
    PressKind,
    RuleBound,
    StartingEvent,
)

from .casefile import Inquiry
from .people import Person
from .periods import DatedPeriod, PeriodQuerySet, ordered_period

if TYPE_CHECKING:
    from datetime import date

RuleContent = int | str | list[str] | None
# A reminder comes at most sixty days before or after.
MOST_HOURS = 60 * 24
SHORT_NAMES = {InstrumentKind.DECREE: "Nghị định", InstrumentKind.RESOLUTION: "Nghị quyết"}


class Instrument(DatedPeriod):
    """Văn bản quy phạm pháp luật: a law, code, decree or resolution, in force between two days."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=InstrumentKind)
    issuer = models.CharField(_("issuer"), max_length=120)
    issued = models.DateField(_("issued on"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )
    mark = models.CharField(_("how far it is known"), max_length=10, choices=Mark)
    note = models.TextField(_("note"), blank=True)

    objects = PeriodQuerySet["Instrument"].as_manager()

    class Meta:
        verbose_name = _("legal instrument")
        verbose_name_plural = _("legal instruments")
        ordering = ["issued", "number"]
        constraints = [ordered_period("instrument_period_ordered")]

    def __str__(self) -> str:
        return f"{SHORT_NAMES.get(InstrumentKind(self.kind), self.title)} số {self.number}"


class Provision(DatedPeriod):
    """An article, clause or point. `statement` is a paraphrase and never printed in a letter.

    `verbatim` is empty until an agency's legal officer enters the text; somebody else checks it.
    """

    code = models.CharField(_("code"), max_length=60, unique=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="provisions")
    article = models.CharField(_("article"), max_length=8, blank=True)
    clause = models.CharField(_("clause"), max_length=8, blank=True)
    point = models.CharField(_("point"), max_length=8, blank=True)
    subject = models.CharField(_("subject"), max_length=160)
    statement = models.TextField(_("paraphrase, not the text itself"))
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    is_ground = models.BooleanField(_("a ground for refusal"), default=False)
    ground_kind = models.CharField(
        _("what the ground protects"), max_length=14, choices=GroundKind, blank=True
    )
    mark = models.CharField(_("how far it is known"), max_length=10, choices=Mark)

    verbatim = models.TextField(_("verbatim text"), blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(_("text entered at"), null=True, blank=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("text checked at"), null=True, blank=True)

    objects = PeriodQuerySet["Provision"].as_manager()

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["instrument", "pk"]
        constraints = [
            ordered_period("provision_period_ordered"),
            models.CheckConstraint(
                name="provision_ground_has_a_kind",
                condition=models.Q(is_ground=False, ground_kind="")
                | models.Q(is_ground=True) & ~models.Q(ground_kind=""),
            ),
            models.CheckConstraint(
                name="provision_check_needs_text",
                condition=~models.Q(verbatim="") | models.Q(checked_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.citation

    @property
    def place(self) -> str:
        """`31.2.a`: where it stands in its instrument; empty for the instrument as a whole."""
        return ".".join(part for part in (self.article, self.clause, self.point) if part)

    @property
    def citation(self) -> str:
        """The form a letter uses: điểm, khoản, Điều, then the instrument with its number."""
        parts = [
            f"{word} {part}"
            for word, part in (("điểm", self.point), ("khoản", self.clause), ("Điều", self.article))
            if part
        ]
        return " ".join([*parts, str(self.instrument)])

    @property
    def citation_in_full(self) -> str:
        """The citation with the day the instrument was issued, where that is known."""
        issued = self.instrument.issued
        return f"{self.citation} ngày {issued:%d/%m/%Y}" if issued else self.citation


class RuleSet(DatedPeriod):
    """Quy định pháp luật áp dụng: the press law in force for an act; its code is stored with every decision."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    instruments = models.ManyToManyField(Instrument, related_name="rule_sets")

    objects = PeriodQuerySet["RuleSet"].as_manager()

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["valid_from"]
        constraints = [ordered_period("rule_set_period_ordered")]

    def __str__(self) -> str:
        return self.title


class RuleKey(models.Model):
    """What a rule is about, whatever the law of the day says of it. Reminders are settings, not law."""

    code = models.CharField(_("key"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    bound = models.CharField(_("what a local regulation may do"), max_length=8, choices=RuleBound)
    binds_agency = models.BooleanField(
        _("binds the agency itself"), default=True, help_text=_("Not a duty of the press or its authority.")
    )
    remind_before_hours = models.PositiveSmallIntegerField(
        _("remind so many hours before"),
        validators=[MaxValueValidator(MOST_HOURS)],
        null=True,
        blank=True,
        help_text=_("Of the product, not of the law. Empty: no reminder before the deadline."),
    )
    remind_after_hours = models.PositiveSmallIntegerField(
        _("tell the head so many hours after"),
        validators=[MaxValueValidator(MOST_HOURS)],
        null=True,
        blank=True,
        help_text=_("Of the product, not of the law. Empty: no reminder after the deadline."),
    )

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class RuleScope(models.Model):
    """A rule for one kind of agency, and one kind of press where the law tells them apart."""

    key = models.ForeignKey(RuleKey, models.PROTECT, related_name="scopes")
    agency_kind = models.CharField(_("kind of agency"), max_length=24, choices=AgencyKind)
    press_kind = models.CharField(_("kind of press"), max_length=16, choices=PressKind, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "agency_kind", "press_kind"], name="rule_scope_unique")
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.key.code, self.agency_kind, self.press_kind)))


class RuleValue(DatedPeriod):
    """What the law said of a rule between two days. Never overwritten: only its end may still be set, once.

    `limit_from` is the provision of another instrument that fixes the length, where the duty refers to it.
    """

    scope = models.ForeignKey(RuleScope, models.PROTECT, related_name="values")
    value: models.JSONField[RuleContent, RuleContent] = models.JSONField(_("value"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=LimitUnit)
    start = models.CharField(_("starting event"), max_length=24, choices=StartingEvent, blank=True)
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="rule_values")
    limit_from = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = PeriodQuerySet["RuleValue"].as_manager()

    class Meta:
        verbose_name = _("rule value")
        verbose_name_plural = _("rule values")
        ordering = ["scope", "valid_from"]
        constraints = [
            ordered_period("rule_value_period_ordered"),
            models.UniqueConstraint(fields=["scope", "valid_from"], name="rule_value_begins_once"),
            models.CheckConstraint(
                name="rule_value_has_beginning", condition=models.Q(valid_from__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.value} {self.unit}"

    @property
    def key(self) -> RuleKey:
        return self.scope.key


class LocalRegulation(DatedPeriod):
    """Quy chế nội bộ: an agency's own regulation. It may be stricter than the law, never looser."""

    agency = models.ForeignKey("core.Agency", models.PROTECT, related_name="local_regulations")
    number = models.CharField(_("number"), max_length=60)
    date: models.DateField[Any, date] = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=300)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PeriodQuerySet["LocalRegulation"].as_manager()

    class Meta:
        verbose_name = _("local regulation")
        verbose_name_plural = _("local regulations")
        ordering = ["agency", "-date"]
        constraints = [
            ordered_period("local_regulation_period_ordered"),
            models.UniqueConstraint(fields=["agency", "number"], name="local_regulation_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ngày {self.date:%d/%m/%Y}"


class LocalRule(DatedPeriod):
    """A rule of an agency's own regulation. Shown as local, never as law; it cannot add a refusal ground."""

    regulation = models.ForeignKey(LocalRegulation, models.PROTECT, related_name="rules")
    agency = models.ForeignKey("core.Agency", models.PROTECT, related_name="local_rules")
    key = models.ForeignKey(RuleKey, models.PROTECT, related_name="local_rules")
    value: models.JSONField[RuleContent, RuleContent] = models.JSONField(_("value"))
    unit = models.CharField(_("unit"), max_length=12, choices=LimitUnit)
    start = models.CharField(_("starting event"), max_length=24, choices=StartingEvent, blank=True)
    article = models.CharField(_("provision of the regulation"), max_length=80)
    statement = models.TextField(_("what the regulation says"))
    stops_with_clock = models.BooleanField(
        _("a stopped clock moves it"),
        default=False,
        help_text=_("Only where the regulation says so. A stopped clock never moves a legal deadline."),
    )

    objects = PeriodQuerySet["LocalRule"].as_manager()

    class Meta:
        verbose_name = _("local rule")
        verbose_name_plural = _("local rules")
        ordering = ["agency", "key"]
        constraints = [
            ordered_period("local_rule_period_ordered"),
            models.CheckConstraint(
                name="local_rule_has_beginning", condition=models.Q(valid_from__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key.code}: {self.value} {self.unit}"

    @property
    def citation(self) -> str:
        return f"{self.article} {self.regulation.title} (số {self.regulation})"


class RuleSetChoice(models.Model):
    """Which law a person chose for an inquiry that straddles two, and why. Written once, never recomputed."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="rule_set_choices")
    act_at = models.DateTimeField(_("instant of the act judged"))
    proposed = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    chosen = models.ForeignKey(RuleSet, models.PROTECT, related_name="choices")
    reason = models.TextField(_("reason"))
    chosen_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("choice of the governing law")
        verbose_name_plural = _("choices of the governing law")
        ordering = ["chosen_at", "pk"]

    def __str__(self) -> str:
        return f"{self.inquiry}: {self.chosen.code}"


class LegalBasis(models.Model):
    """A decision rests on a provision under a rule set; `entry_id` is its entry in the trail. Written once."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="legal_bases")
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="legal_bases")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry_id", "provision"], name="legal_basis_once_for_each")
        ]

    def __str__(self) -> str:
        return f"{self.inquiry}: {self.provision}"
