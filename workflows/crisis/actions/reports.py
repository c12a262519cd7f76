"""Reports upward and beside: five lines, to everybody the playbook names at this level, at any hour."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import trail
from core.enums import AgencyKind, Codename, CrisisLevel, DispatchMeans, RecipientPart, ReportKind
from core.errors import Invalid, NotAllowedNow
from core.models import Agency, Crisis, Person
from core.queries import organisation
from core.rules.deadlines import local_day
from core.rules.organisation import EndedAgency
from core.rules.text import clean_text
from workflows import base
from workflows.crisis.models import CrisisProcess, CrisisStep, Dispatch, LevelChange, Report
from workflows.crisis.queries import reports as queries
from workflows.crisis.queries.reports import Target

from . import climbing, papers, steps, writing
from .recording import check_reason, record

LINE_LIMIT = 1_000


@dataclass(frozen=True, kw_only=True)
class FiveLines:
    """What happened, where, when, what was said, what is needed."""

    what: str
    where: str
    when: str
    said: str
    needed: str


def lines_of(report: Report) -> FiveLines:
    return FiveLines(
        what=report.what, where=report.where, when=report.when, said=report.said, needed=report.needed
    )


def send(
    *,
    process: CrisisProcess,
    kind: ReportKind,
    lines: FiveLines,
    by: Person,
    at: datetime,
    step: CrisisStep | None = None,
    late_reason: str = "",
    left_out: Collection[RecipientPart] = (),
) -> Report:
    """Report a crisis, its process locked, to every body the playbook names at its level.

    A part that the directory does not know, or knows as ended, holds everything up until the person leaves it out.
    `step` is the step of the playbook that this does. Raises MissingRole, Invalid, EndedAgency, NotAllowedNow.
    """
    crisis = process.crisis
    permissions.check_role(by, Codename.REPORT_CRISIS, agency=crisis.agency, at=at)
    check_can_be_reported(crisis)
    found = queries.targets(crisis, at=at)
    _check_all_known(found, left_out)
    report = _send_to(found, process=process, kind=kind, lines=_clean(lines), by=by, at=at)
    if report is None:
        raise NotAllowedNow(_("There is nobody to report to. Nothing was sent; what you typed is kept."))
    if step is not None:
        steps.do(step=step, note=str(report), by=by, at=at, late_reason=late_reason)
    return report


def check_can_be_reported(crisis: Crisis) -> None:
    """A crisis is reported once it is activated, and until it is closed."""
    if crisis.activated_at is None or not crisis.is_open:
        raise NotAllowedNow(
            _("This crisis is not running: it is not activated yet, or it is closed. Nothing was sent.")
        )


def notify_level(*, process: CrisisProcess, change: LevelChange, by: Person, at: datetime) -> Report | None:
    """Tell of a new level whoever the playbook names at it, those it adds too, with the lines of the last report.

    Before the first report there is nothing to tell of. What the directory does not know is left out and recorded, so
    that no gap in it holds up the change of the level.
    """
    last = queries.latest_report(process.crisis)
    if last is None:
        return None
    with translation.override("vi"):
        sentence = _("Level changed from %(old)s to %(new)s: %(reason)s") % {
            "old": CrisisLevel(change.old).label,
            "new": CrisisLevel(change.new).label,
            "reason": change.reason,
        }
    told = asdict(lines_of(last)) | {"what": f"{sentence}\n{last.what}"[: LINE_LIMIT * 4]}
    found = queries.targets(process.crisis, at=at)
    return _send_to(found, process=process, kind=ReportKind.LEVEL, lines=FiveLines(**told), by=by, at=at)


def over_head(
    *, process: CrisisProcess, dispatch: Dispatch, recipient: Agency, reason: str, by: Person, at: datetime
) -> Dispatch:
    """Report over a recipient's head, which only our own head does, with the reason. Raises NotInPart, Invalid."""
    permissions.check_heads(by, agency=dispatch.agency, at=at)
    why = check_reason(reason)
    _check_still_open(dispatch)
    on = local_day(at)
    if not recipient.covers(on):
        raise EndedAgency(recipient, organisation.heirs(recipient, on), field="recipient")
    if recipient.pk == dispatch.agency.pk or dispatch.report.dispatches.filter(recipient=recipient).exists():
        raise Invalid(
            _("This report went to %(agency)s already, or it is your own. Nothing was sent.")
            % {"agency": recipient.name},
            fields={"recipient": _("Choose another one.")},
        )
    target = queries.target_at(
        recipient, part=_part_of(recipient, dispatch), minutes=dispatch.minutes, sender=dispatch.agency, at=at
    )
    sent = _dispatch(dispatch.report, target, process=process, by=by, at=at, over=dispatch, reason=why)
    papers.plan(dispatch.report, at=at)
    papers.hand_on(sent, at=at)
    data = {**climbing.about(sent), "passed_over": dispatch.recipient.name}
    record(
        events.CRISIS_REPORT_OVER_HEAD, crisis=sent.crisis, by=by, at=at, subject=sent, data=data, reason=why
    )
    return sent


