"""What cannot stand is refused with its sentence, at its field, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from core.enums import GroundKind
from core.errors import Conflict, DomainError, Invalid, Refused
from core.models import Agency, Succession
from core.permissions import NoSigningCapacity
from core.rules.mandates import NoMandate
from tests import factories
from tests.walk import Walk, make_cast
from tests.workflows.delegation.walk import FRIDAY_BEFORE, WEDNESDAY, DelegationWalk
from workflows.permissions import OwnWork
from workflows.refusal.actions import deciding, proposing
from workflows.refusal.models import Outcome, RefusalDecision, RefusalVersion, WatchKind
from workflows.refusal.rules.grounds import FACTS as ASKED

from .walk import FACTS, RefusalWalk, ground, proposal

pytestmark = pytest.mark.django_db
SetClock = Callable[[datetime], None]
OLD_LAW = "103/2016/QH13"
REDIRECTED: dict[str, Any] = {"outcome": Outcome.REDIRECTED, "ground": None, "facts": {}, "watch_kind": None}
WITHHELD: dict[str, Any] = {"outcome": Outcome.WITHHELD, "ground": None, "facts": {}, "watch_kind": None}
ENDED = "Sở Thông tin và Truyền thông tỉnh Mẫu (giả định)"
HEIR = "Sở Văn hóa, Thể thao và Du lịch tỉnh Mẫu (giả định)"


def facts(kind: str, **changes: str) -> dict[str, str]:
    return {**FACTS[kind], **changes}


def cases() -> dict[str, tuple[Any, set[str], str]]:
    """Each proposal that cannot stand, the field that says so, and words of the sentence."""
    written = ground("inspection")
    check = "Quyết định kiểm tra nội bộ số 3/QĐ-SNV ngày 01/7/2026 (giả định)"
    return {
        "no ground": (proposal(ground=None), {"ground"}, "ground"),
        "ground of the old law": (proposal(ground=ground("inspection", law=OLD_LAW)), {"ground"}, "13/07/2026"),
        "draft policy": (proposal("draft_policy", law=OLD_LAW), {"ground"}, "13/07/2026"),
        "reason empty": (proposal(reason=""), {"reason"}, "needs its reason in words"),
        "reason of spaces": (proposal(reason=" \n\t "), {"reason"}, "needs its reason in words"),
        "reason of ten characters": (proposal(reason="Không được"), {"reason"}, "too short"),
        "reason equal to the ground": (proposal(reason=written.statement), {"reason"}, "only repeats the ground"),
        "state secret without level": (proposal("secret", facts=facts("secret", level="")), {"level"}, "level"),
        "party secret under the new law": (
            proposal("secret", facts={"secret": "party", "rule": "Quy định X"}), {"secret"}, "does not protect",
        ),
        "internal check by its kind": (
            proposal(facts=facts("inspection", matter="check")), {"matter"}, "is not an inspection",
        ),
        "internal check by its paper": (
            proposal(facts=facts("inspection", decision=check)), {"decision"}, "is not an inspection",
        ),
        "no event to watch": (proposal(watch_kind=None), {"watch_kind"}, "ends with an event"),
        "another event": (proposal(watch_kind=WatchKind.TRIAL), {"watch_kind"}, "ends with an event"),
        "event in the past": (proposal(watch_on=date(2026, 7, 1)), {"watch_on"}, "which has passed"),
        "redirect to nobody": (proposal(**REDIRECTED), {"redirected_to"}, "Name the competent agency"),
        "redirect to an ended agency": (proposal(**REDIRECTED, redirected_to=ENDED), {"redirected_to"}, HEIR),
        "withheld, switched off": (proposal(**WITHHELD), {"outcome"}, "has not switched on"),
    }  # fmt: skip


def said_of(act: Callable[[], object]) -> tuple[DomainError | None, dict[str, Any]]:
    """What is said against the act and at which fields; whatever it did is taken back."""
    with transaction.atomic():
        try:
            act()
        except Invalid as error:
            return error, error.fields
        except DomainError as error:
            return error, {}
        finally:
            transaction.set_rollback(True)
    return None, {}


@pytest.fixture
def proposing_walk(walk: Walk) -> RefusalWalk:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    return refusal


@pytest.fixture
def ended_agency(db: None) -> None:
    ended, heir = (
        factories.make_agency(name=name, valid_until=until)
        for name, until in ((ENDED, date(2025, 3, 1)), (HEIR, None))
    )
    Succession.objects.create(predecessor=ended, successor=heir, field="báo chí", on=date(2025, 3, 1))


def test_what_cannot_stand_is_neither_proposed_nor_put_in_its_place_by_legal_review(
    proposing_walk: RefusalWalk, ended_agency: None
) -> None:
    refusal, bad = proposing_walk, cases()
    expected = {name: (fields, words) for name, (_given, fields, words) in bad.items()}

    proposed = {
        name: said_of(partial(refusal.propose, proposal=given)) for name, (given, *_rest) in bad.items()
    }
    refusal.propose()
    changed = {name: said_of(partial(refusal.change, given)) for name, (given, *_rest) in bad.items()}

    for found in (proposed, changed):
        assert {name: set(fields) for name, (_error, fields) in found.items()} == {
            name: fields for name, (fields, _words) in expected.items()
        }
        assert [name for name, (error, _fields) in found.items() if expected[name][1] not in str(error)] == []
    assert RefusalVersion.objects.count() == 1


def test_each_ground_asks_its_own_facts(proposing_walk: RefusalWalk) -> None:
    secrets = {
        "state": FACTS["secret"],
        "personal": {"secret": "personal", "whose": "Bà B (giả định)"},
        "family": {"secret": "family", "whose": "Gia đình ông C (giả định)"},
        "other": {"secret": "other", "law": "Điều 14 Luật Các tổ chức tín dụng (giả định)"},
    }
    given = {("secret", name): each for name, each in secrets.items()}
    given |= {(kind, ""): FACTS[kind] for kind in ("investigation", "inspection")}
    lacking = {
        (kind, name, fact.name): said_of(
            partial(
                proposing_walk.propose,
                proposal=proposal(kind, facts={**each, fact.name: ""}, watch_kind=None),
            )
        )[1]
        for (kind, name), each in given.items()
        for fact in ASKED[GroundKind(kind)]
        if fact.is_asked(each)
    }

    assert {asked: set(fields) for asked, fields in lacking.items()} == {
        asked: {asked[2]} for asked in lacking
    }
    assert len(lacking) == 16


def test_the_proposer_neither_reviews_nor_decides(set_clock: SetClock) -> None:
    cast = make_cast()
    delegation = DelegationWalk(cast, set_clock, at=FRIDAY_BEFORE, to=cast.legal)
    delegation.signed()
    walk = Walk(cast, set_clock)
    walk.register(case=delegation.case)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.propose(by=cast.legal)

    assert isinstance(said_of(lambda: refusal.review(by=cast.legal))[0], OwnWork | Refused)
    with pytest.raises(Refused, match="You proposed this, so somebody else must review it"):
        proposing.confirm(process=refusal.process, sha256=refusal.sha256, by=cast.legal, at=walk.at)
    refusal.review(by=cast.chief)
    with pytest.raises(OwnWork):
        refusal.decide(by=cast.legal)
    refusal.send_back("decide")
    refusal.propose(by=cast.specialist)
    refusal.review(by=cast.legal)
    with pytest.raises(OwnWork, match="You took part in what this step judges, so somebody else must do it"):
        refusal.decide(by=cast.legal)
    with pytest.raises(
        Refused, match="You proposed this refusal or changed it, so somebody else must decide it"
    ):
        deciding.decide(process=refusal.process, sha256=refusal.sha256, by=cast.legal, at=walk.at)
    assert not RefusalDecision.objects.exists()


def test_only_the_version_that_was_read_is_judged(proposing_walk: RefusalWalk) -> None:
    refusal = proposing_walk
    refusal.propose()
    read = refusal.sha256
    refusal.send_back("review")
    refusal.propose(proposal=proposal("investigation"))
    by, at = refusal.walk.cast.legal, refusal.walk.at

    for act in (
        lambda: proposing.confirm(process=refusal.process, sha256=read, by=by, at=at),
        lambda: proposing.change(process=refusal.process, sha256=read, proposal=proposal(), by=by, at=at),
        lambda: proposing.send_back(
            process=refusal.process, step="review", sha256=read, reason="Thiếu.", by=by, at=at
        ),
        lambda: deciding.decide(process=refusal.process, sha256=read, by=refusal.walk.cast.head, at=at),
    ):
        error, _fields = said_of(act)
        assert isinstance(error, Conflict)
        assert "version 2 by Specialist of SNV-X is the latest" in str(error)


def test_who_decides_a_letter_signs_it_and_the_head_alone_withholds_or_sends_at_once(
    proposing_walk: RefusalWalk,
) -> None:
    refusal, spokesperson = proposing_walk, proposing_walk.walk.cast.spokesperson
    refusal.to("decide")
    with pytest.raises(Refused, match="sends a letter at once"):
        refusal.decide(by=spokesperson, at_once=True)
    refusal.send_back("decide")
    Agency.objects.filter(pk=refusal.walk.cast.agency.pk).update(may_withhold=True)
    refusal.walk.inquiry.agency.refresh_from_db()
    refusal.propose(proposal=proposal(**WITHHELD))
    refusal.review()
    with pytest.raises(Refused, match="Only the head in office decides"):
        refusal.decide(by=spokesperson)

    refusal.decide()

    decision = refusal.refusal.decision
    assert (decision.outcome, decision.citation, decision.ground) == (Outcome.WITHHELD, "", None)


def test_without_the_capacity_to_sign_nobody_decides_a_letter_of_its_own(walk: Walk) -> None:
    walk.questions = walk.questions[:1]
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("decide")

    with pytest.raises(NoSigningCapacity):
        refusal.decide(by=walk.cast.spokesperson)

    assert not RefusalDecision.objects.exists()
    assert refusal.steps == {"decide"}


@pytest.mark.parametrize("ended", ["expired", "revoked"])
def test_a_mandate_that_has_ended_releases_no_letter(set_clock: SetClock, ended: str) -> None:
    cast = make_cast()
    delegation = DelegationWalk(cast, set_clock, at=FRIDAY_BEFORE, to=cast.colleague)
    delegation.signed()
    walk = Walk(cast, set_clock, questions=("Kết luận thanh tra?",))
    walk.register(case=delegation.case)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("release")
    assert said_of(lambda: refusal.release(by=cast.colleague)) == (None, {})
    if ended == "revoked":
        delegation.now(walk.tick())
        delegation.revoke()
    else:
        walk.at = WEDNESDAY + timedelta(hours=1)

    error, _fields = said_of(lambda: refusal.release(by=cast.colleague))

    assert isinstance(error, NoMandate)
    assert refusal.steps == {"release"}
    refusal.release()
    assert refusal.end == "told_in_letter"


def test_a_reason_is_needed_to_send_back_and_to_have_it_answered(proposing_walk: RefusalWalk) -> None:
    refusal, cast = proposing_walk, proposing_walk.walk.cast
    refusal.propose()
    given: dict[str, Any] = {
        "process": refusal.process, "step": "review", "reason": "  ", "by": cast.legal, "at": refusal.walk.at,
    }  # fmt: skip

    back = said_of(lambda: proposing.send_back(sha256=refusal.sha256, **given))
    answer = said_of(lambda: proposing.to_answer(**given))

    assert [set(fields) for _error, fields in (back, answer)] == [{"reason"}, {"reason"}]
