"""`manage.py speakers`: the contract of its JSON, the words for people, and which misuse ends with two."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.actions import mandates
from core.actions.mandates import Letter
from core.clock import ZONE
from core.enums import Circumstance
from core.models import Case
from core.rules.delegations import Proposal
from tests.factories import make_case
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db

SIGNED = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
FILED = SIGNED + timedelta(hours=6)


@pytest.fixture
def cast(set_clock: Callable[[datetime], None]) -> Cast:
    set_clock(FILED + timedelta(days=10))
    return make_cast(code="SNV-Q")


@pytest.fixture
def case(cast: Cast) -> Case:
    """With a delegation of the division head until Wednesday 17:00, signed on Monday and filed that afternoon."""
    made = make_case(agency=cast.agency, reference="VV-2026-0007")
    mandates.delegate(
        proposal=Proposal(
            case=made, to=cast.unit_head, valid_from=SIGNED, valid_until=datetime(2026, 7, 15, 17, 0, tzinfo=ZONE),
            circumstance=Circumstance.ASSIGNED, reason="Am hiểu.",
        ),
        letter=Letter(number="12/GUQ-SNV", on=SIGNED.date(), signed_at=SIGNED, is_on_paper=True),
        signed_by=cast.head, by=cast.clerk, at=FILED,
    )  # fmt: skip
    return made


def say(*more: str, agency: str = "SNV-Q", case: str = "VV-2026-0007", at: str = "2026-07-14T09:00") -> str:
    out = StringIO()
    call_command("speakers", agency, "--case", case, "--at", at, *more, stdout=out)
    return out.getvalue()


def ask(*more: str, **of: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(say(*more, "--json", **of))
    return answer


def allowed(answer: dict[str, Any]) -> set[str]:
    return {each["username"] for each in answer["allowed"]}


@pytest.mark.usefixtures("case")
def test_the_answer_has_everybody_in_one_of_two_lists(cast: Cast) -> None:
    answer = ask()

    assert set(answer) == {"agency", "case", "at", "known_at", "allowed", "excluded"}
    assert (answer["agency"], answer["case"], answer["at"], answer["known_at"]) == (
        "SNV-Q", "VV-2026-0007", "2026-07-14T09:00:00+07:00", None,
    )  # fmt: skip
    assert {frozenset(each) for each in answer["allowed"]} == {
        frozenset({"person", "mandate", "document", "username", "post", "kind"})
    }
    assert {frozenset(each) for each in answer["excluded"]} == {
        frozenset({"person", "reason", "username", "post"})
    }
    assert allowed(answer) == {cast.head.username, cast.spokesperson.username, cast.unit_head.username}
    inside = {person.username for person in cast.everybody()} - {cast.stranger.username}
    assert {each["username"] for each in answer["excluded"]} == inside - allowed(answer)


@pytest.mark.usefixtures("case")
def test_each_who_could_speak_is_told_with_the_document(cast: Cast) -> None:
    told = {each["kind"]: (each["person"], each["document"], each["post"]) for each in ask()["allowed"]}

    assert told == {
        "ex_officio": (cast.head.full_name, "The mandate by the post of Giám đốc Sở", "Giám đốc Sở"),
        "standing": (
            cast.spokesperson.full_name,
            "The assignment decision 10/QĐ-SNV-Q",
            "Phó Chánh Văn phòng",
        ),
        "delegated": (cast.unit_head.full_name, "The delegation letter 12/GUQ-SNV", "Trưởng phòng"),
    }


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(
    ("at", "speaks"),
    [
        ("2026-07-15T16:59:59", True),
        ("2026-07-15T17:00:00", False),
        ("2026-07-15T09:59:59+00:00", True),
        ("2026-07-15T10:00:00Z", False),
        ("2026-07-13T07:59:59", False),
        ("2026-07-14", True),
    ],
)
def test_the_delegation_ends_at_its_second_in_whatever_zone_it_is_asked(
    cast: Cast, at: str, speaks: bool
) -> None:
    assert (cast.unit_head.username in allowed(ask(at=at))) is speaks


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(("known_at", "speaks"), [("2026-07-13T13:59:59", False), ("2026-07-13T14:00", True)])
def test_a_letter_filed_late_is_there_from_its_filing_on(cast: Cast, known_at: str, speaks: bool) -> None:
    answer = ask("--known-at", known_at, at="2026-07-13T09:00")

    assert (cast.unit_head.username in allowed(answer)) is speaks
    assert answer["known_at"].startswith(known_at)


@pytest.mark.usefixtures("case")
def test_the_words_for_people_name_the_document_and_the_reason(cast: Cast) -> None:
    lines = say().splitlines()

    assert lines[0] == "Agency SNV-Q, VV-2026-0007, at 09:00:00 14/07/2026, as known now"
    assert lines[1] == "Could speak: 3"
    assert (
        "  Unit_Head of SNV-Q (Trưởng phòng): The delegation letter 12/GUQ-SNV. Delegated, from 08:00 on 13/07/2026 "
        "until 17:00 on 15/07/2026." in lines
    )
    assert f"  {cast.clerk.full_name} (Công chức): {cast.clerk.full_name} has no mandate" in say()
    assert "as known at 14:00:00 13/07/2026" in say("--known-at", "2026-07-13T14:00")


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(
    ("of", "more", "sentence"),
    [
        ({"agency": "NOBODY"}, (), "no agency with the code NOBODY"),
        ({"case": "VV-9"}, (), "no case with the reference VV-9"),
        ({"agency": "SNV-Q-OTHER"}, (), "no case with the reference VV-2026-0007"),
        ({"at": "yesterday"}, (), "yesterday is no time"),
        ({"at": "2026-02-30T08:00"}, (), "is no time"),
        ({"at": "0001-01-01T00:00"}, (), "is no time"),
        ({}, ("--known-at", ""), "is no time"),
        ({}, ("--known-at", "2026-07-23T14:00:01"), "is not known yet"),
    ],
)
def test_misuse_ends_with_two_and_a_sentence(
    of: dict[str, str], more: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        say(*more, **of)

    assert refused.value.returncode == 2
