from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from core import events
from core.actions import demo, reference
from core.actions.reference import Change
from core.enums import Codename, DeadlineOutcome, DutyKind, MandateKind, RecipientPart
from core.errors import Invalid
from core.models import (
    Agency,
    AgencyContact,
    Deadline,
    Mandate,
    Person,
    Post,
    RoleAssignment,
    SigningCapacity,
    TrailEntry,
    Unit,
)
from core.queries import directory
from core.rules.deadlines import local_day
from tests.law import load_law

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PASSWORD = "a demonstration"
pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    reference.load(FOLDER.parent / "reference")
    load_law()
    demo.load(FOLDER, password=PASSWORD, at=AT)


def holders(agency: str, codename: Codename) -> set[str]:
    rows = RoleAssignment.objects.at(AT).filter(agency__code=agency, group__permissions__codename=codename)
    return set(rows.values_list("person__username", flat=True))


@pytest.mark.usefixtures("loaded")
def test_loading_the_demonstration_twice_changes_nothing_the_second_time() -> None:
    again = demo.load(FOLDER, password=PASSWORD, at=AT)

    assert {change for tally in again for change in tally.changes} == {Change.UNCHANGED}


@pytest.mark.usefixtures("loaded")
def test_every_demo_row_is_marked_and_says_that_it_is_fictional() -> None:
    names = [*Person.objects.values_list("full_name", flat=True)]
    names += Agency.objects.filter(is_demo=True).values_list("name", flat=True)

    assert all("(giả định)" in name for name in names)
    assert not Person.objects.filter(is_demo=False).exists()


@pytest.mark.usefixtures("loaded")
def test_a_report_of_the_large_department_has_a_recipient_for_every_part_with_somebody_to_reach() -> None:
    department, on = Agency.objects.get(code="SNV-MAU"), local_day(AT)

    found = {part: directory.recipient_of(part, agency=department, on=on) for part in RecipientPart}

    assert {part.value: agency.code for part, agency in found.items()} == {
        "provincial_committee": "UBND-MAU", "field_ministry": "BNV", "press_ministry": "BVHTTDL",
        "press_department": "SVHTTDL-MAU", "party_communication": "BTGDV-MAU", "police": "CAT-MAU",
        "neighbour": "SGDDT-MAU",
    }  # fmt: skip
    assert all(directory.duty_numbers(agency).exists() for agency in found.values())


@pytest.mark.usefixtures("loaded")
def test_every_contact_is_fictional_and_can_reach_nobody() -> None:
    rows = AgencyContact.objects.all()

    assert rows
    assert all("(giả định)" in row.name for row in rows)
    assert all(row.email.endswith(".example") and row.phone.startswith("0000 ") for row in rows)


@pytest.mark.usefixtures("loaded")
def test_the_superior_body_has_several_people_who_may_acknowledge_a_report() -> None:
    assert holders("UBND-MAU", Codename.ACKNOWLEDGE_REPORT) == {
        "ubmau.chutich", "ubmau.chanhvanphong", "ubmau.baochi",
    }  # fmt: skip


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("hour", [0, 7, 12, 23])
@pytest.mark.parametrize("kind", DutyKind)
def test_somebody_leads_and_sits_on_duty_at_every_hour_of_the_days_around_the_loading(
    kind: DutyKind, hour: int
) -> None:
    department = Agency.objects.get(code="SNV-MAU")
    hours = [AT.replace(hour=hour) + timedelta(days=number) for number in range(13)]

    assert all(directory.duty_people(kind, agency=department, at=at).count() == 1 for at in hours)


@pytest.mark.usefixtures("loaded")
def test_another_password_replaces_that_of_every_account() -> None:
    demo.load(FOLDER, password="another one", at=AT)

    assert all(person.check_password("another one") for person in Person.objects.all()[:3])


@pytest.mark.usefixtures("loaded")
def test_head_speaks_ex_officio_and_the_standing_spokesperson_by_decision() -> None:
    mandates = Mandate.objects.filter(agency__code="SNV-MAU")

    assert mandates.get(kind=MandateKind.EX_OFFICIO).person.username == "mau.giamdoc"
    standing = mandates.get(kind=MandateKind.STANDING)
    assert (standing.person.username, standing.document_number) == ("mau.phogiamdoc1", "128/QĐ-SNV")


