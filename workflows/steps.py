"""The page of a step: load, say why not, take the form, do one act, keep what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import ChoiceField, Form, HiddenInput
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from viewflow.workflow.models import Task

from core import clock
from core import permissions as core_permissions
from core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from core.models import Case, Inquiry, Mandate, Person
from core.rules import text
from workflows import base, permissions
from workflows.engine.models import TaskAssignment

if TYPE_CHECKING:
    StepFormView = FormView[Form]
else:
    StepFormView = FormView

# What a form carries besides text: no file, no fingerprint of what was shown, no confirmation outlives the page.
NEVER_SAVED = frozenset(
    {
        "csrfmiddlewaretoken",
        "attachments",
        "sha256",
        "pdf_sha256",
        "action",
        "token",
        "purge_confirmed",
        "password",
        "scan",
    }
)


REASON_LIMIT = 2_000


class StepView(LoginRequiredMixin, StepFormView):
    """One step's page. A subclass names its form and template, and does one act in `perform`.

    Whoever may see the case may open the page; the sentence why they cannot act stands where the button would.
    A refused or late act answers with its sentence and the form as it was typed; where the case is open to the
    person no more, with what was typed alone.
    """

    template_name: str
    done_message: ClassVar[Any] = ""
    task: Task
    case: Case
    inquiry: Inquiry
    mandate: Mandate | None = None
    obstacle: DomainError | None = None
    conflict: str = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.task = kwargs["task"]
        self.at = clock.now()
        self._read()
        try:
            permissions.check_can_see_task(self.person, self.task, at=self.at)
        except NotFound as unseen:
            return self._not_open(unseen)
        self._look_for_obstacle()
        return super().dispatch(request, *args, **kwargs)

    def _not_open(self, unseen: NotFound) -> HttpResponse:
        """A case one may not see is not found; but a delegate gets back what was typed while it was open."""
        if self.request.method == "POST":
            try:
                permissions.check_delegation_goes_on(self.person, self.task, at=self.at)
            except Refused as ended:
                return self._given_back(ended)
        raise unseen

    def _given_back(self, error: DomainError) -> HttpResponse:
        """The sentence and what was typed, without a fact of the case."""
        context = {
            "sentence": str(error),
            "status": error.status,
            "kept": sent(self.request.POST, form_class=self.get_form_class()),
        }
        return render(self.request, "workflows/pages/turned_away.html", context, status=error.status)

    def _read(self) -> None:
        """What the step is about; a procedure that is on no inquiry has none."""
        self.case = self.task.assignment.case
        self.inquiry = self.task.assignment.inquiry

    @property
    def person(self) -> Person:
        return cast(Person, self.request.user)

    @property
    def process(self) -> Any:
        return self.task.process.coerced

    @property
    def is_open(self) -> bool:
        return self.task.status in base.OPEN

    def _look_for_obstacle(self) -> None:
        if not self.is_open:
            self.obstacle = Conflict(base.who_was_quicker(self.task, by=self.person))
            return
        try:
            self.mandate = self._allowed()
        except DomainError as refusal:
            self.obstacle = refusal

    def _allowed(self) -> Mandate | None:
        """Raise the sentence why not; the mandate where one is needed."""
        return permissions.check_can_execute(self.person, self.task, at=self.at)

    def _execute(self, form: Form) -> None:
        base.execute(self.task.pk, by=self.person, perform=lambda step: self.perform(step, form))

    def perform(self, step: base.Step, form: Any) -> None:
        """Do the one act of this step. The process is locked, the person checked, `step.at` the instant."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if self.obstacle is not None:
            return self.turned_away(form, self.obstacle)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self._execute(form)
        except DomainError as error:
            return self.refused(form, error)
        if self.done_message:
            messages.success(self.request, str(self.done_message))
        return super().form_valid(form)

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def turned_away(self, form: Form, error: DomainError) -> HttpResponse:
        """The sentence alone: what is wrong in the form is of no use to somebody who cannot send it."""
        form.full_clean()
        form.errors.clear()
        return self.refused(form, error)

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        """The page again, with the sentence and everything that was typed."""
        self._read_again()
        try:
            permissions.check_can_see_task(self.person, self.task, at=clock.now())
        except NotFound:
            return self._given_back(error)
        fields = error.fields if isinstance(error, Invalid) else {}
        for field, sentence in fields.items():
            if field in form.fields:
                form.add_error(field, str(sentence))
        if isinstance(error, Conflict):
            self.conflict = str(error)
        else:
            form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status)

    def _read_again(self) -> None:
        """The act was rolled back or came too late: show what is there now."""
        self.task = base.task_or_404(self.task.pk)
        self._read()
        self.obstacle = None
        self._look_for_obstacle()

    def get_initial(self) -> dict[str, Any]:
        saved = base.saved_input(self.task, person=self.person) if self.is_open else None
        self.saved_at = saved.saved_at if saved else None
        kept = saved.data if saved else {}
        return {
            **super().get_initial(),
            **self.suggested(),
            **{name: _one(values) for name, values in kept.items()},
        }

    def suggested(self) -> dict[str, Any]:
        """What the form proposes before anybody typed."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "task": self.task,
            "process": self.process,
            "inquiry": self.inquiry,
            "case": self.case,
            "is_open": self.is_open,
            "why_not": str(self.obstacle or ""),
            "shows_form": self.is_open and (self.obstacle is None or form.is_bound),
            "conflict": self.conflict,
            "kept": typed_in(form) if self.conflict else [],
            "restored_at": None if form.is_bound else getattr(self, "saved_at", None),
            "mandate": self.mandate,
            "step_title": self.task.flow_task.task_title,
            "step_name": self.task.flow_task.name,
            "is_mine": self.task.owner_id == self.person.pk,
            "can_put_back": core_permissions.allowed(permissions.check_can_put_back, self.person, self.task),
            "can_put_back_for_others": self._can_put_back_for_others(),
        }

    def _can_put_back_for_others(self) -> bool:
        held_by_another = self.task.owner_id not in (None, self.person.pk)
        return held_by_another and core_permissions.allowed(
            permissions.check_can_put_back_for_others, self.person, self.task, at=self.at
        )

    def get_success_url(self) -> str:
        # Read again: the act may have moved the inquiry to another case.
        return reverse(
            "case", args=[TaskAssignment.objects.values_list("case_id", flat=True).get(task=self.task)]
        )


def _one(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def typed_in(form: Form) -> list[dict[str, str]]:
    """What a person wrote into a form, by the words of its labels, to be copied from a page that cannot take it."""
    if not form.is_bound:
        return []
    written = [field for field in form if not isinstance(field.field.widget, HiddenInput)]
    rows = [{"label": str(field.label), "text": field.data} for field in written]
    return [row for row in rows if isinstance(row["text"], str) and row["text"].strip()]


def sent(post: QueryDict, *, form_class: type[Form]) -> list[dict[str, str]]:
    """The words in a request, by the labels that its form has for any case; what was chosen, not written, is left out.

    A field that the form has for one case only may tell of it, and so may its label.
    """
    rows = []
    for name, values in post.lists():
        field = form_class.base_fields.get(name)
        if name in NEVER_SAVED or isinstance(field, ChoiceField) or (field and field.widget.is_hidden):
            continue
        label = str(field.label) if field and field.label else _("What you typed")
        rows += [{"label": label, "text": text} for text in values if text.strip()]
    return rows


def assigned_task(task_id: int) -> Task:
    """A task that people do. Whether its case is open to somebody is still to be asked."""
    task = base.task_or_404(task_id)
    if not hasattr(task, "assignment"):
        raise NotFound(_("There is no such step."))
    return task


def visible_task(request: HttpRequest, task_id: int) -> Task:
    """The task, for somebody who may see its case; for others it does not exist."""
    task = assigned_task(task_id)
    permissions.check_can_see_task(cast(Person, request.user), task, at=clock.now())
    return task


@login_required
def show(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """The page of a step, whatever procedure it belongs to. It asks itself whether the case is open to the person."""
    task = assigned_task(task_id)
    response: HttpResponseBase = task.flow_task._view(request, task=task)
    return response


@require_POST
@login_required
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    visible_task(request, task_id)
    base.take(task_id, by=cast(Person, request.user))
    messages.success(request, _("You have taken this step. Others see that you are on it."))
    return redirect("step", task_id)


@require_POST
@login_required
def put_back(request: HttpRequest, task_id: int) -> HttpResponse:
    visible_task(request, task_id)
    base.put_back(task_id, by=cast(Person, request.user), reason=given_reason(request))
    messages.success(request, _("You have put this step back. Others can take it now."))
    return redirect("step", task_id)


def given_reason(request: HttpRequest) -> str:
    """The reason of an act that is only a button and a few words."""
    return text.clean_text(request.POST.get("reason", ""), limit=REASON_LIMIT)


def _storable(values: Sequence[str]) -> list[str]:
    # PostgreSQL keeps no NUL in a JSON text; the forms leave it out anyway.
    return [value.replace("\x00", "") for value in values]


@require_POST
@login_required
def save(request: HttpRequest, task_id: int) -> HttpResponse:
    """Keep what is being typed; a few words for the page, nothing for others."""
    visible_task(request, task_id)
    at = clock.now()
    data = {name: _storable(values) for name, values in request.POST.lists() if name not in NEVER_SAVED}
    base.save_input(task_id, by=cast(Person, request.user), data=data, at=at)
    if not request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    saved = _("Saved at %(time)s; nobody else sees it yet.") % {
        "time": at.astimezone(clock.ZONE).strftime("%H:%M:%S")
    }
    return HttpResponse(saved, content_type="text/plain; charset=utf-8")
