"""The pages of delegations, of speech outside the system, of the public register and of the replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from core.actions import people, register, speech
from core.actions.speech import Speech
from core.enums import LimitUnit, PostKind, Role, StatementForm
from core.models import Deadline
from tests.browser.visits import HOSTILE, LONG, Visit
from tests.desk import local_rule
from tests.walk import Walk, give
from tests.workflows.delegation.walk import DelegationWalk
from workflows import delegations


def asks_for_publication(walk: Walk) -> None:
    """The agency's regulation wants delegations published, as the law no longer does."""
    local_rule(walk.cast.agency, "delegation_publication", 12, LimitUnit.HOURS, start="signing")


def of_speaking(walk: Walk) -> Iterator[Visit]:
    delegation = DelegationWalk(walk.cast, walk.set_clock, at=walk.tick())
    delegation.case = walk.inquiry.case
    yield from _from_draft_to_publication(delegation)
    yield from _beside_its_path(delegation)
    yield from _said_outside(delegation)
    yield from _published_and_replayed(delegation)
    walk.at = delegation.at


def _term(walk: DelegationWalk) -> dict[str, Any]:
    begin = walk.at + timedelta(minutes=5)
    return {
        "valid_from": begin, "valid_until": begin + timedelta(days=2), "reason": f"Nắm rõ vụ việc. {LONG}",
        "overlap_note": "Cùng phụ trách.",
    }  # fmt: skip


def _step(walk: DelegationWalk, node: str, by: Any, *, name: str = "") -> Visit:
    return Visit(name or f"delegation-{node}", by, reverse("step", args=[walk.task(node).pk]))


def _from_draft_to_publication(walk: DelegationWalk) -> Iterator[Visit]:
    cast = walk.cast
    case = [walk.case.pk]
    yield Visit("delegation-propose", cast.contact, reverse("delegation_propose", args=case))
    yield Visit("delegation-report", cast.spokesperson, reverse("delegation_report", args=case))
    yield Visit("delegation-file-paper", cast.clerk, reverse("delegation_file_paper", args=case))
    walk.propose()
    yield _step(walk, "draft", cast.contact)
    walk.draft(**_term(walk))
    yield Visit("delegation-to-sign", cast.head, reverse("work"))
    yield _step(walk, "sign", cast.head)
    walk.sign()
    yield _step(walk, "stamp", cast.clerk)
    walk.stamp()
    yield _step(walk, "publish", cast.contact)
    deadline = Deadline.objects.get(mandate=walk.mandate)
    yield Visit("deadline-publish", cast.contact, reverse("deadline_publish", args=[deadline.pk]))
    yield Visit("deadline-of-a-mandate", cast.contact, reverse("deadline", args=[deadline.pk]))


def _beside_its_path(walk: DelegationWalk) -> Iterator[Visit]:
    cast = walk.cast
    yield Visit("delegation", cast.head, reverse("delegation", args=[walk.delegation.pk]))
    yield Visit("delegation-revoke", cast.head, reverse("delegation_revoke", args=[walk.delegation.pk]))
    yield Visit("delegation-number", cast.clerk, reverse("delegation_number", args=[walk.delegation.pk]))
    yield Visit("case-close", cast.chief, reverse("case_close", args=[walk.case.pk]))
    on_paper = DelegationWalk(cast, walk.set_clock, at=walk.at)
    on_paper.case = walk.case
    on_paper.propose()
    on_paper.draft(is_on_paper=True, **_term(on_paper))
    yield _step(on_paper, "register_paper", cast.clerk)


def _said_outside(walk: DelegationWalk) -> Iterator[Visit]:
    cast = walk.cast
    walk.now(walk.at + timedelta(hours=3))
    said: dict[str, Any] = {
        "form": StatementForm.DIRECT,
        "outlet": "Đài Mẫu",
        "gist": f"Nói qua điện thoại. {HOSTILE}",
    }
    records = [
        speech.record_late(
            case=walk.case, by=cast.contact, at=walk.at,
            speech=Speech(speaker=speaker, spoken_at=walk.at - timedelta(hours=2), **said),
        )
        for speaker in (cast.head, cast.specialist)
    ]  # fmt: skip
    yield Visit("record-late", cast.specialist, reverse("record_late"))
    yield Visit("late-statement", cast.head, reverse("late_record", args=[records[0].pk]))
    yield Visit("late-remark", cast.contact, reverse("late_record", args=[records[1].pk]))
    yield Visit("audit-late-records", cast.auditor, reverse("audit_late_records"))


def _published_and_replayed(walk: DelegationWalk) -> Iterator[Visit]:
    cast, code = walk.cast, walk.cast.agency.code
    register.publish_editions(at=walk.at)
    yield Visit("register-index", None, reverse("register_index"))
    yield Visit("register-agency", None, reverse("register_agency", args=[code]))
    above = cast.agency.parent
    assert above is not None
    yield Visit("register-subordinates", None, reverse("register_subordinates", args=[above.code]))
    asked = f"?at={walk.at:%Y-%m-%dT%H:%M}&known_at={walk.at - timedelta(hours=3):%Y-%m-%dT%H:%M}"
    yield Visit("audit-speakers", cast.auditor, reverse("audit_speakers", args=[walk.case.pk]) + asked)
    yield from _a_new_head(walk)


def _a_new_head(walk: DelegationWalk) -> Iterator[Visit]:
    """The head leaves, the deputy is appointed and asked about the delegation."""
    cast, at = walk.cast, walk.at
    people.end_post(post=cast.head.posts.get(), valid_until=at, by=None, at=at)
    people.appoint(
        person=cast.deputy, agency=cast.agency, kind=PostKind.HEAD, title="Giám đốc Sở", valid_from=at, by=None,
        at=at,
    )  # fmt: skip
    give(cast.deputy, Role.HEAD, agency=cast.agency)
    delegations.sweep()
    yield _step(walk, "confirm", cast.deputy)
