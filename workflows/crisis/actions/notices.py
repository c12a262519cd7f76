"""What the team of a crisis is told by mail. A mail names the crisis by its reference alone, and no fact of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from core.enums import LateAct
from core.models import Crisis, Person
from core.rules.mandates import in_words
from workflows.crisis.models import Assessment, CrisisStep, DispatchReply

from . import mails

Words = Callable[[Crisis], str]


def activated(crisis: Crisis, *, to: Person, at: datetime) -> None:
    """The playbook runs; the reader's steps stand in the work list."""
    _tell(
        crisis, to=to, at=at, key=f"crisis:{crisis.pk}:{to.pk}:activated", subject=_activated_subject,
        body=_activated_body,
    )  # fmt: skip


def redetermined(row: Assessment, *, to: Person, at: datetime) -> None:
    """Another paragraph says from now on who may speak, and until when."""
    _tell(
        row.crisis, to=to, at=at, key=f"crisis-assessment:{row.pk}:{to.pk}:anew", subject=_redetermined_subject,
        body=lambda crisis: _redetermined_body(crisis, row),
    )  # fmt: skip


def step_late(step: CrisisStep, *, act: LateAct, to: Person, at: datetime) -> None:
    """A step is late, and what follows."""
    _tell(
        step.crisis, to=to, at=at, key=f"crisis-step:{step.pk}:{to.pk}:late", subject=_late_subject,
        body=lambda crisis: _late_body(crisis, step, act),
    )  # fmt: skip


def replied(reply: DispatchReply, *, to: Person, at: datetime) -> bool:
    """A mail answers a report; whether a mail says so to the reader."""
    return _tell(
        reply.crisis, to=to, at=at, key=f"crisis-reply:{reply.pk}:{to.pk}:replied", subject=_replied_subject,
        body=lambda crisis: _replied_body(crisis, reply),
    )  # fmt: skip


def _tell(crisis: Crisis, *, to: Person, at: datetime, key: str, subject: Words, body: Words) -> bool:
    if not to.email:
        return False
    with translation.override("vi"):
        mail = mails.queue(crisis, key=key, to=to.email, subject=subject(crisis), body=body(crisis), at=at)
    return mail is not None


def _activated_subject(crisis: Crisis) -> str:
    return _("%(reference)s: the playbook runs") % {"reference": crisis.reference}


def _activated_body(crisis: Crisis) -> str:
    assert crisis.activated_at is not None
    return _(
        "The playbook for %(reference)s runs since %(at)s. %(level)s.\n\nYour steps stand in “My work”: sign in and "
        "open the case %(case)s."
    ) % {
        "reference": crisis.reference,
        "at": in_words(crisis.activated_at),
        "level": crisis.get_level_display(),
        "case": crisis.case.reference,
    }


def _redetermined_subject(crisis: Crisis) -> str:
    return _("%(reference)s: the paragraph of the law was determined anew") % {"reference": crisis.reference}


def _redetermined_body(crisis: Crisis, row: Assessment) -> str:
    return _(
        "The paragraph of the law for %(reference)s was determined anew at %(at)s.\n\nWho may speak, and until when "
        "words are owed, may be another by it: sign in and open the case %(case)s."
    ) % {"reference": crisis.reference, "at": in_words(row.assessed_at), "case": crisis.case.reference}


def _replied_subject(crisis: Crisis) -> str:
    return _("%(reference)s: a mail answers a report") % {"reference": crisis.reference}


def _replied_body(crisis: Crisis, reply: DispatchReply) -> str:
    return _(
        "A mail that answers report %(number)d of %(reference)s came at %(at)s. Its sender is not verified and it "
        "confirms nothing; who has confirmed stands on the page of the crisis.\n\nSign in and open the case %(case)s "
        "to read it."
    ) % {
        "number": reply.dispatch.report.number,
        "reference": crisis.reference,
        "at": in_words(reply.received_at),
        "case": crisis.case.reference,
    }


def _late_subject(crisis: Crisis) -> str:
    return _("%(reference)s: a step is late") % {"reference": crisis.reference}


def _late_body(crisis: Crisis, step: CrisisStep, act: LateAct) -> str:
    assert step.due is not None
    return _(
        "Step %(number)d of %(reference)s, for: %(part)s, was due at %(due)s and is not done.\n\n%(act)s. Sign in "
        "and open the case %(case)s."
    ) % {
        "number": step.number,
        "reference": crisis.reference,
        "part": step.get_part_display(),
        "due": in_words(step.due),
        "act": act.label,
        "case": crisis.case.reference,
    }
