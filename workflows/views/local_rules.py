"""The agencies' own regulations: shown as local, recorded by their keepers, never looser than the law."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.actions import law as actions
from core.enums import Codename, StartingEvent
from core.errors import NotFound
from core.models import LocalRegulation, LocalRule
from core.queries import organisation
from core.rules.deadlines import local_day
from core.rules.law_words import said_of
from workflows import law_forms as forms
from workflows import law_queries
from workflows.views.law import ActPage, LawPage


class Regulations(LawPage):
    """Every regulation of the person's agencies. The number of queries does not grow with their rules."""

    template_name = "workflows/law/local_rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = organisation.agencies_of(self.person, at=self.at, codename=Codename.KEEP_LOCAL_RULES)
        may_keep = set(kept.values_list("pk", flat=True))
        regulations = law_queries.regulations(self.person, at=self.at)
        return super().get_context_data(**kwargs) | {
            "may_record": bool(may_keep),
            "regulations": [self._shown(row, may_keep=row.agency_id in may_keep) for row in regulations],
        }

    def _shown(self, regulation: LocalRegulation, *, may_keep: bool) -> dict[str, Any]:
        rules = [self._shown_rule(rule, may_keep=may_keep) for rule in regulation.rules.all()]
        return {"regulation": regulation, "may_keep": may_keep, "rules": rules}

    def _shown_rule(self, rule: LocalRule, *, may_keep: bool) -> dict[str, Any]:
        has_ended = rule.valid_until is not None and rule.valid_until <= self.today
        return {
            "rule": rule,
            "title": law_queries.named(rule.key),
            "said": said_of(rule),
            "start": str(StartingEvent(rule.start).label) if rule.start else "",
            "is_in_force": rule.covers(self.today),
            "has_ended": has_ended,
            "may_end": may_keep and not has_ended,
        }


class LocalAct(ActPage):
    def back(self) -> tuple[str, str]:
        return reverse("local_rules"), _("Back to the local regulations")


class NewRegulation(LocalAct):
    form_class = forms.RegulationForm
    title = gettext_lazy("Record a local regulation")
    lead = gettext_lazy(
        "The agency's own regulation on speaking to the press. Its rules are added one by one afterwards; "
        "they are shown as local, never as law."
    )
    submit = gettext_lazy("Record the regulation")
    done_message = gettext_lazy("The regulation is recorded. Add its rules one by one.")

    def check(self) -> None:
        permissions.check_right(self.person, Codename.KEEP_LOCAL_RULES, at=self.at)

    def get_form_kwargs(self) -> dict[str, Any]:
        kept = organisation.agencies_of(self.person, at=self.at, codename=Codename.KEEP_LOCAL_RULES)
        return super().get_form_kwargs() | {"agencies": kept.order_by("name")}

    def perform(self, data: Mapping[str, Any]) -> None:
        actions.record_regulation(by=self.person, at=self.at, **data)


class NewRule(LocalAct):
    template_name = "workflows/law/rule_form.html"
    form_class = forms.RuleForm
    title = gettext_lazy("Add a local rule")
    lead = gettext_lazy(
        "A rule of the regulation may be stricter than the law or limit a step inside the agency; it cannot "
        "loosen the law or add a ground for refusal. What would do so is not saved, and the provision is named."
    )
    submit = gettext_lazy("Add the rule")
    done_message = gettext_lazy("The rule is recorded as a local rule of the agency.")

    @cached_property
    def regulation(self) -> LocalRegulation:
        agencies = organisation.agencies_of(self.person, at=self.at)
        rows = LocalRegulation.objects.filter(agency__in=agencies).select_related("agency")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound(_("There is no such regulation, or it is not open to you."))
        return found

    def check(self) -> None:
        permissions.check_role(
            self.person, Codename.KEEP_LOCAL_RULES, agency=self.regulation.agency, at=self.at
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"regulation": self.regulation}

    def perform(self, data: Mapping[str, Any]) -> None:
        key, start = data["key"], data["start"]
        agency = self.regulation.agency
        by_law = law_queries.start_by_law(key, agency=agency, on=data["valid_from"])
        rule = actions.NewLocalRule(**{**data, "start": StartingEvent(start) if start else by_law})
        actions.record_local_rule(regulation=self.regulation, rule=rule, by=self.person, at=self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "regulation": self.regulation,
            "lists": law_queries.lists(),
        }


class EndRule(LocalAct):
    template_name = "workflows/law/rule_form.html"
    form_class = forms.EndForm
    title = gettext_lazy("End a local rule")
    lead = gettext_lazy(
        "From the day on the rule no longer holds. What was decided under it stays as it was."
    )
    submit = gettext_lazy("End the rule")
    done_message = gettext_lazy("The end of the rule is recorded.")

    @cached_property
    def rule(self) -> LocalRule:
        agencies = organisation.agencies_of(self.person, at=self.at)
        rows = LocalRule.objects.filter(agency__in=agencies).select_related(
            "agency", "key", "regulation__agency"
        )
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound(_("There is no such local rule, or it is not open to you."))
        return found

    def check(self) -> None:
        permissions.check_role(self.person, Codename.KEEP_LOCAL_RULES, agency=self.rule.agency, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "valid_until": local_day(self.at)}

    def perform(self, data: Mapping[str, Any]) -> None:
        actions.end_local_rule(rule=self.rule, valid_until=data["valid_until"], by=self.person, at=self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "regulation": self.rule.regulation,
            "rule": self.rule,
            "rule_title": law_queries.named(self.rule.key),
            "rule_said": said_of(self.rule),
        }
