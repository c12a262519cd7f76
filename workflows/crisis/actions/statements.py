"""What is said in a crisis, up to the release: opened, drafted, cleared, sent back, given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import casefile, trail
from core.enums import Codename, CrisisState, StatementForm
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Crisis, Person
from core.rules.text import clean_line, clean_text
from workflows import base
from workflows.crisis import queries
from workflows.crisis.models import CrisisProcess, CrisisStatement, CrisisStep, StatementText
from workflows.crisis.queries import joint
from workflows.crisis.rules import content
from workflows.locks import held_crisis

from .recording import check_reason, record
from .settling import leave_out

RECIPIENT_LIMIT = 300
SPEAKS_IN = (CrisisState.RUNNING, CrisisState.STOOD_DOWN)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to be said, in which of the legal forms (Decree 244/2026 art 5), to whom where somebody is addressed."""

    text: str
    form: StatementForm
    recipient: str = ""


def open_initial(step: CrisisStep, *, at: datetime) -> CrisisStatement:
    """The statement that fulfils the step of the initial statement; drafting it is the next task."""
    return _open(step.crisis, form=StatementForm.PORTAL, by=None, at=at, step=step)


def open_further(*, process: CrisisProcess, form: StatementForm, by: Person, at: datetime) -> CrisisStatement:
    """Begin an update or further statement beside the path of a locked process. Raises NotAllowedNow."""
    crisis = process.crisis
    check_can_be_opened(crisis)
    statement = _open(crisis, form=form, by=by, at=at)
    base.enter(process, node="draft_statement", row=statement)
    return statement


def open_beside(*, crisis: Crisis, form: StatementForm, by: Person) -> CrisisStatement:
    """`open_further` as an act of its own, beside the path. Raises NotFound, MissingRole, NotAllowedNow."""
    with held_crisis(crisis) as held:
        permissions.check_can_see(by, held.crisis.case, at=held.at)
        permissions.check_role(by, Codename.DRAFT_STATEMENT, agency=held.crisis.agency, at=held.at)
        casefile.involve(case=held.crisis.case, person=by)
        return open_further(process=held.process, form=form, by=by, at=held.at)


def check_can_be_opened(crisis: Crisis) -> None:
    if crisis.state not in SPEAKS_IN:
        raise NotAllowedNow(
            _("Statements are opened from activation until the crisis is closed. This one is: %(state)s.")
            % {"state": CrisisState(crisis.state).label}
        )


def _open(
    crisis: Crisis, *, form: StatementForm, by: Person | None, at: datetime, step: CrisisStep | None = None
) -> CrisisStatement:
    statement = CrisisStatement.objects.create(
        crisis=crisis,
        number=crisis.crisis_statements.count() + 1,
        step=step,
        form=form,
        opened_by=by,
        opened_at=at,
    )
    data = about(statement) | {"form": statement.form, "initial": statement.is_initial}
    record(events.CRISIS_STATEMENT_OPENED, crisis=crisis, by=by, at=at, subject=statement, data=data)
    return statement


def draft(*, statement: CrisisStatement, draft: Draft, by: Person, at: datetime) -> StatementText:
    """Hand in a version of the text, written once, and say in which form it is to be spoken. Raises Invalid."""
    words = clean_text(draft.text, limit=content.TEXT_LIMIT, field="text")
    recipient = clean_line(draft.recipient, limit=RECIPIENT_LIMIT, field="recipient")
    _check_usable(words, draft.form, recipient)
    last = queries.latest_text(statement)
    text = StatementText.objects.create(
        statement=statement, number=last.number + 1 if last else 1, text=words, sha256=content.sha256_of(words),
        author=by, written_at=at,
    )  # fmt: skip
    statement.form, statement.recipient = draft.form, recipient
    _settle(statement, is_returned=False)
    _record(events.CRISIS_STATEMENT_DRAFTED, text, by=by, at=at)
    return text


