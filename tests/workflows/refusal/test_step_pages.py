"""The steps as people do them: through their pages, right and wrong, nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import people
from core.actions.law import choose_rule_set
from core.enums import PostKind, Role, Secrecy
from core.models import (
    Inquiry,
    Mandate,
    Person,
    Post,
    Provision,
    Question,
    RoleAssignment,
    RuleSet,
    Succession,
    Topic,
)
from tests.factories import make_agency, make_case
from tests.walk import ZONE, Cast, Walk, give
from workflows.engine.models import SavedInput
from workflows.refusal.models import Outcome, Refusal, RefusalDecision, RefusalVersion, Result, State
from workflows.refusal.rules.proposals import Proposal

from .walk import FACTS, REASON, WATCHED, RefusalWalk, ground, proposal

pytestmark = pytest.mark.django_db

At = Callable[..., RefusalWalk]
OLD, NEW = "103/2016/QH13", "126/2025/QH15"
JUNE, JULY = datetime(2026, 6, 30, 15, 0, tzinfo=ZONE), datetime(2026, 7, 1, 8, 0, tzinfo=ZONE)


@pytest.fixture
def refusal_at(cast: Cast, set_clock: Callable[[datetime], None]) -> At:
    """A refusal that waits at a node; with one question alone its letter is its own."""

    def at(
        node: str,
        *,
        alone: bool = False,
        instant: datetime | None = None,
        what: Proposal | None = None,
        **given: Any,
    ) -> RefusalWalk:
        if alone:
            given["questions"] = ("Đoàn thanh tra kết luận gì?",)
        if instant is not None:
            long_ago(cast)
            given["at"] = instant
        walk = Walk(cast, set_clock, **given).to("review")
        refusal = RefusalWalk(walk, proposal=what or proposal())
        refusal.ask(remark="Việc này đang thanh tra.")
        return refusal.to(node)

    return at


def long_ago(cast: Cast) -> None:
    """Everybody plays the roles they play since before the law changed."""
    rows = RoleAssignment.objects.filter(person__in=cast.everybody())
    rows.update(valid_from=datetime(2026, 1, 1, tzinfo=ZONE))


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(refusal: RefusalWalk, node: str) -> str:
    return reverse("step", args=[refusal.task(node).pk])


def page(refusal: RefusalWalk, node: str, by: Person) -> Any:
    return client_of(by).get(address(refusal, node))


def send(refusal: RefusalWalk, node: str, by: Person, **typed: Any) -> Any:
    """Send the step's form as this person; the jobs that follow are done."""
    refusal.walk.tick()
    answer = client_of(by).post(address(refusal, node), {key.replace("__", "-"): typed[key] for key in typed})
    refusal.run_jobs()
    return answer


def text_of(response: Any) -> str:
    return str(response.content.decode())


def typed(kind: str = "inspection", *, law: str = NEW, **changes: Any) -> dict[str, Any]:
    """The form of the proposal as it is filled in."""
    facts = {f"{kind}__{name}": value for name, value in FACTS[kind].items()}
    given = {
        "outcome": "refused", "ground": ground(kind, law=law).pk, "reason": REASON, "action": "propose",
        f"{kind}__watch_kind": WATCHED[kind], f"{kind}__watch_what": "Kết luận thanh tra",
    }  # fmt: skip
    return {**facts, **given, **changes}


def pages_in_order(refusal: RefusalWalk, *steps: tuple[str, Person, dict[str, Any]]) -> None:
    """Each page opens to its person, takes what is sent, and still opens afterwards."""
    for node, by, given in steps:
        shown = page(refusal, node, by)
        assert (node, shown.status_code, bool(shown.context["why_not"])) == (node, 200, False)
        sent = send(refusal, node, by, **(given | bound(refusal, node)))
        assert (node, sent.status_code) == (node, 302)
        assert page(refusal, node, by).status_code == 200


def bound(refusal: RefusalWalk, node: str) -> dict[str, str]:
    """The hash of what the page showed."""
    if node in ("review", "decide"):
        return {"sha256": refusal.sha256}
    return {"pdf_sha256": refusal.pdf} if node in ("sign", "stamp") else {}


# The ways through


