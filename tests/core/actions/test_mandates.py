"""Delegations given, revoked, ended: at their instants, with their entries, as known then and as known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core import permissions
from core.actions import casefile, law, mandates, people
from core.actions.law import NewLocalRule
from core.actions.mandates import Letter
from core.clock import ZONE
from core.enums import AgencyKind, Circumstance, LimitUnit, MandateEndCause, PostKind, Role, StatementForm
from core.errors import DomainError, Invalid, NotAllowedNow, Refused
from core.models import (
    Agency,
    Case,
    CaseUserObjectPermission,
    LocalRule,
    Mandate,
    MandateEnd,
    Person,
    RuleKey,
    TrailEntry,
)
from core.rules.delegations import Ineligible, NotTheHead, Overlapping, Proposal
from core.rules.mandates import NoMandate
from tests import factories
from tests.walk import give, load_roles

pytestmark = pytest.mark.django_db

SIGNED = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
UNTIL = datetime(2026, 7, 15, 17, 0, tzinfo=ZONE)
LONG_AGO = datetime(2026, 1, 5, 8, 0, tzinfo=ZONE)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass
class Office:
    """A small department as SNV-THU, without rules of its own: a head, two deputies, a division head, a clerk."""

    agency: Agency
    case: Case
    head: Person
    deputy: Person
    division_head: Person
    clerk: Person

    def someone(self, name: str, kind: PostKind, *, since: datetime = LONG_AGO) -> Person:
        person = factories.make_person(full_name=name)
        people.appoint(
            person=person, agency=self.agency, kind=kind, title=name, valid_from=since, at=since, by=None
        )  # fmt: skip
        return person

    def delegate(
        self,
        signed_at: datetime = SIGNED,
        *,
        filed_at: datetime | None = None,
        by: Person | None = None,
        **changes: Any,
    ) -> Mandate:
        given: dict[str, Any] = {
            "case": self.case, "to": self.division_head, "valid_from": signed_at,
            "valid_until": signed_at + (UNTIL - SIGNED), "circumstance": Circumstance.HEAD_UNABLE,
            "reason": "Đi công tác.",
        }  # fmt: skip
        letter = Letter(
            number="12/GUQ-SNV", on=signed_at.date(), signed_at=signed_at, is_on_paper=filed_at is not None
        )
        signer = by or self.head
        return mandates.delegate(
            proposal=Proposal(**{**given, **changes}), letter=letter, signed_by=signer,
            by=self.clerk if filed_at else signer, at=filed_at or signed_at,
        )  # fmt: skip

    def speaks(self, at: datetime, known_at: datetime | None = None, *, person: Person | None = None) -> str:
        """Empty where the check allows, otherwise its sentence."""
        try:
            permissions.check_may_speak(
                person or self.division_head, agency=self.agency, case=self.case, form=StatementForm.DIRECT, at=at,
                known_at=known_at,
            )  # fmt: skip
        except Refused as refusal:
            return str(refusal)
        return ""


@pytest.fixture
def office() -> Office:
    load_roles()
    province = factories.make_agency(name="Ủy ban nhân dân tỉnh Thử", kind=AgencyKind.PROVINCIAL_COMMITTEE)
    agency = factories.make_agency(code="SNV-T", name="Sở Nội vụ tỉnh Thử", symbol="SNV", parent=province)
    nobody = Person()
    made = Office(
        agency=agency, case=factories.make_case(agency=agency), head=nobody, deputy=nobody, division_head=nobody,
        clerk=nobody,
    )  # fmt: skip
    made.head = made.someone("Giám đốc", PostKind.HEAD)
    made.deputy = made.someone("Phó Giám đốc", PostKind.DEPUTY_HEAD)
    made.division_head = made.someone("Trưởng phòng", PostKind.UNIT_HEAD)
    made.clerk = made.someone("Văn thư", PostKind.STAFF)
    give(made.clerk, Role.CHIEF_OF_OFFICE, agency=agency)
    return made


def local_rule(office: Office, code: str, value: Any, unit: LimitUnit = LimitUnit.LIST) -> LocalRule:
    day = date(2026, 7, 1)
    regulation = office.agency.local_regulations.first() or law.record_regulation(
        agency=office.agency,
        number="15/QĐ-SNV",
        on=day,
        title="Quy chế",
        by=None,
        at=LONG_AGO,
        valid_from=day,
    )
    rule = NewLocalRule(
        key=RuleKey.objects.get(code=code), value=value, unit=unit, article="khoản 2 Điều 5", statement="x",
        valid_from=day,
    )  # fmt: skip
    return law.record_local_rule(regulation=regulation, rule=rule, by=None, at=LONG_AGO)


def may_open(person: Person, case: Case) -> bool:
    """Whether guardian's row is there."""
    rows = CaseUserObjectPermission.objects.filter(user=person, content_object=case)
    return rows.filter(permission__codename="speak_on_case").exists()


