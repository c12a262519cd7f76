"""The acts on playbooks: open a draft, change it, approve, end, drop; each is one form and one action."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename
from core.errors import DomainError, NotAllowedNow
from core.models import Agency
from core.queries import organisation
from core.rules.deadlines import local_day
from workflows.act_page import ActPage
from workflows.crisis.actions import playbooks as actions
from workflows.crisis.forms import playbooks as forms
from workflows.crisis.models import PlaybookVersion
from workflows.crisis.permissions import check_acts_as_head
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules import playbooks as rules

from .playbooks import version_or_404


class PlaybookAct(ActPage):
    template_name = "workflows/crises/playbook_act.html"
    version: PlaybookVersion

    def find(self, pk: int) -> None:
        self.version = version_or_404(self, pk)

    @property
    def agency(self) -> Agency:
        """Whose the playbook is. Raises NotAllowedNow for an example."""
        agency = self.version.playbook.agency
        if agency is None:
            raise NotAllowedNow(_("An example is not changed. Open a version of your agency's own from it."))
        return agency

    def get_success_url(self) -> str:
        return reverse("playbook", args=[self.version.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("playbook", args=[self.version.pk])
        return super().get_context_data(**kwargs) | {"version": self.version, "back_url": back}


class OfTheHead(PlaybookAct):
    codename = Codename.APPROVE_PLAYBOOK

    def check_right(self) -> None:
        check_acts_as_head(self.person, self.codename, agency=self.agency, at=self.at)


class OfDraft(PlaybookAct):
    codename = Codename.KEEP_PLAYBOOKS

    def check_situation(self) -> None:
        if not self.version.is_draft:
            raise NotAllowedNow(
                _("This version was approved and does not change any more. Open the next version of it.")
            )


class OpenDraft(PlaybookAct):
    form_class = forms.OpenDraftForm
    codename = Codename.KEEP_PLAYBOOKS
    title = gettext_lazy("Open the next version")
    lead = gettext_lazy(
        "A draft of your agency's own that begins as a copy of this one. Nothing changes for crises until the head "
        "approves it."
    )
    submit = gettext_lazy("Open the draft")
    done_message = gettext_lazy("The draft is open. Change what is to be changed and save it.")

    @cached_property
    def agencies(self) -> Any:
        kept = organisation.agencies_of(self.person, at=self.at, codename=Codename.KEEP_PLAYBOOKS)
        own = self.version.playbook.agency_id
        return (kept.filter(pk=own) if own else kept).order_by("name")

    def check_right(self) -> None:
        if self.version.playbook.agency is None:
            permissions.check_right(self.person, self.codename, at=self.at)
        else:
            super().check_right()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agencies": self.agencies}

    def perform(self, form: Any) -> None:
        self.draft = actions.open_draft(self.version, by=self.person, at=self.at, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("playbook_edit", args=[self.draft.pk])


class EditDraft(OfDraft):
    """The head and three sets of rows, saved as one. More rows come by a button and save nothing."""

    template_name = "workflows/crises/playbook_edit.html"
    form_class = forms.HeadForm
    title = gettext_lazy("Change the draft")
    lead = gettext_lazy(
        "Everything is saved together. What cannot run is not saved, and each reason stands at its step."
    )
    submit = gettext_lazy("Save the draft")
    done_message = gettext_lazy("The draft is saved. It can run; the head may approve it.")

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | forms.initial_head(self.version)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("more", "")
        if wanted in forms.SETS:
            return self.grown(wanted)
        try:
            self.check_possible()
        except DomainError as refusal:
            return self.turned_away(refusal)
        typed = forms.DraftForms(self.get_form(), self.version, request.POST)  # type: ignore[arg-type]
        if not typed.is_valid():
            return self.shown(typed, status=422)
        return self.saved(typed)

    def grown(self, wanted: str) -> HttpResponse:
        """The form as it was sent with more rows; what is unfinished in it is not told yet."""
        data = forms.with_more_rows(self.request.POST, wanted)
        head = forms.HeadForm(data, person=self.person, at=self.at)
        return self.shown(forms.DraftForms(head, self.version, data), is_growing=True)

    def saved(self, typed: forms.DraftForms) -> HttpResponse:
        try:
            actions.change_draft(
                self.version, written=typed.written(), by=self.person, at=self.at,
                seen=typed.head.cleaned_data["seen"],
            )  # fmt: skip
        except actions.CannotRun as error:
            return self.told(typed, error)
        except DomainError as error:
            typed.head.add_error(None, str(error))
            return self.shown(typed, status=error.status)
        messages.success(self.request, str(self.done_message))
        return HttpResponseRedirect(self.get_success_url())

    def told(self, typed: forms.DraftForms, error: actions.CannotRun) -> HttpResponse:
        sets = {rules.SIGN: "signs", rules.STEP: "steps", rules.LINE: "lines"}
        kept = {at: typed.kept(name) for at, name in sets.items()}
        for problem in error.problems:
            form = kept[problem.at][problem.number - 1] if problem.number else typed.head
            form.add_error(None, problem.sentence)
        return self.shown(typed, status=error.status)

    def shown(self, typed: forms.DraftForms, *, status: int = 200, is_growing: bool = False) -> HttpResponse:
        context = self.get_context_data(form=typed.head, typed=typed, is_growing=is_growing)
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if "typed" not in context:
            data = self.request.POST if context["form"].is_bound else None
            context["typed"] = forms.DraftForms(context["form"], self.version, data)
        agency = self.version.playbook.agency
        facts = queries.facts_for(agency, on=local_day(self.at), at=self.at)
        return context | {"legal_hours": facts.legal_hours}


class Approve(OfTheHead, OfDraft):
    form_class = forms.ApproveForm
    title = gettext_lazy("Approve the version")
    lead = gettext_lazy(
        "From the day on the agency works by this version; the one before ends that day. Crises under way keep "
        "theirs. An approved version never changes."
    )
    submit = gettext_lazy("Approve")
    done_message = gettext_lazy("The version is approved.")

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"valid_from": local_day(self.at)}

    def perform(self, form: Any) -> None:
        actions.approve(self.version, by=self.person, at=self.at, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = queries.facts_for(self.version.playbook.agency, on=local_day(self.at), at=self.at)
        found = rules.problems(queries.content_of(self.version), facts) if self.version.is_draft else []
        return super().get_context_data(**kwargs) | {"problems": found}


class End(OfTheHead):
    form_class = forms.EndForm
    title = gettext_lazy("End the use of the version")
    lead = gettext_lazy("From the day on it is no longer offered. Crises under way keep it.")
    submit = gettext_lazy("End its use")
    done_message = gettext_lazy("The end of its use is recorded.")

    def check_situation(self) -> None:
        if self.version.is_draft or self.version.valid_until is not None:
            raise NotAllowedNow(_("This version is a draft or has an end already. Nothing was changed."))

    def perform(self, form: Any) -> None:
        actions.end(self.version, by=self.person, at=self.at, **form.cleaned_data)


class Drop(OfDraft):
    form_class = forms.DropForm
    title = gettext_lazy("Drop the draft")
    lead = gettext_lazy(
        "The draft is removed with everything typed into it. Approved versions stay as they are."
    )
    submit = gettext_lazy("Drop the draft")
    done_message = gettext_lazy("The draft was dropped.")

    def perform(self, form: Any) -> None:
        actions.drop_draft(self.version, by=self.person, at=self.at)

    def get_success_url(self) -> str:
        return reverse("playbooks")
