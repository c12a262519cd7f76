"""What a delegation is worth at the moment of speaking: the interview, the e-mail, the official letter, the edges."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.enums import ReplyForm, StatementForm
from core.errors import Refused
from core.models import Statement
from core.permissions import NoSigningCapacity
from core.rules.mandates import NoMandate
from tests.walk import Cast, Walk

from .walk import MONDAY, WEDNESDAY, DelegationWalk

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
BEFORE = MONDAY - timedelta(days=4)


@pytest.fixture
def delegated(cast: Cast, set_clock: Callable[[datetime], None]) -> Callable[..., Walk]:
    """An inquiry at a node, and its unit's head delegated for the case from Monday 08:00 to Wednesday 17:00."""

    def make(node: str, form: ReplyForm, **scope: object) -> Walk:
        inquiry = Walk(cast, set_clock, at=BEFORE, reply_form=form).to(node)
        walk = DelegationWalk(cast, set_clock, at=inquiry.tick())
        walk.case = inquiry.inquiry.case
        walk.signed(**scope)
        return inquiry

    return make


def at(inquiry: Walk, instant: datetime) -> None:
    """Set the clock so that the next act happens at this instant: an act lets a minute pass."""
    inquiry.at = instant - timedelta(minutes=1)


@pytest.mark.parametrize("form", [ReplyForm.INTERVIEW, ReplyForm.EMAIL, ReplyForm.PORTAL])
def test_a_delegated_division_head_speaks_in_every_form_without_a_signature(
    delegated: Callable[..., Walk], form: ReplyForm
) -> None:
    inquiry = delegated("release", form)
    at(inquiry, MONDAY)

    inquiry.release(by=inquiry.cast.unit_head)

    statement = Statement.objects.get()
    assert (statement.speaker, statement.mandate.document_number) == (inquiry.cast.unit_head, "01/GUQ-SNV")


def test_a_delegate_does_not_sign_the_official_letter(delegated: Callable[..., Walk]) -> None:
    inquiry = delegated("decide", ReplyForm.LETTER)
    at(inquiry, MONDAY)

    with pytest.raises(NoSigningCapacity):
        inquiry.decide(by=inquiry.cast.unit_head)


def test_a_release_is_accepted_a_second_before_the_end_and_refused_at_it(
    delegated: Callable[..., Walk],
) -> None:
    inquiry = delegated("release", ReplyForm.EMAIL)
    at(inquiry, WEDNESDAY)
    with pytest.raises(NoMandate, match="ended at 17:00 on 15/07/2026"):
        inquiry.release(by=inquiry.cast.unit_head)
    assert not Statement.objects.exists()

    at(inquiry, WEDNESDAY - SECOND)
    inquiry.release(by=inquiry.cast.unit_head)

    assert Statement.objects.get().spoken_at == WEDNESDAY - SECOND


def test_a_delegation_for_one_form_gives_no_other(delegated: Callable[..., Walk]) -> None:
    inquiry = delegated("release", ReplyForm.EMAIL, forms=[StatementForm.DIRECT])
    at(inquiry, MONDAY)

    with pytest.raises(Refused, match="covers only these forms"):
        inquiry.release(by=inquiry.cast.unit_head)


def test_a_delegation_for_one_question_does_not_release_a_reply_to_two(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    inquiry = Walk(cast, set_clock, at=BEFORE, reply_form=ReplyForm.EMAIL).to("release")
    walk = DelegationWalk(cast, set_clock, at=inquiry.tick())
    walk.case = inquiry.inquiry.case
    walk.signed(questions=[inquiry.inquiry.questions.get(number=1)])
    at(inquiry, MONDAY)

    with pytest.raises(Refused, match="covers only these questions"):
        inquiry.release(by=cast.unit_head)


def test_a_delegation_for_every_question_of_an_inquiry_releases_its_reply(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    inquiry = Walk(cast, set_clock, at=BEFORE, reply_form=ReplyForm.EMAIL).to("release")
    walk = DelegationWalk(cast, set_clock, at=inquiry.tick())
    walk.case = inquiry.inquiry.case
    walk.signed(questions=list(inquiry.inquiry.questions.all()))
    at(inquiry, MONDAY)

    inquiry.release(by=cast.unit_head)

    assert Statement.objects.get().speaker == cast.unit_head