def told(case: Case) -> list[str]:
    return list(
        TrailEntry.objects.filter(stream=f"case:{case.pk}").order_by("seq").values_list("type", flat=True)
    )


# Must be exact


def test_a_delegation_holds_to_the_last_second_before_its_end(office: Office) -> None:
    office.delegate()

    assert [office.speaks(at) == "" for at in (SIGNED - SECOND, SIGNED, UNTIL - SECOND, UNTIL)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert office.speaks(UNTIL) == "The delegation letter 12/GUQ-SNV ended at 17:00 on 15/07/2026."


def test_under_the_old_decree_a_division_head_is_refused_with_its_provision(office: Office) -> None:
    with pytest.raises(Ineligible) as refused:
        office.delegate(datetime(2026, 6, 29, 8, 0, tzinfo=ZONE))

    assert "điểm b khoản 2 Điều 3 Nghị định số 09/2017/NĐ-CP" in str(refused.value)
    assert not Mandate.objects.filter(case=office.case).exists()


def test_under_the_old_decree_the_deputy_put_in_charge_speaks_when_the_head_cannot(office: Office) -> None:
    signed_at = datetime(2026, 6, 29, 8, 0, tzinfo=ZONE)
    with pytest.raises(Ineligible, match="điểm b khoản 2 Điều 3 Nghị định số 09/2017/NĐ-CP"):
        office.delegate(signed_at, to=office.deputy)
    in_charge = office.someone("Phó Giám đốc được giao điều hành", PostKind.DEPUTY_RUNNING)

    mandate = office.delegate(signed_at, to=in_charge)

    assert office.speaks(signed_at, person=in_charge) == ""
    assert mandate.rule_set is not None
    assert mandate.rule_set.code == "luat-bao-chi-2016"


def test_under_the_old_decree_the_head_gives_nothing_that_he_could_say_himself(office: Office) -> None:
    with pytest.raises(Ineligible, match="3 Nghị định số 09/2017/NĐ-CP"):
        office.delegate(
            datetime(2026, 6, 29, 8, 0, tzinfo=ZONE),
            to=office.someone("Phó Giám đốc được giao điều hành", PostKind.DEPUTY_RUNNING),
            circumstance=Circumstance.ASSIGNED,
        )


def test_under_the_law_in_force_the_division_head_may_be_delegated(office: Office) -> None:
    signed_at = datetime(2026, 7, 2, 8, 0, tzinfo=ZONE)

    office.delegate(signed_at)

    assert office.speaks(signed_at) == ""


def test_the_law_is_that_of_the_signing_however_late_the_paper_is_filed(office: Office) -> None:
    with pytest.raises(Ineligible, match="09/2017"):
        office.delegate(
            datetime(2026, 6, 30, 23, 59, tzinfo=ZONE), filed_at=datetime(2026, 7, 2, 8, 0, tzinfo=ZONE)
        )


def test_a_local_rule_for_deputies_alone_refuses_with_its_own_citation(office: Office) -> None:
    rule = local_rule(office, "delegation_to", ["deputy_head"])

    with pytest.raises(Ineligible) as refused:
        office.delegate(datetime(2026, 7, 2, 8, 0, tzinfo=ZONE))

    assert rule.citation in str(refused.value)
    assert "15/QĐ-SNV" in rule.citation
    assert office.delegate(to=office.deputy)


def test_a_local_rule_for_unexpected_business_alone_refuses_any_other_reason(office: Office) -> None:
    rule = local_rule(office, "delegation_when", ["unexpectedly_busy"])

    with pytest.raises(Ineligible) as refused:
        office.delegate()

    assert rule.citation in str(refused.value)
    assert office.delegate(circumstance=Circumstance.UNEXPECTEDLY_BUSY)


# Bad input


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": SIGNED - HOUR}, "valid_until"),
        ({"valid_from": SIGNED - 2 * HOUR}, "valid_from"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_letter_that_cannot_be_is_refused_and_nothing_is_written(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.delegate(**changes)

    assert list(refused.value.fields) == [field]
    assert (told(office.case), may_open(office.division_head, office.case)) == ([], False)


def test_a_term_longer_than_the_local_maximum_is_refused_with_the_rule(office: Office) -> None:
    rule = local_rule(office, "delegation_term", 2, LimitUnit.DAYS)

    with pytest.raises(Ineligible) as refused:
        office.delegate()

    assert rule.citation in str(refused.value)
    assert office.delegate(valid_until=SIGNED + timedelta(days=2))


def test_a_start_in_the_past_is_allowed_as_far_as_the_local_rule_says_but_gives_nothing_before_the_signing(
    office: Office,
) -> None:
    local_rule(office, "delegation_backdating", 4, LimitUnit.HOURS)

    mandate = office.delegate(valid_from=SIGNED - 3 * HOUR)

    assert mandate.valid_from == SIGNED
    assert office.speaks(SIGNED - SECOND) != ""


def test_the_head_delegates_neither_himself_nor_a_stranger_nor_a_closed_account(office: Office) -> None:
    stranger, closed = factories.make_person(), office.someone("Đã nghỉ", PostKind.STAFF)
    people.close_account(person=closed, by=None, at=SIGNED - HOUR)

    for person in (office.head, stranger, closed):
        with pytest.raises(Invalid) as refused:
            office.delegate(to=person)
        assert list(refused.value.fields) == ["to"]


def test_nobody_is_delegated_for_a_closed_case(office: Office) -> None:
    casefile.close(case=office.case, reason="Xong.", by=office.clerk, at=SIGNED - HOUR)

    with pytest.raises(NotAllowedNow, match="is closed, so nobody is delegated"):
        office.delegate()


def test_a_second_delegation_of_the_case_at_the_same_time_needs_a_note(office: Office) -> None:
    office.delegate()

    with pytest.raises(Overlapping, match="12/GUQ-SNV"):
        office.delegate(SIGNED + HOUR, to=office.deputy)

    second = office.delegate(SIGNED + HOUR, to=office.deputy, overlap_note="Hai lĩnh vực.")
    assert office.speaks(SIGNED + HOUR) == office.speaks(SIGNED + HOUR, person=office.deputy) == ""
    assert TrailEntry.objects.get(type="mandate.delegated", data__mandate=second.pk).data["overlaps"] is True


def test_a_paper_whose_signing_lies_in_the_future_is_not_registered(office: Office) -> None:
    with pytest.raises(Invalid, match="lies in the future"):
        office.delegate(SIGNED + SECOND, filed_at=SIGNED)


# Who signs


def test_without_any_head_nobody_delegates_and_the_committee_is_named(office: Office) -> None:
    post = office.head.posts.get()
    people.end_post(post=post, valid_until=SIGNED - HOUR, by=None, at=SIGNED - HOUR)

    with pytest.raises(NotTheHead, match="Report to Ủy ban nhân dân tỉnh Thử"):
        office.delegate()


def test_a_deputy_who_runs_the_daily_work_does_not_delegate(office: Office) -> None:
    running = office.someone("Phó điều hành", PostKind.DEPUTY_RUNNING)

    with pytest.raises(NotTheHead, match="runs the daily work but is not the head"):
        office.delegate(by=running)


def test_a_standing_spokesperson_reports_instead_of_delegating(office: Office) -> None:
    mandates.assign_standing_spokesperson(
        person=office.clerk, agency=office.agency, document_number="1/QĐ", document_date=SIGNED.date(),
        valid_from=SIGNED, by=office.head, at=SIGNED,
    )  # fmt: skip

    with pytest.raises(NotTheHead, match="Report that you cannot speak; Giám đốc then delegates"):
        office.delegate(by=office.clerk)


def test_a_delegate_does_not_delegate(office: Office) -> None:
    office.delegate()

    with pytest.raises(NotTheHead, match="never passed on"):
        office.delegate(SIGNED + HOUR, by=office.division_head, to=office.deputy)


@pytest.mark.parametrize("kind", [PostKind.DEPUTY_IN_CHARGE, PostKind.ACTING_HEAD])
def test_whoever_stands_in_for_the_head_delegates_only_while_none_is_in_office(
    office: Office, kind: PostKind
) -> None:
    stand_in = office.someone("Người thay", kind)
    with pytest.raises(NotTheHead, match="Only Giám đốc, the head of"):
        office.delegate(by=stand_in)

    people.end_post(post=office.head.posts.get(), valid_until=SIGNED, by=None, at=SIGNED)

    assert office.delegate(by=stand_in).signed_by == stand_in


def test_the_head_of_the_signing_instant_signed_although_the_paper_is_filed_under_another(
    office: Office,
) -> None:
    people.end_post(post=office.head.posts.get(), valid_until=SIGNED + HOUR, by=None, at=SIGNED)
    office.someone("Giám đốc mới", PostKind.HEAD, since=SIGNED + HOUR)

    assert office.delegate(filed_at=SIGNED + 2 * HOUR).signed_by == office.head
    with pytest.raises(NotTheHead, match="Only Giám đốc mới"):
        office.delegate(SIGNED + HOUR, to=office.deputy, overlap_note="x", filed_at=SIGNED + 2 * HOUR)


# Filed late, revoked late


def test_a_paper_counts_as_known_from_its_filing(office: Office) -> None:
    office.delegate(filed_at=SIGNED + 5 * HOUR)
    spoken_at = SIGNED + HOUR

    assert office.speaks(spoken_at) == ""
    assert office.speaks(spoken_at, SIGNED + 5 * HOUR) == ""
    assert "has no mandate to speak" in office.speaks(spoken_at, SIGNED + 5 * HOUR - SECOND)


def test_a_revocation_from_earlier_changes_the_answer_of_the_day_only_as_known_now(office: Office) -> None:
    mandate = office.delegate()
    from_earlier, revoked_at = SIGNED + 26 * HOUR, SIGNED + 40 * HOUR

    mandates.revoke(
        mandate=mandate, by=office.head, at=revoked_at, reason="Phát ngôn sai.", effective_from=from_earlier
    )

    assert office.speaks(from_earlier - SECOND) == ""
    assert office.speaks(from_earlier) == (
        "The delegation letter 12/GUQ-SNV was revoked with effect from 10:00 on 14/07/2026."
    )
    assert office.speaks(from_earlier, revoked_at - SECOND) == ""
    assert mandate.valid_until == from_earlier


def test_a_revocation_at_once_refuses_from_its_own_second(office: Office) -> None:
    mandate, ten = office.delegate(), datetime(2026, 7, 14, 10, 0, tzinfo=ZONE)

    mandates.revoke(mandate=mandate, by=office.head, at=ten, reason="Đổi người.")

    assert (office.speaks(ten - SECOND), office.speaks(ten) != "") == ("", True)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"reason": " "}, Invalid),
        ({"effective_from": SIGNED + 3 * HOUR}, Invalid),
        ({"at": UNTIL}, NotAllowedNow),
    ],
    ids=["without a reason", "from later on", "of what has ended"],
)
def test_a_revocation_that_cannot_be_is_refused(
    office: Office, changes: dict[str, Any], kind: type[DomainError]
) -> None:
    mandate = office.delegate()

    with pytest.raises(kind):
        mandates.revoke(
            **{"mandate": mandate, "by": office.head, "at": SIGNED + HOUR, "reason": "r", **changes}
        )

    assert not MandateEnd.objects.exists()


