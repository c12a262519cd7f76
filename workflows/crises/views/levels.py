"""The acts beside the path of a running crisis: its level, its paragraph of the law, a step more."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename
from core.errors import NotFound
from core.models import Agency, Crisis
from workflows.act_page import ActPage
from workflows.crisis.actions import levels, redetermining
from workflows.crisis.actions.duties import Chosen
from workflows.crisis.forms.duties import ParagraphForm, as_typed
from workflows.crisis.forms.levels import LevelForm, StepForm
from workflows.crisis.queries import assessed


class CrisisAct(ActPage):
    """One act on one crisis; then back to its page."""

    template_name = "workflows/crises/act.html"
    crisis: Crisis

    def find(self, pk: int) -> None:
        crisis = Crisis.objects.select_related("case__agency", "agency").filter(pk=pk).first()
        if crisis is None:
            raise NotFound(_("There is no such crisis, or it is not open to you."))
        permissions.check_can_see(self.person, crisis.case, at=self.at)
        self.crisis = crisis

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"crisis": self.crisis}

    def get_success_url(self) -> str:
        return reverse("crisis", args=[self.crisis.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "crisis": self.crisis,
            "case": self.crisis.case,
            "back_url": self.get_success_url(),
        }


class ChangeLevel(CrisisAct):
    codename = Codename.ASSESS_CRISIS
    form_class: type[Form] = LevelForm
    title = gettext_lazy("Change the level")
    lead = gettext_lazy(
        "Up adds at once what the playbook has for the higher level; what nobody holds at this hour is the head's. "
        "Down adds nothing and takes nothing away. Levels are the agency's own regulation, not law."
    )
    submit = gettext_lazy("Change the level")
    done_message = gettext_lazy("The level is changed.")

    def check_situation(self) -> None:
        levels.check_runs(self.crisis)

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        levels.change(crisis=self.crisis, new=given["level"], reason=given["reason"], by=self.person)


class ChangeParagraph(CrisisAct):
    codename = Codename.ASSESS_CRISIS
    form_class: type[Form] = ParagraphForm
    title = gettext_lazy("Determine the paragraph anew")
    lead = gettext_lazy(
        "From now on the paragraph you choose says who may speak, and its clock runs from its starting event, by the "
        "law of that instant. The clock that runs now is set aside in the trail; one that was missed stays missed. "
        "What was released stays."
    )
    submit = gettext_lazy("Determine the paragraph anew")
    done_message = gettext_lazy("The paragraph is determined anew.")

    def check_situation(self) -> None:
        levels.check_runs(self.crisis)

    def get_initial(self) -> dict[str, Any]:
        last = assessed.current(self.crisis)
        return super().get_initial() | (as_typed(last) if last else {})

    def perform(self, form: Any) -> None:
        redetermining.redetermine(crisis=self.crisis, chosen=Chosen(**form.chosen()), by=self.person)


class AddStep(CrisisAct):
    codename = Codename.ASSESS_CRISIS
    form_class: type[Form] = StepForm
    title = gettext_lazy("Add a step")
    lead = gettext_lazy("It becomes a task at once. The playbook stays as it is.")
    submit = gettext_lazy("Add the step")
    done_message = gettext_lazy("The step is added and waits for whoever does it.")

    def check_situation(self) -> None:
        levels.check_runs(self.crisis)

    def perform(self, form: Any) -> None:
        levels.add_step(crisis=self.crisis, added=form.added(), by=self.person)