def _check_usable(words: str, form: StatementForm, recipient: str) -> None:
    if not words:
        raise Invalid(
            _("There is no text to say. Nothing was handed in; what you typed is kept."),
            fields={"text": _("Write what is to be said.")},
        )
    if form == StatementForm.PRESS_RELEASE_OR_REPLY and not recipient:
        raise Invalid(
            _(
                "It is not said to whom the release or e-mail goes. Nothing was handed in; what you typed is kept."
            ),
            fields={"recipient": _("Say to whom it goes.")},
        )


def give_up(*, statement: CrisisStatement, reason: str, by: Person, at: datetime) -> None:
    """End a statement without saying it. Of the initial one, where others alone speak, its step is left out with it.

    Raises NotAllowedNow for an initial statement that is owed.
    """
    check_can_be_given_up(statement, at=at)
    why = check_reason(reason)
    statement.is_given_up = True
    statement.save(update_fields=["is_given_up"])
    if statement.step is not None and not statement.step.is_settled:
        leave_out(statement.step, reason=why, by=by, at=at)
    record(
        events.CRISIS_STATEMENT_GIVEN_UP, crisis=statement.crisis, by=by, at=at, subject=statement,
        data=about(statement), reason=why,
    )  # fmt: skip


def check_can_be_given_up(statement: CrisisStatement, *, at: datetime) -> None:
    """The initial statement is owed while its step is open, unless the law leaves speaking to somebody else."""
    if statement.step is None or statement.step.is_settled:
        return
    if not joint.is_for_others(statement.crisis, at=at):
        raise NotAllowedNow(
            _(
                "The initial statement is owed and cannot be given up. Nothing was changed; what you typed is kept."
            )
        )


def clear(*, statement: CrisisStatement, sha256: str, by: Person, at: datetime) -> None:
    """Clear exactly the text that was read. Raises Conflict where it is another by now."""
    text = version_seen(statement, sha256)
    _settle(statement, is_returned=False, cleared=text, by=by)
    _record(events.CRISIS_STATEMENT_CLEARED, text, by=by, at=at)


def send_back(
    *, statement: CrisisStatement, step: str, sha256: str, reason: str, by: Person, at: datetime
) -> None:
    """Send the text back to be drafted anew, with the reason; `step` is the node at which it was sent back."""
    why = check_reason(reason)
    text = version_seen(statement, sha256)
    _settle(statement, is_returned=True)
    _record(events.CRISIS_STATEMENT_RETURNED, text, by=by, at=at, reason=why, step=step)


def version_seen(statement: CrisisStatement, sha256: str) -> StatementText:
    """The latest version, which must be the one that the page showed."""
    text = queries.latest_text(statement)
    if text is None or text.sha256 != sha256:
        raise Conflict(
            _(
                "The text on your page is not the latest version. Nothing was done: read the version shown now."
            )
        )
    return text


def _settle(
    statement: CrisisStatement,
    *,
    is_returned: bool,
    cleared: StatementText | None = None,
    by: Person | None = None,
) -> None:
    """What was cleared before is cleared no longer, unless it is this text."""
    statement.is_returned = is_returned
    statement.cleared_sha256 = cleared.sha256 if cleared else ""
    statement.cleared_by = by if cleared else None
    statement.save(update_fields=["form", "recipient", "is_returned", "cleared_sha256", "cleared_by"])


def about(statement: CrisisStatement) -> dict[str, trail.Value]:
    return {"statement": statement.pk, "number": statement.number}


def about_text(text: StatementText) -> dict[str, trail.Value]:
    """What the trail may say of a version: its number, its form and a hash under a key."""
    return about(text.statement) | {
        "version_id": text.pk,
        "version": text.number,
        "form": text.statement.form,
        "text_hash": trail.keyed_hash(text, text.text),
    }


def _record(
    event: events.Event,
    text: StatementText,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    **more: trail.Value,
) -> None:
    statement = text.statement
    record(
        event,
        crisis=statement.crisis,
        by=by,
        at=at,
        subject=statement,
        data=about_text(text) | more,
        reason=reason,
    )
