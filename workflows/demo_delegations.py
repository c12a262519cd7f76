"""The fictional delegations and late records of the demonstration, made by the acts of the people themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from viewflow.workflow.models import Task

from core import clock
from core.actions import speech
from core.actions.reference import Change, Row, Tally, read_rows
from core.enums import Circumstance, Numbering, Role, StatementForm
from core.models import Inquiry, LateRecord, Person, RoleAssignment
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument
from workflows import base
from workflows.delegation import queries
from workflows.delegation.actions import drafting, issuing, opening
from workflows.delegation.actions.drafting import DraftGiven
from workflows.delegation.models import Delegation
from workflows.demo_cases import LAST_NUMBER_ELSEWHERE
from workflows.tasks import run_job

IN_FORCE = "in_force"


def load(folder: Path, *, at: datetime) -> list[Tally]:
    """Make every delegation and late record that is not there yet, on the cases of the demo inquiries."""
    subjects = {row["code"]: row["subject"] for row in read_rows(folder / "cases.json")}

    def each(name: str, make: Callable[..., Change]) -> Counter[Change]:
        rows = read_rows(folder / name)
        return Counter(make(row, _inquiry(subjects[row["inquiry"]]), at=at) for row in rows)

    return [
        Tally("delegations", each("delegations.json", _delegate)),
        Tally("late records", each("late_records.json", _record)),
    ]


def _inquiry(subject: str) -> Inquiry:
    rows = Inquiry.objects.select_related("case__agency").filter(is_demo=True, subject=subject)
    return rows.earliest("pk")


@transaction.atomic
def _delegate(row: Row, inquiry: Inquiry, *, at: datetime) -> Change:
    if Delegation.objects.filter(case=inquiry.case, reason=row["reason"]).exists():
        return Change.UNCHANGED
    agency = inquiry.agency
    drafter = _holder(inquiry, Role.PRESS_CONTACT)
    delegation = opening.propose(case=inquiry.case, request="", by=drafter)
    begin = max(at, clock.now()).replace(second=0, microsecond=0)
    given = DraftGiven(
        to=Person.objects.get(username=row["to"]),
        valid_from=begin,
        valid_until=begin + timedelta(days=row["days"]),
        circumstance=Circumstance(row["circumstance"]),
        reason=row["reason"],
    )
    _do(delegation, "draft", drafter, lambda step: drafting.hand_in(draft=given, **_facts(step)))
    if agency.numbering == Numbering.ENTERED:
        _enter_number(delegation, by=_holder(inquiry, Role.CLERK))
    _finish(delegation)
    if row["stage"] == IN_FORCE:
        seen = issuing.ready(Delegation.objects.get(pk=delegation.pk)).pdf_sha256
        head = _holder(inquiry, Role.HEAD)
        _do(delegation, "sign", head, lambda step: issuing.sign(pdf_sha256=seen, **_facts(step)))
        clerk = _holder(inquiry, Role.CLERK)
        _do(delegation, "stamp", clerk, lambda step: issuing.stamp(pdf_sha256=seen, **_facts(step)))
    return Change.CREATED


def _facts(step: base.Step) -> dict[str, Any]:
    return {"process": step.process, "by": step.by, "at": step.at}


def _do(delegation: Delegation, node: str, by: Person, perform: Callable[[base.Step], object]) -> None:
    base.execute(_waiting(delegation, node).pk, by=by, perform=perform)


def _waiting(delegation: Delegation, node: str) -> Task:
    task = queries.running(delegation, node)
    if task is None:
        raise LookupError(f"The delegation {delegation} does not wait at {node}.")
    return task


def _finish(delegation: Delegation) -> None:
    """Make the letter here and now; a worker of the same database may have been quicker."""
    task = queries.running(delegation, "issue")
    if task is not None:
        run_job(task.pk, task.external_task_id)


def _enter_number(delegation: Delegation, *, by: Person) -> None:
    today = clock.now().astimezone(clock.ZONE).date()
    taken = IssuedDocument.objects.filter(agency=delegation.agency, year=today.year)
    highest = taken.aggregate(highest=Max("number"))["highest"] or LAST_NUMBER_ELSEWHERE
    entered = EnteredNumber(number=highest + 1, issued_on=today)
    issuing.enter_number(delegation=delegation, entered=entered, by=by)


def _holder(inquiry: Inquiry, role: Role) -> Person:
    held = RoleAssignment.objects.at(clock.now()).filter(agency=inquiry.agency, group__name=role)
    return held.select_related("person").earliest("pk").person


@transaction.atomic
def _record(row: Row, inquiry: Inquiry, *, at: datetime) -> Change:
    if LateRecord.objects.filter(case=inquiry.case, gist=row["gist"]).exists():
        return Change.UNCHANGED
    said = speech.Speech(
        spoken_at=(at - timedelta(hours=row["hours_ago"])).replace(second=0, microsecond=0),
        form=StatementForm(row["form"]),
        speaker=Person.objects.get(username=row["speaker"]),
        outlet=row["outlet"],
        asked_by=row["asked_by"],
        gist=row["gist"],
    )
    speech.record_late(case=inquiry.case, speech=said, by=_holder(inquiry, Role.PRESS_CONTACT), at=at)
    return Change.CREATED
