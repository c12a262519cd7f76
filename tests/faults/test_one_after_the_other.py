"""Acts beside the path, jobs and steps queue at one lock: none waits for another that waits for it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from core import contention
from core.errors import Conflict, DomainError, NotAllowedNow
from core.middleware import RequestContextMiddleware
from core.models import CaseParticipant, Inquiry, OutgoingMail, TrailEntry
from documents.models import IssuedDocument
from tests.walk import Walk
from workflows import base, locks, permissions
from workflows.engine.models import SavedInput
from workflows.press_inquiry.actions import beside, jobs, judging, running
from workflows.press_inquiry.models import Opinion, VerdictStep

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20.0


def during(first: Callable[[Event], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """Run `first` in a thread and, once it sets the event it is given, `second` in another."""
    begun = Event()

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    def then() -> Any:
        assert begun.wait(PATIENCE)
        return second()

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(run, lambda: first(begun)), pool.submit(run, then)]
        return results[0].result(), results[1].result()


def a_review_that_takes_its_time(
    walk: Walk, *, until: datetime | None = None
) -> Callable[[Event], base.Step]:
    """It has written its entry, and so holds the head of the stream, before the next step is created."""
    task, sha256 = walk.task("review").pk, walk.sha256

    def review(begun: Event) -> base.Step:
        def perform(step: base.Step) -> None:
            judging.approve(
                process=step.process, step=VerdictStep.REVIEW, sha256=sha256, by=step.by, at=step.at
            )
            begun.set()
            time.sleep(0.8)
            walk.set_clock(until or walk.at)

        return base.execute(task, by=walk.cast.unit_head, perform=perform)

    return review


def stop_clock(walk: Walk) -> None:
    beside.stop_clock(inquiry=Inquiry.objects.get(pk=walk.inquiry.pk), reason="Chờ.", by=walk.cast.contact)


def withdraw(walk: Walk) -> None:
    running.withdraw(inquiry=Inquiry.objects.get(pk=walk.inquiry.pk), reason="Rút.", by=walk.cast.contact)


def move(walk: Walk) -> None:
    inquiry = Inquiry.objects.get(pk=walk.inquiry.pk)
    other = Inquiry.objects.exclude(pk=inquiry.pk).get().case
    beside.move_to_case(inquiry=inquiry, to=other, reason="Cùng việc.", by=walk.cast.contact)


def acknowledge(walk: Walk) -> None:
    OutgoingMail.objects.all().delete()
    jobs.acknowledge(walk.process)


@pytest.mark.parametrize("act", [stop_clock, withdraw, move, acknowledge])
def test_an_act_beside_the_path_waits_for_a_step_and_both_are_done(
    walk: Walk, act: Callable[[Walk], None]
) -> None:
    walk.to("review").tick()
    Walk(walk.cast, walk.set_clock, at=walk.at).register()
    entries = TrailEntry.objects.count()

    reviewed, acted = during(a_review_that_takes_its_time(walk), lambda: act(walk))

    assert isinstance(reviewed, base.Step)
    assert acted is None
    assert TrailEntry.objects.count() >= entries + 2


def test_the_instant_of_an_act_that_waited_lies_after_the_step_it_waited_for(walk: Walk) -> None:
    walk.to("review").tick()
    later = walk.at.replace(hour=23)
    during(a_review_that_takes_its_time(walk, until=later), lambda: stop_clock(walk))

    assert walk.inquiry.clock_stops.get().stopped_at == later


def test_a_job_that_starts_after_a_withdrawal_numbers_nothing(walk: Walk) -> None:
    walk.to("decide").tick()
    sha256 = walk.sha256
    base.execute(
        walk.task("decide").pk,
        by=walk.cast.head,
        perform=lambda step: judging.decide(process=step.process, sha256=sha256, by=step.by, at=step.at),
    )
    brought_along = walk.process

    withdraw(walk)
    jobs.issue(brought_along)

    assert not IssuedDocument.objects.exists()


def test_a_job_that_starts_after_a_withdrawal_acknowledges_nothing(walk: Walk) -> None:
    walk.inquiry = running.start_by_hand(
        agency=walk.cast.agency, registration=walk.registration(), by=walk.cast.contact
    )
    brought_along = walk.process

    withdraw(walk)
    jobs.acknowledge(brought_along)

    assert not OutgoingMail.objects.exists()
    assert not TrailEntry.objects.filter(type="inquiry.acknowledged").exists()


def test_an_answer_recorded_twice_keeps_the_first_and_writes_nothing_back_that_was_purged(walk: Walk) -> None:
    walk.to("review").tick()
    superior = walk.cast.agency.parent
    assert superior is not None
    opinion = beside.ask_opinion(inquiry=walk.inquiry, of=superior, about="Bí mật", by=walk.cast.unit_head)
    first, second = (Opinion.objects.get(pk=opinion.pk) for _ in range(2))
    Opinion.objects.update(about="")

    def record(stale: Opinion, answer: str) -> None:
        beside.record_opinion(
            opinion=stale, answer=answer, answered_by="VP", answered_at=walk.at, by=walk.cast.unit_head
        )

    record(first, "Trước.")
    with pytest.raises(NotAllowedNow, match="already recorded"):
        record(second, "Sau.")

    opinion.refresh_from_db()
    assert (opinion.about, opinion.answer) == ("", "Trước.")


def test_nothing_typed_outlives_the_step_that_was_done_meanwhile(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.to("review").tick()
    task, sha256 = walk.task("review").pk, walk.sha256
    done = Event()

    def type_(begun: Event) -> None:
        check = permissions.check_can_execute

        def check_slowly(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(permissions, "check_can_execute", check)
            mandate = check(*args, **kwargs)
            begun.set()
            done.wait(1)
            return mandate

        monkeypatch.setattr(permissions, "check_can_execute", check_slowly)
        base.save_input(task, by=walk.cast.unit_head, data={"reason": ["x"]}, at=walk.at)

    def review() -> base.Step:
        step = base.execute(
            task,
            by=walk.cast.unit_head,
            perform=lambda step: judging.approve(
                process=step.process, step=VerdictStep.REVIEW, sha256=sha256, by=step.by, at=step.at
            ),
        )
        done.set()
        return step

    _typed, reviewed = during(type_, review)

    assert isinstance(reviewed, base.Step)
    assert not SavedInput.objects.exists()


def test_typing_into_a_step_that_is_done_is_told_and_kept_nowhere(walk: Walk) -> None:
    walk.to("review")
    task = walk.task("review").pk
    walk.review()

    with pytest.raises(Conflict, match="already completed"):
        base.save_input(task, by=walk.cast.unit_head, data={"reason": ["x"]}, at=walk.at)

    assert not SavedInput.objects.exists()


def test_what_was_typed_goes_when_the_inquiry_is_withdrawn(walk: Walk) -> None:
    walk.to("review")
    base.save_input(walk.task("review").pk, by=walk.cast.unit_head, data={"reason": ["x"]}, at=walk.at)

    withdraw(walk)

    assert not SavedInput.objects.exists()


@contextmanager
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(locks, "LOCK_WAIT", "100ms")
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100" if sqlite else "SET lock_timeout = '100ms'")
    yield
    connection.close()


@contextmanager
def held_elsewhere(walk: Walk) -> Iterator[None]:
    process, begun, enough = walk.process, Event(), Event()

    def hold() -> None:
        with locks.locked(process.flow_class, process.pk):
            begun.set()
            enough.wait(PATIENCE)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert begun.wait(PATIENCE)
        yield
        enough.set()
        holding.result()


def test_a_lock_not_gained_in_time_is_told_as_somebody_elses_work(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.to("review")
    process = walk.process

    with (
        held_elsewhere(walk),
        impatient(monkeypatch),
        pytest.raises(Conflict, match="Somebody else"),
        locks.locked(process.flow_class, process.pk),
    ):
        pytest.fail("The lock is held by another.")


def test_a_write_that_lost_a_lock_is_answered_with_the_page_that_says_so(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    walk.to("review")
    process = walk.process
    with (
        held_elsewhere(walk),
        impatient(monkeypatch),
        pytest.raises(OperationalError) as lost,
        transaction.atomic(),
    ):
        type(process).objects.filter(pk=process.pk).update(is_returned=True)
    request: HttpRequest = rf.get("/")
    request.user = walk.cast.contact
    middleware = RequestContextMiddleware(lambda _request: pytest.fail("not called"))

    answer = middleware.process_exception(request, lost.value)

    assert contention.is_contention(lost.value)
    assert answer is not None
    assert answer.status_code == 409
    assert "Somebody else is working on this" in answer.content.decode()


def test_a_database_that_is_broken_is_not_taken_for_somebody_elses_work(walk: Walk) -> None:
    walk.to("review")
    process = walk.process
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    with pytest.raises(OperationalError), locks.locked(process.flow_class, process.pk):
        raise OperationalError("database or disk is full") from full


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_registering_by_hand_does_not_wait_for_whoever_mentions_the_same_person(walk: Walk) -> None:
    walk.to("review")
    contact, case = walk.cast.contact, walk.inquiry.case
    registered = Event()

    def mention(begun: Event) -> bool:
        with transaction.atomic():
            CaseParticipant.objects.filter(case=case, person=contact).delete()
            CaseParticipant.objects.create(case=case, person=contact)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the commit does last
            begun.set()
            return registered.wait(5)

    def register() -> int:
        client = Client()
        client.force_login(contact)
        page = client.get(reverse("register_by_hand"))
        token = page.context["form"]["token"].value()
        typed = {
            "asker_name": "Phóng viên B (giả định)",
            "received_at": f"{walk.at:%Y-%m-%dT%H:%M}",
            "channel": "phone",
            "kind": "information",
            "question_1": "Khi nào?",
            "token": str(token),
        }
        status = client.post(reverse("register_by_hand"), typed).status_code
        registered.set()
        return status

    was_quick, status = during(mention, register)

    assert status == 302
    assert was_quick