def test_from_the_proposal_to_the_decision_that_the_reply_states(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    cast = refusal.walk.cast

    pages_in_order(
        refusal,
        ("propose", cast.specialist, typed()),
        ("review", cast.legal, {"action": "confirm", "reason": "Đủ căn cứ."}),
        ("decide", cast.head, {"action": "decide"}),
    )

    version = refusal.refusal.decision.version
    assert refusal.end == "told_in_reply"
    assert (version.facts, version.reason) == (FACTS["inspection"], REASON)
    assert (version.watch_kind, version.watch_what) == ("conclusion", "Kết luận thanh tra")


def test_a_letter_of_its_own_from_the_decision_to_its_release(refusal_at: At) -> None:
    refusal = refusal_at("decide", alone=True)
    cast = refusal.walk.cast

    pages_in_order(
        refusal,
        ("decide", cast.head, {"action": "decide"}),
        ("sign", cast.head, {"has_read": "on"}),
        ("stamp", cast.clerk, {"has_read": "on"}),
        ("release", cast.head, {"recipient": "Báo Mẫu (giả định)"}),
    )

    letter = refusal.refusal.decision.stated.document
    assert refusal.end == "told_in_letter"
    assert letter is not None
    pdf = reverse("document_pdf", args=[letter.pk])
    assert client_of(cast.specialist).get(pdf).status_code == 200
    assert client_of(cast.stranger).get(pdf).status_code == 404


def test_the_second_look_and_its_approval(refusal_at: At) -> None:
    refusal = refusal_at("", alone=True)
    refusal.ask_again()
    cast = refusal.walk.cast
    shown = text_of(page(refusal, "reconsider", cast.deputy))
    assert "Việc thanh tra đã xong." in shown
    assert "Từ chối cung cấp thông tin. Căn cứ: điểm c khoản 2 Điều 31" in shown
    assert page(refusal, "reconsider", cast.legal).context["why_not"].startswith("You took part")

    pages_in_order(
        refusal,
        ("reconsider", cast.deputy, {"result": "upheld", "reason": REASON}),
        ("approve", cast.head, {}),
        ("sign", cast.head, {"has_read": "on"}),
        ("stamp", cast.clerk, {"has_read": "on"}),
        ("release", cast.head, {"recipient": "Báo Mẫu (giả định)"}),
    )

    assert refusal.end == "upheld"


@pytest.mark.parametrize(
    ("result", "end"), [(Result.CHANGED, "replaced"), (Result.ANSWERED, "answered_after_all")]
)
def test_a_second_look_may_find_otherwise(refusal_at: At, result: Result, end: str) -> None:
    refusal = refusal_at("", alone=True)
    refusal.ask_again()
    run = refusal.process

    send(refusal, "reconsider", refusal.walk.cast.deputy, result=result, reason=REASON)

    ends = [task.flow_task.name for task in run.task_set.filter(flow_task_type="END")]
    assert ends == [end]


@pytest.mark.parametrize("node", ["propose", "review", "decide"])
def test_at_each_of_three_steps_the_question_is_sent_back_to_be_answered(refusal_at: At, node: str) -> None:
    refusal = refusal_at(node)
    cast = refusal.walk.cast
    by = {"propose": cast.specialist, "review": cast.legal, "decide": cast.head}[node]
    about = {"action": "to_answer"} | bound(refusal, node)

    without = send(refusal, node, by, **about, reason=" ")
    sent = send(refusal, node, by, **about, reason="Trả lời được.")

    assert (without.status_code, sent.status_code) == (422, 302)
    assert refusal.refusal.state == State.TO_ANSWER


@pytest.mark.parametrize("node", ["review", "decide"])
def test_what_is_sent_back_is_proposed_anew_from_what_was_there(refusal_at: At, node: str) -> None:
    refusal = refusal_at(node)
    cast = refusal.walk.cast

    sent = send(
        refusal,
        node,
        cast.legal if node == "review" else cast.head,
        action="return",
        sha256=refusal.sha256,
        reason="Nêu rõ số quyết định.",
    )

    assert sent.status_code == 302
    shown = page(refusal, "propose", cast.specialist)
    assert "Nêu rõ số quyết định." in text_of(shown)
    assert shown.context["form"]["inspection-decision"].value() == FACTS["inspection"]["decision"]
    assert [card.ground.pk for card in shown.context["cards"] if card.is_chosen] == [ground("inspection").pk]


def test_legal_review_changes_the_ground_as_a_version_of_its_own(refusal_at: At) -> None:
    refusal = refusal_at("review")
    legal = refusal.walk.cast.legal
    prefilled = page(refusal, "review", legal).context["change_form"]
    assert prefilled["reason"].value() == REASON

    sent = send(
        refusal,
        "review",
        legal,
        **typed("investigation", action="change"),
        sha256=refusal.sha256,
        remark="Án.",
    )

    assert sent.status_code == 302
    rows = RefusalVersion.objects.order_by("number")
    assert [(row.step, row.ground.point if row.ground else "") for row in rows] == [
        ("propose", "c"),
        ("review", "b"),
    ]


# What whoever chooses is shown


def test_a_ground_says_what_it_is_and_what_corresponds_to_it(refusal_at: At) -> None:
    refusal = refusal_at("propose")

    shown = page(refusal, "propose", refusal.walk.cast.specialist)

    words = " ".join(text_of(shown).split())
    assert [card.ground.place for card in shown.context["cards"]] == ["31.2.a", "31.2.b", "31.2.c"]
    assert "corresponds to điểm a khoản 2 Điều 38 Luật Báo chí 2016" in words
    assert "Việc này đang thanh tra." in words
    assert "in force from 01/07/2026" in words
    assert 'name="inspection-rule"' in words
    assert 'name="draft_policy-draft"' not in words


def test_both_laws_are_shown_while_nobody_has_chosen_between_them(refusal_at: At) -> None:
    refusal = refusal_at("propose", instant=JUNE)
    cast = refusal.walk.cast
    before = page(refusal, "propose", cast.specialist)
    assert {card.ground.place for card in before.context["cards"] if not card.why_not} == {
        "38.2.a",
        "38.2.b",
        "38.2.c",
        "38.2.d",
    }
    moved_on(refusal, JULY)

    shown = page(refusal, "propose", cast.specialist)

    cards = {card.ground.place: card.why_not for card in shown.context["cards"]}
    assert reverse("choose_law", args=[refusal.walk.inquiry.pk]) in text_of(shown)
    assert [place for place, why in cards.items() if not why] == ["31.2.a", "31.2.b", "31.2.c"]
    assert "no law in force has such a ground" in cards["38.2.d"]
    assert "nobody has chosen the law" in cards["38.2.a"]


@pytest.mark.parametrize(
    ("law", "usable"),
    [(OLD, ["38.2.a", "38.2.b", "38.2.c"]), (NEW, ["31.2.a", "31.2.b", "31.2.c"])],
)
def test_the_law_that_was_chosen_says_which_grounds_can_be(
    refusal_at: At, law: str, usable: list[str]
) -> None:
    refusal = refusal_at("propose", instant=JUNE)
    moved_on(refusal, JULY)
    chosen(refusal, law)

    shown = page(refusal, "propose", refusal.walk.cast.specialist)

    assert [card.ground.place for card in shown.context["cards"] if not card.why_not] == usable
    assert "Nhận trước ngày luật mới có hiệu lực." in text_of(shown)
    assert send(refusal, "propose", refusal.walk.cast.specialist, **typed(law=law)).status_code == 302


def moved_on(refusal: RefusalWalk, instant: datetime) -> None:
    refusal.walk.at = instant
    refusal.walk.tick()


def chosen(refusal: RefusalWalk, law: str) -> None:
    choose_rule_set(
        inquiry=refusal.walk.inquiry,
        rule_set=RuleSet.objects.get(instruments__number=law),
        reason="Nhận trước ngày luật mới có hiệu lực.",
        by=refusal.walk.cast.legal,
        at=refusal.walk.at,
    )


def decided_before(
    refusal: RefusalWalk,
    *questions: str,
    law: str = NEW,
    ago: timedelta = timedelta(days=1),
    topic: Topic | None = None,
    **of_case: Any,
) -> list[RefusalDecision]:
    """Earlier decisions of the agency on point c, one a question, each a day older than the one before."""
    cast = refusal.walk.cast
    case = make_case(agency=of_case.pop("agency", cast.agency), **of_case)
    at, point = refusal.walk.at - ago, ground("inspection", law=law)
    inquiry = Inquiry.objects.create(
        case=case, agency=case.agency, reference=f"YC-{case.pk}", channel="letter", received_at=at, created_at=at,
        topic=topic,
    )  # fmt: skip
    return [
        _decision(inquiry, point, number=number, text=text, by=cast.head, at=at - timedelta(days=number))
        for number, text in enumerate(questions, 1)
    ]


def _decision(
    inquiry: Inquiry, point: Provision, *, number: int, text: str, by: Person, at: datetime
) -> RefusalDecision:
    question = Question.objects.create(inquiry=inquiry, number=number, text=text)
    row = Refusal.objects.create(
        inquiry=inquiry, question=question, origin="review", opened_by=by, opened_at=at, state=State.DECIDED
    )
    rule_set = RuleSet.objects.get(instruments=point.instrument)
    version = RefusalVersion.objects.create(
        refusal=row, number=1, step="propose", author=by, at=at, rule_set=rule_set, outcome="refused", ground=point,
        facts=FACTS["inspection"], reason=f"Lý do của: {text}", sha256="0" * 64,
    )  # fmt: skip
    return RefusalDecision.objects.create(
        refusal=row, version=version, outcome="refused", rule_set=rule_set, ground=point,
        citation=point.citation_in_full, decided_by=by, decided_at=at, entry_id=uuid4(),
        mandate=Mandate.objects.filter(person=by).latest("pk"),
    )  # fmt: skip


def card_of(shown: Any, place: str) -> Any:
    return next(card for card in shown.context["cards"] if card.ground.place == place)


def test_the_most_similar_decisions_on_the_ground_or_its_counterpart_are_shown(refusal_at: At) -> None:
    refusal = refusal_at("propose", alone=True)
    topic = Topic.objects.create(code="thu", title="Thanh tra (giả định)")
    refusal.walk.inquiry.topic = topic
    refusal.walk.inquiry.save()
    decided_before(refusal, "Đoàn thanh tra kết luận thế nào?", "Giá đất ra sao?", law=OLD)
    decided_before(refusal, "Bao giờ tuyển dụng?", topic=topic, ago=timedelta(days=40))
    decided_before(refusal, "Chuyện rất cũ, đoàn thanh tra kết luận gì?", ago=timedelta(days=366))
    decided_before(refusal, "Việc kín: đoàn thanh tra kết luận gì?", secrecy=Secrecy.RESTRICTED)
    decided_before(refusal, "Nơi khác: đoàn thanh tra kết luận gì?", agency=make_agency())
    (purged,) = decided_before(refusal, "Đã gỡ bỏ")
    RefusalVersion.objects.filter(pk=purged.version_id).update(facts={}, reason="", watch_what="", sha256="")

    shown = page(refusal, "propose", refusal.walk.cast.legal)

    before = card_of(shown, "31.2.c").before
    # Of the restricted case and of the purged one the number tells, and nothing else.
    assert before.uses == 5
    assert [decision.refusal.question.text for decision in before.similar] == [
        "Bao giờ tuyển dụng?",
        "Chuyện rất cũ, đoàn thanh tra kết luận gì?",
        "Đoàn thanh tra kết luận thế nào?",
        "Giá đất ra sao?",
    ]
    assert "Lý do của: Bao giờ tuyển dụng?" in text_of(shown)
    assert card_of(shown, "31.2.a").before.uses == 0


def test_the_page_asks_the_database_as_often_for_twelve_earlier_decisions_as_for_none(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    specialist = client_of(refusal.walk.cast.legal)
    here = address(refusal, "propose")
    specialist.get(here)
    with CaptureQueriesContext(connection) as none:
        specialist.get(here)
    decided_before(refusal, *(f"Câu hỏi {number}?" for number in range(6)))
    decided_before(refusal, *(f"Câu hỏi cũ {number}?" for number in range(6)), law=OLD)

    with CaptureQueriesContext(connection) as twelve:
        shown = specialist.get(here)

    before = card_of(shown, "31.2.c").before
    assert (before.uses, len(before.similar)) == (12, 5)
    assert len(twelve) == len(none)


# What cannot stand


BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"ground": ""}, "A refusal needs a ground"),
    ({"ground": "999999"}, "There is no such ground"),
    ({"ground": "9" * 30}, "There is no such ground"),
    ({"ground": "9" * 5_000}, "There is no such ground"),
    ({"ground": "\x00"}, "Null characters are not allowed."),
    ({"outcome": ""}, "Choose what becomes of the question"),
    ({"reason": "   \u200b "}, "A refusal needs its reason in words"),
    ({"reason": "Mười chữ à"}, "The reason is too short"),
    ({"inspection__decision": ""}, "Name the paper with its number and date"),
    ({"inspection__no_conclusion": ""}, "Confirm that there is no conclusion yet"),
    ({"inspection__matter": "check"}, "An internal check (kiểm tra) is not an inspection"),
    ({"inspection__decision": "Kế hoạch kiểm tra nội bộ số 3"}, "An internal check (kiểm tra) is not"),
    ({"inspection__watch_kind": ""}, "This ground ends with an event"),
    ({"inspection__watch_on": "2026-07-01"}, "which has passed"),
    ({"inspection__watch_on": "0001-01-01"}, "This date cannot be right."),
    ({"inspection__watch_on": "9999-12-31"}, "This date cannot be right."),
    ({"outcome": "redirected", "redirected_to": " "}, "Name the competent agency"),
    ({"outcome": "withheld"}, "has not switched on"),
)


