"""What a page refuses over POST, whom a form offers, and that pressing twice is pressing once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import people
from core.enums import Circumstance, Numbering
from core.models import Agency, Mandate, Person, Post, TrailEntry
from tests import factories
from tests.walk import SINCE, Cast, make_cast
from workflows import delegations
from workflows.delegation import queries
from workflows.delegation.forms.drafting import DelegateField, DraftForm
from workflows.delegation.forms.signing import FilePaperForm
from workflows.delegation.models import Delegation

from .test_sweep import becomes_head
from .walk import FRIDAY_BEFORE, MONDAY, SCAN, DelegationWalk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> DelegationWalk:
    return DelegationWalk(cast, set_clock)


@pytest.fixture
def browse(client: Client) -> Callable[[Person], Client]:
    def as_(person: Person) -> Client:
        client.force_login(person)
        return client

    return as_


def paper(to: Person) -> dict[str, Any]:
    return {
        "to": to.pk, "valid_from": "2026-07-13T08:00", "valid_until": "2026-07-15T17:00",
        "circumstance": Circumstance.ASSIGNED, "reason": "Nắm rõ vụ việc.", "number": 7, "issued_on": "2026-07-10",
        "signed_by": Person.objects.get(username="snv-x.head").pk, "signed_at": "2026-07-10T08:30",
        "scan": SimpleUploadedFile(*SCAN),
    }  # fmt: skip


def step(walk: DelegationWalk, node: str) -> str:
    return reverse("step", args=[walk.task(node).pk])


def test_a_refusal_over_post_tells_its_sentence_and_keeps_what_was_typed(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    address = reverse("delegation_file_paper", args=[walk.case.pk])

    refused = browse(walk.cast.contact).post(address, paper(walk.cast.unit_head) | {"number": ""})

    page = refused.content.decode()
    assert refused.status_code == 403
    assert "do not include this" in page
    assert "Write the number" not in page
    assert "Nắm rõ vụ việc." in page
    assert not Delegation.objects.exists()


def offered(form: type[DraftForm | FilePaperForm], walk: DelegationWalk) -> set[Person]:
    to = form(case=walk.case, person=walk.cast.clerk, at=walk.at).fields["to"]
    assert isinstance(to, DelegateField)
    return set(to.queryset or ())


def test_an_ended_post_beside_one_that_holds_does_not_hide_the_person(walk: DelegationWalk) -> None:
    factories.make_post(
        person=walk.cast.unit_head, agency=walk.cast.agency, title="Phó Trưởng phòng", valid_from=SINCE,
        valid_until=SINCE + DAY,
    )  # fmt: skip

    assert walk.cast.unit_head in offered(DraftForm, walk)


def test_a_draft_offers_nobody_who_has_left_and_a_letter_on_paper_everybody_but_the_head(
    walk: DelegationWalk,
) -> None:
    people.end_post(
        post=Post.objects.get(person=walk.cast.unit_head), valid_until=FRIDAY_BEFORE, by=None, at=FRIDAY_BEFORE
    )  # fmt: skip
    people.close_account(person=walk.cast.legal, by=None, at=FRIDAY_BEFORE)
    gone = {walk.cast.unit_head, walk.cast.legal}
    here = offered(DraftForm, walk)

    assert not gone & here
    assert offered(FilePaperForm, walk) == here | gone
    assert walk.cast.head not in here | gone
    assert walk.cast.stranger not in here | gone


def test_a_letter_on_paper_to_somebody_who_has_left_since_is_filed_by_the_rule_of_its_signing(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.now(MONDAY + DAY)
    people.end_post(
        post=Post.objects.get(person=walk.cast.unit_head), valid_until=MONDAY, by=None, at=MONDAY
    )  # fmt: skip

    filed = browse(walk.cast.clerk).post(
        reverse("delegation_file_paper", args=[walk.case.pk]), paper(walk.cast.unit_head)
    )

    assert filed.status_code == 302
    assert Mandate.objects.get(case=walk.case).person == walk.cast.unit_head


def test_the_draft_page_asks_no_more_of_the_database_for_many_people_than_for_few(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.propose()
    contact, address = browse(walk.cast.contact), step(walk, "draft")
    contact.get(address)
    with CaptureQueriesContext(connection) as few:
        contact.get(address)
    for number in range(5):
        person = factories.make_person(full_name=f"Người {number}")
        factories.make_post(
            person=person, agency=walk.cast.agency, title=f"Chức vụ {number}", valid_from=SINCE
        )

    with CaptureQueriesContext(connection) as many:
        page = contact.get(address).content.decode()

    assert "Người 4 – Chức vụ 4" in page
    assert len(many) == len(few)


def test_letters_that_wait_for_a_number_take_as_many_queries_for_three_as_for_one(
    set_clock: Callable[[datetime], None],
) -> None:
    walk = DelegationWalk(make_cast(numbering=Numbering.ENTERED), set_clock)

    def counted(expected: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(queries.letters_to_number(Agency.objects.all())) == expected
        return len(captured)

    walk.propose()
    walk.draft()
    of_one = counted(1)
    for _number in range(2):
        walk.propose()
        walk.draft(overlap_note="x")

    assert counted(3) == of_one


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "Đang gõ dở."}, "Choose whether it stays in force or is revoked"),
        ({"action": "", "reason": "Đang gõ dở."}, "Choose whether it stays in force or is revoked"),
        ({"action": "revoke", "reason": " "}, "Give the reason."),
    ],
)
def test_a_new_head_confirms_nothing_without_the_button_and_revokes_nothing_without_a_reason(
    walk: DelegationWalk, browse: Callable[[Person], Client], typed: dict[str, str], sentence: str
) -> None:
    walk.signed()
    walk.now(MONDAY)
    becomes_head(walk, walk.cast.deputy)
    delegations.sweep()

    refused = browse(walk.cast.deputy).post(step(walk, "confirm"), typed)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert sentence in page
    assert typed["reason"].strip() in page
    assert "confirm" in walk.steps
    assert not TrailEntry.objects.filter(type__in=("delegation.confirmed", "mandate.revoked")).exists()


def test_a_new_head_confirms_with_the_button(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.signed()
    walk.now(MONDAY)
    becomes_head(walk, walk.cast.deputy)
    delegations.sweep()

    assert browse(walk.cast.deputy).post(step(walk, "confirm"), {"action": "confirm"}).status_code == 302
    assert TrailEntry.objects.filter(type="delegation.confirmed").count() == 1


def test_whoever_holds_a_mandate_is_told_that_it_is_never_passed_on(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    walk.signed()
    walk.now(MONDAY)
    walk.propose()
    walk.draft(to=walk.cast.legal, overlap_note="x")
    address = step(walk, "sign")

    def shown(person: Person) -> str:
        return browse(person).get(address).content.decode()

    for holder in (walk.cast.spokesperson, walk.cast.unit_head):
        assert "never passed on" in shown(holder)
        assert browse(holder).post(address, {"action": "sign"}).status_code == 403
    assert "do not include this: delegate speaking" in shown(walk.cast.chief)
    assert "never passed on" not in shown(walk.cast.head)


@pytest.mark.parametrize(
    ("name", "who"), [("delegation_propose", "contact"), ("delegation_report", "spokesperson")]
)
def test_a_form_sent_twice_opens_one_delegation_and_two_forms_open_two(
    walk: DelegationWalk, browse: Callable[[Person], Client], name: str, who: str
) -> None:
    client, address = browse(getattr(walk.cast, who)), reverse(name, args=[walk.case.pk])

    def fill_in() -> dict[str, str]:
        token = client.get(address).context["form"]["token"].value()
        return {"request": "Đi công tác.", "token": str(token)}

    form = fill_in()
    first, second = client.post(address, form), client.post(address, form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Delegation.objects.count() == 1
    client.post(address, fill_in())
    assert Delegation.objects.count() == 2


def test_a_delegate_without_a_role_may_open_the_page_to_report(
    walk: DelegationWalk, browse: Callable[[Person], Client]
) -> None:
    plain = factories.make_person(full_name="Chỉ có chức vụ")
    factories.make_post(person=plain, agency=walk.cast.agency, valid_from=SINCE)
    walk.signed(to=plain)
    walk.now(MONDAY)
    client, address = browse(plain), reverse("delegation_report", args=[walk.case.pk])

    assert client.get(address).context["why_not"] == ""
    assert address in client.get(reverse("case", args=[walk.case.pk])).content.decode()


def test_entries_tell_the_version_of_the_run_they_belong_to(walk: DelegationWalk) -> None:
    walk.propose()
    walk.delegation.processes.update(definition_version="0.9")
    walk.draft()

    entries = TrailEntry.objects.filter(type__in=("delegation.proposed", "delegation.drafted")).order_by(
        "seq"
    )
    assert [entry.procedure_version for entry in entries] == ["1", "0.9"]
