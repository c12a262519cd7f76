"""Release: the act of speaking, checked at its instant; and what the press made of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.actions import mandates
from core.enums import InquiryKind, MandateEndCause, ReplyForm, StatementForm
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import Mandate, OutgoingMail, Statement, TrailEntry
from tests.walk import Cast, Walk
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import jobs
from workflows.press_inquiry.models import Quotation

pytestmark = pytest.mark.django_db
InquiryAt = Callable[..., Walk]


def test_the_ledger_keeps_who_spoke_in_what_capacity_in_what_form_on_what_text(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release")

    walk.release()

    statement = Statement.objects.get()
    document = queries.reply_document(walk.process)
    assert document is not None
    assert (statement.speaker, statement.speaker_post) == (walk.cast.head, "Giám đốc Sở")
    assert statement.mandate == Mandate.objects.get(person=walk.cast.head)
    assert statement.form == StatementForm.PRESS_RELEASE_OR_REPLY
    assert statement.content_sha256 == walk.sha256
    assert (statement.document_number, statement.document_sha256) == (document.symbol, document.pdf_sha256)
    assert statement.spoken_at == walk.at


def test_a_mandate_that_ended_a_second_ago_releases_nothing(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.EMAIL)
    mandate = Mandate.objects.get(person=walk.cast.spokesperson)
    end = walk.at + timedelta(minutes=1)
    mandates.end(
        cause=MandateEndCause.DECISION_ENDED, mandate=mandate, ends_at=end, by=walk.cast.head, at=walk.at
    )

    with pytest.raises(Refused, match="ended at"):
        walk.release(by=walk.cast.spokesperson)

    assert walk.at == end
    assert not Statement.objects.exists()
    assert not OutgoingMail.objects.filter(key__endswith=":release").exists()
    assert walk.steps == {"release"}


def test_the_mail_to_the_journalist_is_queued_once_and_carries_the_document(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release")

    walk.release()

    message = OutgoingMail.objects.get(key__endswith=":release")
    document = queries.reply_document(walk.process)
    assert document is not None
    assert (message.recipient, message.attachment_sha256) == (walk.email, document.pdf_sha256)


def test_a_release_that_fails_sends_nothing(
    inquiry_at: InquiryAt, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.EMAIL)

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(Refused):
        walk.release(by=walk.cast.deputy)

    assert callbacks == []


@pytest.mark.parametrize(
    ("form", "spoken"),
    [
        (ReplyForm.EMAIL, StatementForm.PORTAL),
        (ReplyForm.LETTER, StatementForm.DIRECT),
        (ReplyForm.INTERVIEW, StatementForm.PRESS_RELEASE_OR_REPLY),
    ],
)
def test_a_reply_is_released_only_in_a_form_it_was_prepared_for(
    inquiry_at: InquiryAt, form: ReplyForm, spoken: StatementForm
) -> None:
    walk = inquiry_at("release", reply_form=form)

    with pytest.raises(Invalid) as refusal:
        walk.release(form=spoken)

    assert set(refusal.value.fields) == {"form"}


def test_a_text_on_the_portal_needs_its_address(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.PORTAL)

    with pytest.raises(Invalid) as refusal:
        walk.release(address="")

    assert set(refusal.value.fields) == {"address"}


def test_an_interview_before_the_decision_is_refused(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("decide", reply_form=ReplyForm.INTERVIEW)
    before = walk.at
    walk.decide()

    with pytest.raises(Invalid) as refusal:
        walk.release(spoken_at=before)

    assert set(refusal.value.fields) == {"spoken_at"}


def test_the_ledger_names_the_mandate_of_the_instant_of_speaking(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.INTERVIEW)
    spoken, speaker = walk.at, walk.cast.spokesperson
    first = Mandate.objects.get(person=speaker)
    mandates.end(
        cause=MandateEndCause.DECISION_ENDED,
        mandate=first,
        ends_at=walk.tick(),
        by=walk.cast.head,
        at=walk.at,
    )
    mandates.assign_standing_spokesperson(
        person=speaker, agency=walk.cast.agency, document_number="2/QĐ-SNV", document_date=walk.at.date(),
        valid_from=walk.at, by=walk.cast.head, at=walk.at,
    )  # fmt: skip

    walk.release(by=speaker, spoken_at=spoken)

    assert Statement.objects.get().mandate == first


def test_the_acknowledgement_denies_a_time_limit_only_where_the_law_sets_none(
    cast: Cast, set_clock: Callable[..., None]
) -> None:
    walk = Walk(cast, set_clock)

    walk.register(kind=InquiryKind.REPLY_ON_PRESS)

    assert "không quy định thời hạn" not in OutgoingMail.objects.get().body


def test_an_interview_given_a_while_ago_keeps_its_own_time(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.INTERVIEW)
    spoken = walk.at

    walk.release(spoken_at=spoken)

    statement = Statement.objects.get()
    assert (statement.spoken_at, statement.recorded_at) == (spoken, walk.at)


@pytest.mark.parametrize(
    "shift", [{"hours": 1}, {"days": -30}], ids=["in the future", "before the text existed"]
)
def test_an_impossible_time_of_speaking_is_refused(inquiry_at: InquiryAt, shift: dict[str, int]) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.INTERVIEW)

    with pytest.raises(Invalid) as refusal:
        walk.release(spoken_at=walk.at + timedelta(**shift))

    assert set(refusal.value.fields) == {"spoken_at"}


def test_nothing_published_is_recorded_only_after_the_days_the_agency_set(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("follow_up", reply_form=ReplyForm.EMAIL)

    with pytest.raises(NotAllowedNow, match="5 days"):
        walk.follow_up(quotation=Quotation.NOTHING, address="")
    walk.tick(days=5)
    walk.follow_up(quotation=Quotation.NOTHING, address="")

    assert walk.inquiry.publications.get().quotation == Quotation.NOTHING
    assert walk.inquiry.is_ended


def test_an_article_older_than_the_inquiry_is_refused(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("follow_up", reply_form=ReplyForm.EMAIL)

    with pytest.raises(Invalid) as refusal:
        walk.follow_up(published_on=walk.at.date() - timedelta(days=30))

    assert set(refusal.value.fields) == {"published_on"}


def test_an_article_needs_its_address(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("follow_up", reply_form=ReplyForm.EMAIL)

    with pytest.raises(Invalid) as refusal:
        walk.follow_up(address="")

    assert set(refusal.value.fields) == {"address"}


def test_the_acknowledgement_names_reference_and_phone_claims_no_date_and_does_not_quote_the_subject(
    inquiry_at: InquiryAt,
) -> None:
    walk = inquiry_at("triage")

    message = OutgoingMail.objects.get(key__endswith=":acknowledgement")
    assert walk.inquiry.reference in message.subject
    assert walk.cast.agency.phone in message.body
    assert "không quy định thời hạn" in message.body
    assert walk.inquiry.subject not in message.subject + message.body


def test_without_an_address_the_trail_says_that_no_acknowledgement_was_possible(
    inquiry_at: InquiryAt,
) -> None:
    walk = inquiry_at("triage", email="")

    jobs.acknowledge(walk.process)

    assert TrailEntry.objects.filter(type="inquiry.acknowledgement_impossible").count() == 1
    assert not OutgoingMail.objects.exists()
    assert walk.steps == {"triage"}


def test_the_acknowledgement_is_sent_once_however_often_its_job_runs(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("triage")

    walk.tick()
    jobs.acknowledge(walk.process)

    assert OutgoingMail.objects.count() == 1
    assert TrailEntry.objects.filter(type="inquiry.acknowledged").count() == 1
