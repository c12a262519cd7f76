"""What the demonstration tells of the crisis of May 2026, in its order, and that its claims can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.enums import CrisisState, MailStatus
from core.models import Crisis
from workflows.crisis.models import ReportPaper
from workflows.demonstration import crises
from workflows.demonstration.report import Report

pytestmark = pytest.mark.usefixtures("demonstration")
# As the lines follow each other; between them stand the steps, and the ladders of the other recipients.
MILESTONES = (
    "07:40 13/05 Bùi Thanh Mai (giả định) noted a possible crisis",
    "07:45 13/05 Bùi Thanh Mai (giả định) assessed",
    "07:50 13/05 Lê Hạnh Dung (giả định) activated the playbook",
    "08:20 13/05 Bùi Thanh Mai (giả định) sent report 1",
    "08:50 13/05 The system climbed rung 1",
    "09:05 13/05 The system climbed rung 2",
    "09:50 13/05 Trần Quốc Khải (giả định) released statement 1",
    "10:35 13/05 The system climbed rung 6",
    "10:40 13/05 Trần Quốc Khải (giả định) recorded that Sở Văn hóa, Thể thao và Du lịch",
    "17:55 13/05 Trần Quốc Khải (giả định) stood",
    "18:00 13/05 Nguyễn Đức Thịnh (giả định) reviewed",
    "18:00 13/05 The system closed",
    "the initial statement was due 06:55 14/05/2026 under điểm a khoản 3 Điều 6",
)


class Told(Report):
    def __init__(self, folder: Path) -> None:
        self.lines: list[str] = []
        super().__init__(folder, say=self.lines.append)


def test_the_crisis_is_told_in_the_order_of_time_and_every_claim_holds(own_folder: Path) -> None:
    report = Told(own_folder)

    crises.walk(report)

    lines = iter(report.lines)
    assert [each for each in MILESTONES if not any(each in line for line in lines)] == []
    (chapter,) = report.chapters
    assert (chapter.stem, len(chapter.checks), report.failed) == ("ky-thi-thang-5", 10, 0)
    assert crises.mails_to_recipients(Crisis.objects.get(state=CrisisState.CLOSED)).count() == 12


def test_what_is_not_as_it_should_be_is_told(own_folder: Path) -> None:
    crisis = Crisis.objects.get(state=CrisisState.CLOSED)
    ReportPaper.objects.filter(report__crisis=crisis).update(stamped_at=None)
    Crisis.objects.filter(pk=crisis.pk).update(state=CrisisState.STOOD_DOWN)
    crises.mails_to_recipients(crisis).update(status=MailStatus.FAILED)
    report = Told(own_folder)

    crises.walk(report)

    assert [check.claim for check in report.chapters[0].checks if not check.holds] == [
        "the paper 01/BC-SNV followed when the office was open, with number and stamp",
        "the paper 02/SNV followed when the office was open, with number and stamp",
        "12 mails left to the recipients",
        "the crisis is closed",
    ]
