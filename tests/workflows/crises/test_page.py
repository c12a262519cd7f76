"""One crisis's page has everything that is kept of it, and each step and act that can be done, or why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import CrisisLevel, CrisisPart, CrisisState, StepOrigin
from core.models import Crisis, Person, Provision, RuleKey
from tests import factories
from tests.walk import START, Cast
from tests.workflows.crises import rows
from tests.workflows.crisis.walk import CrisisWalk, make_playbook
from workflows.base import Step
from workflows.crisis.actions import steps
from workflows.crisis.models import (
    Assessment,
    Direction,
    JointMatter,
    LevelChange,
    ReportPaper,
    Review,
)

SetClock = Callable[[datetime], None]
pytestmark = pytest.mark.django_db


def page(person: Person, crisis: Crisis) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("crisis", args=[crisis.pk]))


@pytest.fixture
def walk(cast: Cast, set_clock: SetClock) -> CrisisWalk:
    """A crisis detected through the procedure, with the assessment waiting."""
    walk = CrisisWalk(cast, set_clock)
    walk.detect(note="Ảnh chụp đề thi trên mạng.", address="https://mxh.example/1", published_at=walk.at)
    return walk


def everything(crisis: Crisis, cast: Cast) -> None:
    """A row of each kind that hangs on a crisis."""
    version = make_playbook()
    duty, paragraph = RuleKey.objects.get(code=rows.CLOCK), Provision.objects.get(code=rows.PARAGRAPH)
    Assessment.objects.create(
        crisis=crisis, version=version, level=CrisisLevel.LOCAL, duty=duty, provision=paragraph, started_at=START,
        reason="Lan nhanh trên mạng.", assessed_by=cast.chief, assessed_at=START,
    )  # fmt: skip
    LevelChange.objects.create(
        crisis=crisis, old=1, new=2, reason="Báo trung ương đưa tin.", changed_by=cast.head, changed_at=START
    )
    rows.make_step(
        crisis, "xac-minh", settled_at=START, settled_by=cast.contact, note="Đã gọi điện.", due=START
    )
    rows.make_statement(crisis, "Sở đang xác minh.", cast=cast, released_at=START)
    report = rows.make_report(crisis, cast=cast)
    dispatch = rows.make_dispatch(report, factories.make_agency(name="Bộ Mẫu"))
    dispatch.rungs.filter(number=1).update(climbed_at=START, to="Trực ban Bộ Mẫu")
    Direction.objects.create(
        dispatch=dispatch, text="Báo cáo trước 17 giờ.", from_name="Bà B (giả định)", from_post="Thứ trưởng",
        received_at=START, recorded_at=START,
    )  # fmt: skip
    ReportPaper.objects.create(report=report, kind="report", opens_at=START + timedelta(hours=1))
    matter = JointMatter.objects.create(
        title="Vụ việc liên tỉnh", lead=factories.make_agency(name="Ủy ban chủ trì"), assigned_by="CV 1",
        assigned_on=START.date(), opened_by=cast.head, opened_at=START,
    )  # fmt: skip
    matter.crises.add(crisis)
    rows.stand_down(crisis, cast=cast, at=START + timedelta(hours=2), is_forced=True)
    Review.objects.create(
        crisis=crisis, lessons="Báo cáo sớm hơn.", proposed_change="Rút ngắn bước một.", reviewed_by=cast.head,
        reviewed_at=START + timedelta(hours=3),
    )  # fmt: skip


def test_everything_kept_of_a_crisis_is_on_its_page(cast: Cast, set_clock: SetClock) -> None:
    set_clock(START + timedelta(hours=4))
    crisis = rows.make_crisis(cast, note="Ảnh chụp đề thi.")
    everything(crisis, cast)

    html = page(cast.contact, crisis).content.decode()

    for fact in (
        "Ảnh chụp đề thi.",
        "Lan nhanh trên mạng.",
        "Scenario exam (1)",
        "khoản 3 Điều 7",
        "Báo trung ương đưa tin.",
        "Đã gọi điện.",
        "Sở đang xác minh.",
        "(bản đầu)",
        "Bộ Mẫu",
        "Trực ban Bộ Mẫu",
        "Báo cáo trước 17 giờ.",
        "follows when the office opens",
        "Ủy ban chủ trì leads and alone speaks",
        "Dư luận đã lắng (giả định)",
        "Forced by the head though the legal clock ran",
        "Báo cáo sớm hơn.",
        "Rút ngắn bước một.",
    ):
        assert fact in html, fact


def test_the_step_that_waits_is_offered_to_whom_it_is_for_and_tells_others_why_not(walk: CrisisWalk) -> None:
    (task,) = walk.tasks("assess")

    (for_chief,) = page(walk.cast.chief, walk.crisis).context["steps"]
    (for_clerk,) = page(walk.cast.clerk, walk.crisis).context["steps"]

    assert (for_chief.url, for_chief.why) == (reverse("step", args=[task.pk]), "")
    assert "do not include this" in for_clerk.why
    assert page(walk.cast.stranger, walk.crisis).status_code == 404


def test_the_diagram_shows_where_the_crisis_stands(walk: CrisisWalk) -> None:
    stations = {
        each.name: each.state for each in page(walk.cast.chief, walk.crisis).context["diagram"].stations
    }

    assert list(stations)[:3] == ["detect", "assess", "activate"]
    assert (stations["detect"], stations["assess"], stations["release_statement"]) == (
        "done",
        "current",
        "upcoming",
    )


def test_a_step_done_stays_done_in_the_diagram_while_others_run_beside_it(walk: CrisisWalk) -> None:
    cast, version = walk.cast, make_playbook()

    def activate(step: Step) -> None:
        crisis = walk.crisis
        crisis.level, crisis.state, crisis.activated_at = CrisisLevel.LOCAL, CrisisState.RUNNING, step.at
        crisis.duty, crisis.provision = (
            RuleKey.objects.get(code=rows.CLOCK),
            Provision.objects.get(code=rows.PARAGRAPH),
        )
        crisis.save()
        steps.copy(version.steps.filter(min_level=1), crisis=crisis, origin=StepOrigin.PLAYBOOK, at=step.at)

    walk.execute(walk.tasks("assess")[0], lambda _step: None, by=cast.chief)
    walk.execute(walk.tasks("activate")[0], activate, by=cast.head)
    walk.execute(walk.tasks("report")[0], lambda step: step.task.seed.save(), by=cast.chief)

    stations = {each.name: each.state for each in page(cast.head, walk.crisis).context["diagram"].stations}

    assert [stations[name] for name in ("carry_out", "report", "draft_statement", "stand_down", "review")] == [
        "current", "done", "upcoming", "current", "upcoming",
    ]  # fmt: skip


def test_a_drill_says_so_at_the_head_of_its_page(cast: Cast) -> None:
    html = page(cast.head, rows.make_crisis(cast, is_drill=True)).content.decode()

    assert "DIỄN TẬP" in html.partition("<h1")[0]


def test_more_steps_statements_and_dispatches_ask_no_more_of_the_database(cast: Cast) -> None:
    crisis = rows.make_crisis(cast)
    everything(crisis, cast)
    one = asked(cast.head, crisis)
    for number in range(3):
        rows.make_step(crisis, f"them-{number}", part=CrisisPart.CLERK)
        rows.make_statement(crisis, "Cập nhật.", cast=cast, released_at=START)
        report = rows.make_report(crisis, cast=cast)
        rows.acknowledge(rows.make_dispatch(report, factories.make_agency()), at=START)

    assert asked(cast.head, crisis) == one


def asked(person: Person, crisis: Crisis) -> int:
    page(person, crisis)
    with CaptureQueriesContext(connection) as captured:
        assert page(person, crisis).status_code == 200
    return len(captured)