def test_only_the_head_revokes_and_only_a_delegation(office: Office) -> None:
    mandate = office.delegate()
    with pytest.raises(NotTheHead):
        mandates.revoke(mandate=mandate, by=office.deputy, at=SIGNED + HOUR, reason="r")

    own = Mandate.objects.get(person=office.head)
    with pytest.raises(NotAllowedNow):
        mandates.revoke(mandate=own, by=office.head, at=SIGNED + HOUR, reason="r")


def test_a_delegation_revoked_before_it_began_was_never_in_force_and_is_said_to_be_revoked(
    office: Office,
) -> None:
    begin = SIGNED + 24 * HOUR
    mandate = office.delegate(valid_from=begin)

    mandates.revoke(mandate=mandate, by=office.head, at=SIGNED + HOUR, reason="Đổi người.")

    assert mandate.valid_until == begin
    assert [("was revoked" in office.speaks(at)) for at in (SIGNED, SIGNED + HOUR, begin, begin + HOUR)] == [
        True
    ] * 4
    assert (
        office.speaks(SIGNED, SIGNED)
        == "The delegation letter 12/GUQ-SNV holds only from 08:00 on 14/07/2026."
    )


# While it is in force


@pytest.mark.parametrize("valid_from", [SIGNED, SIGNED + 24 * HOUR], ids=["begun", "still to begin"])
def test_guardians_row_is_given_with_the_delegation_and_taken_back_in_the_act_that_ends_it(
    office: Office, valid_from: datetime
) -> None:
    mandate = office.delegate(valid_from=valid_from)
    assert may_open(office.division_head, office.case)

    mandates.revoke(mandate=mandate, by=office.head, at=SIGNED + HOUR, reason="r")

    assert not may_open(office.division_head, office.case)
    assert told(office.case) == [
        "mandate.delegated", "case.access_granted", "mandate.revoked", "case.access_revoked",
    ]  # fmt: skip