@pytest.mark.usefixtures("loaded")
def test_what_happened_before_the_loading_was_learned_when_it_happened() -> None:
    for model in (Post, Mandate):
        rows = list(model.objects.filter(valid_from__lte=AT))
        assert rows
        assert {row.recorded_at - row.valid_from for row in rows} == {timedelta()}
    roles = {
        entry.object_id: entry.occurred_at
        for entry in TrailEntry.objects.filter(type=events.ROLE_ASSIGNED.code)
    }
    assert roles == {row.pk: min(AT, row.valid_from) for row in RoleAssignment.objects.all()}


@pytest.mark.usefixtures("loaded")
def test_the_standing_spokespersons_were_published_in_time() -> None:
    standing = Mandate.objects.filter(kind=MandateKind.STANDING)

    assert Deadline.objects.count() == standing.count()
    for mandate in standing:
        deadline = mandate.deadlines.get()
        assert (deadline.outcome, deadline.ended_at) == (
            DeadlineOutcome.MET,
            mandate.valid_from + timedelta(hours=2),
        )


@pytest.mark.usefixtures("loaded")
def test_each_step_of_a_demo_department_has_somebody_who_may_do_it() -> None:
    steps = set(Codename) - {Codename.AUDIT_CASES, Codename.CLEAR_DRAFT}

    lacking = {
        (agency, step) for agency in ("SNV-MAU", "SNV-THU") for step in steps if not holders(agency, step)
    }

    assert not lacking
    assert holders("SNV-MAU", Codename.AUDIT_CASES) == {"mau.kiemtra"}


@pytest.mark.usefixtures("loaded")
def test_only_the_large_department_has_a_legal_officer() -> None:
    assert holders("SNV-MAU", Codename.CLEAR_DRAFT) == {"mau.phapche"}
    assert holders("SNV-THU", Codename.CLEAR_DRAFT) == set()
    assert holders("SNV-THU", Codename.CLEAR_IN_PLACE) == {"thu.chanhvanphong"}


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("agency", ["SNV-MAU", "SNV-THU"])
def test_somebody_who_speaks_can_also_sign_and_did_not_draft(agency: str) -> None:
    speakers = set(Mandate.objects.at(AT).filter(agency__code=agency).values_list("person_id", flat=True))
    signers = set(
        SigningCapacity.objects.at(AT).filter(agency__code=agency).values_list("person_id", flat=True)
    )
    drafters = set(
        Person.objects.filter(username__in=holders(agency, Codename.DRAFT_REPLY)).values_list("pk", flat=True)
    )

    assert speakers & signers - drafters


@pytest.mark.usefixtures("loaded")
def test_in_the_large_department_triaging_and_releasing_are_different_people_except_the_head() -> None:
    triagers = holders("SNV-MAU", Codename.TRIAGE_INQUIRY) - {"mau.giamdoc"}

    assert triagers
    assert not triagers & holders("SNV-MAU", Codename.RELEASE_STATEMENT)


@pytest.mark.usefixtures("loaded")
def test_every_unit_has_a_drafter_and_another_person_who_reviews() -> None:
    def who(unit: Unit, codename: Codename) -> set[int]:
        rows = RoleAssignment.objects.at(AT).filter(unit=unit, group__permissions__codename=codename)
        return set(rows.values_list("person_id", flat=True))

    units = Unit.objects.filter(agency__is_demo=True)
    stuck = {
        unit.code for unit in units if not who(unit, Codename.DRAFT_REPLY) - who(unit, Codename.REVIEW_DRAFT)
    }

    assert units.exists()
    assert not stuck


def test_a_real_account_of_the_same_name_is_never_taken_over() -> None:
    reference.load(FOLDER.parent / "reference")
    Person.objects.create_user("mau.giamdoc", "x", full_name="Real")

    with pytest.raises(Invalid, match="real account"):
        demo.load(FOLDER, password=PASSWORD, at=AT)

    assert not Agency.objects.filter(is_demo=True).exists()
