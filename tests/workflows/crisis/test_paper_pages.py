"""The pages of a paper: signed and stamped as shown, its number entered, its mail sent, its failed job run again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import AgencyKind, CrisisState, Numbering, PaperKind, ReportKind
from core.models import Agency, AgencyContact, OutgoingMail, Person, SigningCapacity
from documents.models import IssuedDocument
from tests.factories import make_agency
from tests.walk import Cast
from tests.workflows.crisis.papers_walk import PapersWalk, make_body
from workflows.crisis.actions import dispatches, reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse(client: Client) -> Callable[[Person], Client]:
    def as_(person: Person) -> Client:
        client.force_login(person)
        return client

    return as_


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> PapersWalk:
    walk = PapersWalk(cast, set_clock)
    walk.begin()
    return walk


def page(task: Task) -> str:
    return reverse("step", args=[task.pk])


def endorsed(walk: PapersWalk, task: Task, **changes: Any) -> dict[str, Any]:
    return {"pdf_sha256": walk.pdf_sha256(task), "has_read": "on", **changes}


def test_signed_and_stamped_on_the_bytes_that_the_pages_show(
    walk: PapersWalk, browse: Callable[[Person], Client]
) -> None:
    walk.report()
    walk.open_due()
    walk.run_jobs()
    cast, task = walk.cast, walk.tasks("sign_paper")[0]
    shown = browse(cast.head).get(page(task))
    assert shown.status_code == 200
    assert walk.pdf_sha256(task) in shown.text
    assert walk.committee.name in shown.text
    assert "Công an đang xác minh." in shown.text
    assert browse(cast.head).post(page(task), endorsed(walk, task, has_read="")).status_code == 422
    assert browse(cast.head).post(page(task), endorsed(walk, task, pdf_sha256="0" * 64)).status_code == 409
    assert browse(cast.deputy).post(page(task), endorsed(walk, task)).status_code == 403
    assert browse(cast.stranger).get(page(task)).status_code == 404
    assert walk.tasks("stamp_paper") == []

    assert browse(cast.head).post(page(task), endorsed(walk, task)).status_code == 302
    stamping = walk.tasks("stamp_paper")[0]
    assert browse(cast.head).post(page(stamping), endorsed(walk, stamping)).status_code == 403
    assert browse(cast.clerk).post(page(stamping), endorsed(walk, stamping)).status_code == 302

    assert walk.paper().stamped_at == walk.at
    assert browse(cast.clerk).post(page(stamping), endorsed(walk, stamping)).status_code == 409


def test_paper_that_is_being_made_cannot_be_signed(
    walk: PapersWalk, browse: Callable[[Person], Client]
) -> None:
    """The page says to wait; nothing is signed."""
    walk.report()
    walk.open_due()
    walk.run_jobs()
    task = walk.tasks("sign_paper")[0]
    walk.paper()
    type(task.seed).objects.filter(pk=task.seed.pk).update(document=None)

    assert "pn-card--info" in browse(walk.cast.head).get(page(task)).text
    answer = browse(walk.cast.head).post(page(task), {"pdf_sha256": "", "has_read": "on"})

    assert answer.status_code == 409


def mails() -> list[tuple[str, str, bool]]:
    rows = OutgoingMail.objects.filter(key__startswith="crisis-paper-").order_by("pk")
    return [(row.recipient, row.attachment_name, row.subject.startswith("[DIỄN TẬP]")) for row in rows]


def reach(agency: Agency, *addresses: str) -> None:
    for rank, email in enumerate(addresses, 1):
        is_active = not email.startswith("old@")
        AgencyContact.objects.create(
            agency=agency, rank=rank, email=email, phone="0000 113", is_active=is_active
        )


@pytest.mark.parametrize("is_drill", [False, True])
def test_stamped_paper_goes_by_mail_to_its_own_recipients_alone(
    cast: Cast, set_clock: Callable[[datetime], None], is_drill: bool
) -> None:
    walk = PapersWalk(cast, set_clock)
    walk.begin(is_drill=is_drill)
    police, unreachable = make_body("Công an tỉnh"), make_body("Sở Y tế")
    reach(walk.committee, "old@x.example", "vp@ubnd.example", "second@ubnd.example")
    reach(police, "truc@congan.example")
    reach(unreachable, "")
    walk.report(
        (walk.committee, PaperKind.REPORT), (police, PaperKind.COORDINATION), (unreachable, PaperKind.REPORT)
    )
    walk.open_due()
    walk.run_jobs()
    for already_sent in (0, 1):
        assert len(mails()) == already_sent
        walk.sign()
        walk.stamp()

    if is_drill:
        assert mails() == [(cast.contact.email, "…-DIỄN TẬP.pdf", True)] * 2
    else:
        assert mails() == [
            ("vp@ubnd.example", "01-BC-SNV.pdf", False),
            ("truc@congan.example", "02-SNV.pdf", False),
        ]
    first = OutgoingMail.objects.filter(key__startswith="crisis-paper-").earliest("pk")
    assert first.attachment_sha256 == walk.pdf_sha256_of(PaperKind.REPORT)
    assert f"số {walk.document_of(PaperKind.REPORT).mark} ngày 13/07/2026" in first.body
    assert first.body.startswith("DIỄN TẬP") == is_drill


def test_whoever_is_reported_to_over_a_head_gets_what_was_stamped_before(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = PapersWalk(cast, set_clock)
    walk.begin()
    report = walk.report()
    walk.open_due()
    walk.run_jobs()
    walk.sign()
    walk.stamp()
    above, apart = (make_agency(code=code, kind=AgencyKind.MINISTRY) for code in ("BO-Y", "BO-Z"))
    reach(above, "vanthu@bo-y.example")
    reach(apart, "vanthu@bo-z.example")
    assert mails() == []

    with dispatches.held(report.dispatches.get()) as held:
        reports.over_head(
            process=held.process, dispatch=held.dispatch, recipient=above, reason="Không ai nghe máy.",
            by=cast.head, at=held.at,
        )  # fmt: skip

    assert mails() == [("vanthu@bo-y.example", "01-BC-SNV.pdf", False)]
    assert report.papers.count() == 1


def test_no_paper_is_sent_to_a_body_that_was_dissolved_meanwhile(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = PapersWalk(cast, set_clock)
    walk.begin()
    ended = make_body("Sở đã hết")
    reach(ended, "vanthu@so.example")
    walk.report((ended, PaperKind.REPORT))
    walk.open_due()
    walk.run_jobs()
    walk.sign()
    Agency.objects.filter(pk=ended.pk).update(valid_until=walk.at.date())

    walk.stamp()

    assert mails() == []


def test_the_last_stamp_opens_the_gate_and_closes_the_crisis(walk: PapersWalk) -> None:
    report = walk.report()
    report.dispatches.update(acknowledged_at=walk.at)
    walk.open_due()
    walk.run_jobs()
    walk.crisis.steps.update(settled_at=walk.at)
    walk.execute(walk.tasks("stand_down")[0], lambda _step: None, by=walk.cast.head)
    walk.execute(walk.tasks("review")[0], lambda _step: None, by=walk.cast.chief)
    assert walk.nodes() == ["await_acknowledgements", "sign_paper"]
    walk.sign()
    walk.crisis.refresh_from_db()
    assert walk.crisis.state != CrisisState.CLOSED

    walk.stamp()

    walk.crisis.refresh_from_db()
    assert walk.crisis.state == CrisisState.CLOSED
    assert walk.nodes() == []
    assert walk.process.finished is not None


# The number, and the work list


@pytest.fixture
def waiting(walk: PapersWalk) -> PapersWalk:
    """A paper that waits for the number of the office's own document system."""
    Agency.objects.filter(pk=walk.cast.agency.pk).update(numbering=Numbering.ENTERED)
    walk.report()
    walk.open_due()
    return walk


