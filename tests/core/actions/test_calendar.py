from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from core import events
from core.actions import calendar, reference, trail
from core.actions.calendar import Decision
from core.clock import ZONE
from core.enums import DayKind
from core.errors import Invalid, Refused
from core.models import CalendarDay, CalendarVersion, TrailEntry
from core.permissions import MissingRole
from core.queries import calendar as queries
from core.rules.calendar import NoCalendar
from core.rules.calendars import Change, UnusableCalendar
from tests.law import FIXTURES
from tests.trail_plugin import drop_triggers
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, tzinfo=ZONE)
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
SWAP = (
    Change(day=MONDAY, kind=DayKind.SWAPPED, name="Hoán đổi: nghỉ 23/11, làm bù 28/11"),
    Change(day=SATURDAY, kind=DayKind.MAKE_UP, name="Làm bù cho ngày 23/11"),
)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def decision(changes: Sequence[Change] = SWAP, **given: Any) -> Decision:
    facts = {"number": " 99/TB-BNV ", "on": date(2026, 11, 19), "issuer": " Bộ Nội vụ ", "changes": changes}
    return Decision(**{**facts, **given})


def publish(cast: Cast, changes: Sequence[Change] = SWAP, **given: Any) -> CalendarVersion:
    by = given.pop("by", cast.administrator)
    return calendar.publish(decision=decision(changes, **given), by=by, at=AT)


def numbers() -> list[int]:
    return sorted(CalendarVersion.objects.values_list("number", flat=True))


# The first version


def test_the_shipped_calendar_is_version_one_with_its_documents_and_loaded_once() -> None:
    first = CalendarVersion.objects.get()

    again = calendar.load_first(reference.read_rows(FIXTURES / "calendar.json"), at=AT)

    assert again is None
    assert (first.number, first.first_year, first.last_year, first.provisional_years) == (
        1,
        2024,
        2027,
        [2027],
    )
    assert "2026: 12729/VPCP-KGVX ngày 25/12/2025" in first.note
    assert "2027: tạm tính" in first.note
    assert numbers() == [1]


def test_once_people_have_published_the_file_changes_nothing_any_more(cast: Cast) -> None:
    published = publish(cast)

    assert calendar.load_first(reference.read_rows(FIXTURES / "calendar.json"), at=AT) is None
    assert queries.current_version() == published


def test_a_file_that_skips_a_year_is_refused() -> None:
    rows = [row for row in reference.read_rows(FIXTURES / "calendar.json") if row["year"] != 2025]

    with pytest.raises(UnusableCalendar, match="skips a year"):
        calendar._first_content(rows)


# Publishing


def test_a_published_version_carries_its_decision_and_answers_for_its_days(cast: Cast) -> None:
    published = publish(cast)

    worked = queries.calendar_of(published)
    assert (published.number, published.decision_number, published.issuer, published.decision_date) == (
        2,
        "99/TB-BNV",
        "Bộ Nội vụ",
        date(2026, 11, 19),
    )
    assert (published.published_by, published.published_at) == (cast.administrator, AT)
    assert published.changed_days == ["2026-11-23", "2026-11-28"]
    assert (worked.is_working(MONDAY), worked.is_working(SATURDAY)) == (False, True)
    assert worked.number == 2


def test_the_version_before_still_answers_as_it_did(cast: Cast) -> None:
    first = CalendarVersion.objects.get(number=1)

    publish(cast)

    assert queries.calendar_of(first).is_working(MONDAY)
    assert numbers() == [1, 2]


def test_the_trail_keeps_the_decision_under_which_a_version_was_published(cast: Cast) -> None:
    published = publish(cast)

    entry = TrailEntry.objects.get(type=events.CALENDAR_PUBLISHED.code)
    assert entry.data == {
        "version": 2,
        "decision": "99/TB-BNV",
        "decision_date": "2026-11-19",
        "issuer": "Bộ Nội vụ",
        "first_year": 2024,
        "last_year": 2027,
        "changed_days": 2,
        "sha256": published.sha256,
    }
    assert (entry.actor_id, entry.stream) == (cast.administrator.pk, trail.GLOBAL)


def test_versions_are_numbered_one_after_the_other(cast: Cast) -> None:
    publish(cast)

    publish(cast, [], settled_days=[date(2026, 11, 21)])

    assert numbers() == [1, 2, 3]


