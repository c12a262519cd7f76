"""The outcome of one question with all it rests on. The facts and the event of each ground have names of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import GroundKind, Secret
from core.models import Provision
from workflows.fields import CleanLine, CleanText, Day, SuggestedLine, reason_field
from workflows.refusal.models import Outcome, RefusalVersion, WatchKind
from workflows.refusal.rules import grounds, reasons
from workflows.refusal.rules.proposals import LINE_LIMIT, NAME_LIMIT, Proposal

CHANGE, TO_ANSWER = "change", "to_answer"
WATCHED = ("watch_kind", "watch_what", "watch_on")
NO_EVENT = ("", gettext_lazy("None is known"))
TRAIL = gettext_lazy("It stands in the decision trail, so it names no secret and no private matter.")

if TYPE_CHECKING:
    GroundField = forms.ModelChoiceField[Provision]
else:
    GroundField = forms.ModelChoiceField


class FactShown(NamedTuple):
    """A fact's field, and the choices with which it is asked, as classes for the stylesheet."""

    field: forms.BoundField
    asked_with: str


def place(kind: str, name: str) -> str:
    """The field of a ground's fact or event, told apart from those of the other grounds."""
    return f"{kind}-{name}"


def initial_from(version: RefusalVersion) -> dict[str, Any]:
    """The form filled with what a version says."""
    kind = version.ground.ground_kind if version.ground else ""
    watched = {place(kind, name): getattr(version, name) or "" for name in WATCHED}
    return {
        "outcome": version.outcome,
        "ground": version.ground_id,
        "reason": version.reason,
        "redirected_to": version.redirected_to,
        **{place(kind, name): value for name, value in version.facts.items()},
        **watched,
    }