def test_guardians_row_stays_while_another_delegation_of_the_person_goes_on(office: Office) -> None:
    first = office.delegate()
    second = office.delegate(SIGNED + HOUR, overlap_note="Kéo dài.")

    mandates.revoke(mandate=first, by=office.head, at=SIGNED + 2 * HOUR, reason="r")
    assert may_open(office.division_head, office.case)

    mandates.revoke(mandate=second, by=office.head, at=SIGNED + 3 * HOUR, reason="r")
    assert not may_open(office.division_head, office.case)


def test_guardians_row_does_not_stay_for_a_delegation_revoked_before_it_began(office: Office) -> None:
    first = office.delegate()
    later = office.delegate(SIGNED + HOUR, valid_from=UNTIL, valid_until=UNTIL + HOUR)
    mandates.revoke(mandate=later, by=office.head, at=SIGNED + 2 * HOUR, reason="r")

    mandates.revoke(mandate=first, by=office.head, at=SIGNED + 3 * HOUR, reason="r")

    assert not may_open(office.division_head, office.case)


def test_a_paper_filed_after_its_term_opens_nothing_and_is_known_all_the_same(office: Office) -> None:
    office.delegate(filed_at=UNTIL + HOUR)

    assert not may_open(office.division_head, office.case)
    assert office.speaks(SIGNED) == ""


