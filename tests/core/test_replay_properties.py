"""The replay over random histories: what is known at an instant never changes, and it says what the check says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import permissions
from core.actions import casefile, mandates, people
from core.actions.mandates import Letter
from core.clock import ZONE
from core.enums import Circumstance, MandateEndCause, MandateKind, PostKind, Role, StatementForm
from core.errors import DomainError, Refused
from core.models import Agency, Case, CaseUserObjectPermission, Mandate, Person, Post
from core.queries import mandates as queries
from core.queries import speakers
from core.rules import mandates as rules
from core.rules.delegations import Proposal
from core.rules.speakers import Everybody, replay
from core.rules.speakers import said as said_alone
from tests import factories
from tests.walk import give, load_roles

pytestmark = pytest.mark.django_db

START = datetime(2026, 8, 3, 8, 0, tzinfo=ZONE)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
KINDS = (*(PostKind(kind) for kind in PostKind if kind != PostKind.UNIT_HEAD),)
LOOKED_AT = (-60 * HOUR, -24 * HOUR, -SECOND, timedelta(), 12 * HOUR, 60 * HOUR)
Answers = list[tuple[Any, ...]]


class Move(NamedTuple):
    """One act: which, who and which row it takes, after how many hours, and two spans in hours around it."""

    act: str
    who: int
    after: int
    near: int
    far: int


@dataclass
class History:
    """An agency with five people, its head in office, two cases, and acts that may be refused like any other."""

    agency: Agency
    cases: Sequence[Case]
    staff: Sequence[Person]
    chief: Person
    stranger: Person
    now: datetime = START
    done: list[str] = field(default_factory=list)

    def do(self, move: Move) -> None:
        self.now += move.after * HOUR
        try:
            with transaction.atomic():
                ACTS[move.act](self, move)
        except DomainError:
            return
        self.done.append(move.act)

    def person(self, move: Move) -> Person:
        return self.staff[move.who % len(self.staff)]

    def appoint(self, move: Move) -> None:
        begin = self.now + move.near * HOUR
        until = begin + abs(move.far) * HOUR if move.far > 0 else None
        people.appoint(
            person=self.person(move), agency=self.agency, kind=KINDS[abs(move.far) % len(KINDS)], title=f"P{move.far}",
            valid_from=begin, valid_until=until, at=self.now, by=None,
        )  # fmt: skip

    def end_post(self, move: Move) -> None:
        post = self.one_of(list(Post.objects.filter(agency=self.agency).order_by("pk")), move)
        people.end_post(post=post, valid_until=self.now + move.near * HOUR, by=None, at=self.now)

    def assign(self, move: Move) -> None:
        begin = self.now + move.near * HOUR
        mandates.assign_standing_spokesperson(
            person=self.person(move), agency=self.agency, document_number="1/QĐ", document_date=self.now.date(),
            valid_from=begin, valid_until=begin + move.far * HOUR if move.far > 0 else None, by=None, at=self.now,
        )  # fmt: skip

    def end_assignment(self, move: Move) -> None:
        mandate = self.one_of(self.mandates(MandateKind.STANDING), move)
        mandates.end(
            mandate=mandate, ends_at=self.now + move.near * HOUR, cause=MandateEndCause.DECISION_ENDED, by=None,
            at=self.now,
        )  # fmt: skip

    def delegate(self, move: Move) -> None:
        """On paper, filed some hours after the head of that instant signed."""
        signed_at = self.now - abs(move.near) * HOUR
        head = queries.head_at(self.agency, at=signed_at)
        begin = signed_at + max(move.far, 0) * HOUR
        mandates.delegate(
            proposal=Proposal(
                case=self.cases[move.far % 2], to=self.person(move), valid_from=begin,
                valid_until=begin + (10 + 2 * abs(move.near)) * HOUR, circumstance=Circumstance.ASSIGNED, reason="r",
                forms=[StatementForm.DIRECT] if move.near % 2 else [], overlap_note="n",
            ),
            letter=Letter(number="2/GUQ", on=signed_at.date(), signed_at=signed_at, is_on_paper=True),
            signed_by=head.person if head else self.person(move), by=self.chief, at=self.now,
        )  # fmt: skip

    def revoke(self, move: Move) -> None:
        head = queries.head_at(self.agency, at=self.now)
        given = self.mandates(MandateKind.DELEGATED)
        going_on = [each for each in given if not rules.is_over(each, at=self.now)]
        mandates.revoke(
            mandate=self.one_of(going_on or given, move),
            by=head.person if head else self.person(move),
            at=self.now,
            reason="r",
            effective_from=self.now - move.far * HOUR if move.far > 0 else None,
        )

    def turn_account(self, move: Move) -> None:
        person = Person.objects.get(pk=self.person(move).pk)
        turn = people.close_account if person.is_active else people.reopen_account
        turn(person=person, by=None, at=self.now)

    def turn_case(self, move: Move) -> None:
        case = Case.objects.get(pk=self.cases[move.who % 2].pk)
        turn = casefile.close if case.is_open else casefile.reopen
        turn(case=case, reason="r", by=self.chief, at=self.now)

    def lapse(self, _move: Move) -> None:
        for mandate in self.mandates(MandateKind.DELEGATED):
            mandates.lapse(mandate=mandate, at=self.now)

    def mandates(self, kind: MandateKind) -> list[Mandate]:
        return list(Mandate.objects.filter(agency=self.agency, kind=kind).order_by("pk"))

    @staticmethod
    def one_of(rows: list[Any], move: Move) -> Any:
        if not rows:
            raise DomainError("There is none.")
        return rows[move.who % len(rows)]

    def everybody(self) -> Everybody:
        """As recorded by now."""
        return speakers.everybody(self.agency)

    def replayed(self, facts: Everybody, at: datetime, known_at: datetime | None = None) -> Answers:
        told = replay(facts, case=self.cases[0], at=at, known_at=known_at)
        return [
            (each.person, each.post, each.mandate, each.words, each.document, each.reason)
            for each in told.answers
        ]


ACTS: dict[str, Callable[[History, Move], None]] = {
    "appoint": History.appoint,
    "end_post": History.end_post,
    "assign": History.assign,
    "end_assignment": History.end_assignment,
    "delegate": History.delegate,
    "revoke": History.revoke,
    "turn_account": History.turn_account,
    "turn_case": History.turn_case,
    "lapse": History.lapse,
}
# Every history has every act, in any order; what ends needs something that began, so some come more often.
ORDER = (*ACTS, "delegate", "turn_account", "delegate", "revoke", "end_post")
numbers = st.tuples(st.integers(0, 9), st.integers(1, 15), st.integers(-30, 30), st.integers(-20, 20))
moves = st.builds(
    lambda acts, given: [Move(act, *spans) for act, spans in zip(acts, given, strict=True)],
    st.permutations(ORDER),
    st.lists(numbers, min_size=len(ORDER), max_size=len(ORDER)),
)


def quick(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture
def history() -> History:
    load_roles()
    province = factories.make_agency(name="Ủy ban nhân dân tỉnh")
    agency = factories.make_agency(code="SNV-R", parent=province)
    staff = [factories.make_person(full_name=f"Người {letter}") for letter in "ABCDE"]
    for person in staff[1:]:
        factories.make_post(person=person, agency=agency)
    since = START - timedelta(days=20)
    people.appoint(
        person=staff[0], agency=agency, kind=PostKind.HEAD, title="Giám đốc", valid_from=since, at=since, by=None
    )  # fmt: skip
    chief, stranger = factories.make_person(full_name="Chánh"), factories.make_person(full_name="Người lạ")
    factories.make_post(person=chief, agency=agency)
    give(chief, Role.CHIEF_OF_OFFICE, agency=agency)
    mandates.assign_standing_spokesperson(
        person=staff[1], agency=agency, document_number="1/QĐ", document_date=since.date(), valid_from=since, by=None,
        at=since,
    )  # fmt: skip
    cases = [factories.make_case(agency=agency), factories.make_case(agency=agency)]
    return History(agency=agency, cases=cases, staff=staff, chief=chief, stranger=stranger)


@contextmanager
def undone(history: History) -> Iterator[History]:
    """A copy of the beginning; what is done to it is taken back."""
    with transaction.atomic():
        yield History(
            agency=history.agency, cases=history.cases, staff=history.staff, chief=history.chief,
            stranger=history.stranger,
        )  # fmt: skip
        transaction.set_rollback(True)


def checked(history: History, person: Person, at: datetime, known_at: datetime | None) -> Mandate | str:
    try:
        return permissions.check_may_speak(
            person, agency=history.agency, case=history.cases[0], form=None, at=at, known_at=known_at
        )
    except Refused as refusal:
        return said_alone(refusal)


@quick(5)
@given(moves=moves)
def test_the_replay_as_known_at_an_instant_is_that_of_the_history_that_ended_there(
    history: History, moves: list[Move]
) -> None:
    with undone(history) as growing:
        told = []
        for move in moves:
            growing.do(move)
            facts = growing.everybody()
            instants = [growing.now + span for span in LOOKED_AT]
            told.append((growing.now, instants, [growing.replayed(facts, at) for at in instants]))

        facts = growing.everybody()
        for known_at, instants, then in told:
            assert [growing.replayed(facts, at, known_at) for at in instants] == then


@quick(5)
@given(moves=moves, back=st.integers(0, 90))
def test_the_replay_says_of_everybody_what_the_check_says(
    history: History, moves: list[Move], back: int
) -> None:
    with undone(history) as grown:
        for move in moves:
            grown.do(move)

        facts, people = grown.everybody(), Person.objects.order_by("pk")
        for at in (grown.now - 30 * HOUR, grown.now):
            for known_at in (None, grown.now - back * HOUR):
                told = {row[0]: row[2] or row[5] for row in grown.replayed(facts, at, known_at)}
                for person in people:
                    said = checked(grown, person, at, known_at)
                    assert said == told.get(person, said)
                    assert person in told or isinstance(said, str)


def test_what_has_ended_gives_nothing_and_the_stored_ends_are_those_of_the_rule(history: History) -> None:
    reached: set[str] = set()

    @quick(7)
    @given(moves=moves, later=st.integers(0, 40))
    def hold(moves: list[Move], later: int) -> None:
        with undone(history) as grown:
            for move in moves:
                grown.do(move)
            grown.lapse(moves[0])
            reached.update(grown.done)

            for mandate in Mandate.objects.filter(agency=grown.agency).select_related("person"):
                end = rules.until(mandate)
                assert mandate.valid_until == (max(end, mandate.valid_from) if end else None)
                if end is not None:
                    for at in (end, end + later * HOUR, max(end, mandate.valid_from)):
                        assert checked(grown, mandate.person, at, None) != mandate
            assert granted(grown) == going_on(grown)

    hold()

    # The properties would hold of histories in which everything is refused as well.
    assert reached == set(ACTS)


def granted(history: History) -> set[tuple[int, int]]:
    """Who holds guardian's row for which case."""
    rows = CaseUserObjectPermission.objects.filter(content_object__in=history.cases)
    return set(rows.values_list("user_id", "content_object_id"))


def going_on(history: History) -> set[tuple[int, int | None]]:
    """Whose delegation for which case is in force or still to begin."""
    return {
        (mandate.person_id, mandate.case_id)
        for mandate in history.mandates(MandateKind.DELEGATED)
        if not rules.is_over(mandate, at=history.now)
    }
