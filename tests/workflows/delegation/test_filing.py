"""A letter on paper: who may file it, who signed it, and what cannot be filed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core import permissions
from core.actions import people, speech
from core.actions.speech import Speech
from core.enums import LateResult, PostKind, ReplyForm, StatementForm
from core.errors import Invalid, Refused
from core.models import Mandate, Statement
from core.permissions import MissingRole
from core.rules.delegations import NotTheHead
from core.rules.mandates import NoMandate
from tests.walk import Cast, Walk
from workflows.delegation.actions import filing
from workflows.delegation.models import Delegation

from .walk import FRIDAY_BEFORE, MONDAY, SCAN, WEDNESDAY, DelegationWalk

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> DelegationWalk:
    return DelegationWalk(cast, set_clock)


def test_nobody_but_the_clerk_files_a_letter_least_of_all_for_himself(walk: DelegationWalk) -> None:
    for person in walk.cast.everybody():
        if person in (walk.cast.clerk, walk.cast.stranger):
            continue
        walk.to = person if person != walk.cast.head else walk.cast.deputy
        with pytest.raises(MissingRole):
            walk.file_paper(signed_at=walk.at - HOUR, by=person)
    assert not Delegation.objects.exists()


def test_a_paper_signed_by_anyone_but_the_head_in_office_then_is_refused(walk: DelegationWalk) -> None:
    for person in (walk.cast.deputy, walk.cast.spokesperson):
        paper = walk.paper(signed_at=walk.at - HOUR, signed_by=person)
        with pytest.raises(NotTheHead):
            filing.file_paper(
                case=walk.case, draft=walk.draft_given(is_on_paper=True), paper=paper, by=walk.cast.clerk
            )
    assert not Mandate.objects.filter(case=walk.case).exists()


def test_a_paper_of_a_former_head_counts_where_he_was_in_office_when_he_signed(walk: DelegationWalk) -> None:
    post = walk.cast.head.posts.get()
    people.end_post(post=post, valid_until=walk.at - HOUR, by=None, at=walk.at)

    with pytest.raises(Refused):
        walk.file_paper(signed_at=walk.at - HOUR)
    assert walk.file_paper(signed_at=walk.at - HOUR - timedelta(seconds=1)).signed_by == walk.cast.head


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": MONDAY - HOUR}, "valid_until"),
        ({"valid_until": MONDAY}, "valid_until"),
        ({"to": "head"}, "to"),
        ({"to": "stranger"}, "to"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_delegated_is_refused_on_paper_too_at_its_field(
    walk: DelegationWalk, changes: dict[str, Any], field: str
) -> None:
    if "to" in changes:
        changes = {"to": getattr(walk.cast, changes["to"])}
    with pytest.raises(Invalid) as refusal:
        walk.file_paper(signed_at=walk.at - HOUR, **changes)

    assert set(refusal.value.fields) == {field}
    assert not Delegation.objects.exists()


def test_a_draft_for_paper_with_its_end_before_its_start_is_refused_in_words(walk: DelegationWalk) -> None:
    walk.propose()

    with pytest.raises(Invalid) as refusal:
        walk.draft(is_on_paper=True, valid_until=MONDAY - HOUR)

    assert set(refusal.value.fields) == {"valid_until"}


def test_a_letter_dated_before_its_signing_is_refused(walk: DelegationWalk) -> None:
    paper = walk.paper(signed_at=walk.at - HOUR, on=(walk.at - timedelta(days=1)).date())

    with pytest.raises(Invalid) as refusal:
        filing.file_paper(
            case=walk.case, draft=walk.draft_given(is_on_paper=True), paper=paper, by=walk.cast.clerk
        )

    assert set(refusal.value.fields) == {"issued_on"}


def test_a_scan_keeps_a_name_that_fits(walk: DelegationWalk) -> None:
    name = f"../{'rất dài ' * 60}.pdf"
    walk.delegation = filing.file_paper(
        case=walk.case, draft=walk.draft_given(is_on_paper=True),
        paper=walk.paper(signed_at=walk.at - HOUR, scan=(name, SCAN[1])), by=walk.cast.clerk,
    )  # fmt: skip

    assert len(walk.delegation.scan_name) <= 200
    assert walk.delegation.scan_name.endswith(".pdf")
    assert "/" not in walk.delegation.scan_name


def test_what_was_said_without_a_known_mandate_is_no_statement_however_the_paper_turns_up(
    walk: DelegationWalk,
) -> None:
    """Neither by a late record nor by a release that claims the earlier instant."""
    speaker, spoken_at = walk.cast.unit_head, MONDAY + timedelta(hours=12)
    inquiry = Walk(
        walk.cast, walk.set_clock, at=MONDAY - timedelta(days=4), reply_form=ReplyForm.INTERVIEW
    ).to("release")
    walk.case = inquiry.inquiry.case
    walk.now(spoken_at + HOUR)
    late = speech.record_late(
        case=walk.case, by=speaker, at=walk.at,
        speech=Speech(
            speaker=speaker, spoken_at=spoken_at, form=StatementForm.DIRECT, outlet="Đài Mẫu", gist="Đã nói."
        ),
    )  # fmt: skip
    walk.now(MONDAY + timedelta(days=1))
    walk.file_paper(signed_at=FRIDAY_BEFORE)
    inquiry.at = walk.at

    with pytest.raises(NoMandate):
        inquiry.release(by=speaker, spoken_at=spoken_at)

    late.refresh_from_db()
    assert late.result == LateResult.PERSONAL
    assert not Statement.objects.exists()
    asked: dict[str, Any] = {
        "agency": walk.cast.agency,
        "case": walk.case,
        "form": StatementForm.DIRECT,
        "at": spoken_at,
    }
    assert permissions.check_may_speak(speaker, **asked).is_delegated
    with pytest.raises(NoMandate):
        permissions.check_may_speak(speaker, **asked, known_at=spoken_at)
    inquiry.release(by=speaker)
    assert Statement.objects.get().spoken_at == inquiry.at < WEDNESDAY


def test_a_deputy_in_charge_delegates_while_the_post_is_vacant(walk: DelegationWalk) -> None:
    post = walk.cast.head.posts.get()
    people.end_post(post=post, valid_until=walk.at - HOUR, by=None, at=walk.at)
    people.appoint(
        person=walk.cast.deputy, agency=walk.cast.agency, kind=PostKind.DEPUTY_IN_CHARGE,
        title="Phó Giám đốc phụ trách", valid_from=walk.at - HOUR, by=None, at=walk.at,
    )  # fmt: skip

    head = permissions.check_heads(walk.cast.deputy, agency=walk.cast.agency, at=walk.at)

    assert head.post is not None
    assert head.post.kind == PostKind.DEPUTY_IN_CHARGE
