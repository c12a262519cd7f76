from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import Numbering
from core.models import Person, Statement, TrailEntry
from documents.models import IssuedDocument
from tests.walk import Cast, Walk, make_cast
from tests.workflows.refusal.walk import REASON, RefusalWalk, ground, proposal
from workflows import queries
from workflows.bringing_back import sweep
from workflows.refusal.models import BringBack, Outcome, Reconsideration, Refusal, Result, State

SetClock = Callable[[datetime], None]
pytestmark = pytest.mark.django_db
CONCLUSION = "Kết luận thanh tra số 9/KL-TTr ngày 20/7/2026 (giả định)."


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: object) -> str:
    return opened(person, reverse(name, args=args))


def opened(person: Person, address: str) -> str:
    response = signed_in(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def post(person: Person, name: str, *args: object, **data: object) -> Any:
    return signed_in(person).post(reverse(name, args=args), data)


def queries_of(person: Person, address: str) -> int:
    client = signed_in(person)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def asked(inquiry_at: Callable[..., Walk]) -> RefusalWalk:
    """Asked for at the review, with one other question that is answered."""
    refusal = RefusalWalk(inquiry_at("review"))
    refusal.ask(remark="Đang thanh tra.")
    return refusal


@pytest.fixture
def decided(asked: RefusalWalk) -> RefusalWalk:
    asked.walk.to("await_refusals")
    return asked.to("")


@pytest.fixture
def told(inquiry_at: Callable[..., Walk]) -> RefusalWalk:
    """Told in a letter of its own, because nothing else was asked."""
    refusal = RefusalWalk(inquiry_at("triage", questions=("Đoàn thanh tra kết luận gì?",)))
    refusal.ask("triage")
    refusal.walk.triage()
    refusal.propose(by=refusal.walk.cast.legal)
    refusal.review(by=refusal.walk.cast.chief)
    return refusal.to("")


# The page of a refusal


def test_the_page_says_what_was_asked_proposed_decided_under_which_law_and_what_told_the_press(
    told: RefusalWalk,
) -> None:
    refusal = told.refusal

    html = get(told.walk.cast.chief, "refusal", refusal.pk)

    for fact in (
        "Refusal of question 1",
        "Đoàn thanh tra kết luận gì?",
        told.walk.inquiry.reference,
        "The press was told",
        refusal.decision.citation,
        REASON,
        "Quyết định thanh tra số 5/QĐ-TTr ngày 01/6/2026 (giả định)",
        "There is no official conclusion yet",
        "Conclusion of the inspection",
        ground("inspection").statement,
        refusal.decision.rule_set.title,
        "Giám đốc Sở",
        "Head, ex officio",
        "Version 1, Proposal: Refused on a ground of the law",
        "01/SNV-",
        "No step waits for anybody.",
    ):
        assert fact in html
    document = IssuedDocument.objects.get()
    assert reverse("document_pdf", args=[document.pk]) in html


def test_the_page_of_an_open_refusal_says_what_waits_and_who_may_do_it(asked: RefusalWalk) -> None:
    cast = asked.walk.cast
    asked.propose()
    step = reverse("step", args=[asked.task("review").pk])

    reviewer = signed_in(cast.legal).get(reverse("refusal", args=[asked.refusal.pk]))
    proposer = get(cast.specialist, "refusal", asked.refusal.pk)

    ((offer, people),) = reviewer.context["steps"]
    assert (offer.url, offer.why, people) == (step, "", [cast.legal])
    assert step in reviewer.content.decode()
    assert "do not include this: clear drafts" in proposer
    assert f"Who may do it:\n      \n        {cast.legal.full_name}" in proposer


def test_whoever_may_decide_is_named_by_the_mandate_and_not_by_the_role_alone(asked: RefusalWalk) -> None:
    asked.to("decide")

    response = signed_in(asked.walk.cast.chief).get(reverse("refusal", args=[asked.refusal.pk]))

    ((_offer, people),) = response.context["steps"]
    assert set(people) == {asked.walk.cast.head, asked.walk.cast.spokesperson}


def test_a_refusal_that_waits_for_the_reply_says_so(decided: RefusalWalk) -> None:
    html = get(decided.walk.cast.chief, "refusal", decided.refusal.pk)

    assert "The inquiry's reply tells of it; it has not been released." in html
    assert "Not told to the press yet" in html


def test_a_redirected_question_names_the_competent_agency_and_cites_no_ground(
    inquiry_at: Callable[..., Walk],
) -> None:
    elsewhere = proposal(
        outcome=Outcome.REDIRECTED, ground=None, facts={}, redirected_to="Sở Y tế (giả định)"
    )
    refusal = RefusalWalk(inquiry_at("review"), proposal=elsewhere)
    refusal.ask()
    refusal.to("")

    html = get(refusal.walk.cast.chief, "refusal", refusal.refusal.pk)

    assert "Competent agency: Sở Y tế (giả định)" in html
    assert "Ground, as cited" not in html


def test_the_diagram_shows_the_letter_only_where_there_is_one(
    decided: RefusalWalk, inquiry_at: Callable[..., Walk]
) -> None:
    address = reverse("refusal", args=[decided.refusal.pk])
    own = RefusalWalk(inquiry_at("review"))
    own.ask()
    own.to("decide")
    own.decide(at_once=True)

    without, letter = (
        signed_in(decided.walk.cast.chief).get(page).context["diagram"].stations
        for page in (address, reverse("refusal", args=[own.refusal.pk]))
    )

    assert [station.name for station in without] == ["propose", "review", "decide", "end"]
    assert {station.state for station in without} == {"done"}
    assert [station.name for station in letter] == [
        "propose", "review", "decide", "issue", "sign", "stamp", "release", "end",
    ]  # fmt: skip
    assert [station.name for station in letter if station.state == "current"] == ["sign"]


@pytest.mark.parametrize("name", ["refusal", "end_of_ground", "ask_second_look"])
def test_a_refusal_of_another_agency_is_not_found(decided: RefusalWalk, name: str) -> None:
    stranger, pk = decided.walk.cast.stranger, decided.refusal.pk
    entries = TrailEntry.objects.count()

    there, nowhere = (signed_in(stranger).get(reverse(name, args=[key])) for key in (pk, 999_999))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content.decode().count("There is no such") == nowhere.content.decode().count(
        "There is no such"
    )
    assert signed_in(decided.walk.cast.administrator).get(reverse(name, args=[pk])).status_code == 404
    if name != "refusal":
        assert post(stranger, name, pk, note="x").status_code == 404
    assert TrailEntry.objects.count() == entries


@pytest.mark.parametrize(
    "name",
    ["refusal", "ask_refusal", "end_of_ground", "ask_second_look", "enter_refusal_number", "found_secret"],
)
def test_a_number_no_row_can_have_is_not_found(cast: Cast, name: str) -> None:
    client = signed_in(cast.head)
    addresses = [reverse(name, args=[0]).replace("0", number) for number in ("9" * 30, "9" * 5_000)]

    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_an_auditor_reads_the_page_and_is_offered_nothing(decided: RefusalWalk) -> None:
    response = signed_in(decided.walk.cast.auditor).get(reverse("refusal", args=[decided.refusal.pk]))

    assert (response.status_code, response.context["acts"]) == (200, [])


def test_the_page_asks_the_same_number_of_questions_for_one_version_and_for_three(asked: RefusalWalk) -> None:
    asked.propose()
    address = reverse("refusal", args=[asked.refusal.pk])
    one = queries_of(asked.walk.cast.chief, address)

    for _time in range(2):
        asked.send_back()
        asked.propose()

    assert asked.refusal.versions.count() == 3
    assert queries_of(asked.walk.cast.chief, address) == one


# Asking for it


@pytest.mark.parametrize("node", ["triage", "review", "clear", "decide"])
def test_whoever_may_do_the_step_asks_there_for_the_chosen_questions(
    inquiry_at: Callable[..., Walk], node: str
) -> None:
    walk = inquiry_at(node)
    people = {"triage": "chief", "review": "unit_head", "clear": "legal", "decide": "head"}
    person, task = getattr(walk.cast, people[node]), walk.task(node)
    second = walk.inquiry.questions.get(number=2)
    assert reverse("ask_refusal", args=[task.pk]) in get(person, "step", task.pk)
    assert reverse("ask_refusal", args=[task.pk]) in get(person, "case", walk.inquiry.case_id)

    walk.tick()
    response = post(person, "ask_refusal", task.pk, questions=[second.pk], remark="Đang thanh tra.")

    back = (
        reverse("case", args=[walk.inquiry.case_id]) if node == "decide" else reverse("step", args=[task.pk])
    )
    assert (response.status_code, response["Location"]) == (302, back)
    refusal = Refusal.objects.get()
    assert (refusal.question, refusal.origin, refusal.remark, refusal.opened_by) == (
        second, node, "Đang thanh tra.", person,
    )  # fmt: skip
    assert walk.steps == ({"await_refusals"} if node == "decide" else {node})


def test_only_questions_that_can_be_refused_are_offered(asked: RefusalWalk) -> None:
    task = asked.walk.task("review")

    page = signed_in(asked.walk.cast.unit_head).get(reverse("ask_refusal", args=[task.pk]))

    offered = page.context["form"].fields["questions"].queryset
    assert [question.number for question in offered] == [2]
    assert "2. Có bao nhiêu thí sinh?" in page.content.decode()


@pytest.mark.parametrize(
    ("chosen", "sentence", "status"),
    [
        ([], "Choose the questions that are to be refused. What you typed is kept.", 422),
        (["1"], "A question chosen is answered meanwhile, or its refusal is under way.", 422),
        (["x"], "Choose among the questions below.", 422),
        (["9" * 30], "Choose among the questions below.", 422),
        (["1", "9" * 5_000], "Choose among the questions below.", 422),
        (["\x00"], "Choose among the questions below.", 422),
    ],
)
def test_a_wrong_choice_of_questions_is_told_and_the_remark_kept(
    asked: RefusalWalk, chosen: list[str], sentence: str, status: int
) -> None:
    task = asked.walk.task("review")
    pks = [asked.question.pk if each == "1" else each for each in chosen]

    response = post(
        asked.walk.cast.unit_head, "ask_refusal", task.pk, questions=pks, remark="Ghi chú của tôi."
    )

    assert response.status_code == status
    assert sentence in response.content.decode()
    assert "Ghi chú của tôi." in response.content.decode()
    assert Refusal.objects.count() == 1


def test_who_may_not_do_the_step_may_not_ask_and_keeps_what_was_typed(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("review")
    task, pk = walk.task("review"), walk.inquiry.questions.get(number=1).pk
    address = ("ask_refusal", task.pk)

    author = post(walk.cast.specialist, *address, questions=[pk], remark="Ghi chú.")

    assert author.status_code == 403
    assert "Ghi chú." in author.content.decode()
    assert "do not include this: review the content of drafts" in get(walk.cast.specialist, *address)
    assert reverse("ask_refusal", args=[task.pk]) not in get(walk.cast.specialist, "step", task.pk)
    assert post(walk.cast.stranger, *address, questions=[pk]).status_code == 404
    assert not Refusal.objects.exists()


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ("assign", "A refusal is asked for at triage, review, clearance or decision."),
        ("clear", "already completed the step “Review the content”"),
    ],
)
def test_at_another_step_and_at_one_that_is_done_nothing_is_asked_for(
    inquiry_at: Callable[..., Walk], node: str, sentence: str
) -> None:
    walk = inquiry_at(node)
    task = walk.task("assign" if node == "assign" else "review")

    response = post(
        walk.cast.unit_head, "ask_refusal", task.pk, questions=[walk.inquiry.questions.all()[0].pk]
    )

    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert not Refusal.objects.exists()


