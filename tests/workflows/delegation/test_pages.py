"""The pages of a delegation: each person, right and wrong input, nothing typed lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import Circumstance, Numbering
from core.models import Mandate, Person
from tests.walk import Cast, make_cast
from workflows.delegation import queries
from workflows.delegation.models import Delegation, Outcome

from .walk import MONDAY, SCAN, DelegationWalk

pytestmark = pytest.mark.django_db
PASSWORD = "mật khẩu của Giám đốc"


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> DelegationWalk:
    cast.head.set_password(PASSWORD)
    cast.head.save()
    return DelegationWalk(cast, set_clock)


@pytest.fixture
def browse(client: Client) -> Callable[[Person], Client]:
    def as_(person: Person) -> Client:
        client.force_login(person)
        return client

    return as_


def typed(walk: DelegationWalk, **changes: Any) -> dict[str, Any]:
    return {
        "to": walk.cast.unit_head.pk,
        "valid_from": "2026-07-13T08:00",
        "valid_until": "2026-07-15T17:00",
        "circumstance": Circumstance.ASSIGNED,
        "reason": "Trưởng phòng nắm rõ vụ việc.",
        "way": "system",
        "action": "hand_in",
        **changes,
    }


def step(walk: DelegationWalk, node: str) -> str:
    walk.delegation = Delegation.objects.latest("pk")
    return reverse("step", args=[walk.task(node).pk])


def test_from_the_case_page_to_the_signature_in_two_taps(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    contact = browse(walk.cast.contact)
    page = contact.get(reverse("case", args=[walk.case.pk]))
    assert reverse("delegation_propose", args=[walk.case.pk]) in page.content.decode()

    opened = contact.post(
        reverse("delegation_propose", args=[walk.case.pk]), {"request": "Giám đốc bận họp."}
    )
    assert opened["Location"] == step(walk, "draft")
    handed_in = contact.post(step(walk, "draft"), typed(walk))
    assert handed_in.status_code == 302
    walk.run_jobs()

    head = browse(walk.cast.head)
    document = queries.letter(Delegation.objects.get())
    assert document is not None
    signed = head.post(
        step(walk, "sign"), {"pdf_sha256": document.pdf_sha256, "password": PASSWORD, "action": "sign"}
    )

    assert signed.status_code == 302
    assert Mandate.objects.get(case=walk.case).person == walk.cast.unit_head


def test_a_wrong_password_signs_nothing_and_is_not_shown_again(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.propose()
    walk.draft()
    document = queries.letter(walk.delegation)
    assert document is not None

    refused = browse(walk.cast.head).post(
        step(walk, "sign"),
        {"pdf_sha256": document.pdf_sha256, "password": "sai mật khẩu", "action": "sign"},
    )

    assert refused.status_code == 422
    assert "The password is not right" in refused.content.decode()
    assert "sai mật khẩu" not in refused.content.decode()
    assert not Mandate.objects.filter(case=walk.case).exists()


def test_a_password_is_never_saved_with_what_is_typed(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.propose()
    walk.draft()
    task = walk.task("sign")

    browse(walk.cast.head).post(
        reverse("step_save", args=[task.pk]), {"password": PASSWORD, "reason": "Một lý do"}
    )

    assert [saved.data for saved in task.saved_inputs.all()] == [{"reason": ["Một lý do"]}]


def test_the_head_sends_the_letter_back_without_a_password(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.propose()
    walk.draft()
    head = browse(walk.cast.head)

    assert head.post(step(walk, "sign"), {"action": "return"}).status_code == 422
    assert head.post(step(walk, "sign"), {"action": "return", "reason": "Sửa thời hạn."}).status_code == 302
    assert walk.steps == {"draft"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid_until": "2026-07-13T07:00"}, "The end must come after the start"),
        ({"valid_from": "2026-07-09T08:00"}, "The start lies in the past"),
        ({"valid_until": ""}, "a delegation has a term"),
        ({"to": ""}, "Choose the person"),
        ({"reason": " "}, "Give the reason"),
        ({"circumstance": ""}, "Choose one"),
    ],
)
def test_a_draft_that_cannot_be_signed_says_why_and_keeps_what_was_typed(
    walk: DelegationWalk, browse: Callable[[Person], Client], changes: dict[str, str], sentence: str
) -> None:
    walk.propose()

    refused = browse(walk.cast.contact).post(
        step(walk, "draft"), typed(walk, **{"reason": "Lý do đã gõ rất lâu.", **changes})
    )

    page = refused.content.decode()
    assert refused.status_code == 422
    assert sentence in page
    assert ("Lý do đã gõ rất lâu." in page) == ("reason" not in changes)
    assert walk.steps == {"draft"}


def test_the_head_is_not_offered_as_delegate_and_a_stranger_is_refused(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.propose()
    contact = browse(walk.cast.contact)

    page = contact.get(step(walk, "draft")).content.decode()
    refused = contact.post(step(walk, "draft"), typed(walk, to=walk.cast.stranger.pk))

    assert f'value="{walk.cast.head.pk}"' not in page
    assert f'value="{walk.cast.deputy.pk}"' in page
    assert "Choose somebody of the agency with an open account" in refused.content.decode()


def test_a_draft_is_given_up_on_its_page(walk: DelegationWalk, browse: Callable[[Person], Client]) -> None:
    walk.propose()
    contact = browse(walk.cast.contact)

    assert contact.post(step(walk, "draft"), {"action": "drop"}).status_code == 422
    assert contact.post(step(walk, "draft"), {"action": "drop", "reason": "Thôi."}).status_code == 302
    assert Delegation.objects.get().outcome == Outcome.DROPPED


def test_somebody_without_the_right_sees_why_instead_of_a_button(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.propose()
    walk.draft()

    page = browse(walk.cast.chief).get(step(walk, "sign")).content.decode()

    assert "do not include this: delegate speaking" in page
    assert 'name="password"' not in page


def test_a_letter_on_paper_is_filed_with_its_scan_which_can_be_fetched(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    clerk = browse(walk.cast.clerk)
    paper = {
        "number": 7,
        "signed_by": walk.cast.head.pk,
        "issued_on": "2026-07-10",
        "signed_at": "2026-07-10T08:30",
        "scan": SimpleUploadedFile(*SCAN),
    }

    filed = clerk.post(reverse("delegation_file_paper", args=[walk.case.pk]), typed(walk) | paper)

    delegation = Delegation.objects.get()
    assert filed["Location"] == reverse("delegation", args=[delegation.pk])
    scan = clerk.get(reverse("delegation_scan", args=[delegation.pk]))
    assert (scan.content, scan["X-Content-Type-Options"]) == (SCAN[1], "nosniff")
    assert scan["Content-Disposition"].startswith("attachment")
    shown = clerk.get(filed["Location"]).content.decode()
    assert "07/GUQ-SNV" in shown


def test_a_paper_signed_tomorrow_or_without_a_readable_scan_is_refused_and_the_rest_kept(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    clerk = browse(walk.cast.clerk)
    paper: dict[str, Any] = {
        "number": 7, "signed_by": walk.cast.head.pk, "issued_on": "2026-07-10", "signed_at": "2026-07-11T08:30",
    }  # fmt: skip

    future = clerk.post(
        reverse("delegation_file_paper", args=[walk.case.pk]),
        typed(walk) | paper | {"scan": SimpleUploadedFile(*SCAN)},
    )
    unreadable = clerk.post(
        reverse("delegation_file_paper", args=[walk.case.pk]),
        typed(walk) | paper | {"scan": SimpleUploadedFile("x.pdf", b"MZ\x90")},
    )

    assert "This time has not come yet" in future.content.decode()
    assert "not of an accepted type" in unreadable.content.decode()
    assert "Trưởng phòng nắm rõ vụ việc." in future.content.decode()
    assert not Delegation.objects.exists()


def test_the_head_revokes_on_the_page_of_the_delegation(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.signed()
    walk.now(MONDAY)
    head = browse(walk.cast.head)
    address = reverse("delegation_revoke", args=[walk.delegation.pk])

    shown = head.get(reverse("delegation", args=[walk.delegation.pk])).content.decode()
    empty = head.post(address, {})
    done = head.post(address, {"reason": "Giám đốc đã về."})

    assert address in shown
    assert empty.status_code == 422
    assert done.status_code == 302
    walk.delegation.refresh_from_db()
    assert walk.delegation.outcome == Outcome.REVOKED


def test_a_delegation_of_a_case_one_may_not_see_is_not_found(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.signed()
    stranger = browse(walk.cast.stranger)

    for name in ("delegation", "delegation_revoke", "delegation_scan", "delegation_number"):
        assert stranger.get(reverse(name, args=[walk.delegation.pk])).status_code == 404
    for name in ("delegation_propose", "delegation_report", "delegation_file_paper", "case_close"):
        assert stranger.get(reverse(name, args=[walk.case.pk])).status_code == 404


def test_the_clerk_finds_the_letter_that_waits_for_a_number_and_enters_it(
    set_clock: Callable[[datetime], None], browse: Callable[[Person], Client]
) -> None:
    walk = DelegationWalk(make_cast(numbering=Numbering.ENTERED), set_clock)
    walk.propose()
    walk.draft()
    clerk = browse(walk.cast.clerk)
    address = reverse("delegation_number", args=[walk.delegation.pk])

    assert address in clerk.get(reverse("work")).content.decode()
    entered = clerk.post(address, {"number": 12, "issued_on": "2026-07-10", "notation": ""})

    assert entered.status_code == 302
    walk.delegation.refresh_from_db()
    assert walk.delegation.number == "12/GUQ-SNV"
    assert address not in clerk.get(reverse("work")).content.decode()


def test_the_case_page_asks_no_more_of_the_database_for_three_delegations_than_for_one(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    contact, address = browse(walk.cast.contact), reverse("case", args=[walk.case.pk])
    walk.signed()
    with CaptureQueriesContext(
        connection,
    ) as one:
        contact.get(address)
    for _number in range(2):
        walk.signed(overlap_note="Cùng phụ trách.")
    browse(walk.cast.contact)

    with CaptureQueriesContext(connection) as three:
        page = contact.get(address)

    assert page.content.decode().count("/GUQ-SNV") >= 3
    assert len(three) == len(one)


def test_the_closing_of_a_case_asks_for_a_reason_and_ends_its_delegations(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.signed()
    chief, address = browse(walk.cast.chief), reverse("case_close", args=[walk.case.pk])

    assert chief.post(address, {"reason": ""}).status_code == 422
    assert chief.post(address, {"reason": "Báo chí không hỏi nữa."}).status_code == 302
    walk.case.refresh_from_db()
    assert not walk.case.is_open
    assert walk.mandate.ends.get().get_cause_display() == "The case was closed"
