"""The fictional refusals of the demonstration: decided in June 2026 under the Press Law 2016, and those of today.

Each is walked by the acts of the people themselves. Those of June happen on their days: the clock goes back to them,
so that every entry claims the instant at which it would have been made; when it was recorded stays true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import clock, permissions
from core.actions.reference import Change, Row, Tally, by_code, read_rows
from core.enums import Role
from core.models import Agency, Inquiry, Person, Provision
from core.queries import organisation
from core.rules.deadlines import local_day
from workflows import bringing_back, demo_cases
from workflows.base import OPEN, Step, execute
from workflows.demo_cases import CLOSED
from workflows.permissions import check_can_execute
from workflows.press_inquiry.actions import refusals
from workflows.refusal import queries
from workflows.refusal.actions import (
    deciding,
    issuing,
    proposing,
    reconsidering,
    releasing,
    watching,
)
from workflows.refusal.actions.reconsidering import Request
from workflows.refusal.models import Outcome, Refusal, RefusalProcess, Result, WatchKind
from workflows.refusal.rules.proposals import Proposal
from workflows.tasks import run_job

FILE = "refusals.json"
MORNING, EVENING, PACE = time(8, 30), time(16, 30), timedelta(minutes=47)
SATURDAY = 5


@transaction.atomic
def load_past(folder: Path, *, at: datetime) -> Tally:
    """Every refusal of earlier days that is not there yet, in the order of the days, as are the letters' numbers.

    To be loaded before the other cases, whose letters are of today.
    """
    rows = [row for row in read_rows(folder / FILE) if row["on"] and _last_day(row) < local_day(at)]
    new = [row for row in rows if not _is_there(row)]
    with clock.told_back() as set_clock:
        walks = [_walked(row, at=_morning_of(row["on"]), set_clock=set_clock) for row in new]
        later = [(each, walk) for walk in walks for each in walk.row["afterwards"]]
        for each, walk in sorted(later, key=lambda pair: str(pair[0]["on"])):
            walk.afterwards(each)
    return _tally("refusals of June 2026", rows, new)


def load_today(folder: Path, *, at: datetime) -> Tally:
    """Every refusal of today that is not there yet, as far as the law of today knows its ground."""
    rows = [row for row in read_rows(folder / FILE) if not row["on"] and _stands(row, on=local_day(at))]
    new = [row for row in rows if not _is_there(row)]
    for row in new:
        with transaction.atomic():
            _walked(row, at=at, set_clock=None)
    return _tally("refusals of today", rows, new)


def _tally(kind: str, rows: Sequence[Row], new: Sequence[Row]) -> Tally:
    return Tally(kind, Counter(Change.CREATED if row in new else Change.UNCHANGED for row in rows))


def _last_day(row: Row) -> date:
    return date.fromisoformat(max(row["on"], *(later["on"] for later in row["afterwards"]), ""))


def _stands(row: Row, *, on: date) -> bool:
    grounds = (ground_of(refused) for refused in row["refusals"])
    return all(ground is None or ground.covers(on) for ground in grounds)


def _morning_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), MORNING, clock.ZONE)


def _is_there(row: Row) -> bool:
    return Inquiry.objects.filter(agency__code=row["agency"], is_demo=True, subject=row["subject"]).exists()


def _walked(row: Row, *, at: datetime, set_clock: Callable[[datetime], None] | None) -> RefusalWalk:
    walk = RefusalWalk(row, agency=by_code(Agency, row["agency"]), at=at, set_clock=set_clock)
    walk.register(joins=None)
    walk.to_stage()
    return walk


def ground_of(row: Row) -> Provision | None:
    """The provision a row of a refusal rests on, named by its law and its kind."""
    if not row["ground"]:
        return None
    rows = Provision.objects.filter(instrument__number=row["law"], ground_kind=row["ground"])
    return rows.latest("valid_from")


def proposal_of(row: Row) -> Proposal:
    watch = row["watch"] or {}
    return Proposal(
        outcome=Outcome(row["outcome"]),
        ground=ground_of(row),
        facts=row["facts"],
        reason=row["reason"],
        redirected_to=row["redirected_to"],
        watch_kind=WatchKind(watch["kind"]) if watch else None,
        watch_what=watch.get("what", ""),
        watch_on=date.fromisoformat(watch["on"]) if watch.get("on") else None,
    )


class WithRefusals(demo_cases.Walk):
    """A walk on which questions are refused: asked for at a step of the inquiry, each in a run of its own.

    The inquiry goes as far as it can, then the refusals do; every step by whoever may do it.
    """

    def to_stage(self) -> None:
        while self._inquiry_goes_on() or self._refusal_goes_on():
            self.pass_time()

    def pass_time(self) -> None:
        """Where the walk tells of earlier days, the clock goes on."""

    def _inquiry_goes_on(self) -> bool:
        task = self._next_task()
        if task is None or task.flow_task.name == self.row["stage"]:
            return False
        if not self._ask(task):
            self.do(task)
        return True

    def _ask(self, task: Task) -> bool:
        """Ask for what the row wants refused from this step on, the step staying open; whether anything was."""
        wanted = [
            row["question"] for row in self.row.get("refusals", []) if row["asked_at"] == task.flow_task.name
        ]
        questions = list(self.inquiry.questions.filter(number__in=wanted, refusals__isnull=True))
        if questions:
            refusals.ask(task.pk, questions=questions, by=self.step(task.flow_task.name)[0](self))
        return bool(questions)

    def _refusal_goes_on(self) -> bool:
        runs = RefusalProcess.objects.filter(refusal__inquiry=self.inquiry, finished__isnull=True).order_by(
            "pk"
        )
        return any(self._run_goes_on(process) for process in runs)

    def _run_goes_on(self, process: RefusalProcess) -> bool:
        tasks = process.task_set
        job = tasks.filter(flow_task_type="JOB").exclude(status__in=CLOSED).first()
        if job is not None:
            self.finish_refusal(job)
            return True
        task = tasks.filter(status__in=OPEN, assignment__isnull=False).first()
        if task is None or task.flow_task.name == self.row_of(process.refusal)["stage"]:
            return False
        self.do_refusal(task)
        return True

    def row_of(self, refusal: Refusal) -> Row:
        return next(row for row in self.row["refusals"] if row["question"] == refusal.question.number)

    def do_refusal(self, task: Task) -> None:
        act = ACTS[task.flow_task.name]
        execute(task.pk, by=self.who_may(task), perform=lambda step: act(self, step))

    def who_may(self, task: Task) -> Person:
        """Whoever drafts the reply, where the step lets that person; else the first of those it lets."""
        at, assignment = clock.now(), task.assignment
        people = organisation.people_with(
            assignment.codename, agency=assignment.agency, at=at, unit=assignment.unit
        )
        for person in sorted(people, key=lambda each: (each.username != self.row["assignee"], each.pk)):
            if permissions.allowed(check_can_execute, person, task, at=at):
                return person
        raise LookupError(f"Nobody at {assignment.agency.code} may do the step {task.flow_task.name}.")

    def finish_refusal(self, job: Task) -> None:
        """Do a job here and now."""
        run_job(job.pk, job.external_task_id)
        job.refresh_from_db()
        if job.status != STATUS.DONE:
            raise RuntimeError(f"The job {job.flow_task.name} of a refusal of {self.inquiry} failed.")


class RefusalWalk(WithRefusals):
    """The way of a demo inquiry with refusals. With `set_clock` it happens on its days, in office hours."""

    def __init__(
        self, row: Row, *, agency: Agency, at: datetime, set_clock: Callable[[datetime], None] | None
    ) -> None:
        super().__init__(row, agency=agency, at=at)
        self.set_clock = set_clock
        self._set(at)

    def _set(self, at: datetime) -> None:
        self.at = at
        if self.set_clock is not None:
            self.set_clock(at)

    def pass_time(self) -> None:
        self._set(_in_office_hours(self.at + PACE))

    def afterwards(self, row: Row) -> None:
        """What happened later: the ground ended and the question came back, or the journalist asked to look again."""
        self._set(max(self.at, _morning_of(row["on"])))
        refusal = Refusal.objects.get(inquiry=self.inquiry, question__number=row["question"])
        if "ended" in row:
            self._end_ground(refusal, row["ended"])
        else:
            self._ask_again(refusal, row["second_look"])
        self.pass_time()
        self.to_stage()

    def _end_ground(self, refusal: Refusal, note: str) -> None:
        by = Person.objects.get(username=self.row["assignee"])
        watching.record_end_of_ground(refusal=refusal, happened_at=clock.now(), note=note, by=by)
        bringing_back.sweep()
        self.process = self.inquiry.processes.latest("pk")

    def _ask_again(self, refusal: Refusal, row: Row) -> None:
        request = Request(received_at=clock.now(), asked_by=row["asked_by"], gist=row["gist"])
        reconsidering.ask(refusal=refusal, request=request, by=self.holder(Role.PRESS_CONTACT))


def _in_office_hours(at: datetime) -> datetime:
    """The instant itself, or the next morning of a Monday to Friday."""
    local = at.astimezone(clock.ZONE)
    if local.time() <= EVENING and local.weekday() < SATURDAY:
        return at
    day = local.date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, clock.ZONE)


# What each step of a refusal is


Act = Callable[[WithRefusals, Step], object]


def _facts(step: Step) -> dict[str, Any]:
    return {"process": step.process, "by": step.by, "at": step.at}


def _seen(step: Step) -> str:
    version = queries.latest_version(step.process.refusal)
    assert version is not None, "nothing has been proposed yet"
    return version.sha256


def _propose(walk: WithRefusals, step: Step) -> None:
    proposal = proposal_of(walk.row_of(step.process.refusal))
    proposing.propose(proposal=proposal, **_facts(step))


def _review(_walk: WithRefusals, step: Step) -> None:
    proposing.confirm(sha256=_seen(step), **_facts(step))


def _decide(_walk: WithRefusals, step: Step) -> None:
    deciding.decide(sha256=_seen(step), **_facts(step))


def _sign(_walk: WithRefusals, step: Step) -> None:
    issuing.sign(pdf_sha256=issuing.ready(step.process).pdf_sha256, **_facts(step))


def _stamp(_walk: WithRefusals, step: Step) -> None:
    issuing.stamp(pdf_sha256=issuing.ready(step.process).pdf_sha256, **_facts(step))


def _release(_walk: WithRefusals, step: Step) -> None:
    releasing.release(**_facts(step))


def _reconsider(walk: WithRefusals, step: Step) -> None:
    looks = (later["second_look"] for later in walk.row["afterwards"] if "second_look" in later)
    reconsidering.judge(result=Result.UPHELD, reason=next(looks)["reason"], **_facts(step))


def _approve(_walk: WithRefusals, step: Step) -> None:
    reconsidering.approve(**_facts(step))


ACTS: Mapping[str, Act] = {
    "propose": _propose,
    "review": _review,
    "decide": _decide,
    "sign": _sign,
    "stamp": _stamp,
    "release": _release,
    "reconsider": _reconsider,
    "approve": _approve,
}
