"""The numbered paper follows when the office opens, is numbered once, signed, stamped; in a drill without a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.db import connection
from pypdf import PdfReader
from viewflow.workflow.status import STATUS

from core import files
from core.clock import ZONE
from core.enums import Capacity, Numbering, PaperKind, ReportKind
from core.errors import Conflict, Invalid, NotAllowedNow, Refused
from core.models import Agency, SigningCapacity, TrailEntry
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument, Series
from documents.queries import register
from tests.walk import START, Cast
from tests.workflows.crisis.papers_walk import PapersWalk, make_body
from workflows.crisis import queries
from workflows.crisis.actions import papers
from workflows.crisis.models import CrisisSetting, ReportPaper
from workflows.crisis.queries import papers as paper_queries
from workflows.tasks import run_job, sweep_jobs

NIGHT = datetime(2026, 9, 2, 2, 30, tzinfo=ZONE)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> PapersWalk:
    walk = PapersWalk(cast, set_clock)
    walk.begin()
    return walk


def text_of(sha256: str) -> str:
    pages = PdfReader(BytesIO(files.read(sha256))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def documents(walk: PapersWalk) -> list[str]:
    return list(
        IssuedDocument.objects.filter(case=walk.crisis.case).order_by("pk").values_list("symbol", flat=True)
    )


@pytest.mark.parametrize(
    ("at", "opens_at"),
    [
        (NIGHT, datetime(2026, 9, 3, 7, 30, tzinfo=ZONE)),
        (datetime(2026, 9, 1, 23, 0, tzinfo=ZONE), datetime(2026, 9, 3, 7, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 14, 7, 29, 59, tzinfo=ZONE), datetime(2026, 7, 14, 7, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 14, 7, 30, tzinfo=ZONE), datetime(2026, 7, 14, 7, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 14, 16, 0, tzinfo=ZONE), datetime(2026, 7, 14, 16, 0, tzinfo=ZONE)),
        (datetime(2026, 7, 14, 16, 59, 59, tzinfo=ZONE), datetime(2026, 7, 14, 16, 59, 59, tzinfo=ZONE)),
        (datetime(2026, 7, 14, 17, 0, tzinfo=ZONE), datetime(2026, 7, 15, 7, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 17, 23, 0, tzinfo=ZONE), datetime(2026, 7, 20, 7, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 18, 10, 0, tzinfo=ZONE), datetime(2026, 7, 20, 7, 30, tzinfo=ZONE)),
        (datetime(2099, 7, 18, 2, 0, tzinfo=ZONE), datetime(2099, 7, 18, 2, 0, tzinfo=ZONE)),
    ],
    ids=[
        "holiday_night",
        "before_holidays",
        "just_before",
        "at_opening",
        "working_day",
        "just_before_closing",
        "at_closing",
        "late_in_the_evening",
        "weekend",
        "no_calendar",
    ],
)
def test_office_opens_by_the_working_calendar(cast: Cast, at: datetime, opens_at: datetime) -> None:
    assert paper_queries.office_opens(cast.agency, at=at) == opens_at


def test_agency_sets_when_its_office_opens_and_closes(cast: Cast) -> None:
    CrisisSetting.objects.create(agency=cast.agency, office_opens=time(8, 15), office_closes=time(16, 0))
    evening = datetime(2026, 7, 14, 16, 0, tzinfo=ZONE)

    found = [paper_queries.office_opens(cast.agency, at=at) for at in (NIGHT, evening)]

    assert found == [datetime(2026, 9, 3, 8, 15, tzinfo=ZONE), datetime(2026, 7, 15, 8, 15, tzinfo=ZONE)]


def test_paper_of_a_night_report_is_taken_up_once_when_the_office_opens(walk: PapersWalk) -> None:
    walk.pass_time(seconds=(NIGHT - walk.at).total_seconds())
    walk.report()

    assert walk.open_due(datetime(2026, 9, 3, 7, 29, 59, tzinfo=ZONE)) == 0
    assert walk.open_due(datetime(2026, 9, 3, 7, 30, tzinfo=ZONE)) == 1
    assert walk.open_due(datetime(2026, 9, 3, 7, 31, tzinfo=ZONE)) == 0
    assert len(walk.tasks("issue_paper")) == 1
    paper = walk.paper()
    assert (paper.opened_at, paper.signer) == (datetime(2026, 9, 3, 7, 30, tzinfo=ZONE), walk.cast.head)
    entry = TrailEntry.objects.get(type="crisis_report.paper_opened")
    assert (entry.data["paper"], entry.data["signer_name"]) == (paper.pk, walk.cast.head.full_name)


@pytest.mark.parametrize("kind", [ReportKind.UPDATE, ReportKind.LEVEL])
def test_whoever_was_told_before_gets_no_further_paper_before_the_closing_one(
    walk: PapersWalk, kind: ReportKind
) -> None:
    first = walk.report()

    walk.report(kind=kind)

    assert [paper.report for paper in ReportPaper.objects.all()] == [first]


def test_a_body_that_a_higher_level_adds_gets_a_paper_of_its_first_report_too(walk: PapersWalk) -> None:
    walk.report()
    added = (make_body("Công an tỉnh"), PaperKind.COORDINATION)

    report = walk.report((walk.committee, PaperKind.REPORT), added, kind=ReportKind.LEVEL)

    assert [paper.kind for paper in papers.plan(report, at=walk.at)] == [PaperKind.COORDINATION]
    assert ReportPaper.objects.filter(report=report).count() == 1


def test_recipients_of_one_kind_share_a_paper_and_planning_twice_adds_none(walk: PapersWalk) -> None:
    police, ministry = make_body("Công an tỉnh"), make_body("Bộ Nội vụ")
    above, beside = PaperKind.REPORT, PaperKind.COORDINATION

    report = walk.report((walk.committee, above), (ministry, above), (police, beside))

    assert [paper.kind for paper in papers.plan(report, at=walk.at)] == [above, beside]
    assert ReportPaper.objects.count() == 2


def test_from_the_report_to_the_stamp_the_paper_states_what_was_reported(walk: PapersWalk) -> None:
    walk.report()
    walk.pass_time(minutes=20)
    walk.say("Sở Nội vụ đã nhận thông tin và đang xác minh.")
    walk.open_due()
    walk.run_jobs()
    document = walk.document_of(PaperKind.REPORT)
    assert (document.symbol, document.kind.code, document.year) == ("01/BC-SNV", "report", 2026)
    text = text_of(document.pdf_sha256)
    for said in (
        "BÁO CÁO", "Về tình hình vụ việc: Đề thi bị phát tán (giả định)",
        f"Tiếp theo báo cáo nhanh số {walk.crisis.reference}/1 lúc 08 giờ 00 phút ngày 13 tháng 7 năm 2026",
        "1. Sự việc: Đề thi bị phát tán trên mạng (giả định).", "Công an đang xác minh.",
        "2. Địa điểm: Điểm thi số 1 (giả định)", "3. Thời gian: 01 giờ 10 phút",
        "4. Nội dung đã phát ngôn: Đã thông báo tạm dừng buổi thi.",
        "08 giờ 20 phút ngày 13 tháng 7 năm 2026", "Sở Nội vụ đã nhận thông tin và đang xác minh.",
        "5. Kiến nghị, đề nghị: Hỗ trợ xác minh nguồn phát tán.",
        "không phải do pháp luật quy định",
        "khoản 3 Điều 7 Nghị định số 244/2026/NĐ-CP",
        "thời hạn tính từ 07 giờ 50 phút ngày 13 tháng 7 năm 2026, chậm nhất 07 giờ 50 phút ngày 14 tháng 7 năm 2026",
        f"- {walk.committee.name} (để báo cáo);", "GIÁM ĐỐC", walk.cast.head.full_name,
    ):  # fmt: skip
        assert said in text
    assert "Bản nháp bỏ đi" not in text
    assert "DIỄN TẬP" not in text

    walk.sign()
    walk.stamp()

    paper = walk.paper()
    assert (paper.stamped_at, paper.document) == (walk.at, document)
    assert [each.by for each in document.endorsements.order_by("pk")] == [walk.cast.head, walk.cast.clerk]
    assert walk.nodes() == ["stand_down"]


def test_body_of_the_same_level_gets_a_letter_that_asks(walk: PapersWalk) -> None:
    police, other = make_body("Công an tỉnh"), make_body("Sở Y tế")
    walk.report((police, PaperKind.COORDINATION), (other, PaperKind.COORDINATION))
    walk.open_due()
    walk.run_jobs()

    document = walk.document_of(PaperKind.COORDINATION)

    assert (document.symbol, document.kind.code) == ("01/SNV", "official_letter")
    text = text_of(document.pdf_sha256)
    assert "Kính gửi: - Công an tỉnh (giả định); - Sở Y tế (giả định)." in text
    assert "5. Nội dung đề nghị phối hợp: Hỗ trợ xác minh nguồn phát tán." in text
    assert "- Như trên;" in text


def test_job_run_twice_gives_one_number(walk: PapersWalk) -> None:
    walk.report()
    walk.open_due()
    task = walk.tasks("issue_paper")[0]
    for _time in range(2):
        run_job(task.pk, task.external_task_id)
        papers.issue(walk.paper())

    assert documents(walk) == ["01/BC-SNV"]
    assert Series.objects.get(agency=walk.cast.agency).last == 1


def test_closing_report_has_a_paper_of_its_own_that_names_the_first_report(walk: PapersWalk) -> None:
    walk.report()
    walk.pass_time(days=1)
    walk.report(kind=ReportKind.CLOSING)
    walk.open_due()
    walk.run_jobs()

    document = walk.document_of(PaperKind.REPORT)

    assert document.symbol == "02/BC-SNV"
    text = text_of(document.pdf_sha256)
    assert "Về kết thúc xử lý vụ việc: Đề thi bị phát tán (giả định)" in text
    assert f"số {walk.crisis.reference}/1 lúc 08 giờ 00 phút ngày 13 tháng 7 năm 2026" in text


# Who signs


def test_other_bytes_another_person_or_a_stamp_before_the_signature_are_refused(walk: PapersWalk) -> None:
    walk.report()
    walk.open_due()
    walk.run_jobs()
    paper = walk.paper()
    with pytest.raises(Conflict, match="Nothing was signed"):
        papers.sign(paper=paper, pdf_sha256="0" * 64, by=walk.cast.head, at=walk.at)
    with pytest.raises(Refused):
        walk.sign(by=walk.cast.deputy)
    assert paper.document is not None
    with pytest.raises(NotAllowedNow, match="has not signed yet"):
        papers.stamp(
            process=walk.process,
            paper=paper,
            pdf_sha256=paper.document.pdf_sha256,
            by=walk.cast.clerk,
            at=walk.at,
        )
    assert walk.paper().stamped_at is None


def deputy_signs(walk: PapersWalk) -> None:
    SigningCapacity.objects.create(
        agency=walk.cast.agency, person=walk.cast.deputy, capacity=Capacity.KT, authority_line="GIÁM ĐỐC",
        title_line="PHÓ GIÁM ĐỐC", valid_from=START,
    )  # fmt: skip


def leave(walk: PapersWalk) -> None:
    walk.cast.head.is_active = False
    walk.cast.head.save()


def test_where_the_head_is_not_there_whoever_signs_is_asked(walk: PapersWalk) -> None:
    walk.report()
    leave(walk)
    assert walk.open_due() == 0

    deputy_signs(walk)

    assert walk.open_due() == 1
    assert walk.paper().signer == walk.cast.deputy


@pytest.mark.parametrize("is_numbered", [False, True])
def test_signer_who_left_before_signing_is_replaced_with_another_document(
    walk: PapersWalk, is_numbered: bool
) -> None:
    walk.report()
    walk.open_due()
    if is_numbered:
        walk.run_jobs()
    leave(walk)
    assert walk.open_due() == 0
    deputy_signs(walk)
    assert walk.open_due() == 1
    assert walk.open_due() == 0
    walk.run_jobs()

    walk.sign(by=walk.cast.deputy)

    assert walk.tasks("sign_paper") == []
    assert documents(walk) == (["01/BC-SNV", "02/BC-SNV"] if is_numbered else ["01/BC-SNV"])
    document = walk.document_of(PaperKind.REPORT)
    assert document.signature_lines == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert walk.open_due() == 0


# The office's own document system


@pytest.fixture
def by_hand(walk: PapersWalk) -> PapersWalk:
    """A paper that waits for its number."""
    Agency.objects.filter(pk=walk.cast.agency.pk).update(numbering=Numbering.ENTERED)
    walk.report()
    walk.open_due()
    return walk


def test_paper_waits_for_the_number_that_the_clerk_enters(by_hand: PapersWalk) -> None:
    walk, entered = by_hand, EnteredNumber(number=77, issued_on=by_hand.at.date())
    by_hand.pass_time(minutes=10)
    sweep_jobs()
    walk.run_jobs()
    task = walk.tasks("issue_paper")[0]
    assert (task.status, task.assigned) == (STATUS.SCHEDULED, None)
    assert paper_queries.papers_to_number(walk.cast.clerk, at=walk.at) == [task]
    assert paper_queries.papers_to_number(walk.cast.stranger, at=walk.at) == []
    with pytest.raises(Refused):
        papers.enter_number(paper=walk.paper(), entered=entered, by=walk.cast.contact)

    papers.enter_number(paper=walk.paper(), entered=entered, by=walk.cast.clerk)

    assert paper_queries.papers_to_number(walk.cast.clerk, at=walk.at) == []
    with pytest.raises(NotAllowedNow, match="waits for no number"):
        papers.enter_number(paper=walk.paper(), entered=entered, by=walk.cast.clerk)
    walk.run_jobs()
    assert walk.tasks("sign_paper")[0].seed == walk.paper()
    assert documents(walk) == ["77/BC-SNV"]


def test_each_paper_waits_for_a_number_of_its_own(by_hand: PapersWalk) -> None:
    """The node asks of the row: the number of one paper makes no other ready."""
    walk = by_hand
    first = walk.paper()
    walk.report(kind=ReportKind.CLOSING)
    walk.open_due()
    second = walk.paper()

    papers.enter_number(
        paper=first, entered=EnteredNumber(number=5, issued_on=walk.at.date()), by=walk.cast.clerk
    )

    assert queries.number_is_at_hand(first)
    assert not queries.number_is_at_hand(second)
    walk.run_jobs()
    assert [task.seed for task in walk.tasks("issue_paper")] == [second]
    assert [task.seed for task in walk.tasks("sign_paper")] == [first]


@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_unusable_number_is_refused_and_the_paper_waits_on(by_hand: PapersWalk, number: int) -> None:
    with pytest.raises(Invalid):
        papers.enter_number(
            paper=by_hand.paper(),
            entered=EnteredNumber(number=number, issued_on=by_hand.at.date()),
            by=by_hand.cast.clerk,
        )
    assert documents(by_hand) == []


# The drill


@pytest.mark.parametrize("numbering", list(Numbering))
def test_paper_of_a_drill_takes_no_number_and_stands_in_no_register(
    cast: Cast, set_clock: Callable[[datetime], None], numbering: Numbering
) -> None:
    Agency.objects.filter(pk=cast.agency.pk).update(numbering=numbering)
    walk = PapersWalk(cast, set_clock)
    walk.begin(is_drill=True)
    walk.report()
    walk.open_due()
    assert paper_queries.papers_to_number(cast.clerk, at=walk.at) == []
    walk.run_jobs()
    walk.sign()
    walk.stamp()

    document = walk.document_of(PaperKind.REPORT)

    assert (document.number, document.symbol, document.mark) == (None, "", "…/DIỄN TẬP")
    text = text_of(document.pdf_sha256)
    assert "Số: …/DIỄN TẬP" in text
    assert text.count("DIỄN TẬP") >= 3
    assert not Series.objects.exists()
    assert not TrailEntry.objects.filter(type__in=["document.numbered", "document.number_entered"]).exists()
    rows, hidden = register.outgoing(cast.clerk, agency=cast.agency, year=2026, at=walk.at)
    assert (list(rows), hidden, register.years_of(cast.agency)) == ([], 0, [])
    assert register.visible_to(cast.clerk, at=walk.at).filter(pk=document.pk).exists()


@pytest.mark.parametrize(
    ("opens", "closes"), [(time(16, 59), time(17)), (time(17), time(23, 59)), (time(20), time(23, 59))]
)
def test_of_a_release_before_an_office_that_opens_late_stays_open_to_the_end_of_the_day(
    cast: Cast, opens: time, closes: time
) -> None:
    row = CrisisSetting.objects.create(agency=cast.agency, office_opens=opens)

    migration = import_module("workflows.migrations.0006_crisis_paragraphs_and_office_hours")
    migration.keep_late_offices_open(apps, connection.schema_editor())

    row.refresh_from_db()
    assert row.office_closes == closes
