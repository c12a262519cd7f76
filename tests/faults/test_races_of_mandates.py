"""Speaking against revoking at the same moment: in every order no statement is later than the revocation."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from core import clock
from core.actions import casefile, mandates
from core.enums import InquiryOutcome, ReplyForm, Secrecy, StatementForm
from core.errors import Conflict, DomainError, NotAllowedNow, Refused
from core.models import Case, Inquiry, Mandate, Statement, TrailEntry
from core.queries import mandates as mandate_queries
from core.queries import trail as trail_queries
from tests import factories
from tests.faults.test_races import at_once
from tests.walk import Walk
from tests.workflows.delegation.walk import MONDAY, DelegationWalk
from workflows import base, locks
from workflows.delegation.actions import ending
from workflows.press_inquiry.actions import releasing

pytestmark = pytest.mark.django_db(transaction=True)

LONG = 20
A_MOMENT = 0.7
TEN = MONDAY + timedelta(days=1, hours=2)
SetClock = Callable[[datetime], None]


class Matter:
    """One case, its delegate in force, two inquiries under it that wait for their release."""

    def __init__(self, walk: Walk, set_clock: SetClock) -> None:
        walk.at, walk.reply_form = MONDAY - timedelta(days=4), ReplyForm.EMAIL
        self.set_clock = set_clock
        self.first = walk.to("release")
        self.second = Walk(walk.cast, set_clock, at=walk.at, reply_form=ReplyForm.EMAIL)
        self.second.register(case=self.first.inquiry.case)
        self.second.to("release")
        self.delegation = DelegationWalk(walk.cast, set_clock, at=self.second.tick())
        self.delegation.case = self.first.inquiry.case
        # Somebody without any role, who sees no case but by this delegation.
        self.speaker = self.delegation.to = factories.make_person(full_name="Người được ủy quyền")
        factories.make_post(person=self.speaker, agency=walk.cast.agency)
        self.mandate = self.delegation.signed()
        self.cast = walk.cast
        set_clock(TEN)

    def release(self, walk: Walk) -> base.Step:
        facts = releasing.ReleaseFacts(form=StatementForm.PRESS_RELEASE_OR_REPLY)
        return base.execute(
            walk.task("release").pk,
            by=self.speaker,
            perform=lambda step: releasing.release(process=step.process, facts=facts, by=step.by, at=step.at),
        )

    def revoke(self) -> None:
        ending.revoke(delegation=self.delegation.delegation, reason="Thu hồi.", by=self.cast.head)


@pytest.fixture
def matter(walk: Walk, set_clock: SetClock) -> Matter:
    return Matter(walk, set_clock)


@pytest.fixture
def beside() -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Starts an act on another connection; a DomainError is a result like any other."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        yield lambda act: pool.submit(run, act)


def waits(act: Future[Any]) -> bool:
    """Whether the act is still waiting for a lock after a moment."""
    Event().wait(A_MOMENT)
    return not act.done()


def entries(type_: str) -> list[TrailEntry]:
    return list(TrailEntry.objects.filter(type=type_).order_by("seq"))


def no_statement_is_later_than_the_revocation() -> None:
    (revoked,) = entries("mandate.revoked")
    for released in entries("statement.released"):
        assert released.seq < revoked.seq
        assert released.recorded_at <= revoked.recorded_at
    ends_at = Mandate.objects.get(ends__isnull=False).valid_until
    assert ends_at is not None
    assert all(statement.spoken_at <= ends_at for statement in Statement.objects.all())


@pytest.mark.parametrize("round_", range(4))
def test_two_releases_and_a_revocation_at_once(matter: Matter, round_: int) -> None:
    results = at_once(
        lambda: matter.release(matter.first), lambda: matter.release(matter.second), matter.revoke
    )

    assert results[2] is None
    for result in results[:2]:
        assert isinstance(result, base.Step | Refused)
    assert Statement.objects.count() == sum(isinstance(result, base.Step) for result in results[:2])
    no_statement_is_later_than_the_revocation()


def test_a_release_that_waits_for_the_revocation_is_judged_by_the_instant_after_it(
    matter: Matter, beside: Callable[[Callable[[], Any]], Future[Any]]
) -> None:
    """Begun a minute before the revocation, which holds the mandate: the instant is read only once it is held."""
    matter.set_clock(TEN - timedelta(minutes=1))
    with transaction.atomic():
        mandate_queries.hold(matter.speaker, agency=matter.cast.agency)
        released = beside(lambda: matter.release(matter.first))
        assert waits(released)
        matter.set_clock(TEN)
        mandates.revoke(mandate=matter.mandate, by=matter.cast.head, at=clock.now(), reason="Thu hồi.")

    result = released.result(timeout=LONG)
    assert isinstance(result, Refused)
    assert "revoked with effect from 10:00 on 14/07/2026" in str(result)
    assert not Statement.objects.exists()


def test_a_revocation_waits_for_a_release_under_way_and_comes_after_it(
    matter: Matter, beside: Callable[[Callable[[], Any]], Future[Any]]
) -> None:
    with transaction.atomic():
        matter.release(matter.first)
        revoked = beside(matter.revoke)
        assert waits(revoked)

    assert revoked.result(timeout=LONG) is None
    assert isinstance(at_once(lambda: matter.release(matter.second))[0], Refused)
    assert Statement.objects.count() == 1
    no_statement_is_later_than_the_revocation()


def test_a_form_opened_before_the_revocation_and_sent_after_it_is_refused_and_keeps_what_was_typed(
    matter: Matter, client: Client
) -> None:
    """By somebody to whom the restricted case is open no more: nothing of it stands on the page."""
    Case.objects.update(secrecy=Secrecy.RESTRICTED)
    client.force_login(matter.speaker)
    address = reverse("step", args=[matter.first.task("release").pk])
    matter.set_clock(TEN - timedelta(minutes=1))
    opened = client.get(address)
    matter.set_clock(TEN)
    matter.revoke()

    typed = {"form": StatementForm.PRESS_RELEASE_OR_REPLY, "recipient": "Phóng viên đã gõ tay"}
    sent = client.post(address, typed)

    assert opened.status_code == 200
    assert sent.status_code == 403
    page = sent.content.decode()
    assert "was revoked with effect from 10:00 on 14/07/2026" in page
    assert "Phóng viên đã gõ tay" in page
    case = matter.first.inquiry.case
    for fact in (case.title, case.reference, matter.first.inquiry.reference, *matter.first.questions):
        assert fact in opened.content.decode()
        assert fact not in page
    assert not Statement.objects.exists()


def test_closing_the_case_waits_for_a_release_under_way_and_ends_the_mandate_after_it(
    matter: Matter, beside: Callable[[Callable[[], Any]], Future[Any]]
) -> None:
    case = matter.first.inquiry.case
    matter.second.inquiry.questions.update(outcome="not_answered")
    Inquiry.objects.filter(case=case).update(outcome=InquiryOutcome.WITHDRAWN)

    def close() -> None:
        with locks.held_case(case) as at:
            casefile.close(case=case, reason="Xong.", by=matter.cast.chief, at=at)

    with transaction.atomic():
        matter.release(matter.first)
        closed = beside(close)
        assert waits(closed)
        matter.set_clock(TEN + timedelta(seconds=1))

    assert closed.result(timeout=LONG) is None
    (end,) = Mandate.objects.get(pk=matter.mandate.pk).ends.all()
    statement = Statement.objects.get()
    assert statement.spoken_at < end.ends_at == TEN + timedelta(seconds=1)


@pytest.mark.parametrize("round_", range(3))
def test_signing_filing_releasing_and_closing_at_once_end_each_in_a_word_and_never_in_a_deadlock(
    matter: Matter, round_: int
) -> None:
    """Each takes the case, the mandates, the series and the trail in one order."""
    other = DelegationWalk(matter.cast, matter.set_clock, at=TEN, to=matter.cast.unit_head)
    other.case = matter.first.inquiry.case
    other.propose()
    term: dict[str, Any] = {
        "valid_from": TEN,
        "valid_until": TEN + timedelta(days=1),
        "overlap_note": "Cùng phụ trách.",
    }
    other.draft(**term)
    paper = DelegationWalk(matter.cast, matter.set_clock, at=TEN, to=matter.cast.deputy)
    paper.case = other.case

    def close() -> None:
        with locks.held_case(other.case) as at:
            casefile.close(case=other.case, reason="Xong.", by=matter.cast.chief, at=at)

    results = at_once(
        other.sign,
        lambda: paper.file_paper(signed_at=TEN, number=40, **term),
        lambda: matter.release(matter.first),
        close,
    )

    assert [result for result in results if isinstance(result, Conflict)] == []
    assert isinstance(results[3], NotAllowedNow)
    assert not isinstance(results[2], Exception)
    assert list(trail_queries.Verification().findings()) == []
