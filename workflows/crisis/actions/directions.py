"""Ý kiến chỉ đạo that came back: a fact apart from the acknowledgement, and a step for our chief of office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from core import events
from core.actions import casefile, trail
from core.enums import CrisisPart, StepOrigin
from core.errors import Invalid, NotAllowedNow
from core.models import Person
from core.rules.text import clean_line, clean_text
from workflows.crisis.models import CrisisProcess, CrisisStep, Direction, Dispatch
from workflows.crisis.permissions import check_may_take_answers

from . import steps
from .climbing import about
from .recording import record

TEXT_LIMIT, NAME_LIMIT, POST_LIMIT, SHOWN = 4_000, 120, 160, 100


@dataclass(frozen=True, kw_only=True)
class Given:
    """A direction as it was received: its text, from whom, when."""

    text: str
    from_name: str
    from_post: str
    received_at: datetime


def write_down(
    *, process: CrisisProcess, dispatch: Dispatch, given: Given, by: Person, at: datetime
) -> Direction:
    """Our official records a direction received on paper or by phone. Raises Invalid, MissingRole, NotAllowedNow."""
    check_may_take_answers(by, agency=dispatch.agency, at=at)
    if dispatch.given_up_at is not None or not dispatch.crisis.is_open:
        raise NotAllowedNow(_("Nobody waits for this report any more. Nothing was changed."))
    check_time(given.received_at, field="received_at", dispatch=dispatch, at=at)
    casefile.involve(case=dispatch.case, person=by)
    return receive(process=process, dispatch=dispatch, given=given, by=by, at=at)


def check_time(given: datetime, *, field: str, dispatch: Dispatch, at: datetime) -> None:
    """What came back came after the report was sent, to the minute, and not in the future. Raises Invalid."""
    sent_at = dispatch.sent_at
    if given > at or sent_at is None or given < sent_at.replace(second=0, microsecond=0):
        raise Invalid(
            _("This time lies in the future, or before the report was sent. Nothing was recorded."),
            fields={field: _("Correct the time.")},
        )


def receive(
    *, process: CrisisProcess, dispatch: Dispatch, given: Given, by: Person | None, at: datetime
) -> Direction:
    """Keep a direction and make a step of it; the same words of the same person again are the same direction."""
    text = clean_text(given.text, limit=TEXT_LIMIT, field="direction")
    name = clean_line(given.from_name, limit=NAME_LIMIT, field="from_name")
    post = clean_line(given.from_post, limit=POST_LIMIT, field="from_post")
    blank = [
        field for field, value in (("direction", text), ("from_name", name), ("from_post", post)) if not value
    ]
    if blank:
        raise Invalid(
            _(
                "A direction needs its text, and from whom it is. Nothing was recorded; what you typed is kept."
            ),
            fields={field: _("Write this.") for field in blank},
        )
    known = dispatch.directions.filter(text=text, from_name=name).first()
    if known is not None:
        return known
    row = Direction.objects.create(
        dispatch=dispatch, text=text, from_name=name, from_post=post, received_at=given.received_at, recorded_by=by,
        recorded_at=at, step=_step(process, name, text, by=by, at=at),
    )  # fmt: skip
    data: dict[str, trail.Value] = {
        **about(dispatch),
        "direction": row.pk,
        "from_name": name,
        "from_post": post,
        "step": row.step_id,
        "text_hash": trail.keyed_hash(row, text),
    }
    record(
        events.CRISIS_REPORT_DIRECTION_RECEIVED, crisis=dispatch.crisis, by=by, at=at, subject=row, data=data,
        occurred_at=given.received_at,
    )  # fmt: skip
    return row


def _step(process: CrisisProcess, name: str, text: str, *, by: Person | None, at: datetime) -> CrisisStep:
    with translation.override("vi"):
        title = _("Carry out the direction of %(name)s") % {"name": name[:SHOWN]}
    return steps.add(
        process=process, origin=StepOrigin.DIRECTION, title=title, what=text, part=CrisisPart.CHIEF_OF_OFFICE,
        minutes=None, by=by, at=at,
    )  # fmt: skip