# The end of the ground


def test_the_end_of_the_ground_is_recorded_and_the_question_comes_back(decided: RefusalWalk) -> None:
    walk = decided.walk
    happened = walk.tick(hours=2)

    response = post(
        walk.cast.specialist, "end_of_ground", decided.refusal.pk,
        happened_at=f"{happened:%Y-%m-%dT%H:%M}", note=CONCLUSION,
    )  # fmt: skip

    assert (response.status_code, response["Location"]) == (
        302, reverse("refusal", args=[decided.refusal.pk]),
    )  # fmt: skip
    assert (BringBack.objects.get().happened_at, BringBack.objects.get().note) == (happened, CONCLUSION)
    html = get(walk.cast.specialist, "refusal", decided.refusal.pk)
    assert CONCLUSION in html
    assert "Not yet: it comes back by itself when the time has come." in html
    sweep()
    assert decided.refusal.state == State.LAPSED
    assert "Brought back: the ground has lapsed" in get(walk.cast.specialist, "refusal", decided.refusal.pk)


@pytest.mark.parametrize(
    ("hours", "note", "sentence"),
    [
        (0, " \n ", "Say what happened: the paper with its number and date, or the judgment."),
        (-200, CONCLUSION, "That lies before the decision, so the ground did not hold even then."),
        (9000, CONCLUSION, "That is more than a year away."),
        (None, CONCLUSION, "Say when it happened."),
    ],
)
def test_an_end_that_cannot_be_is_told_and_what_was_typed_kept(
    decided: RefusalWalk, hours: int | None, note: str, sentence: str
) -> None:
    at = decided.walk.tick()
    when = "" if hours is None else f"{at + timedelta(hours=hours):%Y-%m-%dT%H:%M}"

    response = post(
        decided.walk.cast.specialist, "end_of_ground", decided.refusal.pk, happened_at=when, note=note
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert note.strip() in response.content.decode()
    assert not BringBack.objects.exists()


def test_only_who_watches_grounds_records_their_end_and_only_once(
    decided: RefusalWalk, told: RefusalWalk
) -> None:
    walk, pk = decided.walk, decided.refusal.pk
    given = {"happened_at": f"{told.walk.tick():%Y-%m-%dT%H:%M}", "note": CONCLUSION}

    clerk = post(walk.cast.clerk, "end_of_ground", pk, **given)

    assert clerk.status_code == 403
    assert CONCLUSION in clerk.content.decode()
    assert "Your roles at" in get(walk.cast.clerk, "end_of_ground", pk)
    assert post(walk.cast.legal, "end_of_ground", pk, **given).status_code == 302
    again = post(walk.cast.specialist, "end_of_ground", pk, **given)
    assert again.status_code == 409
    assert "That the ground ends is already recorded" in again.content.decode()
    assert CONCLUSION in again.content.decode()


# A second look


def test_a_request_to_look_again_is_recorded_and_its_result_stands_on_the_page(told: RefusalWalk) -> None:
    walk, pk = told.walk, told.refusal.pk
    received = walk.tick(hours=3)
    form = signed_in(walk.cast.contact).get(reverse("ask_second_look", args=[pk])).context["form"]
    assert (form.initial["asked_by"], form.initial["received_at"]) == (walk.inquiry.asker_display, received)

    response = post(
        walk.cast.contact, "ask_second_look", pk,
        received_at=f"{received:%Y-%m-%dT%H:%M}", asked_by="Báo Mẫu (giả định)", gist="Đã có kết luận.",
    )  # fmt: skip

    assert (response.status_code, response["Location"]) == (302, reverse("refusal", args=[pk]))
    look = Reconsideration.objects.get()
    assert (look.received_at, look.asked_by, look.gist) == (received, "Báo Mẫu (giả định)", "Đã có kết luận.")
    page = signed_in(walk.cast.deputy).get(reverse("refusal", args=[pk]))
    assert "Đã có kết luận." in page.content.decode()
    ((offer, _people),) = page.context["steps"]
    assert offer.why == ""
    stations = [station.name for station in page.context["diagram"].stations]
    assert stations == ["reconsider", "approve", "issue", "sign", "stamp", "release", "end"]
    told.reconsider(Result.CHANGED)
    html = get(walk.cast.contact, "refusal", pk)
    follower = Refusal.objects.get(follows=pk)
    assert "Changed" in html
    assert reverse("refusal", args=[follower.pk]) in html
    assert reverse("refusal", args=[pk]) in get(walk.cast.contact, "refusal", follower.pk)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"asked_by": " "}, "Say who asks for the second look."),
        ({"received_at": "2026-07-01T08:00"}, "between the day the press was told and now"),
        ({"received_at": ""}, "Say when the request came in."),
    ],
)
def test_a_request_that_cannot_be_is_told_and_what_was_typed_kept(
    told: RefusalWalk, given: dict[str, str], sentence: str
) -> None:
    received = told.walk.tick(hours=3)
    data = {"received_at": f"{received:%Y-%m-%dT%H:%M}", "asked_by": "Báo Mẫu", "gist": "Xin xem lại."}

    response = post(told.walk.cast.contact, "ask_second_look", told.refusal.pk, **{**data, **given})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Xin xem lại." in response.content.decode()
    assert not Reconsideration.objects.exists()


