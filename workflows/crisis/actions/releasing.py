"""The act of speaking in a crisis: exactly the cleared text, under a mandate, at any hour, without number or seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import deadlines
from core.enums import StatementForm
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Deadline, Mandate, Person, Statement
from core.queries import mandates
from workflows.crisis.models import CrisisStatement, StatementText
from workflows.crisis.queries import joint
from workflows.crisis.rules import speaking

from . import statements, steps
from .recording import record


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """The hash of the text the page showed, where it stands on a portal or account, and why the step is late."""

    sha256: str
    address: str = ""
    late_reason: str = ""


def release(*, statement: CrisisStatement, facts: ReleaseFacts, by: Person, at: datetime) -> Statement | None:
    """Speak for the agency; the line of the ledger, which a drill does not get.

    Decree 244/2026 art 3 (who), art 5 (forms), art 7 (who alone, and within which time). The joint matter of the
    crisis and the mandates of whoever speaks are held before the instant of the act is read; a drill, in which nothing
    is spoken, holds no mandate. Raises NoMandate, NotAllowedNow, Conflict, Invalid; then nothing was said.
    """
    crisis = statement.crisis
    text = _cleared(statement, facts)
    agreed = speaking.check_may_release(
        crisis, agency=crisis.agency, joint=joint.facts(crisis, at=at), text_sha256=text.sha256
    )
    mandate = permissions.check_may_speak(
        by,
        agency=crisis.agency,
        case=crisis.case,
        form=StatementForm(statement.form),
        at=at,
        lock=not crisis.is_drill,
    )
    is_late = _settle_step(statement, facts, by=by, at=at)
    statement.ledger = None if crisis.is_drill else _written(text, facts, mandate=mandate, at=at)
    statement.released_at, statement.released_by, statement.address = at, by, facts.address
    statement.is_returned = False
    statement.save()
    data = statements.about_text(text) | {
        "ledger": statement.ledger_id,
        "mandate": mandate.pk,
        "address": facts.address,
        "initial": statement.is_initial,
        "late": is_late,
        "joint_text": agreed,
    }
    record(
        events.CRISIS_STATEMENT_RELEASED,
        crisis=crisis,
        by=by,
        at=at,
        subject=statement,
        data=data,
        mandate=mandate,
    )
    _end_clocks(statement, by=by, at=at)
    return statement.ledger


def _cleared(statement: CrisisStatement, facts: ReleaseFacts) -> StatementText:
    if statement.released_at is not None:
        raise Conflict(_("This statement is released already. Nothing was released a second time."))
    text = statements.version_seen(statement, facts.sha256)
    if text.sha256 != statement.cleared_sha256:
        raise NotAllowedNow(_("This text is not the one that was cleared. Nothing was released."))
    if statement.form == StatementForm.PORTAL and not facts.address:
        raise Invalid(
            _("Give the address where the text stands on the portal or account. Nothing was recorded yet."),
            fields={"address": _("Give the address.")},
        )
    return text


def _written(text: StatementText, facts: ReleaseFacts, *, mandate: Mandate, at: datetime) -> Statement:
    statement = text.statement
    agency = statement.agency
    return Statement.objects.create(
        agency=agency, case=statement.case, speaker=mandate.person,
        speaker_post=mandates.post_title(mandate.person, agency=agency, at=at), mandate=mandate,
        form=statement.form, recipient=statement.recipient, address=facts.address, text=text.text,
        content_sha256=text.sha256, spoken_at=at, recorded_at=at,
    )  # fmt: skip


def _settle_step(statement: CrisisStatement, facts: ReleaseFacts, *, by: Person, at: datetime) -> bool:
    """Whether the step it fulfils was late. One left undone at the end of the handling stays so."""
    step = statement.step
    if step is None or step.is_settled:
        return False
    steps.do(step=step, note="", by=by, at=at, late_reason=facts.late_reason)
    return steps.is_late(step, at=at)


def _end_clocks(statement: CrisisStatement, *, by: Person, at: datetime) -> None:
    """The first statement since the event of the duty gives the information that the law asks for in time.

    Later ones find its clock ended: the law's, and beside it the agency's own stricter one of the same duty.
    """
    crisis = statement.crisis
    running = Deadline.objects.open().filter(crisis=crisis, key=crisis.duty)
    for deadline_id in running.order_by("pk").values_list("pk", flat=True):
        deadlines.end(deadline_id=deadline_id, by=by, at=at)
