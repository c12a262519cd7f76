"""The pages of refusals: asked for, proposed, judged, told in a letter of its own, looked at again, audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from tests.browser.visits import HOSTILE, LONG, Visit
from tests.walk import Walk
from tests.workflows.refusal.walk import REASON, RefusalWalk, proposal


def of_refusing(walk: Walk) -> Iterator[Visit]:
    other = Walk(walk.cast, walk.set_clock, at=walk.at)
    other.register(subject=f"Kết luận thanh tra {LONG}", questions=(HOSTILE, "Có bao nhiêu thí sinh?"))
    refusal = RefusalWalk(
        other.to("review"),
        proposal=proposal(
            reason=f"{REASON} {LONG}",
            facts={**proposal().facts, "decision": f"Quyết định thanh tra số 5/QĐ-TTr {LONG}"},
            watch_on=other.at.date() + timedelta(days=1),
        ),
    )
    yield from _asked_and_decided(refusal)
    yield from _told_in_its_letter(refusal)
    yield from _beside_its_path(refusal)
    yield from _looked_at_again(refusal)
    yield from _audited(refusal)
    walk.at = other.at


def _step(refusal: RefusalWalk, node: str, by: Any) -> Visit:
    return Visit(f"refusal-{node}", by, reverse("step", args=[refusal.task(node).pk]))


def _asked_and_decided(refusal: RefusalWalk) -> Iterator[Visit]:
    cast, walk = refusal.walk.cast, refusal.walk
    yield Visit("refusal-ask", cast.unit_head, reverse("ask_refusal", args=[walk.task("review").pk]))
    refusal.ask(remark=f"Đang thanh tra. {HOSTILE}")
    yield _step(refusal, "propose", cast.specialist)
    refusal.propose()
    refusal.send_back("review")
    refusal.propose()
    yield _step(refusal, "review", cast.legal)
    refusal.review()
    yield _step(refusal, "decide", cast.head)
    walk.to("await_refusals")
    yield Visit("refusal-awaited", cast.chief, reverse("case", args=[walk.inquiry.case_id]))
    refusal.decide(at_once=True)


def _told_in_its_letter(refusal: RefusalWalk) -> Iterator[Visit]:
    cast = refusal.walk.cast
    yield Visit("refusal-to-be-told", cast.legal, reverse("refusal", args=[refusal.refusal.pk]))
    number = reverse("enter_refusal_number", args=[refusal.process.pk])
    yield Visit("refusal-number", cast.clerk, number)
    yield _step(refusal, "sign", cast.head)
    refusal.sign()
    yield _step(refusal, "stamp", cast.clerk)
    refusal.stamp()
    yield _step(refusal, "release", cast.head)
    refusal.release()


def _beside_its_path(refusal: RefusalWalk) -> Iterator[Visit]:
    cast, pk = refusal.walk.cast, refusal.refusal.pk
    refusal.walk.tick(days=3)
    yield Visit("refusal-day-passed", cast.legal, reverse("work"))
    yield Visit("refusal-end-of-ground", cast.legal, reverse("end_of_ground", args=[pk]))
    yield Visit("refusal-second-look", cast.contact, reverse("ask_second_look", args=[pk]))
    secret = refusal.walk.inquiry.questions.get(number=2).pk
    yield Visit("refusal-found-secret", cast.legal, reverse("found_secret", args=[secret]))


def _looked_at_again(refusal: RefusalWalk) -> Iterator[Visit]:
    cast = refusal.walk.cast
    refusal.ask_again()
    yield _step(refusal, "reconsider", cast.deputy)
    refusal.reconsider()
    yield _step(refusal, "approve", cast.head)
    refusal.to("")
    yield Visit("refusal-upheld", cast.auditor, reverse("refusal", args=[refusal.refusal.pk]))


def _audited(refusal: RefusalWalk) -> Iterator[Visit]:
    auditor = refusal.walk.cast.auditor
    yield Visit("audit-refusals", auditor, reverse("audit_refusals"))
    yield Visit(
        "audit-refusals-none", auditor, reverse("audit_refusals") + "?from=2020-01-01&until=2020-01-02"
    )
