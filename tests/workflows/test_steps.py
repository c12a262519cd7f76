"""The page of a step for somebody to whom its case is open no more: the sentence, what was typed, nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from core.enums import ReplyForm, Secrecy, StatementForm
from core.models import Case, Person, Statement
from tests import factories
from tests.walk import SINCE, Cast, Walk
from tests.workflows.delegation.walk import MONDAY, WEDNESDAY, DelegationWalk
from workflows.press_inquiry.forms.judging import CorrectionForm
from workflows.press_inquiry.forms.releasing import EndorseForm
from workflows.steps import sent

pytestmark = pytest.mark.django_db
BEFORE = MONDAY - timedelta(days=4)
TEN = MONDAY + timedelta(days=1, hours=2)
MINUTE = timedelta(minutes=1)
TYPED = {"form": StatementForm.PRESS_RELEASE_OR_REPLY, "recipient": "Phóng viên đã gõ tay <b>"}
ENDED = "ended at 17:00 on 15/07/2026"
REVOKED = "was revoked with effect from 10:00 on 14/07/2026"


class Desk:
    """A restricted case at one of its steps, and its delegate, who plays no role anywhere, at the browser."""

    def __init__(self, cast: Cast, set_clock: Callable[[datetime], None], *, node: str) -> None:
        self.walk = Walk(cast, set_clock, at=BEFORE, reply_form=ReplyForm.EMAIL).to(node)
        self.delegation = DelegationWalk(cast, set_clock, at=self.walk.tick())
        self.delegation.case = self.walk.inquiry.case
        self.delegate = self.delegation.to = factories.make_person(full_name="Người được ủy quyền")
        factories.make_post(person=self.delegate, agency=cast.agency, valid_from=SINCE)
        self.delegation.signed()
        Case.objects.filter(pk=self.walk.inquiry.case_id).update(secrecy=Secrecy.RESTRICTED)
        self.now = set_clock
        self.task = self.walk.task(node)
        self.address = reverse("step", args=[self.task.pk])
        self.case_address = reverse("case", args=[self.walk.inquiry.case_id])

    def revoke(self) -> None:
        self.now(TEN)
        self.delegation.revoke()

    def facts(self) -> tuple[str, ...]:
        inquiry = self.walk.inquiry
        told = (inquiry.case.title, inquiry.case.reference, inquiry.reference, inquiry.asker_display)
        return (*told, *self.walk.questions, self.case_address)


@pytest.fixture
def desk_at(cast: Cast, set_clock: Callable[[datetime], None]) -> Callable[[str], Desk]:
    return lambda node: Desk(cast, set_clock, node=node)


@pytest.fixture
def desk(desk_at: Callable[[str], Desk]) -> Desk:
    return desk_at("release")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_a_delegate_reads_the_sentence_and_what_was_typed_at_the_instant_of_the_revocation(
    desk: Desk,
) -> None:
    client = signed_in(desk.delegate)
    desk.now(TEN - MINUTE)
    opened = client.get(desk.address)
    desk.revoke()

    answer = client.post(desk.address, TYPED)

    assert (opened.status_code, answer.status_code) == (200, 403)
    page = page_of(answer)
    assert REVOKED in page
    assert TYPED["recipient"] in page
    assert TYPED["recipient"] not in answer.content.decode()
    assert [fact for fact in desk.facts() if fact not in page_of(opened)] == []
    assert [fact for fact in desk.facts() if fact in page] == []
    assert not Statement.objects.exists()


def test_the_same_at_the_end_of_the_term_whether_or_not_the_sweep_came(desk: Desk) -> None:
    desk.now(WEDNESDAY)

    answer = signed_in(desk.delegate).post(desk.address, TYPED)

    assert answer.status_code == 403
    assert ENDED in page_of(answer)
    assert TYPED["recipient"] in page_of(answer)


def test_only_what_is_sent_is_answered_the_case_itself_is_not_found(desk: Desk) -> None:
    client = signed_in(desk.delegate)
    desk.revoke()

    got = [client.get(address).status_code for address in (desk.address, desk.case_address)]
    saved = client.post(reverse("step_save", args=[desk.task.pk]), TYPED).status_code

    assert (got, saved) == ([404, 404], 404)


def test_before_the_delegation_begins_its_delegate_finds_no_step(desk: Desk) -> None:
    desk.now(MONDAY - MINUTE)

    client = signed_in(desk.delegate)

    assert [client.get(desk.address).status_code, client.post(desk.address, TYPED).status_code] == [404, 404]


@pytest.mark.parametrize("who", ["stranger", "deputy", "spokesperson"])
def test_who_was_never_delegated_finds_no_step_whatever_is_sent(desk: Desk, who: str) -> None:
    person = getattr(desk.walk.cast, who)
    desk.walk.inquiry.case.participants.filter(person=person).delete()
    desk.revoke()

    answer = signed_in(person).post(desk.address, TYPED)

    assert answer.status_code == 404
    assert TYPED["recipient"] not in page_of(answer)


def test_a_correction_typed_by_a_delegate_is_given_back_without_the_words_of_the_questions(
    desk_at: Callable[[str], Desk],
) -> None:
    desk = desk_at("decide")
    desk.revoke()
    given = {"action": "correct", "answer_1": "Công bố ngày 20.", "reason": "Nói gọn hơn."}

    answer = signed_in(desk.delegate).post(desk.address, given)

    page = page_of(answer)
    assert answer.status_code == 403
    assert [text for text in ("Công bố ngày 20.", "Nói gọn hơn.", "Remarks") if text not in page] == []
    assert [fact for fact in desk.facts() if fact in page] == []


@pytest.mark.parametrize("address", ["step", "step_skip"])
def test_every_page_that_was_open_to_the_delegate_gives_back_what_was_typed(
    desk_at: Callable[[str], Desk], address: str
) -> None:
    desk = desk_at("review")
    desk.revoke()
    client, at = signed_in(desk.delegate), reverse(address, args=[desk.task.pk])

    answer = client.post(at, {"reason": "Gấp, họp báo lúc 9 giờ."})

    assert (client.get(at).status_code, answer.status_code) == (404, 403)
    assert REVOKED in page_of(answer)
    assert "Gấp, họp báo lúc 9 giờ." in page_of(answer)


def test_a_delegation_that_ends_while_the_act_is_under_way_shows_no_case_either(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflows import base

    desk.now(WEDNESDAY - MINUTE)
    execute = base.execute

    def late(*args: Any, **kwargs: Any) -> Any:
        desk.now(WEDNESDAY)
        return execute(*args, **kwargs)

    monkeypatch.setattr(base, "execute", late)
    answer = signed_in(desk.delegate).post(desk.address, TYPED)

    page = page_of(answer)
    assert answer.status_code == 403
    assert (ENDED in page, TYPED["recipient"] in page) == (True, True)
    assert [fact for fact in desk.facts() if fact in page] == []


def test_what_was_sent_is_named_by_the_labels_of_any_case_and_no_secret_of_the_page_is_repeated() -> None:
    post = QueryDict(mutable=True)
    post.update({
        "csrfmiddlewaretoken": "x", "password": "x", "sha256": "x", "reply_form": "email",
        "talking_points": "Ý chính.", "answer_7": "Lời đáp.", "reason": " ",
    })  # fmt: skip

    assert sent(post, form_class=CorrectionForm) == [
        {"label": "Talking points", "text": "Ý chính."},
        {"label": "What you typed", "text": "Lời đáp."},
    ]
    assert sent(post, form_class=EndorseForm)[0]["label"] == "What you typed"
