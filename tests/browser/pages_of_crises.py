"""The pages of crises: the board, one crisis, the work list with its steps, what auditors count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from core.enums import CrisisPart, CrisisState
from core.models import Crisis
from tests.browser.visits import HOSTILE, LONG, Visit
from tests.walk import Walk
from tests.workflows.crises import rows


def of_crises(walk: Walk) -> Iterator[Visit]:
    cast = walk.cast
    yield Visit("crisis-board-empty", cast.legal, reverse("crisis_board"))
    crisis = running(walk, title=f"Đề thi bị phát tán {LONG}"[:300])
    running(walk, title="Diễn tập lộ đề (giả định)", is_drill=True)
    waiting = rows.make_crisis(cast, state=CrisisState.DETECTED, detected_at=walk.at, note=HOSTILE)
    rows.local_clock(waiting, due=walk.at - timedelta(minutes=1), cast=cast)
    yield Visit("crisis-board", cast.head, reverse("crisis_board"))
    yield Visit("crisis-board-wall", cast.head, reverse("crisis_board") + "?man-hinh=1")
    yield Visit("crisis", cast.head, reverse("crisis", args=[crisis.pk]))
    yield Visit("crisis-paragraph", cast.chief, reverse("crisis_paragraph", args=[crisis.pk]))
    yield Visit("crisis-case", cast.contact, reverse("case", args=[crisis.case_id]))
    yield Visit("audit-crises", cast.auditor, reverse("audit_crises"))
    yield Visit("audit-crises-none", cast.auditor, reverse("audit_crises") + "?until=2020-01-02")


def running(walk: Walk, **fields: Any) -> Crisis:
    """A running crisis with long and hostile words wherever somebody typed them."""
    cast, at = walk.cast, walk.at
    case = walk.inquiry.case if hasattr(walk, "inquiry") else None
    crisis = rows.make_crisis(
        cast, case=case, note=f"Ảnh chụp. {HOSTILE}", detected_at=at, activated_at=at, **fields
    )
    rows.law_clock(crisis, due=at + timedelta(hours=20, minutes=15))
    rows.make_step(crisis, "xac-minh", settled_at=at, settled_by=cast.contact, note=HOSTILE)
    rows.make_step(crisis, "giu-dau-vet", part=CrisisPart.CLERK, due=at - timedelta(minutes=1))
    rows.make_step(crisis, "tong-ket", opened_at=None, what=LONG)
    rows.make_statement(crisis, f"Sở đang xác minh. {HOSTILE}", cast=cast, released_at=at)
    report = rows.make_report(crisis, cast=cast, what=HOSTILE)
    above = cast.agency.parent
    assert above is not None
    rows.make_dispatch(report, above, sent_at=at - timedelta(hours=1))
    rows.acknowledge(rows.make_dispatch(report, cast.stranger.posts.get().agency), at=at)
    return crisis
