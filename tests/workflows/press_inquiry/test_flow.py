"""The procedure as a whole: which steps follow which, and where it ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from viewflow.workflow.status import STATUS

from core.enums import Competence, InquiryOutcome, Numbering, PostKind, QuestionOutcome, ReplyForm
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import TrailEntry
from documents.actions.issuing import EnteredNumber
from documents.models import DocumentKind, IssuedDocument
from tests import factories
from tests.walk import SINCE, Cast, Walk, make_cast
from workflows import intake, retrying
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import drafting, issuing, judging, running, triaging
from workflows.press_inquiry.flow import PressInquiryFlow
from workflows.press_inquiry.models import NotARequest, TriageExit, VerdictKind, VerdictStep
from workflows.press_inquiry.queries import reply_document

InquiryAt = Callable[..., Walk]
pytestmark = pytest.mark.django_db

MAIL = b"From: pv@bao.example\r\nMessage-ID: <1@bao.example>\r\nSubject: Hoi\r\n\r\nBao gio?\r\n"

FROZEN = {
    "receive", "register", "register_by_hand", "acknowledge", "triage", "assign", "draft", "review", "clear",
    "await_refusals", "await_letters", "decide", "issue", "sign", "stamp", "release", "follow_up",
}  # fmt: skip
GATES = {
    "reopen", "reopened", "triaged", "drafted", "reviewed", "cleared", "take_in", "taken_in", "decided", "stamped",
    "conclude", "concluded",
}  # fmt: skip
ENDS = {
    "answered", "partly_answered", "redirected", "advice_given", "withdrawn", "not_a_request", "foreign_press",
    "off_system", "refused", "partly_refused", "withheld", "taken_back",
}  # fmt: skip


def test_node_names_are_the_frozen_ones() -> None:
    assert {node.name for node in PressInquiryFlow.instance.nodes()} == FROZEN | GATES | ENDS


def test_flow_is_found_where_stored_rows_say_it_is() -> None:
    assert f"{PressInquiryFlow.__module__}.{PressInquiryFlow.__qualname__}" == (
        "workflows.press_inquiry.flow.PressInquiryFlow"
    )


def test_a_letter_goes_through_every_step_and_ends_answered(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end")

    assert walk.done == [
        "register_by_hand", "acknowledge", "triage", "triaged", "assign", "draft", "drafted", "review", "reviewed",
        "clear", "cleared", "await_refusals", "take_in", "taken_in", "decide", "decided", "issue", "sign", "stamp",
        "stamped", "release", "follow_up", "concluded", "answered",
    ]  # fmt: skip
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
    assert not walk.inquiry.answer_owed


@pytest.mark.parametrize("form", [ReplyForm.EMAIL, ReplyForm.PORTAL, ReplyForm.INTERVIEW])
def test_a_reply_without_a_document_goes_straight_from_decision_to_release(
    inquiry_at: InquiryAt, form: ReplyForm
) -> None:
    walk = inquiry_at("the end", reply_form=form)

    assert walk.done[walk.done.index("decide") :] == [
        "decide", "decided", "release", "follow_up", "concluded", "answered"
    ]  # fmt: skip
    assert not IssuedDocument.objects.filter(inquiry=walk.inquiry).exists()


def test_an_inquiry_with_one_question_of_another_agency_ends_partly_answered(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end", redirected=(2,))

    outcomes = dict(walk.inquiry.questions.values_list("number", "outcome"))
    assert outcomes == {1: QuestionOutcome.ANSWERED, 2: QuestionOutcome.REDIRECTED}
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_ANSWERED


def test_an_inquiry_wholly_of_another_agency_ends_redirected(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end", redirected=(1, 2), reply_form=ReplyForm.EMAIL)

    assert walk.inquiry.outcome == InquiryOutcome.REDIRECTED


def test_advice_goes_up_as_a_document_without_a_statement_and_our_own_duty_stays_open(
    inquiry_at: InquiryAt,
) -> None:
    walk = inquiry_at("the end", exit=TriageExit.ADVICE)

    assert walk.done[-3:] == ["stamp", "stamped", "advice_given"]
    assert walk.inquiry.outcome == InquiryOutcome.ADVICE_GIVEN
    assert walk.inquiry.answer_owed
    assert not walk.inquiry.statements.exists()
    superior = walk.cast.agency.parent
    assert superior is not None
    document = IssuedDocument.objects.get(inquiry=walk.inquiry)
    assert document.facts["addressee"] == superior.name


def test_advice_is_not_decided_as_an_e_mail(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide", exit=TriageExit.ADVICE, reply_form=ReplyForm.EMAIL)

    with pytest.raises(NotAllowedNow, match="as a document"):
        walk.decide()


@pytest.mark.parametrize(
    ("exit_", "changes", "end"),
    [
        (
            TriageExit.NOT_A_REQUEST,
            {"not_a_request": NotARequest.SPAM, "reason": "Thư rác."},
            "not_a_request",
        ),
        (TriageExit.FOREIGN_PRESS, {"reason": "Hãng tin nước ngoài."}, "foreign_press"),
    ],
)
def test_triage_ends_what_is_not_for_this_procedure(
    inquiry_at: InquiryAt, exit_: TriageExit, changes: dict[str, Any], end: str
) -> None:
    walk = inquiry_at("triage")

    walk.triage(exit=exit_, findings={}, lead_unit=None, **changes)

    assert walk.done[-1] == end
    assert walk.inquiry.outcome == end
    assert walk.inquiry.due is None


def test_leaving_the_procedure_at_triage_needs_a_reason(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("triage")

    with pytest.raises(Invalid, match="why it is no request"):
        walk.triage(exit=TriageExit.NOT_A_REQUEST, findings={}, not_a_request=NotARequest.SPAM, reason="  ")

    assert walk.steps == {"triage"}


def test_triage_decides_every_question(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("triage")

    with pytest.raises(Invalid) as refusal:
        walk.triage(findings={1: triaging.Finding(competence=Competence.OURS)})

    assert set(refusal.value.fields) == {"competence_2"}


def test_an_already_answered_question_goes_straight_to_the_release_of_that_text(
    inquiry_at: InquiryAt,
) -> None:
    first = inquiry_at("the end", reply_form=ReplyForm.EMAIL)
    statement = first.inquiry.statements.get()
    second = Walk(first.cast, first.set_clock, at=first.tick(days=1)).to("triage")

    second.triage(exit=TriageExit.ALREADY_ANSWERED, answered_by=statement, findings={}, lead_unit=None)

    assert second.steps == {"release"}
    second.release()
    assert second.inquiry.statements.get().text == statement.text


def test_a_draft_sent_back_returns_to_its_drafter_and_the_history_keeps_the_loop(
    inquiry_at: InquiryAt,
) -> None:
    walk = inquiry_at("review")

    walk.give_back(VerdictStep.REVIEW, walk.cast.unit_head, reason="Thiếu số liệu.")
    assert walk.steps == {"draft"}
    assert walk.task("draft").owner == walk.cast.specialist
    walk.draft(answers={1: "Đã sửa.", 2: "Đã sửa."})
    walk.review()

    versions = walk.inquiry.versions.order_by("number")
    assert [version.number for version in versions] == [1, 2]
    assert [verdict.kind for version in versions for verdict in version.verdicts.all()] == [
        VerdictKind.RETURNED, VerdictKind.APPROVED
    ]  # fmt: skip


@pytest.mark.parametrize("node", ["review", "clear", "decide"])
def test_sending_back_needs_a_reason(inquiry_at: InquiryAt, node: str) -> None:
    walk = inquiry_at(node)
    judge = {"review": walk.cast.unit_head, "clear": walk.cast.legal, "decide": walk.cast.head}[node]

    with pytest.raises(Invalid, match="reason"):
        walk.give_back(VerdictStep(node), judge, reason=" \n ")

    assert walk.steps == {node}


def test_an_assignment_given_back_returns_to_the_head_of_the_unit(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("draft")

    walk.act(
        "draft",
        walk.cast.specialist,
        lambda step: drafting.give_back(process=step.process, reason="Nghỉ phép.", by=step.by, at=step.at),
    )

    assert walk.steps == {"assign"}
    walk.assign(to=walk.cast.colleague)
    assert walk.task("draft").owner == walk.cast.colleague


def test_clearing_falls_to_the_chief_of_office_only_where_there_is_no_legal_officer(
    inquiry_at: InquiryAt, set_clock: Callable[..., None]
) -> None:
    with_officer = inquiry_at("clear")
    with pytest.raises(Refused):
        with_officer.clear(by=with_officer.cast.chief)

    without = Walk(make_cast(code="SNV-Y", legal=False), set_clock).to("clear")
    without.clear(by=without.cast.chief)
    assert without.steps == {"decide"}


def test_a_review_is_skipped_by_a_spokesperson_with_a_reason(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("review")
    walk.tick()

    running.skip(
        walk.task("review").pk, step_skipped=VerdictStep.REVIEW, reason="Hỏa tốc.", by=walk.cast.spokesperson
    )

    assert walk.steps == {"clear"}
    entry = TrailEntry.objects.get(type="draft.review_skipped")
    assert (entry.reason, entry.actor_id) == ("Hỏa tốc.", walk.cast.spokesperson.pk)
    assert entry.mandate_id == walk.cast.spokesperson.mandates.get().pk


@pytest.mark.parametrize("who", ["unit_head", "deputy", "chief", "stranger"])
def test_nobody_else_skips_a_review(inquiry_at: InquiryAt, who: str) -> None:
    walk = inquiry_at("review")

    with pytest.raises(Refused):
        running.skip(
            walk.task("review").pk, step_skipped=VerdictStep.REVIEW, reason="Gấp.", by=getattr(walk.cast, who)
        )

    assert walk.steps == {"review"}


@pytest.mark.parametrize("node", ["triage", "draft", "decide", "sign", "release"])
def test_a_withdrawal_ends_the_inquiry_wherever_it_stands(inquiry_at: InquiryAt, node: str) -> None:
    walk = inquiry_at(node)
    walk.tick()

    running.withdraw(inquiry=walk.inquiry, reason="Phóng viên rút yêu cầu.", by=walk.cast.contact)

    assert walk.steps == set()
    assert walk.done[-1] == "withdrawn"
    walk.inquiry.refresh_from_db()
    assert walk.inquiry.outcome == InquiryOutcome.WITHDRAWN
    assert walk.process.finished is not None


def test_a_withdrawal_ends_an_inquiry_whose_document_waits_for_its_number(
    set_clock: Callable[..., None], db: None
) -> None:
    walk = Walk(make_cast(numbering=Numbering.ENTERED), set_clock).to("issue")

    running.withdraw(inquiry=walk.inquiry, reason="Phóng viên rút yêu cầu.", by=walk.cast.contact)

    assert walk.steps == set()
    assert walk.process.finished is not None


def test_a_failed_job_is_run_again_by_whoever_triages(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide")
    kinds = list(DocumentKind.objects.values())
    DocumentKind.objects.all().delete()
    walk.decide()
    failed = walk.task("issue")
    assert failed.status == STATUS.ERROR
    DocumentKind.objects.bulk_create(DocumentKind(**row) for row in kinds)

    with pytest.raises(Refused):
        retrying.retry_job(task=failed, by=walk.cast.specialist)
    walk.tick()
    retrying.retry_job(task=failed, by=walk.cast.chief)
    walk.run_jobs()

    assert walk.steps == {"sign"}


def test_an_unregistered_mail_withdrawn_and_reopened_is_registered_first(
    cast: Cast, set_clock: Callable[..., None]
) -> None:
    walk = Walk(cast, set_clock)
    walk.inquiry = intake.receive(agency=cast.agency, raw=MAIL, at=walk.at)
    running.withdraw(inquiry=walk.inquiry, reason="Nhầm.", by=cast.contact)
    walk.inquiry.refresh_from_db()

    walk.tick()
    running.reopen(inquiry=walk.inquiry, reason="Phóng viên gửi lại.", by=cast.chief)

    assert walk.steps == {"register"}


def test_an_answered_inquiry_is_no_longer_withdrawn(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("follow_up", reply_form=ReplyForm.EMAIL)

    with pytest.raises(NotAllowedNow, match="has been released"):
        running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    assert walk.steps == {"follow_up"}


@pytest.mark.parametrize("exit_", [TriageExit.NOT_A_REQUEST, TriageExit.FOREIGN_PRESS])
def test_leaving_at_triage_decides_nothing_about_the_questions(
    inquiry_at: InquiryAt, exit_: TriageExit
) -> None:
    walk = inquiry_at("triage")
    unnamed = triaging.Finding(competence=Competence.OTHER_AGENCY)

    walk.triage(
        exit=exit_, findings={1: unnamed}, not_a_request=NotARequest.OTHER, reason="Không thuộc quy trình."
    )

    assert set(walk.inquiry.questions.values_list("competence", flat=True)) == {Competence.UNDECIDED}


def test_an_already_answered_text_does_not_answer_what_is_all_secret(inquiry_at: InquiryAt) -> None:
    first = inquiry_at("the end", reply_form=ReplyForm.EMAIL)
    second = Walk(first.cast, first.set_clock, at=first.tick(days=1)).to("triage")
    secret = triaging.Finding(competence=Competence.STATE_SECRET, told="PA03", backups="Không có")

    second.triage(
        exit=TriageExit.ALREADY_ANSWERED,
        answered_by=first.inquiry.statements.get(),
        findings={1: secret, 2: secret},
        neutral_subject="Ngoài hệ thống",
        lead_unit=None,
    )

    assert second.inquiry.outcome == InquiryOutcome.OFF_SYSTEM
    assert not second.inquiry.statements.exists()


def test_a_reused_text_that_is_not_the_released_one_is_not_released(inquiry_at: InquiryAt) -> None:
    first = inquiry_at("the end", reply_form=ReplyForm.EMAIL)
    second = Walk(first.cast, first.set_clock, at=first.tick(days=1)).to("triage")
    statement = first.inquiry.statements.get()
    second.triage(exit=TriageExit.ALREADY_ANSWERED, answered_by=statement, findings={}, lead_unit=None)
    version = queries.latest_version(second.inquiry)
    assert version is not None
    version.answers = [{"question": 1, "text": "Câu khác hẳn."}]
    version.sha256 = queries.content_of(version).sha256()
    version.save()

    with pytest.raises(NotAllowedNow, match="not the one that was released"):
        second.release()


def test_a_unit_of_another_agency_does_not_lead(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("triage")
    foreign = make_cast(code="SNV-W")

    with pytest.raises(Invalid, match="no unit of this agency"):
        walk.triage(lead_unit=foreign.division)


def test_the_only_reviewer_of_a_unit_is_not_given_the_draft(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("assign")

    with pytest.raises(Invalid, match="only one who reviews"):
        walk.assign(to=walk.cast.unit_head)


def test_advice_needs_a_superior_to_go_to(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("triage")
    walk.cast.agency.parent = None
    walk.cast.agency.save()

    with pytest.raises(Invalid, match="nobody to go to"):
        walk.triage(exit=TriageExit.ADVICE)


def test_a_withdrawal_needs_a_reason(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("draft")

    with pytest.raises(Invalid, match="reason"):
        running.withdraw(inquiry=walk.inquiry, reason="", by=walk.cast.contact)

    assert walk.steps == {"draft"}


def test_reopening_starts_a_new_run_at_triage_and_leaves_the_old_one_as_it_was(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end", reply_form=ReplyForm.EMAIL)
    old = walk.process

    walk.tick()
    running.reopen(inquiry=walk.inquiry, reason="Có thông tin mới.", by=walk.cast.chief)

    assert walk.process != old
    assert walk.steps == {"triage"}
    walk.inquiry.refresh_from_db()
    assert set(walk.inquiry.questions.values_list("outcome", flat=True)) == {QuestionOutcome.OPEN}
    assert walk.inquiry.outcome == ""
    assert walk.inquiry.answer_owed
    walk.to("the end")
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED


def test_an_open_inquiry_is_not_reopened(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("draft")

    with pytest.raises(NotAllowedNow, match="still open"):
        running.reopen(inquiry=walk.inquiry, reason="Nhầm.", by=walk.cast.chief)


def test_an_agency_with_its_own_document_system_waits_for_the_clerk_to_enter_the_number(
    set_clock: Callable[..., None], db: None
) -> None:
    walk = Walk(make_cast(numbering=Numbering.ENTERED), set_clock).to("issue")
    assert reply_document(walk.process) is None

    entered = EnteredNumber(number=217, issued_on=walk.at.date())
    walk.tick()
    issuing.enter_number(inquiry=walk.inquiry, entered=entered, by=walk.cast.clerk)
    walk.run_jobs()

    assert walk.steps == {"sign"}
    document = queries.reply_document(walk.process)
    assert document is not None
    assert document.number == 217


def test_the_approval_is_bound_to_the_text_and_any_later_edit_voids_it(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.EMAIL)
    version = queries.latest_version(walk.inquiry)
    assert version is not None
    version.answers = [{"question": 1, "text": "Câu khác."}]
    version.save()

    with pytest.raises(NotAllowedNow, match="not approved"):
        walk.release()

    assert not walk.inquiry.statements.exists()


def test_the_head_corrects_and_approves_in_one_act_and_the_difference_is_kept(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide", reply_form=ReplyForm.EMAIL)
    seen = walk.sha256
    submission = walk.submission(answers={1: "Câu trả lời số 1 đã sửa.", 2: "Câu trả lời số 2."})

    walk.act(
        "decide",
        walk.cast.head,
        lambda step: judging.correct_and_decide(
            process=step.process, sha256=seen, submission=submission, by=step.by, at=step.at
        ),
    )

    version = queries.latest_version(walk.inquiry)
    assert version is not None
    assert (version.number, version.author) == (2, walk.cast.head)
    assert version.corrects == walk.inquiry.versions.get(number=1)
    assert "-1. Câu trả lời số 1." in judging.difference(version)
    assert list(queries.head_corrections(walk.cast.agency)) == [version]
    assert walk.steps == {"release"}


def test_correcting_nothing_approves_nothing(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide", reply_form=ReplyForm.EMAIL)
    seen, submission = walk.sha256, walk.submission()

    with pytest.raises(Invalid, match="Nothing was corrected"):
        walk.act(
            "decide",
            walk.cast.head,
            lambda step: judging.correct_and_decide(
                process=step.process, sha256=seen, submission=submission, by=step.by, at=step.at
            ),
        )

    assert walk.steps == {"decide"}


def test_a_document_is_not_dated_before_its_decision(set_clock: Callable[..., None], db: None) -> None:
    walk = Walk(make_cast(numbering=Numbering.ENTERED), set_clock).to("issue")
    yesterday = walk.at.date() - timedelta(days=1)

    with pytest.raises(Invalid, match="before the decision"):
        issuing.enter_number(
            inquiry=walk.inquiry, entered=EnteredNumber(number=7, issued_on=yesterday), by=walk.cast.clerk
        )

    assert queries.reply_document(walk.process) is None


def test_nobody_but_the_head_corrects_and_approves(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide", reply_form=ReplyForm.EMAIL)
    seen, submission = walk.sha256, walk.submission(answers={1: "Khác.", 2: "Khác."})

    with pytest.raises(Refused, match="Only the head"):
        walk.act(
            "decide",
            walk.cast.spokesperson,
            lambda step: judging.correct_and_decide(
                process=step.process, sha256=seen, submission=submission, by=step.by, at=step.at
            ),
        )

    assert walk.inquiry.versions.count() == 1


def test_a_deputy_in_charge_is_not_the_head_while_one_is_appointed(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide", reply_form=ReplyForm.EMAIL)
    factories.make_post(
        person=walk.cast.spokesperson,
        agency=walk.cast.agency,
        kind=PostKind.DEPUTY_IN_CHARGE,
        valid_from=SINCE,
    )
    seen, submission = walk.sha256, walk.submission(answers={1: "Khác.", 2: "Khác."})

    with pytest.raises(Refused, match="Only the head"):
        walk.act(
            "decide",
            walk.cast.spokesperson,
            lambda step: judging.correct_and_decide(
                process=step.process, sha256=seen, submission=submission, by=step.by, at=step.at
            ),
        )

    assert walk.inquiry.versions.count() == 1


def test_a_spokesperson_without_signing_capacity_does_not_decide_a_letter(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide")

    with pytest.raises(Refused, match="may not sign"):
        walk.decide(by=walk.cast.spokesperson)

    assert walk.steps == {"decide"}


def test_every_entry_names_the_procedure_and_its_pinned_version(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end")

    entries = TrailEntry.objects.filter(stream=f"case:{walk.inquiry.case_id}", type="inquiry.triaged")
    assert {(entry.procedure, entry.procedure_version) for entry in entries} == {
        ("press_inquiry", PressInquiryFlow.version)
    }
    assert walk.process.definition_version == PressInquiryFlow.version


def test_the_trail_tells_every_step_in_order(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end")

    types = list(
        TrailEntry.objects.filter(stream=f"case:{walk.inquiry.case_id}")
        .order_by("seq")
        .values_list("type", flat=True)
    )
    assert [type_ for type_ in types if not type_.startswith("mail.")] == [
        "case.opened", "inquiry.received", "inquiry.registered", "deadline.started", "inquiry.acknowledged",
        "inquiry.triaged", "inquiry.assigned", "assignment.accepted", "draft.submitted",
        "draft.approved_in_review", "draft.cleared",
        "reply.approved", "document.numbered", "document.issued", "document.signed", "document.stamped",
        "statement.released", "deadline.ended", "publication.recorded", "inquiry.ended",
    ]  # fmt: skip


def test_no_entry_holds_the_text_of_a_question_or_an_answer(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("the end", questions=("Câu hỏi rất riêng?",))

    bodies = [bytes(entry.body).decode() for entry in TrailEntry.objects.all()]
    assert any(walk.inquiry.reference in body for body in bodies)
    assert not [body for body in bodies if "Câu hỏi rất riêng" in body or "Câu trả lời số 1" in body]
    assert not [body for body in bodies if walk.email in body]
