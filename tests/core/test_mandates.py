"""Who may speak: the one gate, at its instants."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from core import permissions
from core.actions import mandates, people
from core.enums import MandateKind, PostKind
from core.errors import Invalid, Refused
from core.models import Agency, Case, Mandate, Person
from core.rules.mandates import NoMandate
from tests import factories

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 7, 13, 1, 0, tzinfo=UTC)
END = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def agency() -> Agency:
    return factories.make_agency(code="SNV-Z", name="Sở Z")


@pytest.fixture
def case(agency: Agency) -> Case:
    return factories.make_case(agency=agency)


@pytest.fixture
def person() -> Person:
    return factories.make_person(full_name="Người Nói")


def standing(person: Person, agency: Agency, *, until: datetime | None = END) -> Mandate:
    return mandates.assign_standing_spokesperson(
        person=person, agency=agency, document_number="1/QĐ-SNV", document_date=BEGIN.date(), valid_from=BEGIN,
        valid_until=until, by=None, at=BEGIN,
    )  # fmt: skip


@pytest.mark.parametrize("at", [BEGIN, END - SECOND])
def test_a_mandate_allows_from_its_first_instant_to_the_last_before_its_end(
    person: Person, agency: Agency, case: Case, at: datetime
) -> None:
    mandate = standing(person, agency)

    assert permissions.check_may_speak(person, agency=agency, case=case, form=None, at=at) == mandate


@pytest.mark.parametrize(
    ("at", "sentence"),
    [(BEGIN - SECOND, "holds only from 08:00 on 13/07/2026"), (END, "ended at 17:00 on 15/07/2026")],
)
def test_a_mandate_allows_nothing_before_its_start_or_at_its_end(
    person: Person, agency: Agency, case: Case, at: datetime, sentence: str
) -> None:
    standing(person, agency)

    with pytest.raises(NoMandate, match=sentence):
        permissions.check_may_speak(person, agency=agency, case=case, form=None, at=at)


def test_a_mandate_of_one_agency_gives_nothing_in_another(person: Person, agency: Agency) -> None:
    standing(person, agency)
    other = factories.make_case()

    with pytest.raises(NoMandate, match="no mandate to speak"):
        permissions.check_may_speak(person, agency=other.agency, case=other, form=None, at=BEGIN)


def test_a_case_of_another_agency_is_not_spoken_on(person: Person, agency: Agency) -> None:
    standing(person, agency)

    with pytest.raises(NoMandate, match="does not belong"):
        permissions.check_may_speak(person, agency=agency, case=factories.make_case(), form=None, at=BEGIN)


def test_a_delegation_for_one_case_gives_nothing_on_another(
    person: Person, agency: Agency, case: Case
) -> None:
    head = factories.make_person(full_name="Người Ký")
    Mandate.objects.create(
        kind=MandateKind.DELEGATED, agency=agency, person=person, case=case, document_number="2/GUQ-SNV",
        document_date=BEGIN.date(), signed_at=BEGIN, signed_by=head, valid_from=BEGIN, valid_until=END,
        granted_until=END, recorded_at=BEGIN,
    )  # fmt: skip

    assert permissions.check_may_speak(person, agency=agency, case=case, form=None, at=BEGIN)
    with pytest.raises(NoMandate, match="another case"):
        permissions.check_may_speak(
            person, agency=agency, case=factories.make_case(agency=agency), form=None, at=BEGIN
        )


def test_a_delegation_whose_term_is_over_says_so_in_the_words_of_an_official(
    person: Person, agency: Agency, case: Case
) -> None:
    end = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    Mandate.objects.create(
        kind=MandateKind.DELEGATED, agency=agency, person=person, case=case, document_number="12/GUQ-SNV",
        document_date=BEGIN.date(), signed_at=BEGIN, signed_by=factories.make_person(full_name="Người Ký"),
        valid_from=BEGIN, valid_until=end, granted_until=end, recorded_at=BEGIN,
    )  # fmt: skip

    with translation.override("vi"), pytest.raises(NoMandate) as refused:
        permissions.check_may_speak(person, agency=agency, case=case, form=None, at=end)

    assert str(refused.value) == "Giấy ủy quyền số 12/GUQ-SNV hết hiệu lực từ 17 giờ 00 phút ngày 25/11/2026."


@pytest.mark.parametrize("kind", [PostKind.HEAD, PostKind.ACTING_HEAD, PostKind.DEPUTY_IN_CHARGE])
def test_whoever_heads_the_agency_speaks_for_as_long_as_the_post_lasts(
    person: Person, agency: Agency, case: Case, kind: PostKind
) -> None:
    post = people.appoint(
        person=person, agency=agency, kind=kind, title="Giám đốc", valid_from=BEGIN, at=BEGIN, by=None
    )
    assert permissions.check_may_speak(person, agency=agency, case=case, form=None, at=END)

    people.end_post(post=post, valid_until=END, by=None, at=END)

    assert permissions.check_may_speak(person, agency=agency, case=case, form=None, at=END - SECOND)
    with pytest.raises(NoMandate, match="ended at"):
        permissions.check_may_speak(person, agency=agency, case=case, form=None, at=END)


@pytest.mark.parametrize("kind", [PostKind.DEPUTY_HEAD, PostKind.UNIT_HEAD, PostKind.STAFF])
def test_no_other_post_speaks(person: Person, agency: Agency, case: Case, kind: PostKind) -> None:
    people.appoint(person=person, agency=agency, kind=kind, title="Khác", valid_from=BEGIN, at=BEGIN, by=None)

    with pytest.raises(NoMandate):
        permissions.check_may_speak(person, agency=agency, case=case, form=None, at=BEGIN)


def test_a_closed_account_speaks_no_more(person: Person, agency: Agency, case: Case) -> None:
    standing(person, agency)
    person.is_active = False

    with pytest.raises(Refused, match="account is closed"):
        permissions.check_may_speak(person, agency=agency, case=case, form=None, at=BEGIN)


def test_guardians_row_alone_does_not_suffice(person: Person, agency: Agency, case: Case) -> None:
    from guardian.shortcuts import assign_perm

    assign_perm("core.speak_on_case", person, case)

    with pytest.raises(NoMandate):
        permissions.check_may_speak(person, agency=agency, case=case, form=None, at=BEGIN)


def test_a_standing_spokesperson_needs_a_numbered_decision(person: Person, agency: Agency) -> None:
    with pytest.raises(Invalid, match="numbered decision"):
        mandates.assign_standing_spokesperson(
            person=person, agency=agency, document_number=" ", document_date=BEGIN.date(), valid_from=BEGIN,
            by=None, at=BEGIN,
        )  # fmt: skip


def test_a_mandate_to_speak_is_no_capacity_to_sign(person: Person, agency: Agency) -> None:
    standing(person, agency)

    with pytest.raises(permissions.NoSigningCapacity):
        permissions.check_may_sign(person, agency=agency, at=BEGIN)