def test_publishing_a_provisional_year_makes_it_official(cast: Cast) -> None:
    published = publish(
        cast,
        [Change(day=date(2027, 2, 3), kind=DayKind.SWAPPED, name="Hoán đổi")],
        settled_years=[2027],
    )

    official = queries.calendar_of(published)
    assert published.provisional_years == []
    assert not official.is_provisional(date(2027, 6, 1))
    assert not official.is_working(date(2027, 2, 3))
    assert not official.is_working(date(2027, 9, 2))
    assert len(published.changed_days) == 365


def test_a_new_year_is_opened_with_its_fixed_holidays(cast: Cast) -> None:
    published = publish(cast, [], settled_years=[2028])

    opened = queries.calendar_of(published)
    assert published.last_year == 2028
    assert not opened.is_working(date(2028, 9, 1))
    assert opened.is_working(date(2028, 9, 5))
    assert opened.is_provisional(date(2027, 6, 1))


# What is refused


def test_publishing_needs_the_right(cast: Cast) -> None:
    for person in (cast.head, cast.legal, cast.auditor):
        with pytest.raises(MissingRole):
            publish(cast, by=person)
    cast.administrator.is_active = False
    with pytest.raises(Refused):
        publish(cast)

    assert numbers() == [1]


@pytest.mark.parametrize("missing", ["number", "issuer"])
def test_a_decision_has_its_number_and_its_issuer(cast: Cast, missing: str) -> None:
    with pytest.raises(Invalid, match="under a decision with its number, date and issuer") as refused:
        publish(cast, SWAP, **{missing: "  "})

    assert set(refused.value.fields) == {missing}
    assert numbers() == [1]


@pytest.mark.parametrize(
    ("changes", "given", "sentence"),
    [
        ([], {}, "changes no day and settles nothing"),
        ([], {"settled_days": [date(2026, 11, 24)]}, "changes no day and settles nothing"),
        ([], {"settled_years": [2026]}, "changes no day and settles nothing"),
        ([], {"settled_years": [2029]}, "would skip"),
        ([Change(day=date(2029, 1, 3), kind=DayKind.SWAPPED, name="X")], {}, "would skip"),
        ([Change(day=date(2023, 1, 3), kind=DayKind.SWAPPED, name="X")], {}, "would skip 2023"),
        ([Change(day=date(2026, 11, 24), kind=DayKind.SWAPPED, name="X")], {}, "24/11/2026 is off already"),
        ([Change(day=date(2026, 12, 5), kind=DayKind.SWAPPED, name="X")], {}, "05/12/2026 is off already"),
        ([Change(day=date(2026, 12, 4), kind=DayKind.MAKE_UP, name="X")], {}, "04/12/2026 is a working day"),
        ([*SWAP, SWAP[0]], {}, "23/11/2026 is named twice"),
    ],
)
def test_a_version_that_does_not_fit_is_refused_and_nothing_is_published(
    cast: Cast, changes: Sequence[Change], given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnusableCalendar, match=sentence):
        publish(cast, changes, **given)

    assert numbers() == [1]
    assert not TrailEntry.objects.filter(type=events.CALENDAR_PUBLISHED.code).exists()


def test_publishing_the_same_decision_again_changes_nothing_and_is_refused(cast: Cast) -> None:
    publish(cast, [], settled_days=[MONDAY])

    with pytest.raises(UnusableCalendar, match="nothing to publish"):
        publish(cast, [], settled_days=[MONDAY])


# What was published is what answers


def test_a_day_slipped_into_a_published_version_is_noticed_and_nothing_is_computed(cast: Cast) -> None:
    published = publish(cast)
    CalendarDay.objects.create(
        version=published, day=date(2026, 12, 1), kind=DayKind.HOLIDAY, name="Ngày tự thêm"
    )

    queries._read.cache_clear()  # as in a process that starts

    with pytest.raises(queries.CalendarAltered, match="phiên bản 2 không còn khớp"):
        queries.calendar_of(published)


def test_without_any_calendar_nothing_is_published_and_the_year_is_named(cast: Cast) -> None:
    for table in ("core_calendarday", "core_calendarversion"):
        drop_triggers(connection, table=table)
    CalendarDay.objects.all().delete()
    CalendarVersion.objects.all().delete()

    with pytest.raises(NoCalendar, match="for 2026"):
        publish(cast)
    with pytest.raises(NoCalendar, match="for 2031"):
        queries.require_version(date(2031, 1, 1))