def test_what_the_press_was_not_told_is_not_looked_at_again(decided: RefusalWalk) -> None:
    data = {"received_at": "2026-07-14T08:00", "asked_by": "Báo Mẫu", "gist": "Xin xem lại."}

    response = post(decided.walk.cast.contact, "ask_second_look", decided.refusal.pk, **data)

    assert response.status_code == 409
    assert "Only a refusal that was told to the press" in response.content.decode()
    assert "Xin xem lại." in response.content.decode()
    assert post(decided.walk.cast.legal, "ask_second_look", decided.refusal.pk, **data).status_code == 403


# Numbers of the office's own document system


@pytest.fixture
def unnumbered(set_clock: SetClock) -> RefusalWalk:
    cast = make_cast(code="SNV-E", numbering=Numbering.ENTERED)
    refusal = RefusalWalk(Walk(cast, set_clock, questions=("Đoàn thanh tra kết luận gì?",)).to("triage"))
    refusal.ask("triage")
    refusal.walk.triage()
    refusal.propose(by=cast.legal)
    refusal.review(by=cast.chief)
    refusal.decide()
    return refusal


def test_the_letter_waits_for_its_number_on_the_clerks_list_until_it_is_entered(
    unnumbered: RefusalWalk,
) -> None:
    cast, walk = unnumbered.walk.cast, unnumbered.walk
    address = reverse("enter_refusal_number", args=[unnumbered.process.pk])
    assert address in get(cast.clerk, "work")
    assert address in get(cast.clerk, "case", walk.inquiry.case_id)
    assert address in get(cast.clerk, "refusal", unnumbered.refusal.pk)
    assert address not in get(cast.contact, "work")
    form = {"number": "45", "issued_on": walk.at.date().isoformat(), "notation": ""}

    early = signed_in(cast.clerk).post(address, {**form, "issued_on": "2026-07-01"})
    contact = signed_in(cast.contact).post(address, form)
    entered = signed_in(cast.clerk).post(address, form)

    assert (early.status_code, contact.status_code) == (422, 403)
    assert "The date of the document lies before the decision." in early.content.decode()
    assert 'value="45"' in early.content.decode()
    assert (entered.status_code, entered["Location"]) == (
        302, reverse("refusal", args=[unnumbered.refusal.pk]),
    )  # fmt: skip
    assert IssuedDocument.objects.get().number == 45
    assert queries.refusal_letters_to_number(cast.clerk, at=walk.at) == []
    assert signed_in(cast.clerk).post(address, form).status_code == 409
    assert signed_in(cast.stranger).get(address).status_code == 404


