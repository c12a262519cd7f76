"""What a person can do on a case now, and for the rest the sentence why not: always the act's own rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core import permissions as core_permissions
from core.enums import Codename, MandateKind
from core.models import Case, Inquiry, Mandate, Person, RuleSet
from core.rules.deadlines import local_day
from workflows import permissions
from workflows.act_page import reason_why_not
from workflows.crises.rows.entry import detect_address
from workflows.crises.rows.tasks import title_of
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.actions.refusals import ASKED_AT, not_asked_at


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One button: where it leads, or why it does not."""

    label: str
    icon: str
    url: str = ""
    why: str = ""
    note: str = ""

    @property
    def is_possible(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Beside:
    """An act beside the path: whose right it is and in which situation it is possible."""

    url_name: str
    label: str | Promise
    icon: str
    codename: Codename
    situation: Callable[[Inquiry], None]


def _always(_inquiry: Inquiry) -> None:
    return None


BESIDE = (
    Beside(
        "clock_stop",
        gettext_lazy("Stop the clock"),
        "circle-pause",
        Codename.STOP_CLOCK,
        situations.check_clock_can_stop,
    ),
    Beside(
        "clock_restart",
        gettext_lazy("Restart the clock"),
        "circle-play",
        Codename.STOP_CLOCK,
        situations.check_clock_can_restart,
    ),
    Beside(
        "opinion_ask",
        gettext_lazy("Ask a superior's opinion"),
        "message-circle-question-mark",
        Codename.ASK_OPINION,
        situations.check_open,
    ),
    Beside(
        "deadline_start",
        gettext_lazy("Start a deadline"),
        "calendar-clock",
        Codename.KEEP_DEADLINES,
        _always,
    ),
    Beside(
        "order_new",
        gettext_lazy("Record an order paper"),
        "file-input",
        Codename.KEEP_DEADLINES,
        _always,
    ),
    Beside("move", gettext_lazy("Move to another case"), "folder-input", Codename.MOVE_INQUIRY, _always),
    Beside(
        "withdraw",
        gettext_lazy("Record a withdrawal"),
        "undo-2",
        Codename.WITHDRAW_INQUIRY,
        situations.check_can_be_withdrawn,
    ),
    Beside(
        "reopen",
        gettext_lazy("Reopen"),
        "rotate-ccw",
        Codename.REOPEN_INQUIRY,
        situations.check_can_be_reopened,
    ),
)

# Offered only where the law changed between the receipt and now.
CHOOSE_LAW = Beside(
    "choose_law",
    gettext_lazy("Choose the governing law"),
    "scale",
    Codename.CHOOSE_LAW,
    situations.check_open,
)


class Offers:
    """The offers on one case to one person at one instant; a rule is asked once for all inquiries."""

    def __init__(self, case: Case, *, person: Person, at: datetime) -> None:
        self.case = case
        self.person = person
        self.at = at
        self._roles: dict[Codename, str] = {}
        self._steps: dict[tuple[object, ...], str] = {}

    @cached_property
    def is_read_only(self) -> bool:
        """Whether the person is here to audit, and holds no right to act on anything in the agency."""
        may_audit = not self.why_no_role(Codename.AUDIT_CASES)
        return may_audit and all(self.why_no_role(act.codename) for act in BESIDE)

    def steps(self, tasks: Sequence[Task]) -> list[Offer]:
        """The open human steps of an inquiry."""
        return [self._step(task) for task in tasks]

    def beside(self, inquiry: Inquiry, *, waiting: Sequence[Task] = ()) -> list[Offer]:
        """The acts beside the path, possible ones first; a refusal is asked for at the step that waits."""
        acts = (CHOOSE_LAW, *BESIDE) if self._is_between_laws(inquiry) else BESIDE
        offers = [*(self._beside(act, inquiry) for act in acts), self._refuse(waiting)]
        offers.append(self.note_crisis(detect_address(inquiry=inquiry.pk)))
        return sorted(offers, key=lambda offer: not offer.is_possible)

    def note_crisis(self, address: str) -> Offer:
        """Noting a possible crisis, at the address that says of what."""
        why = self.why_no_role(Codename.DETECT_CRISIS)
        label = _("Note a possible crisis")
        return Offer(label=label, icon="siren", url=address, why=why)

    @cached_property
    def _law_began(self) -> date | None:
        rule_set = RuleSet.objects.at(local_day(self.at)).first()
        return rule_set.valid_from if rule_set else None

    @cached_property
    def _is_delegated_here(self) -> bool:
        """Whether a delegation decides, which may reach some inquiries of the case and not others."""
        delegated = Mandate.objects.filter(person=self.person, case=self.case, kind=MandateKind.DELEGATED)
        return delegated.exists()

    def _is_between_laws(self, inquiry: Inquiry) -> bool:
        return self._law_began is not None and local_day(inquiry.received_at) < self._law_began

    def _step(self, task: Task) -> Offer:
        assignment = task.assignment
        key = (
            assignment.codename,
            assignment.unit_id,
            assignment.only_id,
            assignment.excluded_id,
            assignment.needs_mandate,
            (assignment.inquiry_id, assignment.question_id)
            if assignment.needs_mandate and self._is_delegated_here
            else None,
            task.owner_id,
            task.pk if task.flow_task.asks_who_took_part else None,
        )
        if key not in self._steps:
            self._steps[key] = reason_why_not(permissions.check_can_execute, self.person, task, at=self.at)
        return step_offer(task, person=self.person, why=self._steps[key])

    def _refuse(self, waiting: Sequence[Task]) -> Offer:
        label = _("Refuse a question on a legal ground")
        task = next((task for task in waiting if task.flow_task.name in ASKED_AT), None)
        if task is None:
            return Offer(label=label, icon="shield-off", why=not_asked_at())
        url = reverse("ask_refusal", args=[task.pk])
        return Offer(label=label, icon="shield-off", url=url, why=self._step(task).why)

    def _beside(self, act: Beside, inquiry: Inquiry) -> Offer:
        why = self.why_no_role(act.codename) or reason_why_not(act.situation, inquiry)
        return Offer(
            label=str(act.label), icon=act.icon, url=reverse(act.url_name, args=[inquiry.pk]), why=why
        )

    def why_no_role(self, codename: Codename) -> str:
        if codename not in self._roles:
            self._roles[codename] = reason_why_not(
                core_permissions.check_role, self.person, codename, agency=self.case.agency, at=self.at
            )
        return self._roles[codename]

    def may(self, codename: Codename) -> bool:
        return not self.why_no_role(codename)


def step_offer(task: Task, *, person: Person, why: str) -> Offer:
    """The button of a step, named by what it is about, with who has taken it."""
    url = reverse("step", args=[task.pk])
    return Offer(label=title_of(task), icon="arrow-right", url=url, why=why, note=_held_by(task, person))


def _held_by(task: Task, person: Person) -> str:
    if task.owner is None:
        return _("Nobody has taken this step yet.")
    if task.owner_id == person.pk:
        return _("You have taken this step.")
    return _("%(person)s has taken this step.") % {"person": task.owner.full_name}