def test_an_expired_delegation_is_closed_once_however_often_it_is_asked(office: Office) -> None:
    mandate = office.delegate()

    done = [mandates.lapse(mandate=mandate, at=at) for at in (UNTIL - SECOND, UNTIL, UNTIL, UNTIL + HOUR)]

    assert done == [False, True, False, False]
    assert not may_open(office.division_head, office.case)
    assert told(office.case)[2:] == ["case.access_revoked", "mandate.lapsed"]


def test_with_the_end_of_the_case_its_delegations_end_and_stay_ended(office: Office) -> None:
    mandate, closed_at = office.delegate(), SIGNED + 5 * HOUR
    other = factories.make_case(agency=office.agency)
    kept = office.delegate(SIGNED + HOUR, case=other)

    casefile.close(case=office.case, reason="Xong.", by=office.clerk, at=closed_at)
    office.case.refresh_from_db()
    casefile.reopen(case=office.case, reason="Tiếp.", by=office.clerk, at=closed_at + HOUR)

    mandate.refresh_from_db()
    kept.refresh_from_db()
    assert (mandate.valid_until, kept.valid_until) == (closed_at, kept.granted_until)
    assert office.speaks(closed_at - SECOND) == ""
    assert "ended when the case was closed at 13:00 on 13/07/2026" in office.speaks(closed_at + 2 * HOUR)
    assert not may_open(office.division_head, office.case)


def test_a_delegate_speaks_no_longer_than_the_last_post_lasts(office: Office) -> None:
    mandate, left_at = office.delegate(), SIGNED + 5 * HOUR
    post = office.division_head.posts.get()

    people.end_post(post=post, valid_until=left_at, by=None, at=SIGNED + HOUR)

    mandate.refresh_from_db()
    assert mandate.valid_until == left_at
    assert mandate.ends.get().cause == MandateEndCause.LEFT_POST
    assert office.speaks(left_at - SECOND) == ""
    assert "ended when Trưởng phòng left the post at 13:00" in office.speaks(left_at)


