"""Role by state by action: exactly these people do each act on a joint matter, as far as its text has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from core.enums import AgencyKind
from core.models import Agency, Person
from tests.factories import make_agency
from tests.walk import Cast
from tests.workflows.crisis.statements_walk import JointWalk
from workflows.crisis.actions import joint as acts
from workflows.crisis.actions import joint_outside
from workflows.crisis.models import JointText

from .test_who_may_do_what import doers

pytestmark = pytest.mark.django_db
AGREE = {"chief", "deputy", "head", "spokesperson"}
HEAD, NOBODY = {"head"}, set[str]()
ACTS = ("propose", "record", "agree", "object", "put_to_heads")
# Which people of the agency do an act, for the lead and for one of the others.
LEADS = {
    "no text": {"propose": AGREE},
    "proposed": {"propose": AGREE, "record": AGREE, "put_to_heads": AGREE},
    "agreed": {"propose": AGREE, "record": AGREE, "put_to_heads": AGREE},
    "put to the heads": {"propose": HEAD, "record": HEAD},
    "spoken": {"propose": AGREE, "put_to_heads": AGREE},
}
OTHERS = {
    "no text": {},
    "proposed": {"agree": AGREE, "object": AGREE, "put_to_heads": AGREE},
    "agreed": {"agree": AGREE, "object": AGREE, "put_to_heads": AGREE},
    "put to the heads": {"agree": HEAD, "object": HEAD},
    "spoken": {"put_to_heads": AGREE},
}


def said(walk: JointWalk, silent: Agency) -> joint_outside.Said:
    return joint_outside.Said(
        agency=silent, name="A (giả định)", post="B", given_at=walk.speaks.at, paper="1/VP", is_head=True
    )


def bring_to(walk: JointWalk, silent: Agency, state: str) -> JointText | None:
    if state == "no text":
        return None
    text = walk.propose()
    if state in ("agreed", "spoken"):
        walk.agree(text)
        joint_outside.write_down(text=text, said=said(walk, silent), by=walk.lead.chief)
    if state == "put to the heads":
        acts.put_to_heads(matter=walk.matter, agency=walk.lead.agency, reason="Khác.", by=walk.lead.head)
    if state == "spoken":
        walk.speaks.say()
    return text


def acts_for(
    walk: JointWalk, silent: Agency, cast: Cast, text: JointText | None
) -> dict[str, Callable[[Person], object]]:
    """Each act as a person of the cast would try it, for his agency."""
    agency = cast.agency

    def propose(by: Person) -> object:
        return acts.propose(matter=walk.matter, text="Bản khác (giả định).", by=by)

    def put_to_heads(by: Person) -> None:
        acts.put_to_heads(matter=walk.matter, agency=agency, reason="Khác.", by=by)

    if text is None:
        return {"propose": propose, "put_to_heads": put_to_heads}
    return {
        "propose": propose,
        "record": lambda by: joint_outside.write_down(text=text, said=said(walk, silent), by=by),
        "agree": lambda by: acts.agree(text=text, agency=agency, by=by),
        "object": lambda by: acts.object_to(text=text, agency=agency, objections={1: "Sai."}, by=by),
        "put_to_heads": put_to_heads,
    }


@pytest.mark.parametrize("state", LEADS)
def test_exactly_these_people_of_the_lead_and_of_the_others_do_each_act(
    cast: Cast, set_clock: Callable[[datetime], None], state: str
) -> None:
    walk = JointWalk(cast, set_clock)
    silent = make_agency(code="TINH-C", kind=AgencyKind.PROVINCIAL_COMMITTEE)
    walk.matter.parties.add(silent)
    text = bring_to(walk, silent, state)

    for people, expected in ((walk.lead, LEADS[state]), (walk.department, OTHERS[state])):
        found = {name: doers(people, act) for name, act in acts_for(walk, silent, people, text).items()}
        assert found == {name: expected.get(name, NOBODY) for name in found}
