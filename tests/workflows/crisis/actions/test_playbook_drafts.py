"""A draft is opened, changed and approved; the trail says so without its texts; one's own hides the example."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.actions import people
from core.enums import CrisisLevel, CrisisPart, DutyKind, PostKind, RecipientPart
from core.errors import Conflict, Invalid, NotAllowedNow, Refused
from core.models import DutyShift, Post, TrailEntry
from core.permissions import MissingRole
from tests.register import appointed
from tests.walk import START, Cast, make_cast
from tests.workflows.crisis.running_walk import RunningWalk
from tests.workflows.crisis.walk import STEPS, make_playbook, step
from workflows.crisis.actions import playbooks as actions
from workflows.crisis.models import Playbook, PlaybookSign, PlaybookStep, PlaybookVersion, ReportLine
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules.playbooks import Content

TODAY = START.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def example(cast: Cast, set_clock: Callable[[datetime], None]) -> PlaybookVersion:
    set_clock(START)
    return make_playbook(signs=("Đề thi lan truyền",), topics=("T-1",))


@pytest.fixture
def draft(cast: Cast, example: PlaybookVersion) -> PlaybookVersion:
    return actions.open_draft(example, agency=cast.agency, change="Lý do riêng", by=cast.contact, at=START)


def written(*rows: dict[str, Any], **fields: Any) -> actions.Written:
    content = Content(
        signs=[PlaybookSign(text="Đề thi lan truyền"), PlaybookSign(text="Điểm sai")],
        steps=[PlaybookStep(**row) for row in rows or STEPS],
        lines=[ReportLine(part=RecipientPart.PROVINCIAL_COMMITTEE, min_level=1, minutes=15)],
    )
    return actions.Written(**{"title": "Lộ đề thi", "level": 2, "content": content, **fields})


def entries() -> list[str]:
    return list(
        TrailEntry.objects.filter(type__startswith="playbook.").order_by("seq").values_list("type", flat=True)
    )


def test_a_draft_is_a_whole_copy_under_the_next_number(cast: Cast, draft: PlaybookVersion) -> None:
    example = PlaybookVersion.objects.get(playbook__agency=None)
    assert queries.plain(draft) == queries.plain(example)
    assert (draft.number, draft.playbook.code, draft.playbook.agency) == (1, "exam", cast.agency)
    approved = actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)
    assert actions.open_draft(approved, by=cast.chief, at=START).number == 2
    assert entries() == ["playbook.drafted", "playbook.approved", "playbook.drafted"]


def test_there_is_one_draft_at_a_time_and_a_review_adds_to_it(cast: Cast, draft: PlaybookVersion) -> None:
    example = PlaybookVersion.objects.get(playbook__agency=None)
    with pytest.raises(actions.DraftExists, match="has an open draft, version 1") as refused:
        actions.open_draft(example, agency=cast.agency, by=cast.chief, at=START)
    assert refused.value.draft == draft

    same = actions.propose_change(example, agency=cast.agency, change="Gọi sớm hơn", by=cast.head, at=START)

    assert (same, same.change) == (draft, "Lý do riêng\n\nGọi sớm hơn")
    assert entries() == ["playbook.drafted", "playbook.proposed"]


def test_who_saves_over_what_a_review_proposed_meanwhile_is_told(cast: Cast, draft: PlaybookVersion) -> None:
    later = START + timedelta(minutes=1)
    actions.propose_change(draft, change="Gọi sớm hơn", by=cast.head, at=later)

    with pytest.raises(Conflict, match=f"^{cast.head.full_name} saved this draft"):
        actions.change_draft(draft, written=written(), by=cast.contact, at=later, seen=START)

    draft.refresh_from_db()
    assert draft.change == "Lý do riêng\n\nGọi sớm hơn"


def test_a_review_opens_the_next_draft_where_none_is_open(cast: Cast, example: PlaybookVersion) -> None:
    opened = actions.propose_change(example, agency=cast.agency, change="Gọi sớm hơn", by=cast.head, at=START)
    assert (opened.is_draft, opened.change, opened.written_by) == (True, "Gọi sớm hơn", cast.head)


def test_a_change_replaces_everything_at_once_and_its_text_stays_out_of_the_trail(
    cast: Cast, draft: PlaybookVersion
) -> None:
    actions.change_draft(draft, written=written(change="Vì chậm"), by=cast.contact, at=START, seen=START)

    draft.refresh_from_db()
    assert (draft.title, draft.level, draft.change) == ("Lộ đề thi", 2, "Vì chậm")
    assert [(sign.number, sign.text) for sign in draft.signs.all()] == [
        (1, "Đề thi lan truyền"),
        (2, "Điểm sai"),
    ]
    assert [line.minutes for line in draft.report_lines.all()] == [15]
    assert draft.topics.count() == 0
    entry = TrailEntry.objects.get(type="playbook.changed")
    assert (entry.data["signs"], entry.data["steps"], entry.data["lines"]) == (2, 6, 1)
    assert entry.data["text_hash"].startswith("hmac-sha256:")
    assert "Vì chậm" not in bytes(entry.body).decode()


def test_what_cannot_run_is_refused_with_every_sentence_and_nothing_is_lost(
    cast: Cast, draft: PlaybookVersion
) -> None:
    before = queries.plain(draft)
    broken = written(*STEPS[1:], step("extra", 9, CrisisPart.DUTY_OFFICER, minutes=0))

    with pytest.raises(actions.CannotRun) as refused:
        actions.change_draft(draft, written=broken, by=cast.contact, at=START)

    told = str(refused.value)
    for said in ("comes after “verify”", "has no minutes", "nobody at the agency plays", "Nothing was saved"):
        assert said in told
    assert {problem.number for problem in refused.value.problems} >= {3, 6}
    assert queries.plain(draft) == before


def test_a_duty_that_the_roster_knows_is_a_part_of_the_agency(cast: Cast, draft: PlaybookVersion) -> None:
    last = step("wrap-up", 6, after=["verify", "preserve", "report", "statement", "briefing", "watch"])
    rows = (*STEPS[:-1], step("watch", 7, CrisisPart.DUTY_OFFICER), last)
    DutyShift.objects.create(
        agency=cast.agency,
        kind=DutyKind.OFFICER,
        person=cast.clerk,
        starts_at=START,
        ends_at=START + timedelta(1),
    )
    actions.change_draft(draft, written=written(*rows), by=cast.contact, at=START)
    assert draft.steps.count() == 7


def test_who_saves_over_somebody_elses_save_is_told(cast: Cast, draft: PlaybookVersion) -> None:
    later = START + timedelta(minutes=5)
    actions.change_draft(draft, written=written(), by=cast.chief, at=later, seen=START)
    with pytest.raises(Conflict, match="saved this draft while you worked on it"):
        actions.change_draft(draft, written=written(title="Khác"), by=cast.contact, at=later, seen=START)
    draft.refresh_from_db()
    assert draft.title == "Lộ đề thi"


def test_a_draft_without_a_title_is_refused_at_its_field(cast: Cast, draft: PlaybookVersion) -> None:
    with pytest.raises(Invalid, match="has no title") as refused:
        actions.change_draft(draft, written=written(title=" "), by=cast.contact, at=START)
    assert set(refused.value.fields) == {"title"}


def test_approving_ends_the_version_before_the_same_day(cast: Cast, draft: PlaybookVersion) -> None:
    first = actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)
    second = actions.open_draft(first, by=cast.contact, at=START)

    with pytest.raises(Invalid, match="begins on that day or later"):
        actions.approve(second, valid_from=TODAY, by=cast.head, at=START)
    with pytest.raises(Invalid, match="lies in the past"):
        actions.approve(second, valid_from=TODAY - timedelta(days=1), by=cast.head, at=START)
    actions.approve(second, valid_from=TOMORROW, by=cast.head, at=START)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.valid_until, second.valid_from, second.valid_until) == (TOMORROW, TOMORROW, None)
    assert second.approved_by == cast.head
    assert queries.in_force(cast.agency, TODAY) == [first]
    assert queries.in_force(cast.agency, TOMORROW) == [second]


def test_a_draft_that_cannot_run_is_not_approved(cast: Cast, draft: PlaybookVersion) -> None:
    draft.steps.filter(code="report").delete()
    with pytest.raises(actions.CannotRun, match="No step from level 1 is a report"):
        actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_was_approved_or_dropped_is_no_draft_any_more(cast: Cast, draft: PlaybookVersion) -> None:
    actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)
    for act in (
        lambda: actions.change_draft(draft, written=written(), by=cast.contact, at=START),
        lambda: actions.approve(draft, valid_from=TOMORROW, by=cast.head, at=START),
        lambda: actions.drop_draft(draft, by=cast.contact, at=START),
    ):
        with pytest.raises(NotAllowedNow, match="is no draft any more"):
            act()


def test_ones_own_version_hides_the_example_of_its_code_alone(cast: Cast, draft: PlaybookVersion) -> None:
    other = make_playbook(code="strike")
    example = PlaybookVersion.objects.get(playbook__agency=None, playbook__code="exam")
    stranger = make_cast(code="SNV-Y")
    assert queries.in_force(cast.agency, TODAY) == [example, other]

    own = actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)

    assert queries.in_force(cast.agency, TODAY) == [own, other]
    assert queries.in_force(cast.agency, TODAY - timedelta(days=1)) == [example, other]
    assert queries.in_force(stranger.agency, TODAY) == [example, other]
    actions.end(own, on=TOMORROW, reason="Thay bằng quy chế mới", by=cast.head, at=START)
    assert queries.in_force(cast.agency, TOMORROW) == [other]
    with pytest.raises(NotAllowedNow, match="has an end already"):
        actions.end(own, on=TOMORROW, reason="Lại", by=cast.head, at=START)


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_an_end_before_the_beginning_or_in_the_past_is_refused(
    cast: Cast, draft: PlaybookVersion, day: date
) -> None:
    own = actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)
    with pytest.raises(Invalid, match="choose another day"):
        actions.end(own, on=day, reason="Lý do", by=cast.head, at=START)


def test_dropping_the_only_draft_takes_the_empty_playbook_with_it(cast: Cast, draft: PlaybookVersion) -> None:
    actions.drop_draft(draft, by=cast.contact, at=START)
    assert list(Playbook.objects.filter(agency=None)) == list(Playbook.objects.all())
    assert entries() == ["playbook.drafted", "playbook.draft_dropped"]


def test_the_matrix_of_who_may_write_and_who_may_approve(cast: Cast, draft: PlaybookVersion) -> None:
    example = PlaybookVersion.objects.get(playbook__agency=None)

    def may(act: Callable[[Any], object]) -> set[str]:
        able = set()
        for person in cast.everybody():
            try:
                act(person)
            except Refused:
                continue
            except (NotAllowedNow, Invalid):
                pass
            able.add(person.username.split(".")[1])
        return able

    past = TODAY - timedelta(days=1)
    assert may(lambda who: actions.change_draft(draft, written=written(), by=who, at=START)) == {
        "contact",
        "chief",
    }
    assert may(lambda who: actions.open_draft(example, agency=cast.agency, by=who, at=START)) >= {
        "contact",
        "chief",
    }
    assert may(lambda who: actions.approve(draft, valid_from=past, by=who, at=START)) == {"head"}
    assert may(lambda who: actions.end(example, on=past, reason="Lý do", by=who, at=START)) >= {"head"}

    people.end_post(post=Post.objects.get(person=cast.head), valid_until=START, by=None, at=START)
    appointed(cast.deputy, cast.agency, kind=PostKind.DEPUTY_IN_CHARGE, since=START)
    assert may(lambda who: actions.approve(draft, valid_from=past, by=who, at=START)) == {"deputy"}


def test_an_example_and_anothers_playbook_are_not_touched(cast: Cast, draft: PlaybookVersion) -> None:
    example = PlaybookVersion.objects.get(playbook__agency=None)
    stranger = make_cast(code="SNV-Y")
    with pytest.raises(NotAllowedNow, match="An example is not changed"):
        actions.open_draft(example, by=cast.contact, at=START)
    with pytest.raises(NotAllowedNow, match="An example is not changed"):
        actions.end(example, on=TOMORROW, reason="Lý do", by=cast.head, at=START)
    with pytest.raises(NotAllowedNow, match="is another agency's"):
        actions.open_draft(draft, agency=stranger.agency, by=stranger.contact, at=START)
    with pytest.raises(MissingRole):
        actions.change_draft(draft, written=written(), by=stranger.contact, at=START)


def test_a_crisis_that_began_under_a_version_keeps_it_also_for_what_a_higher_level_adds(
    draft: PlaybookVersion, walk: RunningWalk
) -> None:
    cast = walk.cast
    own = actions.approve(draft, valid_from=TODAY, by=cast.head, at=START)
    walk.begin(version=own).assess().activate()
    following = actions.open_draft(own, by=cast.contact, at=START)
    renamed = [{**row, "title": "Khác"} for row in STEPS]
    actions.change_draft(following, written=written(*renamed), by=cast.contact, at=START)
    actions.approve(following, valid_from=TOMORROW, by=cast.head, at=START)
    walk.pass_time(days=2)

    walk.change_level(CrisisLevel.SPREADING)

    rows = walk.crisis.steps.select_related("playbook_step__version")
    assert {row.title for row in rows} == {row.title for row in own.steps.all()}
    assert {row.playbook_step.version for row in rows if row.playbook_step} == {own}