def test_a_delegate_who_changes_posts_within_the_agency_speaks_on(office: Office) -> None:
    mandate, moved_at = office.delegate(), SIGNED + 5 * HOUR
    people.appoint(
        person=office.division_head, agency=office.agency, kind=PostKind.STAFF, title="Công chức", valid_from=moved_at,
        at=SIGNED, by=None,
    )  # fmt: skip

    people.end_post(post=office.division_head.posts.earliest("pk"), valid_until=moved_at, by=None, at=SIGNED)

    assert office.speaks(moved_at) == ""
    assert not mandate.ends.exists()


def test_a_delegate_who_comes_back_later_speaks_no_more_in_between(office: Office) -> None:
    office.delegate()
    left_at = SIGNED + 5 * HOUR
    people.appoint(
        person=office.division_head, agency=office.agency, kind=PostKind.STAFF, title="Công chức", valid_from=UNTIL,
        at=SIGNED, by=None,
    )  # fmt: skip

    people.end_post(post=office.division_head.posts.earliest("pk"), valid_until=left_at, by=None, at=SIGNED)

    assert "left the post" in office.speaks(left_at)


def test_a_paper_filed_after_the_delegate_left_ends_with_the_post_even_before_its_term_began(
    office: Office,
) -> None:
    left_at, begin = SIGNED + HOUR, SIGNED + 5 * HOUR
    people.end_post(post=office.division_head.posts.get(), valid_until=left_at, by=None, at=left_at)

    mandate = office.delegate(filed_at=SIGNED + 2 * HOUR, valid_from=begin)

    assert mandate.valid_until == begin
    assert "left the post" in office.speaks(begin)
    assert not may_open(office.division_head, office.case)


def test_a_post_does_not_end_before_it_begins(office: Office) -> None:
    with pytest.raises(Invalid, match="The end must come after the start"):
        people.end_post(post=office.head.posts.get(), valid_until=LONG_AGO, by=None, at=SIGNED)


def test_what_has_ended_is_not_ended_again_later(office: Office) -> None:
    mandate = office.delegate()

    for ends_at in (SIGNED + HOUR, SIGNED + 2 * HOUR):
        mandates.end(
            mandate=mandate, ends_at=ends_at, cause=MandateEndCause.LEFT_POST, by=office.head, at=SIGNED + 3 * HOUR
        )  # fmt: skip

    assert mandate.valid_until == SIGNED + HOUR
    assert [end.ends_at for end in mandate.ends.all()] == [SIGNED + HOUR]


def test_when_the_head_changes_the_delegations_stay_in_force(office: Office) -> None:
    office.delegate()
    people.end_post(post=office.head.posts.get(), valid_until=SIGNED + HOUR, by=None, at=SIGNED + HOUR)
    office.someone("Giám đốc mới", PostKind.HEAD, since=SIGNED + HOUR)

    assert office.speaks(SIGNED + 2 * HOUR) == ""


def test_a_delegation_for_one_form_gives_no_other(office: Office) -> None:
    office.delegate(forms=[StatementForm.PORTAL])

    with pytest.raises(NoMandate, match="covers only these forms of speaking: Portal"):
        permissions.check_may_speak(
            office.division_head, agency=office.agency, case=office.case, form=StatementForm.DIRECT, at=SIGNED
        )  # fmt: skip


def test_a_standing_spokesperson_who_leaves_the_last_post_speaks_no_more(office: Office) -> None:
    speaker = office.someone("Phó Chánh Văn phòng", PostKind.UNIT_HEAD)
    mandate = mandates.assign_standing_spokesperson(
        person=speaker, agency=office.agency, document_number="9/QĐ-SNV", document_date=SIGNED.date(),
        valid_from=SIGNED, by=None, at=SIGNED,
    )  # fmt: skip
    left_at = SIGNED + 5 * HOUR

    people.end_post(post=speaker.posts.get(), valid_until=left_at, by=None, at=SIGNED + HOUR)

    mandate.refresh_from_db()
    assert mandate.valid_until == left_at
    assert [end.cause for end in mandate.ends.all()] == [MandateEndCause.LEFT_POST]