def test_clerk_goes_from_the_work_list_to_the_number(
    waiting: PapersWalk, browse: Callable[[Person], Client]
) -> None:
    cast, number = waiting.cast, reverse("crisis_paper_number", args=[waiting.paper().pk])
    assert number in browse(cast.clerk).get(reverse("work")).text
    assert number not in browse(cast.contact).get(reverse("work")).text
    assert "2026-07-13" in browse(cast.clerk).get(number).text
    typed = {"number": "12", "issued_on": "2026-07-13", "notation": "BC-VP"}
    assert browse(cast.contact).post(number, typed).status_code == 403
    assert browse(cast.stranger).get(number).status_code == 404
    refused = browse(cast.clerk).post(number, {**typed, "issued_on": "2026-07-14"})
    assert refused.status_code == 422
    assert 'value="12"' in refused.text
    assert IssuedDocument.objects.count() == 0

    assert browse(cast.clerk).post(number, typed).status_code == 302

    assert waiting.paper().document == IssuedDocument.objects.get(symbol="12/BC-VP")
    assert browse(cast.clerk).post(number, typed).status_code == 409
    assert number not in browse(cast.clerk).get(reverse("work")).text


def test_number_page_of_no_paper_is_not_found(cast: Cast, browse: Callable[[Person], Client]) -> None:
    assert browse(cast.clerk).get(reverse("crisis_paper_number", args=[1])).status_code == 404


def test_work_list_asks_the_same_questions_for_one_paper_and_for_many(
    waiting: PapersWalk, browse: Callable[[Person], Client]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browse(waiting.cast.clerk).get(reverse("work")).status_code == 200
        return len(queries)

    asked()
    once = asked()
    for _time in range(3):
        waiting.report(kind=ReportKind.CLOSING)
    assert waiting.open_due() == 3

    assert asked() == once


def test_failed_job_stands_on_the_work_list_and_runs_again(
    walk: PapersWalk, browse: Callable[[Person], Client]
) -> None:
    walk.report()
    walk.open_due()
    SigningCapacity.objects.filter(person=walk.cast.head).update(valid_until=walk.at)
    walk.run_jobs()
    task = Task.objects.get(status=STATUS.ERROR)
    again = reverse("retry_job", args=[task.pk])
    assert again in browse(walk.cast.chief).get(reverse("work")).text
    assert again not in browse(walk.cast.stranger).get(reverse("work")).text
    assert browse(walk.cast.contact).post(again).status_code == 403
    assert browse(walk.cast.stranger).post(again).status_code == 404
    SigningCapacity.objects.filter(person=walk.cast.head).update(valid_until=None)

    assert browse(walk.cast.chief).post(again).status_code == 302

    walk.run_jobs()
    assert [each.seed for each in walk.tasks("sign_paper")] == [walk.paper()]
    assert browse(walk.cast.chief).post(again).status_code == 409
    assert again not in browse(walk.cast.chief).get(reverse("work")).text


def test_pages_of_a_drill_say_so(
    cast: Cast, set_clock: Callable[[datetime], None], browse: Callable[[Person], Client]
) -> None:
    walk = PapersWalk(cast, set_clock)
    walk.begin(is_drill=True)
    walk.report()
    walk.open_due()
    walk.run_jobs()

    shown = browse(cast.head).get(page(walk.tasks("sign_paper")[0])).text

    assert "DIỄN TẬP" in shown
    assert "…/DIỄN TẬP" in shown
