"""One of every kind of page, each opened by somebody it is made for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from core.actions import deadlines, law
from core.models import Inquiry, Person, Provision
from tests.browser.pages_of_crises import of_crises
from tests.browser.pages_of_handling import of_handling
from tests.browser.pages_of_refusing import of_refusing
from tests.browser.pages_of_speaking import asks_for_publication, of_speaking
from tests.browser.visits import HOSTILE, LONG, Visit
from tests.walk import Walk
from workflows import base, intake
from workflows.engine.models import TaskAssignment
from workflows.press_inquiry.actions import beside
from workflows.press_inquiry.models import VerdictStep

MAIL = (
    b"Message-ID: <1@bao.example>\r\nFrom: Ng\xc3\xa2n <ngan@bao.example>\r\nTo: bao.chi@snv-x.example\r\n"
    b"Subject: Hoi ve ky thi\r\nDate: Mon, 13 Jul 2026 07:30:00 +0700\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n1. Bao gi\xe1\xbb\x9d c\xc3\xb4ng b\xe1\xbb\x91?\r\n"
)


def every_kind(walk: Walk) -> Iterator[Visit]:
    asks_for_publication(walk)
    yield Visit("login", None, reverse("login"))
    yield Visit("work-empty", walk.cast.deputy, reverse("work"))
    yield Visit("register-by-hand", walk.cast.contact, reverse("register_by_hand"))
    walk.register(subject=f"Kết quả kỳ thi {LONG}", questions=(HOSTILE, "Có bao nhiêu thí sinh?"))
    yield from the_steps(walk)
    yield from beside_the_path(walk)
    yield from of_law_and_time(walk)
    yield from of_refusing(walk)
    yield from of_speaking(walk)
    yield from what_is_read(walk)
    yield from of_crises(walk)
    yield from of_handling(walk)
    yield from refusals(walk)


def step(walk: Walk, node: str, by: Person, *, name: str = "", url: str = "step") -> Visit:
    return Visit(name or node, by, reverse(url, args=[walk.task(node).pk]))


def the_steps(walk: Walk) -> Iterator[Visit]:
    cast = walk.cast
    yield step(walk, "triage", cast.chief)
    yield Visit("work-to-take", cast.chief, reverse("work"))
    walk.to("assign")
    yield step(walk, "assign", cast.unit_head)
    walk.to("draft")
    yield step(walk, "draft", cast.specialist)
    walk.draft(answers={1: f"Trả lời. {HOSTILE}", 2: "Chưa có số liệu 😀."})
    walk.give_back(VerdictStep.REVIEW, cast.unit_head, reason=f"Bổ sung số liệu. {LONG}")
    yield step(walk, "draft", cast.specialist, name="draft-returned")
    walk.to("review")
    yield step(walk, "review", cast.unit_head)
    yield step(walk, "review", cast.head, name="skip", url="step_skip")
    walk.to("clear")
    yield step(walk, "clear", cast.legal)
    walk.to("decide")
    yield step(walk, "decide", cast.head)
    yield step(walk, "decide", cast.auditor, name="decide-not-mine")
    walk.to("sign")
    yield step(walk, "sign", cast.head)
    walk.to("stamp")
    yield step(walk, "stamp", cast.clerk)
    walk.to("release")
    yield step(walk, "release", cast.spokesperson)
    walk.to("follow_up")
    yield step(walk, "follow_up", cast.contact)


def beside_the_path(walk: Walk) -> Iterator[Visit]:
    cast, inquiry = walk.cast, walk.inquiry
    province = cast.agency.parent
    assert province is not None
    walk.tick()
    opinion = beside.ask_opinion(inquiry=inquiry, of=province, about="Xin ý kiến.", by=cast.chief)
    for name in ("withdraw", "clock_stop", "opinion_ask", "move"):
        yield Visit(name, cast.chief, reverse(name, args=[inquiry.pk]))
    yield Visit("opinion-record", cast.chief, reverse("opinion_record", args=[opinion.pk]))
    walk.tick()
    beside.stop_clock(inquiry=inquiry, reason="Chờ phóng viên làm rõ.", by=cast.chief)
    yield Visit("clock-restart", cast.chief, reverse("clock_restart", args=[inquiry.pk]))


def of_law_and_time(walk: Walk) -> Iterator[Visit]:
    """The law, the agency's own rules, the calendar and the clocks, each with something to show."""
    cast, inquiry, at = walk.cast, walk.inquiry, walk.tick()
    order = deadlines.record_order(
        inquiry=inquiry, number="12/UBND-NC", on=at.date(), issuer=f"UBND tỉnh Mẫu {LONG}"[:150],
        task=f"Báo cáo kết quả {HOSTILE}"[:250], before=at.date() + timedelta(days=5), by=cast.chief, at=at,
    )  # fmt: skip
    regulation = law.record_regulation(
        agency=cast.agency, number="15/QĐ-SNV", on=at.date(), title="Quy chế phát ngôn", valid_from=at.date(),
        by=cast.legal, at=at,
    )  # fmt: skip
    provision = Provision.objects.get(code="126/2025/QH15:31.2.a")
    law.enter_verbatim(provision=provision, text=f"Nguyên văn. {LONG}", by=cast.chief, at=at)
    yield Visit("law", cast.legal, reverse("law"))
    yield Visit("law-compare", cast.legal, reverse("law_compare"))
    yield Visit("law-texts", cast.legal, reverse("law_texts"))
    yield Visit("provision", cast.legal, reverse("provision", args=[provision.pk]))
    yield Visit("law-text-enter", cast.legal, reverse("law_text_enter", args=[provision.pk]))
    yield Visit("choose-law", cast.legal, reverse("choose_law", args=[inquiry.pk]))
    yield Visit("local-rules", cast.legal, reverse("local_rules"))
    yield Visit("local-regulation-new", cast.legal, reverse("local_regulation_new"))
    yield Visit("local-rule-new", cast.legal, reverse("local_rule_new", args=[regulation.pk]))
    yield Visit("deadlines", cast.chief, reverse("deadlines"))
    yield Visit("deadline", cast.chief, reverse("deadline", args=[order.pk]))
    for name in ("deadline_extend", "deadline_done"):
        yield Visit(name, cast.chief, reverse(name, args=[order.pk]))
    for name in ("deadline_start", "order_new"):
        yield Visit(name, cast.chief, reverse(name, args=[inquiry.pk]))
    yield Visit("working-calendar", cast.contact, reverse("working_calendar"))
    yield Visit("calendar-publish", cast.administrator, reverse("calendar_publish"))
    yield Visit("own-feed", cast.contact, reverse("own_feed"))


