"""Both press laws and the midnight between them, in the agency's own zone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from core import files
from core.actions import law as law_actions
from core.actions import law_reference
from core.enums import Competence
from core.errors import DomainError, Invalid
from core.models import LegalBasis, Provision, RuleSet, RuleSetChoice, TrailEntry
from core.queries import law
from documents import rendering
from documents.kinds import LETTERS
from documents.models import IssuedDocument
from tests.documents.letters import missing
from tests.law import FIXTURES
from tests.walk import ZONE, Walk, make_cast
from workflows.press_inquiry import queries as press_inquiry
from workflows.press_inquiry.actions.triaging import Finding
from workflows.refusal import queries
from workflows.refusal.models import RefusalDecision, RefusalVersion, StatedOutcome
from workflows.refusal.rules.grounds import GroundNotInForce

from .walk import RefusalWalk, proposal

pytestmark = pytest.mark.django_db
SetClock = Callable[[datetime], None]
OLD, NEW = "luat-bao-chi-2016", "luat-bao-chi-2025"
LAST_SECOND = datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZONE)
MIDNIGHT = datetime(2026, 7, 1, tzinfo=ZONE)
A_MINUTE = timedelta(minutes=1)
POINT_D = "điểm d khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13 ngày 05/04/2016"


def draft_policy() -> Any:
    return proposal("draft_policy", law="103/2016/QH13")


def in_june(set_clock: SetClock, **given: Any) -> Walk:
    return Walk(make_cast(), set_clock, at=LAST_SECOND - timedelta(days=1), **given)


def at(walk: Walk, instant: datetime) -> None:
    """The next act happens at this instant."""
    walk.at = instant - A_MINUTE


def choose(walk: Walk, code: str) -> RuleSetChoice:
    walk.tick()
    return law_actions.choose_rule_set(
        inquiry=walk.inquiry, rule_set=RuleSet.objects.get(code=code), reason="Nhận khi luật cũ còn hiệu lực.",
        by=walk.cast.legal, at=walk.at,
    )  # fmt: skip


def pdf_of(document: IssuedDocument | None) -> bytes:
    assert document is not None
    return files.read(document.pdf_sha256)


def offered(walk: Walk, instant: datetime) -> list[str]:
    return [each.citation for each in queries.offer(walk.inquiry, at=instant).grounds]


OLD_POINTS = [f"điểm {point} khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13" for point in "abcd"]
NEW_POINTS = [f"điểm {point} khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15" for point in "abc"]


def test_the_grounds_offered_change_at_midnight_of_the_agency_whatever_zone_the_instant_is_given_in(
    set_clock: SetClock, staffed_since_june: None
) -> None:
    walk = in_june(set_clock)
    walk.register()
    instants = {
        LAST_SECOND: OLD_POINTS,
        datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC): OLD_POINTS,
        MIDNIGHT: NEW_POINTS,
        datetime(2026, 6, 30, 17, 0, 0, tzinfo=UTC): NEW_POINTS,
        datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC): NEW_POINTS,
    }

    assert {instant: offered(walk, instant) for instant in instants} == instants


def test_refused_in_the_last_second_the_draft_policy_ground_stands_in_the_reply_and_in_a_letter(
    set_clock: SetClock, staffed_since_june: None
) -> None:
    walk = in_june(set_clock).to("review")
    alone = Walk(walk.cast, set_clock, at=walk.at, questions=("Đề án X gồm gì?",)).to("review")
    in_reply, by_letter = (RefusalWalk(each, proposal=draft_policy()) for each in (walk, alone))
    for refusal in (in_reply, by_letter):
        refusal.ask()
        refusal.to("decide")
        at(refusal.walk, LAST_SECOND)
        refusal.decide()
    walk.to("decide")
    assert walk.at > MIDNIGHT
    choose(walk, NEW)
    walk.to("release")

    decisions = list(RefusalDecision.objects.order_by("pk"))
    assert [each.citation for each in decisions] == [POINT_D, POINT_D]
    assert {(each.decided_at, each.rule_set.code) for each in decisions} == {(LAST_SECOND, OLD)}
    said = {
        "citation": f"Căn cứ: {POINT_D}. Việc từ chối được quyết định ngày 30 tháng 6 năm 2026.",
        "reason": f"Lý do: {in_reply.proposal.reason}",
    }
    assert missing(pdf_of(press_inquiry.reply_document(walk.process)), said) == []
    assert missing(pdf_of(queries.letter(by_letter.process)), said) == []
    by_letter.to("")
    assert by_letter.end == "told_in_letter"


def outcome_of(act: Callable[[], object]) -> str:
    """The kind of error with which an act is refused."""
    with pytest.raises(DomainError) as refused:
        act()
    return type(refused.value).__name__


def acts(walks: dict[str, RefusalWalk]) -> dict[str, str]:
    """What becomes of each act on the draft-policy ground, from a page that was opened the day before."""
    return {
        "propose": outcome_of(walks["propose"].propose),
        "confirm": outcome_of(walks["review"].review),
        "change": outcome_of(lambda: walks["review"].change(draft_policy())),
        "decide": outcome_of(walks["decide"].decide),
    }


def test_from_midnight_on_no_act_accepts_it_under_either_law_and_the_choice_of_the_law_is_kept(
    set_clock: SetClock, staffed_since_june: None
) -> None:
    walk = in_june(set_clock, questions=("Một?", "Hai?", "Ba?", "Bốn?")).to("review")
    walks = {
        node: RefusalWalk(walk, number=number, proposal=draft_policy())
        for number, node in enumerate(("propose", "review", "decide"), start=1)
    }
    for node, refusal in walks.items():
        refusal.ask()
        refusal.to(node)
    at(walk, MIDNIGHT)
    instant = MIDNIGHT + timedelta(hours=1)
    nothing = {"propose", "confirm", "change", "decide"}

    assert acts(walks) == dict.fromkeys(nothing, "NotAllowedNow")
    assert [each.code for each in law.straddled(walk.inquiry, at=instant)] == [OLD, NEW]
    new = choose(walk, NEW)
    assert acts(walks) == dict.fromkeys(nothing, "GroundNotInForce")
    old = choose(walk, OLD)
    assert acts(walks) == dict.fromkeys(nothing, "GroundNotInForce")
    with pytest.raises(GroundNotInForce):
        walks["propose"].propose(proposal=proposal("inspection"))

    assert offered(walk, instant) == OLD_POINTS[:3]
    for refusal, kind in zip(walks.values(), ("secret", "investigation", "inspection"), strict=True):
        if "review" in refusal.steps:
            refusal.send_back("review")
        if "decide" in refusal.steps:
            refusal.send_back("decide")
        refusal.proposal = proposal(kind, law="103/2016/QH13")
        refusal.to("")
    walk.to("decide")
    decisions = RefusalDecision.objects.order_by("refusal__question__number")
    assert [(each.ground and each.ground.citation, each.rule_set.code) for each in decisions] == [
        (point, OLD) for point in OLD_POINTS[:3]
    ]
    kept = RuleSetChoice.objects.order_by("pk")
    assert [(each.pk, each.proposed.code, each.chosen.code) for each in kept] == [
        (new.pk, NEW, NEW),
        (old.pk, NEW, OLD),
    ]
    assert {each.reason for each in kept} == {"Nhận khi luật cũ còn hiệu lực."}
    decided = TrailEntry.objects.filter(type="refusal.decided")
    assert set(decided.values_list("rule_set", flat=True)) == {OLD}


def secret(kind: str, **facts: str) -> Any:
    return proposal("secret", law="103/2016/QH13", facts={"secret": kind, **facts}, watch_kind=None)


def test_the_secrets_of_the_old_law_serve_in_july_as_far_as_the_new_one_protects_them(
    set_clock: SetClock, staffed_since_june: None
) -> None:
    walk = in_june(set_clock).to("review")
    refusal = RefusalWalk(walk, proposal=secret("party", rule="Quy định số 1 (giả định)"))
    refusal.ask()
    refusal.to("decide")
    in_june_offered = queries.offer(walk.inquiry, at=LAST_SECOND).secret_kinds
    at(walk, MIDNIGHT)
    choose(walk, OLD)

    with pytest.raises(Invalid, match="does not protect this kind of secret"):
        refusal.decide()
    refusal.send_back("decide")
    with pytest.raises(Invalid, match="does not protect this kind of secret"):
        refusal.propose()
    refusal.propose(proposal=secret("private_life", whose="Ông A (giả định)"))
    refusal.to("")

    assert in_june_offered == ["state", "party", "private_life", "other"]
    assert queries.offer(walk.inquiry, at=walk.at).secret_kinds == ["state", "private_life", "other"]
    decision = refusal.refusal.decision
    assert (decision.rule_set.code, decision.version.facts["secret"]) == (OLD, "private_life")


def test_nobody_decides_between_two_laws_before_one_is_chosen(set_clock: SetClock) -> None:
    walk = Walk(make_cast(), set_clock)
    walk.register(received_at=LAST_SECOND)
    walk.to("triage").triage(findings={number: Finding(competence=Competence.OURS) for number in (1, 2)})
    choose(walk, NEW)
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()

    refusal.to("")

    decision = refusal.refusal.decision
    assert decision.citation == f"{NEW_POINTS[2]} ngày 10/12/2025"
    rested = LegalBasis.objects.filter(entry_id=decision.entry_id)
    assert {each.provision.code for each in rested} >= {"126/2025/QH15:31.2.c"}


# The wording of the law changes


def rows(*models: type[Model]) -> list[dict[str, Any]]:
    return [row for model in models for row in model._default_manager.order_by("pk").values()]


def changed_law(folder: Path) -> Path:
    """The fixtures as a later amendment makes them: point c reworded, and another row in its place from August on."""
    shutil.copytree(FIXTURES / "law", folder, dirs_exist_ok=True)
    path = folder / "provisions.json"
    provisions = json.loads(path.read_text(encoding="utf-8"))
    (point_c,) = (row for row in provisions if row.get("code") == "126/2025/QH15:31.2.c")
    later = {
        **point_c,
        "code": "126/2025/QH15:31.2.c-2",
        "valid_from": "2026-08-01",
        "statement": "Nội dung sau sửa đổi.",
    }
    point_c |= {
        "valid_until": "2026-08-01",
        "successor": later["code"],
        "statement": "Cách ghi khác.",
        "subject": "Khác",
    }
    path.write_text(json.dumps([*provisions, later]), encoding="utf-8")
    return folder


def test_another_wording_leaves_every_earlier_decision_version_and_letter_as_it_was(
    walk: Walk, tmp_path: Path
) -> None:
    walk.questions = ("Đoàn thanh tra kết luận gì?",)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    tables = (RefusalVersion, RefusalDecision, StatedOutcome, IssuedDocument)
    before, document = rows(*tables), queries.letter(refusal.process)
    assert document is not None

    law_reference.load(changed_law(tmp_path / "law"))
    point_c = Provision.objects.get(code="126/2025/QH15:31.2.c")
    law_actions.enter_verbatim(
        provision=point_c, text="Lời văn khác hẳn của điểm này.", by=walk.cast.legal, at=walk.tick(days=40)
    )
    again = rendering.render(template=LETTERS[document.facts["letter"]].template, facts=document.facts)

    assert rows(*tables) == before
    assert again.pdf == files.read(document.pdf_sha256)
    walk.set_clock(walk.at)
    assert point_c not in queries.offered(walk.inquiry, at=walk.at)
    assert len(queries.offered(walk.inquiry, at=walk.at)) == 3