# A state secret


def purged(**changes: str) -> dict[str, str]:
    given = {
        "told": "Ông Bảo mật (giả định)", "backups": "Băng ngày 12/7", "neutral_subject": "Chủ đề trung tính",
        "confirmed": "on",
    }  # fmt: skip
    return {**given, **changes}


def test_a_secret_found_late_is_removed_and_the_refusals_words_with_it(asked: RefusalWalk) -> None:
    walk = asked.walk
    asked.propose()
    address = reverse("found_secret", args=[asked.question.pk])
    assert address in get(walk.cast.legal, "refusal", asked.refusal.pk)
    assert address in get(walk.cast.legal, "case", walk.inquiry.case_id)
    walk.tick()

    response = signed_in(walk.cast.legal).post(address, purged())

    assert (response.status_code, response["Location"]) == (302, reverse("case", args=[walk.inquiry.case_id]))
    assert asked.refusal.state == State.OFF_SYSTEM
    html = get(walk.cast.legal, "refusal", asked.refusal.pk)
    assert "The words were removed: a state secret was found." in html
    assert REASON not in html
    assert "Quyết định thanh tra" not in html
    assert "Bao giờ công bố kết quả?" not in html


@pytest.mark.parametrize("missing", ["told", "backups", "neutral_subject", "confirmed"])
def test_nothing_is_removed_without_what_has_to_be_said_and_confirmed(
    asked: RefusalWalk, missing: str
) -> None:
    given = purged(**{missing: ""})

    response = post(asked.walk.cast.legal, "found_secret", asked.question.pk, **given)

    html = response.content.decode()
    assert response.status_code == 422
    assert ("Nothing was deleted yet." if missing == "confirmed" else "Nothing was\nremoved yet") in html or (
        "removed yet; what you typed is kept." in html
    )
    assert all(each in html for name, each in given.items() if name != "confirmed" and each)
    assert not asked.question.is_secret