def test_a_proposal_that_cannot_stand_says_why_and_keeps_what_was_typed(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    kept = {"inspection__rule": "Điều 10 đã gõ rất lâu (giả định)"}
    repeating = ({"reason": ground("inspection").statement}, "only repeats the ground")
    bad = (*BAD, repeating)

    answers = [
        send(refusal, "propose", refusal.walk.cast.specialist, **typed(**kept, **changes))
        for changes, _ in bad
    ]

    said = [
        (answer.status_code, sentence in text_of(answer), kept["inspection__rule"] in text_of(answer))
        for answer, (_, sentence) in zip(answers, bad, strict=True)
    ]
    assert said == [(422, True, True)] * len(bad)
    assert refusal.refusal.versions.count() == 0


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5_000])
def test_a_ground_no_row_can_be_is_told_in_legal_review_too(refusal_at: At, number: str) -> None:
    refusal = refusal_at("review")
    change = typed(ground=number, reason="Lý do đã gõ rất lâu (giả định).", action="change")

    answer = send(refusal, "review", refusal.walk.cast.legal, **change, **bound(refusal, "review"))

    assert answer.status_code == 422
    assert "There is no such ground" in text_of(answer)
    assert change["reason"] in text_of(answer)
    assert refusal.refusal.versions.count() == 1


