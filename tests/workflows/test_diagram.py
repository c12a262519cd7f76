from collections.abc import Callable
from itertools import pairwise

import pytest

from core.enums import ReplyForm
from tests.walk import Walk
from workflows import diagram, queries
from workflows.press_inquiry.actions import running
from workflows.press_inquiry.flow import PressInquiryFlow
from workflows.press_inquiry.models import VerdictStep

pytestmark = pytest.mark.django_db

PATH = [
    "register_by_hand", "acknowledge", "triage", "assign", "draft", "review", "clear", "await_refusals", "decide",
    "issue", "sign", "stamp", "release", "follow_up", "end",
]  # fmt: skip


def drawn(walk: Walk) -> diagram.Diagram:
    tasks = [task for task in queries.tasks_of_case(walk.inquiry.case) if task.process_id == walk.process.pk]
    outcome = walk.inquiry.get_outcome_display() if walk.inquiry.is_ended else ""
    return diagram.of_run(PressInquiryFlow, tasks, outcome=outcome)


def states(walk: Walk) -> dict[str, str]:
    return {station.name: station.state for station in drawn(walk).stations}


def test_the_steps_stand_in_the_order_of_the_flow_file() -> None:
    names = [station.name for station in diagram.of_run(PressInquiryFlow, []).stations]

    assert names == ["register", *PATH[1:]]


def test_a_run_by_hand_begins_with_its_own_start(inquiry_at: Callable[..., Walk]) -> None:
    assert [station.name for station in drawn(inquiry_at("triage")).stations] == PATH


def test_what_is_behind_is_done_what_waits_is_current_what_follows_is_to_come(
    inquiry_at: Callable[..., Walk],
) -> None:
    found = states(inquiry_at("review"))

    assert {name for name, state in found.items() if state == "done"} == set(PATH[:5])
    assert {name for name, state in found.items() if state == "current"} == {"review"}
    assert {name for name, state in found.items() if state == "upcoming"} == set(PATH[6:])


def test_a_returned_draft_shows_what_has_to_be_done_again_and_how_often_it_was(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("clear")
    walk.give_back(VerdictStep.CLEAR, walk.cast.legal)

    assert (states(walk)["draft"], states(walk)["review"]) == ("current", "again")

    walk.draft()
    times = {station.name: station.times for station in drawn(walk).stations}

    assert (times["draft"], times["review"]) == (2, 1)


def test_steps_the_reply_did_not_need_say_so(inquiry_at: Callable[..., Walk]) -> None:
    found = states(inquiry_at("follow_up", reply_form=ReplyForm.PORTAL))

    assert {name for name, state in found.items() if state == "passed"} == {"issue", "sign", "stamp"}


def test_the_end_bears_the_name_of_the_outcome(inquiry_at: Callable[..., Walk]) -> None:
    end = drawn(inquiry_at("the end", reply_form=ReplyForm.PORTAL)).stations[-1]

    assert (end.title, end.state) == ("Answered", "done")


def test_a_withdrawn_inquiry_shows_where_it_was_cut_off(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("assign")
    running.withdraw(inquiry=walk.inquiry, reason="The journalist asks no more.", by=walk.cast.contact)
    walk.inquiry.refresh_from_db()

    assert states(walk)["assign"] == "cancelled"
    assert drawn(walk).stations[-1].title == "Withdrawn by the journalist"


def test_no_two_boxes_of_a_lane_overlap_and_all_lie_inside_the_drawing() -> None:
    drawing = diagram.of_run(PressInquiryFlow, [])
    for lane in range(len(diagram.LANES) + 1):
        boxes = [box for box in drawing.boxes if box.station.lane == lane]
        assert all(left.x + left.width < right.x for left, right in pairwise(boxes))
    assert all(
        box.x + box.width < drawing.width and box.y + box.height < drawing.height for box in drawing.boxes
    )
    assert {box.station.lane for box in drawing.boxes} == set(range(len(diagram.LANES) + 1))


def test_long_titles_are_parted_at_words() -> None:
    assert diagram.wrapped("Cho ý kiến pháp lý và thể thức") == ["Cho ý kiến pháp", "lý và thể thức"]