def test_only_who_triages_or_clears_removes_a_secret(asked: RefusalWalk) -> None:
    cast, pk = asked.walk.cast, asked.question.pk

    specialist = post(cast.specialist, "found_secret", pk, **purged())

    assert specialist.status_code == 403
    assert "Chủ đề trung tính" in specialist.content.decode()
    assert "Your roles at" in get(cast.specialist, "found_secret", pk)
    assert post(cast.stranger, "found_secret", pk, **purged()).status_code == 404
    assert not asked.question.is_secret


def test_what_was_told_to_the_press_is_removed_too_once_and_what_was_released_stays(
    told: RefusalWalk,
) -> None:
    pk, legal = told.question.pk, told.walk.cast.legal

    removed, again = (post(legal, "found_secret", pk, **purged()) for _time in range(2))

    assert (removed.status_code, again.status_code) == (302, 409)
    assert told.question.text == ""
    assert REASON in Statement.objects.get().text


# Where else refusals are seen


def test_the_decider_reads_exactly_the_text_with_the_refusal_in_it(decided: RefusalWalk) -> None:
    walk = decided.walk

    response = signed_in(walk.cast.head).get(reverse("step", args=[walk.task("decide").pk]))

    answers = response.context["answers"]
    assert [(answer.number, answer.is_refusal) for answer in answers] == [(1, True), (2, False)]
    assert (
        "\n\n".join(f"{answer.number}. {answer.text}" for answer in answers) == response.context["after_text"]
    )
    assert f"Từ chối cung cấp thông tin. Căn cứ: {decided.refusal.decision.citation}" in answers[0].text
    assert "Not answered, by a decision of its own" in response.content.decode()


