"""A named person on the other side confirmed: by the task, by the link, or to our official on the phone.

Each is a row and replaces none. The first one ends our pursuit: the recipient's task, our phone call, the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from core import events, permissions
from core.actions import casefile, trail
from core.enums import AckMeans
from core.errors import Invalid, NotAllowedNow
from core.models import AgencyContact, Person
from core.rules.organisation import bare_name
from core.rules.text import clean_line
from workflows import base, nodes
from workflows.crisis.models import Acknowledgement, CrisisProcess, CrisisStep, Dispatch
from workflows.crisis.permissions import check_may_take_answers
from workflows.crisis.queries import reports as queries

from . import directions, steps
from .climbing import about
from .recording import check_reason, record

NAME_LIMIT, POST_LIMIT, PHONE_LIMIT = 120, 160, 40
MOST_BY_LINK = 20


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What somebody confirmed with: full name and post, and a direction if there is one."""

    name: str
    post: str
    direction: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A confirmation by phone, as our official heard it: when, and at which number."""

    acknowledged_at: datetime
    phone: str


def by_task(
    *, process: CrisisProcess, task: Task, dispatch: Dispatch, confirmed: Confirmed, by: Person, at: datetime
) -> Acknowledgement:
    """Somebody of the recipient confirms at its task, which the caller completes."""
    row = _row(dispatch, confirmed, means=AckMeans.TASK, at=at)
    row.person = by
    return _take(row, confirmed, process=process, by=by, at=at, task=task)


def by_link(
    *,
    process: CrisisProcess,
    dispatch: Dispatch,
    confirmed: Confirmed,
    contact: AgencyContact | None,
    at: datetime,
) -> Acknowledgement:
    """Whoever holds the link confirms with name and post; the same again is the same confirmation.

    Raises Invalid, NotAllowedNow, also where the link was used so often that somebody plays with it.
    """
    _check_not_played_with(dispatch)
    row = _row(dispatch, confirmed, means=AckMeans.LINK, at=at)
    row.contact = contact
    return _take(row, confirmed, process=process, by=None, at=at)


def _check_not_played_with(dispatch: Dispatch) -> None:
    """Nobody signs in at a link: what comes by it stays within what one body may have to say about one report."""
    confirmed = dispatch.acknowledgements.filter(means=AckMeans.LINK).count()
    directed = dispatch.directions.filter(recorded_by=None).count()
    if max(confirmed, directed) >= MOST_BY_LINK:
        raise NotAllowedNow(
            _("This link was used very often already. Nothing was recorded; phone the agency that reported.")
        )


def by_phone(
    *,
    process: CrisisProcess,
    dispatch: Dispatch,
    confirmed: Confirmed,
    call: Call,
    by: Person,
    at: datetime,
) -> Acknowledgement:
    """Our official records what was confirmed on the phone. Raises Invalid, MissingRole, NotAllowedNow."""
    check_may_take_answers(by, agency=dispatch.agency, at=at)
    row = _row(dispatch, confirmed, means=AckMeans.PHONE, at=call.acknowledged_at)
    row.phone = _needed(call.phone, "phone", _("Write the number."), limit=PHONE_LIMIT)
    row.recorded_by = by
    directions.check_time(call.acknowledged_at, field="acknowledged_at", dispatch=dispatch, at=at)
    casefile.involve(case=dispatch.case, person=by)
    return _take(row, confirmed, process=process, by=by, at=at)


def give_up(*, process: CrisisProcess, dispatch: Dispatch, reason: str, by: Person, at: datetime) -> None:
    """Our head ends the waiting without a confirmation, with the reason. Raises NotInPart, NotAllowedNow, Invalid."""
    permissions.check_heads(by, agency=dispatch.agency, at=at)
    why = check_reason(reason)
    if dispatch.is_settled:
        raise NotAllowedNow(_("Nobody waits for this report any more. Nothing was changed."))
    dispatch.given_up_at, dispatch.given_up_by, dispatch.given_up_reason = at, by, why
    dispatch.save(update_fields=["given_up_at", "given_up_by", "given_up_reason"])
    record(
        events.CRISIS_REPORT_GIVEN_UP, crisis=dispatch.crisis, by=by, at=at, subject=dispatch, data=about(dispatch),
        reason=why,
    )  # fmt: skip
    _stop_pursuing(dispatch, process=process, by=by, at=at)


def _row(dispatch: Dispatch, confirmed: Confirmed, *, means: AckMeans, at: datetime) -> Acknowledgement:
    return Acknowledgement(
        dispatch=dispatch,
        means=means,
        name=_needed(confirmed.name, "name", _("Write the full name."), limit=NAME_LIMIT),
        post=_needed(confirmed.post, "post", _("Write the post."), limit=POST_LIMIT),
        acknowledged_at=at,
    )


def _needed(text: str, field: str, hint: str, *, limit: int) -> str:
    cleaned = clean_line(text, limit=limit, field=field)
    if not cleaned:
        raise Invalid(
            _("A confirmation needs a name and a post. Nothing was recorded; what you typed is kept."),
            fields={field: hint},
        )
    return cleaned


def _take(
    row: Acknowledgement,
    confirmed: Confirmed,
    *,
    process: CrisisProcess,
    by: Person | None,
    at: datetime,
    task: Task | None = None,
) -> Acknowledgement:
    dispatch = row.dispatch
    if dispatch.given_up_at is not None or not dispatch.crisis.is_open:
        raise NotAllowedNow(
            _("Nobody waits for this report any more: it was settled otherwise. Nothing was recorded.")
        )
    kept = _same(row) or _add(row, by=by, at=at)
    if confirmed.direction.strip():
        given = directions.Given(
            text=confirmed.direction, from_name=row.name, from_post=row.post, received_at=row.acknowledged_at
        )
        directions.receive(process=process, dispatch=dispatch, given=given, by=by, at=at)
    if dispatch.acknowledged_at is None:
        dispatch.acknowledged_at = kept.acknowledged_at
        dispatch.save(update_fields=["acknowledged_at"])
    _stop_pursuing(dispatch, process=process, by=by, at=at, task=task)
    return kept


def _same(row: Acknowledgement) -> Acknowledgement | None:
    """The same confirmation sent before: the same name and post by the same way, and of a call the same call."""
    earlier = row.dispatch.acknowledgements.filter(means=row.means)
    return next((each for each in earlier if _facts_of(each) == _facts_of(row)), None)


def _facts_of(row: Acknowledgement) -> tuple[object, ...]:
    call = (row.acknowledged_at, row.phone) if row.means == AckMeans.PHONE else ()
    return (bare_name(row.name), bare_name(row.post), *call)


def _add(row: Acknowledgement, *, by: Person | None, at: datetime) -> Acknowledgement:
    dispatch = row.dispatch
    is_first = dispatch.acknowledged_at is None
    row.recorded_at = at
    row.save()
    data: dict[str, trail.Value] = {
        **about(dispatch),
        "acknowledgement": row.pk,
        "means": row.means,
        "name": row.name,
        "post": row.post,
        "phone": row.phone,
        "first": is_first,
    }
    record(
        events.CRISIS_REPORT_ACKNOWLEDGED, crisis=dispatch.crisis, by=by, at=at, subject=row, data=data,
        occurred_at=row.acknowledged_at,
    )  # fmt: skip
    return row


def _stop_pursuing(
    dispatch: Dispatch, *, process: CrisisProcess, by: Person | None, at: datetime, task: Task | None = None
) -> None:
    """Close the recipient's open task and our phone call, and let the crisis go on where it waited for this."""
    base.cancel_about(process, row=dispatch, but=task)
    for step in queries.open_phone_steps(dispatch):
        _settle_call(step, process=process, by=by, at=at)
    nodes.pass_gates_of(process)


def _settle_call(step: CrisisStep, *, process: CrisisProcess, by: Person | None, at: datetime) -> None:
    step.settled_at, step.settled_by = at, by
    with translation.override("vi"):
        step.note = _("The report is acknowledged, or no longer waited for.")
    step.save(update_fields=["settled_at", "settled_by", "note"])
    data: dict[str, trail.Value] = {
        "step": step.title,
        "code": step.code,
        "due": step.due,
        "late": steps.is_late(step, at=at),
    }
    record(events.CRISIS_STEP_DONE, crisis=process.crisis, by=by, at=at, subject=step, data=data)
    base.cancel_about(process, row=step)
