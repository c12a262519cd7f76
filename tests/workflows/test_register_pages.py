"""The public register as anybody reads it: page, JSON and feed, without signing in and without writing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import register as actions
from core.models import Agency, RegisterEdition
from core.queries import register as queries
from core.rules import register as rules
from tests import factories
from tests.register import (
    AT,
    LATER,
    OLD_LAW,
    SECOND,
    SUBJECT,
    appointed,
    assigned,
    call,
    delegated,
    telling_case,
)
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db

AGENCY = ("register_agency", ["SNV-X"])
AGENCY_JSON = ("register_agency_json", ["SNV-X"])
FEED = ("register_feed", ["SNV-X"])
BELOW = ("register_subordinates", ["UBND-SNV-X"])
BELOW_JSON = ("register_subordinates_json", ["UBND-SNV-X"])
INDEX: tuple[str, list[str]] = ("register_index", [])
INDEX_JSON: tuple[str, list[str]] = ("register_index_json", [])
EVERYTHING = [AGENCY, AGENCY_JSON, FEED, BELOW, BELOW_JSON, INDEX, INDEX_JSON]


@pytest.fixture
def cast(set_clock: Callable[[datetime], None]) -> Cast:
    """A department whose first edition is out, at 08:00 on 13/7/2026."""
    cast = make_cast()
    call(cast.spokesperson, "0000 000 101")
    actions.publish_editions(at=AT)
    set_clock(AT)
    return cast


def get(place: tuple[str, list[str]], **headers: Any) -> Any:
    """What anybody gets who does not sign in."""
    name, args = place
    return Client().get(reverse(name, args=args), headers=headers)


def html(place: tuple[str, list[str]]) -> str:
    response = get(place)
    assert response.status_code == 200
    return str(response.content.decode())


# Addresses


def test_the_addresses_are_those_that_are_announced() -> None:
    assert [reverse(name, args=args) for name, args in EVERYTHING] == [
        "/cong-khai/nguoi-phat-ngon/SNV-X/",
        "/cong-khai/nguoi-phat-ngon/SNV-X.json",
        "/cong-khai/nguoi-phat-ngon/SNV-X/thay-doi.rss",
        "/cong-khai/nguoi-phat-ngon/UBND-SNV-X/cap-duoi/",
        "/cong-khai/nguoi-phat-ngon/UBND-SNV-X/cap-duoi.json",
        "/cong-khai/nguoi-phat-ngon/",
        "/cong-khai/nguoi-phat-ngon.json",
    ]


def test_an_agency_that_publishes_nothing_here_is_not_found(cast: Cast) -> None:
    factories.make_agency(code="AAA")

    for place in (
        ("register_agency", ["AAA"]),
        ("register_feed", ["NONE"]),
        ("register_subordinates", ["AAA"]),
    ):
        assert get(place).status_code == 404


# What is said


def test_the_json_says_who_speaks_with_edition_hash_and_last_change(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    set_clock(LATER)

    said = get(AGENCY_JSON).json()

    people = [
        {
            "role": "head", "name": "Head of SNV-X", "post": "Giám đốc Sở", "phone": "", "email": "",
            "valid_from": "2026-07-01T00:00:00+07:00", "valid_until": None,
        },
        {
            "role": "standing", "name": "Spokesperson of SNV-X", "post": "Phó Chánh Văn phòng",
            "phone": "0000 000 101", "email": "spokesperson@snv-x.example",
            "valid_from": "2026-07-01T00:00:00+07:00", "valid_until": None,
        },
    ]  # fmt: skip
    agency = {"code": "SNV-X", "name": "Agency SNV-X"}
    assert said == {
        "agency": agency,
        "as_of": "2026-07-15T17:00:00+07:00",
        "last_changed": "2026-07-13T08:00:00+07:00",
        "edition": 1,
        "sha256": rules.sha256({"agency": agency, "people": people}),
        "people": people,
    }


def test_the_page_says_the_same_and_leads_to_json_and_feed(cast: Cast) -> None:
    shown = html(AGENCY)

    edition = RegisterEdition.objects.get(agency=cast.agency)
    for fact in (
        "Head of SNV-X", "Giám đốc Sở", "Spokesperson of SNV-X", "Phó Chánh Văn phòng", "0000 000 101",
        "mailto:spokesperson@snv-x.example", "From 00:00 on 01/07/2026", edition.sha256, "08:00 on 13/07/2026",
        "/cong-khai/nguoi-phat-ngon/SNV-X.json", "/cong-khai/nguoi-phat-ngon/SNV-X/thay-doi.rss",
    ):  # fmt: skip
        assert fact in shown


def test_the_list_of_all_and_that_of_an_authority_hold_the_registers_of_each(cast: Cast) -> None:
    one = get(AGENCY_JSON).json()

    every, below = get(INDEX_JSON).json(), get(BELOW_JSON).json()

    assert (set(every), set(below)) == ({"as_of", "agencies"}, {"as_of", "agencies", "authority"})
    assert [said["agency"]["code"] for said in every["agencies"]] == ["SNV-X", "SNV-X-OTHER"]
    assert below["authority"] == {"code": "UBND-SNV-X", "name": "Agency UBND-SNV-X"}
    assert below["agencies"] == [one]
    assert "Stranger" in html(INDEX)
    assert "Stranger" not in html(BELOW)
    assert "Spokesperson of SNV-X" in html(BELOW)


def test_a_page_shows_a_change_at_once_and_says_that_its_edition_follows(cast: Cast) -> None:
    call(cast.spokesperson, "0000 000 102")

    shown, said = html(AGENCY), get(AGENCY_JSON).json()

    assert "0000 000 102" in shown
    assert "its edition is numbered within a few minutes" in shown
    assert (said["edition"], said["last_changed"]) == (None, None)


def test_at_its_end_a_mandate_is_gone_from_the_page(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    assigned(cast.chief, cast.agency, until=LATER)
    set_clock(LATER - SECOND)
    before = html(AGENCY)
    set_clock(LATER)

    assert "Chief of SNV-X" in before
    assert "until 17:00 on 15/07/2026" in before
    assert "Chief of SNV-X" not in html(AGENCY)


def test_nothing_of_a_case_stands_on_any_page_in_any_json_or_in_the_feed(cast: Cast) -> None:
    cast.agency.publishes_delegates = True
    cast.agency.save()
    case = telling_case(cast.agency)
    call(cast.unit_head, "0000 000 777")
    delegated(cast.unit_head, case=case, by=cast.head)
    delegated(cast.deputy, case=case, by=cast.head, law=OLD_LAW, document_number="9/GUQ-CU")
    actions.publish_editions(at=AT)

    for place in EVERYTHING:
        body = get(place).content.decode()
        assert "Unit_Head of SNV-X" in body
        assert "9/GUQ-CU" in body
        for hidden in (SUBJECT, "VV-BI-MAT", "12/GUQ-SNV", "0000 000 777", "unit_head@"):
            assert hidden not in body


def test_a_delegate_is_named_nowhere_where_the_agency_names_none(cast: Cast) -> None:
    delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)
    actions.publish_editions(at=AT)

    for place in EVERYTHING:
        assert "Unit_Head" not in get(place).content.decode()


def test_demonstration_agencies_are_marked_as_fictional(cast: Cast) -> None:
    before = html(AGENCY), get(FEED).content.decode()
    Agency.objects.update(is_demo=True)

    mark = "Fictional, for demonstration</span>"
    assert [mark in html(place) for place in (AGENCY, INDEX, BELOW)] == [True] * 3
    assert "fictional, for demonstration" in get(FEED).content.decode()
    assert (mark in before[0], "fictional" in before[1]) == (False, False)


def test_what_people_are_called_is_never_markup(cast: Cast) -> None:
    cast.spokesperson.full_name = "<script>alert(1)</script>"
    cast.spokesperson.save()

    actions.publish_editions(at=LATER)

    assert "<script>alert" not in html(AGENCY) + html(INDEX) + html(BELOW)
    assert "<script>alert" not in (channel().findall("item")[0].findtext("description") or "<script>alert")


# For caches


@pytest.mark.parametrize("place", EVERYTHING)
def test_any_cache_may_keep_it_for_a_minute_because_nothing_in_it_is_the_readers(
    cast: Cast, place: tuple[str, list[str]]
) -> None:
    client = Client()
    client.force_login(cast.contact)
    name, args = place
    response = client.get(reverse(name, args=args))

    assert response.status_code == 200
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=60"}
    assert not response.cookies
    for own in ("csrfmiddlewaretoken", "X-CSRFToken", "Contact of SNV-X"):
        assert own not in response.content.decode()


@pytest.mark.parametrize("place", EVERYTHING)
def test_asked_again_with_its_etag_it_answers_that_nothing_changed_until_something_does(
    cast: Cast, place: tuple[str, list[str]]
) -> None:
    etag = get(place)["ETag"]
    unchanged = get(place, if_none_match=etag)
    call(cast.spokesperson, "0000 000 102")
    actions.publish_editions(at=AT)

    changed = get(place, if_none_match=etag)

    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)
    assert "max-age=60" in unchanged["Cache-Control"]
    assert (changed.status_code, changed["ETag"] != etag) == (200, True)


def test_the_etag_carries_the_hash(cast: Cast) -> None:
    sha256 = queries.register_of(cast.agency, at=AT).sha256

    assert get(AGENCY_JSON)["ETag"] == f'W/"{sha256}.1"'
    assert get(AGENCY)["ETag"].startswith(f'W/"{sha256}.1.en.')


@pytest.mark.parametrize("place", [AGENCY, INDEX, BELOW, FEED])
def test_each_language_is_another_answer(cast: Cast, place: tuple[str, list[str]]) -> None:
    name, args = place
    english, vietnamese = (
        Client().get(reverse(name, args=args), {"lang": language}) for language in ("en", "vi")
    )

    assert (english["Content-Language"], vietnamese["Content-Language"]) == ("en", "vi")
    assert english["ETag"] != vietnamese["ETag"]
    assert "Cookie" in english["Vary"]


@pytest.mark.parametrize("place", EVERYTHING)
def test_reading_writes_nothing_and_only_reading_is_answered(
    cast: Cast, place: tuple[str, list[str]]
) -> None:
    call(cast.spokesperson, "0000 000 102")
    name, args = place

    statuses = [
        getattr(Client(), method)(reverse(name, args=args)).status_code for method in ("get", "head", "post")
    ]

    assert statuses == [200, 200, 405]
    assert RegisterEdition.objects.filter(agency=cast.agency).count() == 1


# The feed


def channel() -> ET.Element:
    response = get(FEED)
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    found = root.find("channel")
    assert found is not None
    return found


def test_the_feed_lists_the_editions_newest_first_with_what_each_changed(cast: Cast) -> None:
    call(cast.spokesperson, "0000 000 102")
    actions.publish_editions(at=LATER)
    appointed(cast.deputy, cast.agency, title="Giám đốc mới", since=LATER)
    actions.publish_editions(at=LATER + SECOND)

    items = channel().findall("item")

    assert [(item.findtext("title"), item.findtext("description")) for item in items] == [
        (
            "Edition 3",
            (
                "Added: Deputy of SNV-X (Head, ex officio): Giám đốc mới.<br>"
                "No longer listed: Head of SNV-X (Head, ex officio)."
            ),
        ),
        (
            "Edition 2",
            "Changed: Spokesperson of SNV-X (Standing spokesperson): phone: 0000 000 101 → 0000 000 102.",
        ),
        (
            "Edition 1",
            (
                "Added: Head of SNV-X (Head, ex officio): Giám đốc Sở.<br>"
                "Added: Spokesperson of SNV-X (Standing spokesperson): Phó Chánh Văn phòng."
            ),
        ),
    ]
    assert len({item.findtext("guid") for item in items}) == 3
    assert items[-1].findtext("pubDate") == "Mon, 13 Jul 2026 01:00:00 +0000"
    assert items[0].findtext("link") == "http://testserver/cong-khai/nguoi-phat-ngon/SNV-X/"


def test_the_feed_of_an_agency_without_an_edition_is_empty(cast: Cast) -> None:
    fresh = factories.make_agency(code="MOI")
    appointed(factories.make_person(), fresh)

    response = get(("register_feed", ["MOI"]))

    assert ET.fromstring(response.content).findall("channel/item") == []


def test_a_name_with_what_xml_forbids_does_not_break_the_feed(cast: Cast) -> None:
    cast.spokesperson.full_name = "An\x0b\x01 Bình"
    cast.spokesperson.save()
    actions.publish_editions(at=LATER)

    assert "An Bình" in (channel().findall("item")[0].findtext("description") or "")


# Cost


@pytest.mark.parametrize("place", EVERYTHING)
def test_three_people_and_three_editions_cost_no_more_queries_than_one(
    cast: Cast, place: tuple[str, list[str]], django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        get(place)
    for at, person in ((AT, cast.chief), (LATER, cast.clerk)):
        assigned(person, cast.agency)
        actions.publish_editions(at=at)

    with django_assert_num_queries(len(one)):
        get(place)
    assert len(one) <= 9