def what_is_read(walk: Walk) -> Iterator[Visit]:
    cast = walk.cast
    case = walk.inquiry.case_id
    yield Visit("case", cast.contact, reverse("case", args=[case]))
    walk.to("the end")
    mailed = received(walk)
    yield Visit("register", cast.clerk, reverse("step", args=[mailed]))
    yield Visit("work", cast.clerk, reverse("work"))
    yield Visit("cases", cast.chief, reverse("cases"))
    yield Visit("cases-none-found", cast.chief, reverse("cases") + "?q=kh%C3%B4ng")
    yield Visit("case-ended", cast.auditor, reverse("case", args=[case]))
    yield Visit("audit", cast.auditor, reverse("audit"))
    yield Visit("audit-case", cast.auditor, reverse("audit_case", args=[case]))
    yield Visit("audit-corrections", cast.auditor, reverse("audit_corrections"))
    yield Visit("outgoing-register", cast.clerk, reverse("outgoing_register"))


def received(walk: Walk) -> int:
    """The step that waits once a mail came in and the clerk has it in hand."""
    inquiry: Inquiry = intake.receive(agency=walk.cast.agency, raw=MAIL, at=walk.tick())
    task: int = TaskAssignment.objects.get(inquiry=inquiry).task_id
    base.take(task, by=walk.cast.clerk)
    return task


def refusals(walk: Walk) -> Iterator[Visit]:
    cast = walk.cast
    yield Visit("not-found", cast.contact, "/khong-co-trang-nay/", 404)
    yield Visit("case-of-others", cast.stranger, reverse("case", args=[walk.inquiry.case_id]), 404)
    yield Visit("not-allowed", cast.contact, reverse("audit"), 403)
    for status in (400, 403, 409, 500):
        yield Visit(f"error-{status}", cast.contact, f"/loi/{status}/", status)
