"""Several writers at once give one chain without a gap."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from core import events
from core.actions import trail
from core.models import Case, TextKey, TrailEntry
from core.queries.trail import Verification
from tests.factories import make_case

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
WRITERS = 3
ENTRIES = 6

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[], None]) -> None:
    barrier = Barrier(WRITERS)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait()
            work()
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run) for _number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def write_some(case: Case | None) -> None:
    for _number in range(ENTRIES):
        with transaction.atomic():
            trail.record(events.CASE_OPENED, case=case, by=None, at=AT)


def test_writers_on_one_new_case_give_a_gapless_chain() -> None:
    case = make_case()

    at_once(lambda: write_some(Case.objects.get(pk=case.pk)))

    numbers = TrailEntry.objects.filter(stream=f"case:{case.pk}").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, WRITERS * ENTRIES + 1))
    assert list(Verification().findings()) == []


def test_writers_on_the_global_stream_give_a_gapless_chain() -> None:
    at_once(lambda: write_some(None))

    assert TrailEntry.objects.filter(stream="global").count() == WRITERS * ENTRIES
    assert list(Verification().findings()) == []


def test_first_use_of_a_key_at_once_gives_one_key() -> None:
    case = make_case()
    digests: set[str] = set()

    at_once(lambda: digests.add(trail.keyed_hash(case, "text")))

    assert len(digests) == TextKey.objects.count() == 1
