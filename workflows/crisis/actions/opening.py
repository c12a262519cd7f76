"""How a crisis begins: somebody notes it, at an inquiry's triage, of an article or post, or by hand; or a drill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import casefile, trail
from core.enums import Codename, CrisisSource
from core.errors import Invalid, NotAllowedNow
from core.models import Agency, Case, Crisis, Inquiry, Person
from core.rules.text import clean_line, clean_text
from workflows import base

from .recording import PROCEDURE, record

NOTE_LIMIT = 4_000
PREFIX, DRILL_PREFIX = "KH", "DT"


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What somebody noticed; times are aware. An inquiry gives the case; without either a case is opened."""

    title: str
    detected_at: datetime
    note: str = ""
    address: str = ""
    published_at: datetime | None = None
    case: Case | None = None
    inquiry: Inquiry | None = None

    @property
    def source(self) -> CrisisSource:
        if self.inquiry is not None:
            return CrisisSource.TRIAGE
        return CrisisSource.PUBLICATION if self.address else CrisisSource.BY_HAND


def detect(*, agency: Agency, noticed: Noticed, by: Person, is_demo: bool = False) -> Crisis:
    """Note a possible crisis; assessing it is the next step. Raises Invalid, MissingRole, NotFound."""

    def perform(step: base.Step) -> None:
        permissions.check_role(step.by, Codename.DETECT_CRISIS, agency=agency, at=step.at)
        _begin(step, agency, noticed, is_demo=is_demo)

    started = base.start(PROCEDURE, "detect", by=by, perform=perform, hold=lambda: _hold_case(noticed))
    crisis: Crisis = started.process.crisis
    return crisis


def _hold_case(noticed: Noticed) -> None:
    """Against its closing, before the instant is read: no crisis begins in a case that is being closed."""
    case = noticed.inquiry.case if noticed.inquiry else noticed.case
    if case is not None:
        list(Case.objects.select_for_update(no_key=True).filter(pk=case.pk).values_list("pk", flat=True))


def start_drill(
    *, agency: Agency, noticed: Noticed, players: Iterable[Person], by: Person, is_demo: bool = False
) -> Crisis:
    """Begin a drill: the same procedure, marked everywhere, counted nowhere. Whoever starts it takes part."""
    taking_part = [by, *(player for player in players if player.pk != by.pk)]

    def perform(step: base.Step) -> None:
        permissions.check_role(step.by, Codename.RUN_DRILL, agency=agency, at=step.at)
        _begin(step, agency, noticed, players=taking_part, is_demo=is_demo)

    crisis: Crisis = base.start(PROCEDURE, "drill", by=by, perform=perform).process.crisis
    return crisis


def _begin(
    step: base.Step,
    agency: Agency,
    noticed: Noticed,
    *,
    players: Iterable[Person] = (),
    is_demo: bool = False,
) -> Crisis:
    usable = _usable(noticed, agency=agency, by=step.by, at=step.at)
    playing = list(players)
    case = usable.case or casefile.open_case(agency=agency, title=usable.title, by=step.by, at=step.at)
    prefix = DRILL_PREFIX if playing else PREFIX
    crisis = Crisis.objects.create(
        case=case, agency=agency, title=usable.title, source=usable.source, inquiry=usable.inquiry,
        reference=casefile.next_reference(agency=agency, prefix=prefix, at=step.at), address=usable.address,
        published_at=usable.published_at, note=usable.note, detected_at=usable.detected_at, detected_by=step.by,
        recorded_at=step.at, is_drill=bool(playing), is_demo=is_demo,
    )  # fmt: skip
    crisis.players.set(playing)
    casefile.involve(case=case, person=step.by)
    _bind(step.process, crisis)
    data: dict[str, trail.Value] = {
        "case": case.pk,
        "inquiry": usable.inquiry.pk if usable.inquiry else None,
        "source": str(usable.source),
        "detected_at": usable.detected_at,
        "published_at": usable.published_at,
        "text_hash": trail.keyed_hash(crisis, usable.note) if usable.note else "",
    }
    record(
        events.CRISIS_DETECTED,
        crisis=crisis,
        by=step.by,
        at=step.at,
        data=data,
        occurred_at=usable.detected_at,
    )
    return crisis


def _bind(process: Any, crisis: Crisis) -> None:
    """Pin the version of the procedure under which the run was started."""
    process.crisis = crisis
    process.definition_version = process.flow_class.version


def _usable(noticed: Noticed, *, agency: Agency, by: Person, at: datetime) -> Noticed:
    """What was noticed with clean texts and its case. Raises Invalid, NotFound, NotAllowedNow."""
    cleaned = replace(
        noticed,
        title=clean_line(noticed.title, limit=300),
        note=clean_text(noticed.note, limit=NOTE_LIMIT),
        address=clean_line(noticed.address, limit=500),
        case=noticed.inquiry.case if noticed.inquiry else noticed.case,
    )
    if not cleaned.title:
        raise _unusable(_("It is not said what the matter is."), "title", _("Write what the matter is."))
    if cleaned.detected_at > at:
        raise _unusable(_("The time of detection lies in the future."), "detected_at", _("Correct the time."))
    if cleaned.published_at is not None and cleaned.published_at > at:
        raise _unusable(
            _("The time of publication lies in the future."), "published_at", _("Correct the time.")
        )
    _check_publication(cleaned)
    if cleaned.case is not None:
        _check_case(cleaned.case, agency=agency, by=by, at=at)
    return cleaned


def _check_publication(noticed: Noticed) -> None:
    """An article or post has its time, and nobody noticed it before it was there. Raises Invalid."""
    if noticed.published_at is None:
        if noticed.address:
            raise _unusable(
                _("An article or post is noted with the time at which it was published."), "published_at",
                _("Say when it was published."),
            )  # fmt: skip
    elif noticed.detected_at < noticed.published_at:
        raise _unusable(
            _("It was noticed before it was published: one of the two times is wrong."), "detected_at",
            _("Before the time of publication."),
        )  # fmt: skip


def _check_case(case: Case, *, agency: Agency, by: Person, at: datetime) -> None:
    permissions.check_can_see(by, case, at=at)
    if case.agency_id != agency.pk or not Case.objects.filter(pk=case.pk, closed_at__isnull=True).exists():
        raise NotAllowedNow(
            _("The case %(reference)s is closed or another agency's. Note the crisis without it.")
            % {"reference": case.reference}
        )


def _unusable(sentence: str, field: str, hint: str) -> Invalid:
    return Invalid(
        _("%(why)s Nothing was recorded; what you typed is kept.") % {"why": sentence}, fields={field: hint}
    )