def test_the_case_page_shows_each_questions_refusal_and_the_versions_with_it(decided: RefusalWalk) -> None:
    walk = decided.walk

    response = signed_in(walk.cast.chief).get(reverse("case", args=[walk.inquiry.case_id]))

    (view,) = response.context["inquiries"]
    assert [len(row.refusals) for row in view.questions] == [1, 0]
    html = response.content.decode()
    assert reverse("refusal", args=[decided.refusal.pk]) in html
    assert f"<p>Từ chối cung cấp thông tin. Căn cứ: {decided.refusal.decision.citation}" in html


def test_the_case_page_says_for_what_the_reply_waits_and_on_whom(asked: RefusalWalk) -> None:
    walk = asked.walk
    walk.to("await_refusals")

    specialist = get(walk.cast.specialist, "case", walk.inquiry.case_id)

    assert "The reply waits until these refusals are decided:" in specialist
    assert f"Propose the refusal – whoever in {walk.cast.division.name} may: propose refusals" in specialist
    assert "Propose the refusal: question 1" in specialist
    assert reverse("step", args=[asked.task("propose").pk]) in specialist
    asked.to("decide")
    asked.decide()
    assert "The reply waits" not in get(walk.cast.specialist, "case", walk.inquiry.case_id)


def test_where_letters_tell_everything_the_case_page_says_what_the_end_waits_for(
    inquiry_at: Callable[..., Walk],
) -> None:
    refusal = RefusalWalk(inquiry_at("triage", questions=("Đoàn thanh tra kết luận gì?",)))
    refusal.ask("triage")
    refusal.walk.triage()
    refusal.propose(by=refusal.walk.cast.legal)
    refusal.review(by=refusal.walk.cast.chief)
    refusal.decide()
    walk = refusal.walk

    html = get(walk.cast.chief, "case", walk.inquiry.case_id)

    assert walk.steps == {"await_letters"}
    assert "The inquiry ends when they are released:" in html
    assert f"Sign – {walk.cast.head.full_name}" in html
    assert IssuedDocument.objects.get().symbol in html


