"""What people do at each step of a crisis that the machine walks, a drill or a demonstration, by the acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.enums import CrisisLevel, RecipientPart, ReportKind, StatementForm
from core.models import Agency, RuleKey
from core.queries import crises as law_of_crises
from core.rules.deadlines import local_day
from workflows.base import Step
from workflows.crisis import queries
from workflows.crisis.actions import (
    acknowledging,
    activating,
    assessing,
    closing,
    papers,
    releasing,
    reports,
    statements,
    steps,
)
from workflows.crisis.models import CrisisStatement, PlaybookVersion, StatementText
from workflows.crisis.queries import reports as report_queries
from workflows.crisis.rules import clocks

STATEMENT = ("draft_statement", "clear_statement", "release_statement")
# Nobody's number; what has to name one says so.
PHONE = "0000 000 000"


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is written where: the words of a walk, all of them fictional."""

    version: PlaybookVersion
    lines: reports.FiveLines
    statement: str
    address: str
    done: str
    late: str
    confirmed: acknowledging.Confirmed
    assessed: str
    ended: str
    lessons: str
    level: CrisisLevel | None = None
    started_at: datetime | None = None


Hand = Callable[[Step, Script], object]


def assess(step: Step, script: Script) -> object:
    """The scenario at its usual level, under the first duty of the day that has a time limit, counted from now."""
    crisis = step.process.crisis
    duty = _duty(crisis.agency, at=step.at)
    finding = assessing.Finding(
        version=script.version, level=script.level or CrisisLevel(script.version.level), duty=duty,
        reason=script.assessed, started_at=script.started_at or crisis.detected_at, needed_at_once=True,
        signs=list(script.version.signs.all()),
    )  # fmt: skip
    return assessing.assess(process=step.process, finding=finding, by=step.by, at=step.at)


def _duty(agency: Agency, *, at: datetime) -> RuleKey:
    known = law_of_crises.duties_on(agency, on=local_day(at))
    return next(rule.key for rule in known if clocks.runs(rule, needed_at_once=True))


def activate(step: Step, _script: Script) -> None:
    activating.activate(process=step.process, by=step.by, at=step.at, head_takes=True)


def carry_out(step: Step, script: Script) -> None:
    steps.do(step=step.task.seed, note=script.done, by=step.by, at=step.at, late_reason=script.late)


def report(step: Step, script: Script) -> object:
    """To everybody the directory knows on the day; whoever it does not know is left out, and that is recorded."""
    targets = report_queries.targets(step.process.crisis, at=step.at)
    unknown: list[RecipientPart] = [target.part for target in targets if target.agency is None]
    return reports.send(
        process=step.process, kind=ReportKind.FIRST, lines=script.lines, by=step.by, at=step.at, step=step.task.seed,
        late_reason=script.late, left_out=unknown,
    )  # fmt: skip


def draft_statement(step: Step, script: Script) -> object:
    draft = statements.Draft(text=script.statement, form=StatementForm.PORTAL)
    return statements.draft(statement=step.task.seed, draft=draft, by=step.by, at=step.at)


def clear_statement(step: Step, _script: Script) -> None:
    text = _text(step.task.seed)
    statements.clear(statement=step.task.seed, sha256=text.sha256, by=step.by, at=step.at)


def release_statement(step: Step, script: Script) -> object:
    facts = releasing.ReleaseFacts(
        sha256=_text(step.task.seed).sha256, address=script.address, late_reason=script.late
    )
    return releasing.release(statement=step.task.seed, facts=facts, by=step.by, at=step.at)


def _text(statement: CrisisStatement) -> StatementText:
    text = queries.latest_text(statement)
    assert text is not None, "what is cleared or released was drafted"
    return text


def acknowledge(step: Step, script: Script) -> object:
    return acknowledging.by_task(
        process=step.process,
        task=step.task,
        dispatch=step.task.seed,
        confirmed=script.confirmed,
        by=step.by,
        at=step.at,
    )


def sign_paper(step: Step, _script: Script) -> None:
    paper = step.task.seed
    papers.sign(paper=paper, pdf_sha256=paper.document.pdf_sha256, by=step.by, at=step.at)


def stamp_paper(step: Step, _script: Script) -> None:
    paper = step.task.seed
    papers.stamp(
        process=step.process, paper=paper, pdf_sha256=paper.document.pdf_sha256, by=step.by, at=step.at
    )


def stand_down(step: Step, script: Script) -> object:
    return closing.stand_down(process=step.process, reason=script.ended, by=step.by, at=step.at)


def review(step: Step, script: Script) -> object:
    return closing.review(process=step.process, lessons=script.lessons, by=step.by, at=step.at)


HANDS: dict[str, Hand] = {
    "assess": assess,
    "activate": activate,
    "carry_out": carry_out,
    "report": report,
    "draft_statement": draft_statement,
    "clear_statement": clear_statement,
    "release_statement": release_statement,
    "acknowledge": acknowledge,
    "sign_paper": sign_paper,
    "stamp_paper": stamp_paper,
    "stand_down": stand_down,
    "review": review,
}