def test_a_state_secret_needs_its_list_and_its_level(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    sentences = {
        "secret": "Say which kind of secret it is.",
        "list": "Name the list of state secrets.",
        "level": "Give the level of the state secret.",
    }

    answers = {
        name: send(
            refusal, "propose", refusal.walk.cast.specialist, **typed("secret", **{f"secret__{name}": ""})
        )
        for name in sentences
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(sentences, 422)
    assert {name: answer.context["form"].errors[f"secret-{name}"] for name, answer in answers.items()} == {
        name: [sentence] for name, sentence in sentences.items()
    }


def test_a_repealed_ground_is_refused_though_it_was_sent(refusal_at: At) -> None:
    refusal = refusal_at("propose")

    answer = send(refusal, "propose", refusal.walk.cast.specialist, **typed("draft_policy", law=OLD))

    assert answer.status_code == 422
    assert "điểm d khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13 is no ground for a refusal" in text_of(
        answer
    )
    assert FACTS["draft_policy"]["draft"] in text_of(answer)
    assert card_of(answer, "38.2.d").why_not


def test_a_page_of_the_last_day_of_the_old_law_does_not_refuse_on_the_first_of_the_new(
    refusal_at: At,
) -> None:
    refusal = refusal_at("propose", instant=JUNE)
    specialist = refusal.walk.cast.specialist
    given = typed("draft_policy", law=OLD)
    assert not card_of(page(refusal, "propose", specialist), "38.2.d").why_not
    moved_on(refusal, JULY)

    undecided = send(refusal, "propose", specialist, **given)
    chosen(refusal, NEW)
    repealed = send(refusal, "propose", specialist, **given)

    assert (undecided.status_code, repealed.status_code) == (409, 422)
    assert "Choose the governing law on the case page first" in text_of(undecided)
    assert "is no ground for a refusal on 01/07/2026" in text_of(repealed)
    for answer in (undecided, repealed):
        assert FACTS["draft_policy"]["draft"] in text_of(answer)
        assert REASON in text_of(answer)


def test_a_decision_of_the_day_before_is_refused_under_the_law_of_the_day(refusal_at: At) -> None:
    refusal = refusal_at("decide", instant=JUNE, what=proposal("draft_policy", law=OLD))
    moved_on(refusal, JULY)
    chosen(refusal, NEW)

    answer = send(
        refusal, "decide", refusal.walk.cast.head, action="decide", sha256=refusal.sha256, reason="Đồng ý."
    )

    assert answer.status_code == 422
    assert "is no ground for a refusal on 01/07/2026" in text_of(answer)
    assert "Đồng ý." in text_of(answer)
    assert not hasattr(refusal.refusal, "decision")


def test_an_agency_that_ended_is_answered_with_its_successor(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    ended = make_agency(name="Sở Cũ (giả định)", valid_until=JULY.date())
    heir = make_agency(name="Sở Mới (giả định)", valid_from=JULY.date())
    Succession.objects.create(predecessor=ended, successor=heir, field="y tế", on=JULY.date())

    answer = send(
        refusal,
        "propose",
        refusal.walk.cast.specialist,
        **typed(outcome="redirected", redirected_to="Sở Cũ (giả định)"),
    )

    assert answer.status_code == 422
    assert "For y tế its successor is Sở Mới (giả định)" in text_of(answer)
    assert answer.context["form"].errors["redirected_to"] == ["Name instead: Sở Mới (giả định)."]
    assert answer.context["form"]["redirected_to"].value() == "Sở Cũ (giả định)"


# Who may not


def test_whoever_proposed_neither_reviews_nor_decides(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    head = refusal.walk.cast.head
    for role in (Role.SPECIALIST, Role.LEGAL_OFFICER):
        give(head, role, agency=refusal.walk.cast.agency)
    assert send(refusal, "propose", head, **typed()).status_code == 302

    reviewed = send(refusal, "review", head, action="confirm", sha256=refusal.sha256, reason="Đúng rồi.")
    refusal.review()
    decided = send(refusal, "decide", head, action="decide", sha256=refusal.sha256, reason="Đúng rồi.")

    for answer in (reviewed, decided):
        assert answer.status_code == 403
        assert "You wrote this, so somebody else must judge it" in text_of(answer)
        assert "Đúng rồi." in text_of(answer)
    assert refusal.steps == {"decide"}


def test_another_version_than_the_one_read_is_a_conflict_that_keeps_the_remark(refusal_at: At) -> None:
    refusal = refusal_at("review")

    answer = send(
        refusal, "review", refusal.walk.cast.legal, action="confirm", sha256="0" * 64, reason="Đã đọc kỹ."
    )

    assert answer.status_code == 409
    assert "The proposal changed while you were reading" in text_of(answer)
    assert "Đã đọc kỹ." in text_of(answer)
    assert refusal.steps == {"review"}


def test_withholding_is_offered_where_it_is_switched_on_and_decided_by_the_head_alone(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    cast = refusal.walk.cast
    cast.agency.may_withhold = True
    cast.agency.save()
    assert 'value="withheld"' in text_of(page(refusal, "propose", cast.specialist))
    sent = send(refusal, "propose", cast.specialist, **typed(outcome="withheld"))
    refusal.review()
    given = {"action": "decide", "sha256": refusal.sha256}

    warned = page(refusal, "decide", cast.spokesperson)
    turned_away = send(refusal, "decide", cast.spokesperson, **given)
    decided = send(refusal, "decide", cast.head, **given)

    assert warned.context["needs_head"]
    assert [sent.status_code, turned_away.status_code, decided.status_code] == [302, 403, 302]
    assert "Only the head in office decides" in text_of(turned_away)
    decision = refusal.refusal.decision
    assert (decision.outcome, decision.citation) == (Outcome.WITHHELD, "")


def test_the_head_alone_is_offered_to_send_the_letter_at_once(refusal_at: At) -> None:
    refusal = refusal_at("decide")
    cast = refusal.walk.cast
    given = {"action": "decide", "sha256": refusal.sha256, "at_once": "on"}
    assert 'name="at_once"' in text_of(page(refusal, "decide", cast.head))
    assert 'name="at_once"' not in text_of(page(refusal, "decide", cast.spokesperson))

    turned_away = send(refusal, "decide", cast.spokesperson, **given)
    decided = send(refusal, "decide", cast.head, **given)

    assert (turned_away.status_code, decided.status_code) == (403, 302)
    assert refusal.steps == {"sign"}


def test_the_decision_shows_what_the_press_will_read_and_in_which_document(refusal_at: At) -> None:
    beside = refusal_at("decide")
    alone = refusal_at("decide", alone=True)
    head = beside.walk.cast.head

    in_reply, in_letter = page(beside, "decide", head), page(alone, "decide", head)
    unsigned = page(alone, "decide", alone.walk.cast.spokesperson)

    citation = "điểm c khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
    told = (
        f"Từ chối cung cấp thông tin. Căn cứ: {citation}. "
        f"Việc từ chối được quyết định ngày 13/07/2026. Lý do: {REASON}"
    )
    for shown in (in_reply, in_letter):
        assert told in text_of(shown)
        assert "You act under your mandate" in text_of(shown)
    assert (in_reply.context["own_letter"], in_letter.context["own_letter"]) == (False, True)
    assert "You may sign it." in text_of(in_letter)
    assert "may not sign documents" in text_of(unsigned)


def test_a_refusal_that_follows_another_is_told_by_its_own_letter(refusal_at: At) -> None:
    refusal = refusal_at("decide")
    refusal.decide(at_once=True)
    refusal.to("").ask_again()
    refusal.reconsider(Result.CHANGED)
    refusal.to("decide")

    shown = page(refusal, "decide", refusal.walk.cast.head)

    assert (shown.context["own_letter"], shown.context["others"]) == (True, [])
    assert "the press was told of the earlier refusal already" in text_of(shown)
    assert 'name="at_once"' not in text_of(shown)


def test_a_mandate_that_ended_before_the_release_tells_nobody(refusal_at: At) -> None:
    refusal = refusal_at("release", alone=True)
    head = refusal.walk.cast.head
    assert not page(refusal, "release", head).context["why_not"]
    post = Post.objects.get(person=head, kind=PostKind.HEAD)
    people.end_post(post=post, valid_until=refusal.walk.at, by=None, at=refusal.walk.at)

    answer = send(refusal, "release", head, recipient="Báo Mẫu, chị Lan (giả định)")

    assert answer.status_code == 403
    assert "Báo Mẫu, chị Lan (giả định)" in text_of(answer)
    assert refusal.steps == {"release"}


def test_a_stranger_finds_no_step(refusal_at: At) -> None:
    refusal = refusal_at("propose")

    assert page(refusal, "propose", refusal.walk.cast.stranger).status_code == 404


def test_what_was_being_typed_is_there_again(refusal_at: At) -> None:
    refusal = refusal_at("propose")
    specialist = refusal.walk.cast.specialist
    point = ground("investigation").pk
    saved = {"outcome": "refused", "ground": point, "investigation-body": "Viện A (giả định)", "sha256": "x"}
    client_of(specialist).post(reverse("step_save", args=[refusal.task("propose").pk]), saved)

    shown = page(refusal, "propose", specialist)

    assert "sha256" not in SavedInput.objects.get().data
    assert [card.ground.pk for card in shown.context["cards"] if card.is_chosen] == [point]
    assert shown.context["form"]["investigation-body"].value() == "Viện A (giả định)"