def _part_of(recipient: Agency, dispatch: Dispatch) -> RecipientPart:
    return {
        AgencyKind.PROVINCIAL_COMMITTEE.value: RecipientPart.PROVINCIAL_COMMITTEE,
        AgencyKind.MINISTRY.value: RecipientPart.FIELD_MINISTRY,
        AgencyKind.PARTY_BODY.value: RecipientPart.PARTY_COMMUNICATION,
    }.get(recipient.kind, RecipientPart(dispatch.part))


def _check_still_open(dispatch: Dispatch) -> None:
    if dispatch.is_settled:
        raise NotAllowedNow(
            _("%(agency)s acknowledged this report, or the head gave up waiting. Nothing was changed.")
            % {"agency": dispatch.recipient.name}
        )


def _clean(lines: FiveLines) -> FiveLines:
    """The lines as they are kept. Raises Invalid at each one that is blank."""
    cleaned = {name: clean_text(text, limit=LINE_LIMIT, field=name) for name, text in asdict(lines).items()}
    blank = [name for name, text in cleaned.items() if not text]
    if blank:
        raise Invalid(
            _("A report has five lines, and one is blank. Nothing was sent; what you typed is kept."),
            fields={name: _("Write this line; “not known yet” is an answer.") for name in blank},
        )
    return FiveLines(**cleaned)


def _check_all_known(found: list[Target], left_out: Collection[RecipientPart]) -> None:
    unknown = [target for target in found if target.why_not is not None and target.part not in left_out]
    for target in unknown:
        if isinstance(target.why_not, EndedAgency):
            raise target.why_not
    if unknown:
        raise Invalid(
            _(
                "The directory does not say who this is: %(parts)s. Nothing was sent. Leave it out, or have it entered."
            )
            % {"parts": "; ".join(str(target.part.label) for target in unknown)},
            fields={"left_out": _("Tick what is to be left out.")},
        )


def _send_to(
    found: list[Target],
    *,
    process: CrisisProcess,
    kind: ReportKind,
    lines: FiveLines,
    by: Person,
    at: datetime,
) -> Report | None:
    """Write the report down and send it to everybody who is known; nothing where nobody is."""
    known = [target for target in found if target.agency is not None]
    if not known:
        return None
    crisis = process.crisis
    report = Report.objects.create(
        crisis=crisis, number=crisis.reports.count() + 1, kind=kind, level=crisis.level or CrisisLevel.LOCAL,
        prepared_by=by, prepared_at=at, **asdict(lines),
    )  # fmt: skip
    _record_prepared(report, found, by=by, at=at)
    for target in known:
        _dispatch(report, target, process=process, by=by, at=at)
    papers.plan(report, at=at)
    return report


def _record_prepared(report: Report, found: list[Target], *, by: Person, at: datetime) -> None:
    data: dict[str, trail.Value] = {
        "report": report.pk,
        "number": report.number,
        "kind": report.kind,
        "level": report.level,
        "recipients": [target.agency.pk for target in found if target.agency],
        "left_out": [str(target.part) for target in found if not target.agency],
        "text_hash": trail.keyed_hash(report, "\n".join(asdict(lines_of(report)).values())),
    }
    record(events.CRISIS_REPORT_PREPARED, crisis=report.crisis, by=by, at=at, subject=report, data=data)


def _dispatch(
    report: Report,
    target: Target,
    *,
    process: CrisisProcess,
    by: Person,
    at: datetime,
    over: Dispatch | None = None,
    reason: str = "",
) -> Dispatch:
    """Send a report to one recipient: its row, its rungs, its task or mail, or our own phone call at once."""
    assert target.agency is not None, "only what is known is sent to"
    assert target.paper is not None, "what is known has its paper"
    assert target.means is not None, "what is known has its means"
    dispatch = Dispatch.objects.create(
        report=report, recipient=target.agency, part=target.part, paper=target.paper, means=target.means,
        contact=target.contact, minutes=target.minutes, prepared_at=at, sent_at=at, over_head_of=over,
        over_head_reason=reason,
    )  # fmt: skip
    rungs = climbing.plan(dispatch, at=at)
    data: dict[str, trail.Value] = {
        **climbing.about(dispatch),
        "means": dispatch.means,
        "paper": dispatch.paper,
        "due": rungs[0].due_at,
        "rungs": len(rungs),
    }
    record(events.CRISIS_REPORT_SENT, crisis=report.crisis, by=by, at=at, subject=dispatch, data=data)
    if dispatch.means == DispatchMeans.PHONE:
        climbing.climb(rungs[0], process=process, at=at)
        return dispatch
    addresses = writing.to_recipient(dispatch, contact=target.contact, rung=0, at=at)
    if dispatch.means == DispatchMeans.TASK:
        base.enter(process, node="acknowledge", row=dispatch)
    elif not addresses:
        climbing.hurry(dispatch, at=at)
    return dispatch