def test_beside_a_step_each_refusal_says_how_far_it_is(asked: RefusalWalk) -> None:
    walk = asked.walk

    html = get(walk.cast.unit_head, "step", walk.task("review").pk)

    assert reverse("refusal", args=[asked.refusal.pk]) in html
    assert "Being decided" in html


def test_a_step_of_a_refusal_stands_on_the_work_list_with_its_question(asked: RefusalWalk) -> None:
    html = get(asked.walk.cast.specialist, "work")

    assert reverse("step", args=[asked.task("propose").pk]) in html
    assert "Propose the refusal" in html
    assert "Question 1" in html


def test_a_failed_letter_is_run_again_by_whoever_may_and_by_nobody_else(
    inquiry_at: Callable[..., Walk],
) -> None:
    refusal = RefusalWalk(inquiry_at("review"))
    refusal.ask()
    refusal.to("decide")
    refusal.decide(at_once=True)
    cast, job = refusal.walk.cast, refusal.task("issue")
    Task.objects.filter(pk=job.pk).update(status=STATUS.ERROR)
    address = reverse("retry_job", args=[job.pk])
    pages = [
        reverse("work"),
        reverse("case", args=[refusal.walk.inquiry.case_id]),
        reverse("refusal", args=[refusal.refusal.pk]),
    ]

    assert [address in opened(cast.chief, page) for page in pages] == [True, True, True]
    assert [address in opened(cast.clerk, page) for page in pages] == [False, False, False]
    assert signed_in(cast.clerk).post(address).status_code == 403
    assert signed_in(cast.chief).post(address).status_code == 302
    assert Task.objects.get(pk=job.pk).status == STATUS.REVIVED


def test_a_ground_whose_day_has_passed_is_on_the_list_of_whoever_watches_it(
    inquiry_at: Callable[..., Walk],
) -> None:
    refusal = RefusalWalk(inquiry_at("review"))
    walk = refusal.walk
    refusal.proposal = proposal(watch_on=walk.at.date() + timedelta(days=5))
    refusal.ask()
    refusal.to("")
    address = reverse("end_of_ground", args=[refusal.refusal.pk])

    walk.at = walk.at.replace(hour=23, minute=59)
    walk.tick(days=5)
    assert list(queries.grounds_to_look_at(walk.cast.legal, at=walk.at)) == []
    walk.tick(minutes=1)

    assert address in get(walk.cast.legal, "work")
    assert address in get(walk.cast.specialist, "work")
    assert address not in get(walk.cast.clerk, "work")
    post(
        walk.cast.legal, "end_of_ground", refusal.refusal.pk,
        happened_at=f"{walk.at:%Y-%m-%dT%H:%M}", note=CONCLUSION,
    )  # fmt: skip
    assert address not in get(walk.cast.legal, "work")


def test_work_and_case_ask_the_same_number_of_questions_for_one_refusal_and_for_three(
    cast: Cast, set_clock: SetClock
) -> None:
    walk = Walk(cast, set_clock, questions=("Một?", "Hai?", "Ba?", "Bốn?")).to("review")
    RefusalWalk(walk, number=1, proposal=proposal(watch_on=walk.at.date())).ask()
    case = reverse("case", args=[walk.inquiry.case_id])
    step = reverse("step", args=[walk.task("review").pk])
    pages = [(cast.specialist, reverse("work")), (cast.specialist, case), (cast.unit_head, step)]
    one = [queries_of(*page) for page in pages]

    for number in (2, 3):
        RefusalWalk(walk, number=number).ask()

    assert [queries_of(*page) for page in pages] == one