class ProposalForm(forms.Form):
    """`secret_kinds` and `may_withhold` say what is shown; what was sent all the same is for the rules to judge."""

    use_required_attribute = False

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    outcome = forms.TypedChoiceField(
        label=gettext_lazy("What becomes of the question"),
        choices=Outcome.choices,
        coerce=Outcome,
        initial=Outcome.REFUSED,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of the question.")},
    )
    ground = GroundField(
        Provision.objects.filter(is_ground=True).select_related("instrument"),
        label=gettext_lazy("Ground"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("There is no such ground. Choose one of those offered.")
        },
    )
    reason = CleanText(
        label=gettext_lazy("Reason in words"),
        limit=reasons.LIMIT,
        rows=6,
        required=False,
        help_text=gettext_lazy(
            "Why the ground applies to this question, in your own words. The press reads it as it stands, so it "
            "tells nothing of the secret itself."
        ),
    )
    redirected_to = SuggestedLine(
        label=gettext_lazy("Competent agency"),
        limit=NAME_LIMIT,
        required=False,
        suggestions=[],
        list_id="known-agencies",
        help_text=gettext_lazy("The letter names it to the press."),
    )
    remark = reason_field(label=gettext_lazy("Remarks"), help_text=TRAIL)

    def __init__(
        self,
        *args: Any,
        secret_kinds: Sequence[str] = (),
        may_withhold: bool = False,
        agencies: Sequence[str] = (),
        remarks: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = agencies
        if not remarks:
            del self.fields["remark"]
        shown = [each for each in Outcome if may_withhold or each != Outcome.WITHHELD]
        self._show("outcome", [(each.value, each.label) for each in shown])
        for kind in grounds.FACTS:
            self._add_facts(kind)
            self._add_watch(kind)
        secrets = [(each.value, each.label) for each in Secret if each in secret_kinds]
        self._show(place(GroundKind.SECRET, "secret"), secrets)

    def _show(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Which of the choices the page shows."""
        widget = self.fields[name].widget
        assert isinstance(widget, forms.RadioSelect)
        widget.choices = choices

    def _add_facts(self, kind: GroundKind) -> None:
        for fact in grounds.FACTS[kind]:
            self.fields[place(kind, fact.name)] = _field_of(fact)

    def _add_watch(self, kind: GroundKind) -> None:
        events = [(event.value, event.label) for event in grounds.ENDS_WITH[kind]]
        always = kind in grounds.ALWAYS_WATCHED
        self.fields[place(kind, "watch_kind")] = forms.TypedChoiceField(
            label=_("The event with which the ground ends"),
            choices=events if always else [*events, NO_EVENT],
            coerce=WatchKind,
            required=False,
            empty_value=None,
            initial=events[0][0] if always and len(events) == 1 else "",
            widget=forms.RadioSelect,
            help_text=_("When it happens, the question comes back to be answered."),
        )
        self.fields[place(kind, "watch_what")] = CleanLine(
            label=_("What exactly happens then"), limit=LINE_LIMIT, required=False
        )
        self.fields[place(kind, "watch_on")] = Day(label=_("Expected on"), required=False)

    @property
    def kind(self) -> str:
        """The kind of the ground that is chosen, where the question is to be refused."""
        ground = self.cleaned_data.get("ground")
        refuses = self.cleaned_data.get("outcome") == Outcome.REFUSED
        return ground.ground_kind if ground is not None and refuses else ""

    def clean(self) -> dict[str, Any]:
        """What stands at a ground that is not chosen is nobody's mistake."""
        kept = {place(self.kind, name) for name in self._names(self.kind)}
        for kind in grounds.FACTS:
            for name in {place(kind, name) for name in self._names(kind)} - kept:
                self.errors.pop(name, None)
        return self.cleaned_data

    @staticmethod
    def _names(kind: str) -> list[str]:
        return [fact.name for fact in grounds.FACTS[GroundKind(kind)]] + list(WATCHED) if kind else []

    def proposal(self) -> Proposal:
        given = self.cleaned_data
        kind = self.kind
        of_ground = {name: given.get(place(kind, name)) for name in self._names(kind)}
        watched = {name: of_ground.pop(name, None) for name in WATCHED}
        return Proposal(
            outcome=given["outcome"],
            ground=given["ground"] if given["outcome"] == Outcome.REFUSED else None,
            facts={name: _said(value) for name, value in of_ground.items()},
            reason=given["reason"],
            redirected_to=given["redirected_to"],
            watch_kind=watched["watch_kind"],
            watch_what=watched["watch_what"] or "",
            watch_on=watched["watch_on"],
        )

    def at_its_place(self, sentences: Mapping[str, Any]) -> dict[str, Any]:
        """Sentences about facts and the event, at the fields of the ground that was chosen."""
        names = self._names(self.kind)
        return {place(self.kind, name) if name in names else name: said for name, said in sentences.items()}

    def facts_of(self, kind: str) -> list[FactShown]:
        return [
            FactShown(self[place(kind, fact.name)], _asked_with(fact))
            for fact in grounds.FACTS[GroundKind(kind)]
        ]

    def watch_of(self, kind: str) -> list[forms.BoundField]:
        return [self[place(kind, name)] for name in WATCHED]


def _field_of(fact: grounds.Fact) -> forms.Field:
    label: Any = fact.label
    if fact.is_confirmation:
        return forms.BooleanField(label=label, required=False)
    if fact.choices:
        return forms.ChoiceField(
            label=label, choices=fact.choices.choices, required=False, widget=forms.RadioSelect
        )
    return CleanLine(label=label, limit=grounds.FACT_LIMIT, required=False)


def _asked_with(fact: grounds.Fact) -> str:
    if fact.only_if is None:
        return ""
    return " ".join(["pn-when-fact", *(f"pn-when-{value}" for value in fact.only_if[1])])


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return grounds.YES if value else ""
    return str(value or "")


class ToAnswerForm(forms.Form):
    """The question is not to be refused."""

    use_required_attribute = False

    reason = reason_field(
        label=gettext_lazy("Why it is to be answered"),
        required=True,
        help_text=TRAIL,
        error_messages={"required": gettext_lazy("Give the reason.")},
    )
