"""The grounds as cards to choose from, each with what one has to know before choosing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import BoundField, Form
from django.http import HttpResponse

from core.errors import DomainError, Invalid
from core.models import Provision
from core.queries import law, organisation
from core.rules.deadlines import local_day
from core.rules.law import NoRuleSet
from workflows.fields import is_row_number
from workflows.refusal import precedents, queries
from workflows.refusal.forms.proposing import FactShown, ProposalForm
from workflows.refusal.precedents import Precedents
from workflows.refusal.rules import choosing
from workflows.refusal.rules.proposals import Offer

from .page import RefusalStep


@dataclass(frozen=True, kw_only=True)
class GroundCard:
    """One ground; the fields of its facts stand with one card of its kind alone."""

    ground: Provision
    why_not: str
    is_chosen: bool
    counterparts: list[str]
    before: Precedents
    facts: Sequence[FactShown]
    watch: Sequence[BoundField]


class ChoosingStep(RefusalStep):
    """A step with the chooser of grounds."""

    @cached_property
    def offer(self) -> Offer | None:
        """What may be decided now; nothing where no press law is on record."""
        try:
            return queries.offer(self.inquiry, at=self.at)
        except NoRuleSet:
            return None

    def proposal_kwargs(self) -> dict[str, Any]:
        """What a form of proposal is told."""
        agency = self.inquiry.agency
        return {
            "secret_kinds": self.offer.secret_kinds if self.offer else (),
            "may_withhold": agency.may_withhold,
            "agencies": organisation.other_agencies(agency, at=self.at),
        }

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        if isinstance(error, Invalid) and isinstance(form, ProposalForm):
            error.fields = form.at_its_place(error.fields)
        return super().refused(form, error)

    def chooser(self, form: ProposalForm) -> dict[str, Any]:
        """The grounds of every law that comes into question; those of no use now say why."""
        undecided = law.is_undecided(self.inquiry, at=self.at)
        return {
            "cards": self._cards(form, is_settled=not undecided) if self.offer else [],
            "is_undecided": undecided,
            "law_choice": law.choice_for(self.inquiry),
        }

    def _cards(self, form: ProposalForm, *, is_settled: bool) -> list[GroundCard]:
        assert self.offer is not None, "grounds are shown under a law"
        listed = self._listed(form)
        governing = queries.governing(self.inquiry, at=self.at)
        on = local_day(self.at)
        before = precedents.of(listed, refusal=self.refusal, seen_by=self.person, at=self.at)
        with_fields = self._with_fields(form, listed)
        return [
            GroundCard(
                ground=ground,
                why_not=choosing.why_not(
                    ground, self.offer.grounds, governing=governing, is_settled=is_settled, on=on
                ),
                is_chosen=str(ground.pk) == chosen_in(form),
                counterparts=[choosing.short_citation(each) for each in choosing.counterparts(ground)],
                before=before[ground.pk],
                facts=form.facts_of(ground.ground_kind) if ground.pk in with_fields else (),
                watch=form.watch_of(ground.ground_kind) if ground.pk in with_fields else (),
            )
            for ground in listed
        ]

    def _listed(self, form: ProposalForm) -> list[Provision]:
        """With the ground that was sent, though none of those listed: what was typed for it stays on the page."""
        listed = queries.listed(self.inquiry, at=self.at)
        chosen = chosen_in(form)
        if not is_row_number(chosen) or any(str(ground.pk) == chosen for ground in listed):
            return listed
        return [*listed, *queries.grounds_by_pk([int(chosen)])]

    def _with_fields(self, form: ProposalForm, listed: Sequence[Provision]) -> set[int]:
        """One card of each kind: the one that can be chosen, else the one that was sent."""
        assert self.offer is not None, "grounds are shown under a law"
        found = {ground.ground_kind: ground.pk for ground in listed if str(ground.pk) == chosen_in(form)}
        found |= {ground.ground_kind: ground.pk for ground in listed if ground in self.offer.grounds}
        return set(found.values())


def chosen_in(form: ProposalForm) -> str:
    return str(form["ground"].value() or "")
