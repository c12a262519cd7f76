"""Role by state by action: exactly these people may do each act about a report, as far as that report has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from core.enums import AgencyKind, ReportKind
from core.models import Crisis, Person
from tests import factories
from tests.walk import Cast
from tests.workflows.crisis.reports_walk import LINES, MINISTRY, ReportWalk, make_walk
from workflows.crisis.actions import acknowledging, directions, dispatches, reports
from workflows.locks import held_crisis

from .test_who_may_do_what import doers

pytestmark = pytest.mark.django_db
CONFIRMED = acknowledging.Confirmed(name="Người nhận (giả định)", post="Trực ban")
REPORTERS = {"contact", "chief", "deputy", "head"}
# The specialist is on duty.
ANSWERED = REPORTERS | {"specialist"}
NOBODY: set[str] = set()
EXPECTED = {
    "waiting": {
        "report": REPORTERS,
        "phone": ANSWERED,
        "direction": ANSWERED,
        "give_up": {"head"},
        "over_head": {"head"},
    },
    "acknowledged": {
        "report": REPORTERS,
        "phone": ANSWERED,
        "direction": ANSWERED,
        "give_up": NOBODY,
        "over_head": NOBODY,
    },
    "given_up": {
        "report": REPORTERS,
        "phone": NOBODY,
        "direction": NOBODY,
        "give_up": NOBODY,
        "over_head": NOBODY,
    },
    "closed": dict.fromkeys(("report", "phone", "direction", "give_up", "over_head"), NOBODY),
}


def bring_to(walk: ReportWalk, state: str) -> None:
    dispatch = walk.dispatch(walk.ministry)
    if state in ("acknowledged", "closed"):
        walk.confirm(dispatch)
    if state == "given_up":
        with dispatches.held(dispatch) as held:
            acknowledging.give_up(
                process=held.process, dispatch=held.dispatch, reason="Đã gặp.", by=walk.cast.head, at=held.at
            )
    if state == "closed":
        Crisis.objects.filter(pk=walk.crisis.pk).update(state="closed", closed_at=walk.at)


def acts_of(walk: ReportWalk) -> dict[str, Callable[[Person], object]]:
    above = factories.make_agency(code="BO-Y", kind=AgencyKind.MINISTRY)
    call = acknowledging.Call(acknowledged_at=walk.at, phone="0000 000 113")
    given = directions.Given(text="Họp.", from_name="A", from_post="B", received_at=walk.at)

    def report(by: Person) -> object:
        with held_crisis(walk.crisis) as act:
            return reports.send(process=act.process, kind=ReportKind.UPDATE, lines=LINES, by=by, at=act.at)

    def on_dispatch(act: Callable[..., object], **more: object) -> Callable[[Person], object]:
        def perform(by: Person) -> object:
            with dispatches.held(walk.dispatch(walk.ministry)) as held:
                return act(process=held.process, dispatch=held.dispatch, by=by, at=held.at, **more)

        return perform

    return {
        "report": report,
        "phone": on_dispatch(acknowledging.by_phone, confirmed=CONFIRMED, call=call),
        "direction": on_dispatch(directions.write_down, given=given),
        "give_up": on_dispatch(acknowledging.give_up, reason="Đã gặp."),
        "over_head": on_dispatch(reports.over_head, recipient=above, reason="Không ai trả lời."),
    }


@pytest.mark.parametrize("state", EXPECTED)
def test_exactly_these_people_do_each_act_about_a_report(
    cast: Cast, set_clock: Callable[[datetime], None], state: str
) -> None:
    walk = make_walk(cast, set_clock, [MINISTRY])
    walk.on_duty(cast.specialist)
    walk.send()
    bring_to(walk, state)

    found = {name: doers(cast, act) for name, act in acts_of(walk).items()}

    assert found == EXPECTED[state]
