"""How a refusal begins: at a step of the inquiry, or because a second look found another ground."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import events
from core.actions import casefile
from core.errors import NotAllowedNow
from core.models import Person, Question
from core.rules import text
from workflows import base
from workflows.refusal import queries
from workflows.refusal.models import Origin, Refusal, RefusalProcess

from .recording import PROCEDURE, record

REMARK_LIMIT = 2_000


def open_refusal(
    *,
    question: Question,
    origin: Origin,
    by: Person,
    at: datetime,
    remark: str = "",
    follows: Refusal | None = None,
) -> Refusal:
    """Start the procedure for one question, its inquiry's latest run being held. Proposing is the first step."""
    inquiry = question.inquiry
    check_may_be_refused(question, follows=follows)
    refusal = Refusal.objects.create(
        inquiry=inquiry, question=question, origin=origin, opened_by=by, opened_at=at, follows=follows,
        remark=text.clean_text(remark, limit=REMARK_LIMIT),
    )  # fmt: skip
    casefile.involve(case=inquiry.case, person=by)
    base.procedure(PROCEDURE).opened.run(refusal=refusal)
    data = {"origin": str(origin), "follows": follows.pk if follows else None}
    record(events.REFUSAL_OPENED, refusal=refusal, by=by, at=at, data=data, reason=refusal.remark)
    return refusal


def check_may_be_refused(question: Question, *, follows: Refusal | None = None) -> None:
    """Raises NotAllowedNow for a question that is settled, secret or being refused already."""
    if question.is_secret:
        raise NotAllowedNow(
            _("Question %(number)s was removed and is handled off-system; there is nothing to refuse here.")
            % {"number": question.number}
        )
    if follows is not None:
        return
    if not queries.open_questions(question.inquiry).filter(pk=question.pk).exists():
        raise NotAllowedNow(
            _("Question %(number)s is answered, or its refusal is under way. Nothing was changed.")
            % {"number": question.number}
        )


def begin(activation: Any, *, refusal: Refusal) -> RefusalProcess:
    """Bind a new run to a refusal and pin the version of the procedure under which it starts."""
    process: RefusalProcess = activation.process
    process.refusal = refusal
    process.definition_version = process.flow_class.version
    process.save()
    return process
