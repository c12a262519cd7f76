"""`manage.py trail verify` finds whatever somebody with rights over the database did to the trail."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from core import events, triggers
from core.actions import trail
from core.models import Case, TrailEntry, TrailHead
from core.queries.trail import Verification
from core.rules.trail import COLUMNS, body_of, digest
from tests.factories import make_case
from tests.trail_plugin import drop_triggers

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)


@pytest.fixture
def case(db: None) -> Case:
    """A case of four entries beside another that nobody touches; the triggers gone, as for an attacker."""
    case = make_case()
    for of in (make_case(), case):
        for event in (
            events.CASE_OPENED,
            events.INQUIRY_RECEIVED,
            events.INQUIRY_TRIAGED,
            events.CASE_CLOSED,
        ):
            trail.record(event, case=of, by=None, at=AT)
    drop_triggers(connection)
    return case


def problems() -> list[tuple[int | None, str]]:
    """What is found, the missing triggers aside: they are put back before the attacker leaves."""
    connection.check_constraints()
    triggers.install(connection)
    return [(finding.seq, finding.problem.value) for finding in Verification().findings()]


def entries(case: Case) -> Any:
    return TrailEntry.objects.filter(stream=f"case:{case.pk}")


def rewrite(entry: TrailEntry, *, rehash: bool, **changes: Any) -> None:
    """Change an entry so that bytes and columns agree."""
    for name, value in changes.items():
        setattr(entry, name, value)
    body = body_of(entry)
    hashed = {"hash": digest(body)} if rehash else {}
    TrailEntry.objects.filter(pk=entry.pk).update(**changes, body=body, **hashed)


def test_untouched_trail_is_whole(case: Case) -> None:
    assert problems() == []


def test_changed_column_is_found(case: Case) -> None:
    entries(case).filter(seq=2).update(reason="forged")

    assert problems() == [(2, "columns_differ")]


@pytest.mark.parametrize("name", COLUMNS)
def test_no_column_can_be_changed_unseen(case: Case, name: str) -> None:
    entry = entries(case).get(seq=2)
    now = getattr(entry, name)
    if isinstance(now, dict):
        forged: object = {**now, "forged": 1}
    elif isinstance(now, datetime):
        forged = now.replace(year=2099)
    elif isinstance(now, int) or now is None:
        forged = 7777
    elif name.endswith("_id"):
        forged = "00000000-0000-4000-8000-000000000000"
    else:
        forged = "forged"
    entries(case).filter(seq=2).update(**{name: forged})

    assert problems()


def test_rewritten_entry_is_found_by_its_hash(case: Case) -> None:
    rewrite(entries(case).get(seq=2), rehash=False, reason="forged")

    assert problems() == [(2, "hash_wrong")]


def test_rewritten_and_hashed_entry_is_found_by_the_next_one(case: Case) -> None:
    rewrite(entries(case).get(seq=2), rehash=True, reason="forged")

    assert problems() == [(3, "chain_broken")]


def test_rewritten_and_hashed_last_entry_is_found_by_the_head(case: Case) -> None:
    rewrite(entries(case).get(seq=4), rehash=True, reason="forged")

    assert problems() == [(4, "head_differs")]


def test_bytes_that_are_not_canonical_are_found(case: Case) -> None:
    entry = entries(case).get(seq=4)
    body = json.dumps(json.loads(bytes(entry.body)), indent=1).encode()
    entries(case).filter(seq=4).update(body=body, hash=digest(body))
    TrailHead.objects.filter(case=case).update(hash=digest(body))

    assert problems() == [(4, "body_unreadable")]


def test_cut_tail_is_found(case: Case) -> None:
    entries(case).filter(seq__gt=2).delete()

    assert problems() == [(2, "head_differs")]


def test_removed_entry_is_found(case: Case) -> None:
    entries(case).filter(seq=2).delete()

    assert problems() == [(3, "sequence_broken"), (3, "chain_broken")]


def test_removed_first_entry_is_found(case: Case) -> None:
    entries(case).filter(seq=1).delete()

    assert problems() == [(2, "sequence_broken"), (2, "chain_broken")]


def test_swapped_entries_are_found(case: Case) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        entries(case).filter(seq=old).update(seq=new)

    assert {seq for seq, _problem in problems()} >= {2, 3}


def test_rewritten_head_is_found(case: Case) -> None:
    TrailHead.objects.filter(case=case).update(hash="0" * 64)

    assert problems() == [(4, "head_differs")]


def test_earlier_recorded_time_is_found(case: Case) -> None:
    rewrite(entries(case).get(seq=3), rehash=True, recorded_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert (3, "time_runs_back") in problems()


def test_stream_without_head_is_found(case: Case) -> None:
    TrailHead.objects.filter(case=case).delete()

    assert problems() == [(None, "head_missing"), (None, "stream_missing")]


def test_head_without_entries_is_found(case: Case) -> None:
    entries(case).delete()

    assert problems() == [(None, "entries_missing")]


def test_case_without_any_trail_is_found(case: Case) -> None:
    make_case()

    assert problems() == [(None, "stream_missing")]


def test_stream_hung_under_another_case_is_found(case: Case) -> None:
    TrailHead.objects.filter(case=case).update(case=make_case())

    assert (None, "case_missing") in problems()


def test_trail_that_is_no_longer_protected_is_found(case: Case) -> None:
    found = list(Verification().findings())

    assert {finding.stream for finding in found} >= {"core_trailentry", "core_trailhead", "core_statement"}
    assert {finding.problem.value for finding in found} == {"unprotected"}


def test_two_breaks_in_two_streams_are_both_found(case: Case) -> None:
    TrailHead.objects.update(seq=F("seq") + 1)

    assert problems() == [(4, "head_differs"), (4, "head_differs")]


@pytest.fixture
def verify() -> Callable[..., tuple[int, str]]:
    def run(*options: str) -> tuple[int, str]:
        triggers.install(connection)
        out = StringIO()
        try:
            call_command("trail", "verify", *options, stdout=out)
        except SystemExit as left:
            return int(left.code or 0), out.getvalue()
        return 0, out.getvalue()

    return run


def test_command_leaves_with_0_and_counts_when_whole(
    case: Case, verify: Callable[..., tuple[int, str]]
) -> None:
    code, said = verify("--json")

    assert code == 0
    assert json.loads(said) == {"entries": 8, "cases": 2, "findings": []}


def test_command_leaves_with_1_and_names_the_place(
    case: Case, verify: Callable[..., tuple[int, str]]
) -> None:
    rewrite(entries(case).get(seq=2), rehash=False, reason="forged")

    code, said = verify("--json")

    assert code == 1
    assert json.loads(said)["findings"] == [{"stream": f"case:{case.pk}", "seq": 2, "problem": "hash_wrong"}]


def test_command_says_a_sentence_for_each_finding(case: Case, verify: Callable[..., tuple[int, str]]) -> None:
    rewrite(entries(case).get(seq=2), rehash=False, reason="forged")

    _code, said = verify()

    assert said.splitlines() == [
        f"case:{case.pk} #2: the hash does not match the content of the entry",
        "Checked 8 entries of the trail of 2 cases. Problems found: 1.",
    ]


def test_verifying_asks_no_more_for_more_streams(case: Case) -> None:
    def queries() -> int:
        triggers.install(connection)
        with CaptureQueriesContext(connection) as captured:
            assert list(Verification().findings()) == []
        return len(captured)

    few = queries()
    for _number in range(3):
        trail.record(events.CASE_OPENED, case=make_case(), by=None, at=AT)

    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_verifying_outside_a_transaction_reads_one_snapshot() -> None:
    assert list(Verification().findings()) == []
    assert getattr(connection, "transaction_mode", "IMMEDIATE") == "IMMEDIATE"
