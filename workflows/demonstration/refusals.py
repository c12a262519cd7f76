"""The walk of the refusals: those of June 2026 as the data tell them, and what of them could not be done today."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from core.actions.reference import Row, read_rows
from core.enums import GroundKind, QuestionOutcome
from core.rules.deadlines import local_day
from workflows.demo_refusals import FILE
from workflows.demonstration.expectations import Claims, stated_exactly
from workflows.demonstration.report import Chapter, Report
from workflows.refusal import queries
from workflows.refusal.models import Refusal, Result
from workflows.refusal.rules import proposals
from workflows.refusal.rules.grounds import GroundNotInForce
from workflows.refusal.rules.proposals import Proposal

log = logging.getLogger(__name__)


def walk(report: Report) -> None:
    """Each refusal of June is a chapter of its own; what fails is told and the next goes on."""
    for row in read_rows(Path(settings.BASE_DIR) / "fixtures" / "demo" / FILE):
        if row["on"]:
            _looked_at(row, report)


def _looked_at(row: Row, report: Report) -> None:
    refusal = (
        Refusal.objects.filter(inquiry__is_demo=True, inquiry__subject=row["subject"])
        .select_related(
            "inquiry__agency", "question", "decision__version", "decision__ground", "decision__rule_set"
        )
        .first()
    )
    if refusal is None:
        return
    chapter = report.open_chapter(Chapter(name=row["code"], inquiry=refusal.inquiry))
    decision = refusal.decision
    told = _("decided on %(day)s: %(citation)s") % {
        "day": f"{local_day(decision.decided_at):%d/%m/%Y}",
        "citation": decision.citation,
    }
    report.step(chapter.name, told, who=decision.decided_by.full_name)
    try:
        for claims in (_of_its_day, stated_exactly, _since, _today):
            for claim, holds in claims(refusal):
                report.check(chapter, claim, holds=holds)
    except Exception as error:
        log.exception("The chapter %s stopped.", chapter.name)
        report.check(chapter, _("stopped: %(error)s") % {"error": error}, holds=False)


def _of_its_day(refusal: Refusal) -> Claims:
    decision = refusal.decision
    on = local_day(decision.decided_at)
    ground = decision.ground
    yield (
        _("decided under the law of its day: %(law)s") % {"law": decision.rule_set.title},
        decision.rule_set.covers(on) and ground is not None and ground.covers(on),
    )
    yield (
        _("the ground has ended since, and the decision still says what it said"),
        ground is not None and not ground.covers(local_day(clock.now())) and bool(decision.citation),
    )


def _since(refusal: Refusal) -> Claims:
    """What happened afterwards: it was brought back, or looked at again."""
    back = getattr(refusal, "bring_back", None)
    if back is not None:
        answered = refusal.question.outcome == QuestionOutcome.ANSWERED
        yield _("the ground lapsed, the question came back and was answered"), bool(back.done_at) and answered
    for look in refusal.reconsiderations.select_related("statement"):
        part = {refusal.opened_by_id, refusal.decision.decided_by_id}
        part |= set(refusal.versions.values_list("author", flat=True))
        yield (
            _("looked at again by somebody who took no part, and upheld in a letter of its own"),
            look.result == Result.UPHELD and look.judged_by_id not in part and look.statement is not None,
        )


def _today(refusal: Refusal) -> Claims:
    """The ground of the draft policy is gone: the same question is not refused on it any more."""
    ground = refusal.decision.ground
    if ground is None or ground.ground_kind != GroundKind.DRAFT_POLICY:
        return
    offer = queries.offer(refusal.inquiry, at=clock.now())
    kinds = {each.ground_kind for each in offer.grounds}
    yield _("today no ground for drafts of policies is offered"), GroundKind.DRAFT_POLICY not in kinds
    yield _cannot_be_refused(Proposal.of(refusal.decision.version), offer)


def _cannot_be_refused(proposal: Proposal, offer: proposals.Offer) -> tuple[str, bool]:
    try:
        proposals.checked(proposal, offer)
    except GroundNotInForce as error:
        return _("the same question cannot be refused on it today: %(sentence)s") % {"sentence": error}, True
    return _("the same question cannot be refused on it today"), False
