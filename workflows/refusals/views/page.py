"""The page of one refusal: the question, every version, the decision and what became of it, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from core import permissions as core_permissions
from core.enums import Codename, MandateKind, Numbering
from core.errors import NotFound
from core.models import Person, Question
from core.queries import organisation
from documents.models import IssuedDocument
from workflows import diagram, permissions
from workflows.act_page import reason_why_not
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.actions.purging import check_may_purge
from workflows.refusal import queries
from workflows.refusal.actions.reconsidering import check_can_be_asked
from workflows.refusal.actions.watching import check_ground_can_end
from workflows.refusal.models import Reconsideration, Refusal, RefusalProcess
from workflows.refusals.rows import RefusalRow
from workflows.signed_in import Page
from workflows.views.acts import Offer, Offers

TO_THE_DECISION = ("propose", "review", "decide")
THE_LETTER = ("issue", "sign", "stamp", "release")
SECOND_LOOK = ("reconsider", "approve", *THE_LETTER)


class StepRow(NamedTuple):
    offer: Offer
    people: list[Person]


def refusal_or_404(pk: int) -> Refusal:
    rows = queries.with_words(Refusal.objects.filter(pk=pk)).select_related(
        "opened_by",
        "follows__question",
        "followed_by",
        "letter_of__question",
        "decision__mandate",
        "decision__rule_set",
        "decision__stated__statement__speaker",
        "bring_back__recorded_by",
    )
    refusal = rows.first()
    if refusal is None:
        raise not_found()
    return refusal


def not_found() -> NotFound:
    return NotFound(_("There is no such refusal, or it is not open to you."))


class RefusalPage(Page):
    template_name = "workflows/refusals/refusal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = refusal_or_404(kwargs["pk"])
        core_permissions.check_can_see(self.person, refusal.case, at=self.at)
        offers = Offers(refusal.case, person=self.person, at=self.at)
        runs = list(refusal.processes.select_related("reconsideration").order_by("pk"))
        latest = runs[-1]
        tasks = _tasks_of(latest)
        row = RefusalRow(refusal=refusal, tasks=tasks)
        return super().get_context_data(**kwargs) | {
            "refusal": refusal,
            "row": row,
            "decision": row.decision,
            "inquiry": refusal.inquiry,
            "question": refusal.question,
            "case": refusal.case,
            "agency": refusal.agency,
            "versions": queries.versions(refusal),
            "looks": _looks(refusal),
            "back": getattr(refusal, "bring_back", None),
            "followed_by": getattr(refusal, "followed_by", None),
            "letters": _letters(runs),
            "steps": self._steps(row, offers),
            "diagram": drawn(latest, tasks),
            "run": latest,
            "run_number": len(runs),
            "may_retry": offers.may(Codename.TRIAGE_INQUIRY),
            "acts": [] if offers.is_read_only else self._acts(refusal, latest),
        }

    def _steps(self, row: RefusalRow, offers: Offers) -> list[StepRow]:
        waiting = row.steps
        return [
            StepRow(offer, who_may(task, at=self.at))
            for offer, task in zip(offers.steps(waiting), waiting, strict=True)
        ]

    def _acts(self, refusal: Refusal, latest: RefusalProcess) -> list[Offer]:
        """The acts beside its path, possible ones first."""
        acts = [
            self._act(
                _("Record that its ground has ended"), "calendar-check", "end_of_ground", refusal.pk,
                Codename.PROPOSE_REFUSAL, refusal, lambda: check_ground_can_end(refusal),
            ),
            self._act(
                _("Record a request to look again"), "rotate-ccw", "ask_second_look", refusal.pk,
                Codename.REGISTER_INQUIRY, refusal, lambda: check_can_be_asked(refusal),
            ),
            self._secret(refusal),
        ]  # fmt: skip
        if refusal.agency.numbering == Numbering.ENTERED and queries.waiting_for_its_number(latest):
            label, name = _("Enter the number of the letter of refusal"), "enter_refusal_number"
            number = self._act(label, "hash", name, latest.pk, Codename.ENTER_NUMBER, refusal, lambda: None)
            acts.insert(0, number)
        return sorted(acts, key=lambda offer: not offer.is_possible)

    def _act(
        self,
        label: str,
        icon: str,
        name: str,
        pk: int,
        codename: Codename,
        refusal: Refusal,
        situation: Callable[[], None],
    ) -> Offer:
        check_role = core_permissions.check_role
        why = reason_why_not(check_role, self.person, codename, agency=refusal.agency, at=self.at)
        return Offer(
            label=label, icon=icon, url=reverse(name, args=[pk]), why=why or reason_why_not(situation)
        )

    def _secret(self, refusal: Refusal) -> Offer:
        question: Question = refusal.question
        why = reason_why_not(check_may_purge, self.person, refusal.inquiry, at=self.at)
        question.inquiry = refusal.inquiry
        why = why or reason_why_not(situations.check_secret_can_be_found, question)
        url = reverse("found_secret", args=[question.pk])
        return Offer(label=_("Remove it as a state secret"), icon="lock", url=url, why=why)


def who_may(task: Task, *, at: datetime) -> list[Person]:
    """Whoever holds the step, or else everybody who may do it at this instant."""
    if task.owner is not None:
        return [task.owner]
    assignment = task.assignment
    asked = organisation.people_with(
        assignment.codename, agency=assignment.agency, unit=assignment.unit, at=at
    )
    if assignment.needs_mandate:
        asked = asked | Person.objects.filter(
            mandates__case=assignment.case, mandates__kind=MandateKind.DELEGATED
        )
    people = asked.distinct().order_by("full_name", "pk")
    return [each for each in people if not reason_why_not(permissions.check_can_execute, each, task, at=at)]


def _tasks_of(process: RefusalProcess) -> list[Task]:
    related = ("owner", "assignment__unit", "assignment__agency", "assignment__only", "assignment__case")
    tasks = Task.objects.filter(process=process).select_related(*related, "assignment__question")
    return list(tasks.order_by("pk"))


def drawn(process: RefusalProcess, tasks: list[Task]) -> diagram.Diagram:
    """Where the run stands: to the decision, on to a letter of its own where there is one, or a second look."""
    stations: tuple[str, ...] = TO_THE_DECISION
    if process.is_second_look:
        stations = SECOND_LOOK
    elif process.refusal.has_own_letter:
        stations = (*TO_THE_DECISION, *THE_LETTER)
    ends = [task for task in tasks if task.flow_task_type == "END" and task.flow_task is not None]
    outcome = str(ends[-1].flow_task.task_title) if ends else ""
    return diagram.of_run(process.flow_class, tasks, outcome=outcome, among=stations)


def _looks(refusal: Refusal) -> list[Reconsideration]:
    related = ("recorded_by", "judged_by", "signer", "statement")
    return list(refusal.reconsiderations.select_related(*related).order_by("-received_at", "-pk"))


def _letters(runs: list[RefusalProcess]) -> list[IssuedDocument]:
    keys = [queries.letter_key(process) for process in runs]
    found = IssuedDocument.objects.filter(key__in=keys).select_related("kind", "signer")
    return list(found.prefetch_related("endorsements__by").order_by("pk"))
