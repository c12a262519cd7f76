"""The delegation procedure, from proposal to its ends, as its people walk it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from guardian.shortcuts import get_perms

from core import permissions
from core.actions import casefile, mandates, people
from core.enums import Capacity, MandateEndCause, Numbering, PostKind, Role, Secrecy, StatementForm
from core.errors import Conflict, Invalid, NotAllowedNow, Refused
from core.models import Case, Inquiry, Mandate, Post, TrailEntry
from core.rules.delegations import NotTheHead
from core.rules.mandates import NoMandate
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument
from tests.walk import Cast, give, make_cast
from workflows import delegations
from workflows.delegation import queries
from workflows.delegation.actions import drafting, filing, issuing, opening
from workflows.delegation.models import Delegation, DelegationProcess, Outcome
from workflows.tasks import fire_timers, run_job

from .walk import FRIDAY_BEFORE, MONDAY, WEDNESDAY, DelegationWalk

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> DelegationWalk:
    return DelegationWalk(cast, set_clock)


def may(walk: DelegationWalk, at: datetime, *, known_at: datetime | None = None) -> bool:
    return permissions.allowed(
        permissions.check_may_speak, walk.to or walk.cast.unit_head, agency=walk.cast.agency, case=walk.case,
        form=StatementForm.DIRECT, at=at, known_at=known_at,
    )  # fmt: skip


def events_of(walk: DelegationWalk) -> list[str]:
    entries = TrailEntry.objects.filter(stream=f"case:{walk.case.pk}").order_by("seq")
    return list(entries.values_list("type", flat=True))


def test_a_delegation_goes_from_the_proposal_over_the_signed_letter_to_the_end_of_its_term(
    walk: DelegationWalk,
) -> None:
    walk.propose()
    assert walk.steps == {"draft"}
    walk.draft()
    assert walk.steps == {"sign"}
    walk.sign()
    assert walk.steps == {"in_force", "stamp"}
    walk.stamp()
    assert walk.steps == {"in_force"}

    walk.now(WEDNESDAY)
    delegations.sweep()

    walk.delegation.refresh_from_db()
    assert walk.steps == set()
    assert walk.delegation.outcome == Outcome.EXPIRED
    assert events_of(walk) == [
        "case.opened", "delegation.proposed", "delegation.drafted", "document.numbered", "document.issued",
        "document.signed", "mandate.delegated", "case.access_granted", "document.stamped",
        "case.access_revoked", "mandate.lapsed",
    ]  # fmt: skip


def test_the_mandate_holds_from_its_first_instant_to_the_last_before_its_end(walk: DelegationWalk) -> None:
    walk.signed()

    assert [may(walk, at) for at in (MONDAY - SECOND, MONDAY, WEDNESDAY - SECOND, WEDNESDAY)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_delegation_that_is_not_signed_gives_no_right(walk: DelegationWalk) -> None:
    walk.propose()
    walk.draft()

    assert not may(walk, MONDAY)
    assert not Mandate.objects.filter(case=walk.case).exists()


def test_signed_after_its_beginning_it_holds_from_the_signature(walk: DelegationWalk) -> None:
    walk.propose()
    walk.draft()
    signed_at = MONDAY + timedelta(hours=3)
    walk.now(signed_at)

    walk.sign()

    assert [may(walk, at) for at in (signed_at - SECOND, signed_at)] == [False, True]


def test_nothing_depends_on_the_sweep_being_on_time(walk: DelegationWalk) -> None:
    walk.signed()

    walk.now(WEDNESDAY + timedelta(days=3))

    assert "in_force" in walk.steps
    assert "speak_on_case" in get_perms(walk.cast.unit_head, walk.case)
    with pytest.raises(NoMandate, match="ended at 17:00 on 15/07/2026"):
        permissions.check_may_speak(
            walk.cast.unit_head, agency=walk.cast.agency, case=walk.case, form=None, at=walk.at
        )


def test_the_engines_own_timer_concludes_it_and_not_before_its_time(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()

    walk.now(WEDNESDAY - SECOND)
    fire_timers()
    assert walk.steps == {"in_force"}

    walk.now(WEDNESDAY)
    fire_timers()
    walk.delegation.refresh_from_db()
    assert (walk.steps, walk.delegation.outcome) == (set(), Outcome.EXPIRED)


def test_while_it_is_in_force_the_delegate_may_open_the_one_case_and_afterwards_not(
    walk: DelegationWalk,
) -> None:
    other = casefile.open_case(agency=walk.cast.agency, title="Khác", by=None, at=walk.at)
    walk.signed()
    granted = get_perms(walk.cast.unit_head, walk.case), get_perms(walk.cast.unit_head, other)

    walk.now(WEDNESDAY)
    delegations.sweep()
    delegations.sweep()

    assert granted == (["speak_on_case"], [])
    assert get_perms(walk.cast.unit_head, walk.case) == []
    assert events_of(walk).count("mandate.lapsed") == 1


def test_a_revocation_is_immediate_and_takes_the_authority_back_in_its_own_transaction(
    walk: DelegationWalk,
) -> None:
    walk.signed()
    walk.stamp()
    tuesday = MONDAY + timedelta(days=1, hours=2)
    walk.now(tuesday)

    walk.revoke()

    assert [may(walk, at) for at in (tuesday - SECOND, tuesday)] == [True, False]
    assert get_perms(walk.cast.unit_head, walk.case) == []
    assert (walk.steps, walk.delegation.outcome) == (set(), Outcome.REVOKED)


def test_a_revocation_with_effect_from_earlier_tells_two_truths(walk: DelegationWalk) -> None:
    walk.signed()
    tuesday = MONDAY + timedelta(days=1, hours=2)
    walk.now(tuesday)

    walk.revoke(effective_from=MONDAY + timedelta(hours=1))

    noon = MONDAY + timedelta(hours=4)
    assert may(walk, noon, known_at=noon)
    assert not may(walk, noon)


def test_only_the_head_revokes_and_gives_a_reason(walk: DelegationWalk) -> None:
    walk.signed()

    with pytest.raises(NotTheHead):
        walk.revoke(by=walk.cast.deputy)
    with pytest.raises(Invalid):
        walk.revoke(reason=" ")
    with pytest.raises(Invalid):
        walk.revoke(effective_from=walk.at + SECOND)
    assert Mandate.objects.get(case=walk.case).ends.count() == 0


def test_what_has_ended_is_not_revoked_again(walk: DelegationWalk) -> None:
    walk.signed()
    walk.revoke()

    with pytest.raises(NotAllowedNow):
        walk.revoke()


def test_with_the_case_its_delegations_end(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + timedelta(hours=2))

    casefile.close(case=walk.case, reason="Xong.", by=walk.cast.chief, at=walk.at)
    delegations.sweep()

    walk.delegation.refresh_from_db()
    assert not may(walk, walk.at)
    assert get_perms(walk.cast.unit_head, walk.case) == []
    assert (walk.steps, walk.delegation.outcome) == (set(), Outcome.CASE_CLOSED)


def test_a_case_with_an_open_inquiry_is_not_closed(walk: DelegationWalk) -> None:
    Inquiry.objects.create(
        case=walk.case, agency=walk.cast.agency, reference="YC-1", channel="letter", received_at=walk.at,
        created_at=walk.at,
    )  # fmt: skip

    with pytest.raises(NotAllowedNow, match="still open"):
        casefile.close(case=walk.case, reason="Xong.", by=walk.cast.chief, at=walk.at)


def test_a_delegate_who_leaves_the_post_speaks_no_more(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    tuesday = MONDAY + timedelta(days=1)
    walk.now(tuesday)

    post = Post.objects.get(person=walk.cast.unit_head)
    people.end_post(post=post, valid_until=tuesday, by=None, at=tuesday)
    delegations.sweep()

    walk.delegation.refresh_from_db()
    assert [may(walk, at) for at in (tuesday - SECOND, tuesday)] == [True, False]
    assert walk.delegation.outcome == Outcome.LEFT_POST


def new_head(walk: DelegationWalk, at: datetime) -> None:
    """The head leaves, the deputy is appointed."""
    old = Mandate.objects.get(person=walk.cast.head).post
    assert old is not None
    people.end_post(post=old, valid_until=at, by=None, at=at)
    people.appoint(
        person=walk.cast.deputy, agency=walk.cast.agency, kind=PostKind.HEAD, title="Giám đốc Sở", valid_from=at,
        by=None, at=at,
    )  # fmt: skip
    give(walk.cast.deputy, Role.HEAD, agency=walk.cast.agency)
    people.grant_capacity(
        person=walk.cast.deputy, agency=walk.cast.agency, capacity=Capacity.DIRECT, title_line="GIÁM ĐỐC",
        valid_from=at, by=None, at=at,
    )  # fmt: skip


def test_when_the_head_changes_the_delegation_stays_and_the_new_head_is_asked_once(
    walk: DelegationWalk,
) -> None:
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + timedelta(hours=1))
    new_head(walk, walk.at)

    delegations.sweep()
    delegations.sweep()

    assert walk.steps == {"in_force", "confirm"}
    assert DelegationProcess.objects.filter(new_head=walk.cast.deputy).count() == 1
    assert may(walk, walk.at)
    walk.confirm(walk.cast.deputy)
    assert walk.steps == {"in_force"}
    assert may(walk, walk.at)
    assert "delegation.confirmed" in events_of(walk)


def test_a_new_head_sees_the_restricted_case_of_the_delegation_he_is_asked_about(
    walk: DelegationWalk,
) -> None:
    Case.objects.filter(pk=walk.case.pk).update(secrecy=Secrecy.RESTRICTED)
    for person in (walk.cast.contact, walk.cast.head, walk.cast.clerk):
        casefile.involve(case=walk.case, person=person)
    walk.case.refresh_from_db()
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + timedelta(hours=1))
    new_head(walk, walk.at)
    before = Case.objects.visible_to(walk.cast.deputy, at=walk.at).contains(walk.case)

    delegations.sweep()

    assert (before, Case.objects.visible_to(walk.cast.deputy, at=walk.at).contains(walk.case)) == (
        False,
        True,
    )


def test_a_question_to_the_new_head_ends_with_the_delegation(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + timedelta(hours=1))
    new_head(walk, walk.at)
    delegations.sweep()

    walk.now(WEDNESDAY)
    delegations.sweep()

    assert walk.steps == set()


def test_a_draft_left_over_when_the_head_changes_is_not_signed_by_either(walk: DelegationWalk) -> None:
    walk.propose()
    walk.draft()
    walk.now(FRIDAY_BEFORE + timedelta(hours=1))
    new_head(walk, walk.at)

    with pytest.raises(NotTheHead):
        walk.sign(by=walk.cast.head)
    with pytest.raises(NotAllowedNow, match="no longer heads"):
        walk.sign(by=walk.cast.deputy)
    assert not Mandate.objects.filter(case=walk.case).exists()

    walk.act(
        "sign",
        walk.cast.deputy,
        lambda step: drafting.return_to_draft(
            process=step.process, reason="Người ký đã thay đổi.", by=step.by, at=step.at
        ),
    )
    walk.draft()
    assert walk.sign(by=walk.cast.deputy).signed_by == walk.cast.deputy


def test_nobody_but_the_head_signs(walk: DelegationWalk) -> None:
    walk.propose()
    walk.draft()

    for person in (walk.cast.spokesperson, walk.cast.deputy, walk.cast.unit_head):
        with pytest.raises(Refused):
            walk.sign(by=person)
    assert walk.steps == {"sign"}


def test_a_standing_spokesperson_reports_and_cannot_delegate(walk: DelegationWalk) -> None:
    walk.report()

    assert walk.steps == {"draft"}
    assert walk.delegation.request == "Đi công tác."
    with pytest.raises(NotTheHead, match="never passed on"):
        permissions.check_heads(walk.cast.spokesperson, agency=walk.cast.agency, at=walk.at)


def test_a_report_comes_from_somebody_who_may_speak_and_says_why(walk: DelegationWalk) -> None:
    with pytest.raises(NoMandate):
        walk.report(by=walk.cast.contact)
    with pytest.raises(Invalid):
        walk.report(request=" ")
    assert not Delegation.objects.exists()


def test_a_draft_is_given_up_before_it_is_signed(walk: DelegationWalk) -> None:
    walk.propose()

    walk.act(
        "draft",
        walk.cast.contact,
        lambda step: drafting.drop(process=step.process, reason="Không cần nữa.", by=step.by, at=step.at),
    )

    assert (walk.steps, walk.delegation.outcome) == (set(), Outcome.DROPPED)


def test_a_closed_case_gets_no_delegation(walk: DelegationWalk) -> None:
    walk.propose()
    casefile.close(case=walk.case, reason="Xong.", by=walk.cast.chief, at=walk.at)

    with pytest.raises(NotAllowedNow, match="is closed"):
        walk.draft()
    with pytest.raises(NotAllowedNow, match="is closed"):
        opening.propose(case=walk.case, request="", by=walk.cast.contact)


def test_the_letter_states_the_whole_delegation_and_its_law(walk: DelegationWalk) -> None:
    walk.signed(forms=[StatementForm.DIRECT])
    document = queries.letter(walk.delegation)
    assert document is not None

    facts = document.facts
    assert document.symbol == "01/GUQ-SNV"
    assert facts["delegate"] == walk.cast.unit_head.full_name
    assert (facts["begin"], facts["end"]) == (
        "08 giờ 00 phút ngày 13 tháng 7 năm 2026", "17 giờ 00 phút ngày 15 tháng 7 năm 2026",
    )  # fmt: skip
    assert facts["forms"] == ["Phát ngôn trực tiếp hoặc trả lời phỏng vấn"]
    assert any("khoản 5 Điều 3" in basis and "244/2026" in basis for basis in facts["bases"])


def test_an_agency_with_its_own_document_system_waits_for_the_number(
    set_clock: Callable[[datetime], None],
) -> None:
    walk = DelegationWalk(make_cast(numbering=Numbering.ENTERED), set_clock)
    walk.propose()
    walk.draft()
    assert walk.steps == {"issue"}

    entered = EnteredNumber(number=12, issued_on=FRIDAY_BEFORE.date())
    issuing.enter_number(delegation=walk.delegation, entered=entered, by=walk.cast.clerk)
    task = walk.task("issue")
    run_job(task.pk, task.external_task_id)
    walk.delegation.refresh_from_db()
    assert walk.sign().document_number == "12/GUQ-SNV"


def test_a_letter_on_paper_is_judged_by_its_signing_and_known_from_its_registration(
    walk: DelegationWalk,
) -> None:
    walk.now(MONDAY + timedelta(days=1))

    walk.file_paper(signed_at=FRIDAY_BEFORE)

    noon = MONDAY + timedelta(hours=4)
    assert may(walk, noon)
    assert not may(walk, noon, known_at=noon)
    assert may(walk, noon, known_at=walk.at)
    assert walk.steps == {"in_force"}
    assert IssuedDocument.objects.get().symbol == "07/GUQ-SNV"


def test_a_letter_on_paper_may_be_filed_after_its_term(walk: DelegationWalk) -> None:
    walk.now(WEDNESDAY + timedelta(days=1))

    walk.file_paper(signed_at=FRIDAY_BEFORE)
    delegations.sweep()

    walk.delegation.refresh_from_db()
    assert get_perms(walk.cast.unit_head, walk.case) == []
    assert (walk.steps, walk.delegation.outcome) == (set(), Outcome.EXPIRED)


def test_a_letter_on_paper_signed_in_the_future_is_refused(walk: DelegationWalk) -> None:
    with pytest.raises(Invalid) as refusal:
        walk.file_paper(signed_at=walk.at + SECOND)

    assert set(refusal.value.fields) == {"signed_at"}
    assert not Delegation.objects.exists()


def test_a_number_used_by_paper_is_not_given_again(walk: DelegationWalk) -> None:
    walk.file_paper(signed_at=walk.at - SECOND, number=1)

    walk.signed(overlap_note="Hai người cùng phụ trách.")

    assert walk.mandate.document_number == "02/GUQ-SNV"
    with pytest.raises(Conflict):
        walk.file_paper(signed_at=walk.at - SECOND, number=2, overlap_note="Nữa.")


def test_a_draft_signed_on_paper_goes_to_the_clerk(walk: DelegationWalk) -> None:
    walk.propose()
    walk.draft(is_on_paper=True)
    assert walk.steps == {"register_paper"}

    paper = walk.paper(signed_at=walk.at)
    walk.act(
        "register_paper",
        walk.cast.clerk,
        lambda step: filing.register_drafted(process=step.process, paper=paper, by=step.by, at=step.at),
    )

    assert walk.steps == {"in_force"}
    assert walk.mandate.signed_by == walk.cast.head


def test_an_ended_delegation_shows_what_ended_it(walk: DelegationWalk) -> None:
    mandate = walk.signed()
    mandates.end(
        mandate=mandate,
        ends_at=WEDNESDAY + timedelta(days=1),
        cause=MandateEndCause.CASE_CLOSED,
        by=None,
        at=walk.at,
    )

    mandate.refresh_from_db()
    assert (mandate.valid_until, mandate.ends.count()) == (WEDNESDAY, 0)
