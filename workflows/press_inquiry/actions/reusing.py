"""Already answered: a released text becomes the version to release again, without a new approval."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core.enums import Competence, ReplyForm, StatementForm
from core.errors import Invalid
from core.models import Inquiry, Person, Statement
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import DraftVersion, PressInquiryProcess, VersionKind
from workflows.press_inquiry.rules import Answer, Content

from . import versions


def reuse(*, process: PressInquiryProcess, statement: Statement, by: Person, at: datetime) -> DraftVersion:
    """Make a released text the reply. It was approved and spoken before; release still asks for a mandate."""
    inquiry = process.inquiry
    if statement.agency_id != inquiry.agency_id:
        raise Invalid(
            _("That text is another agency's."), fields={"answered_by": _("Choose one of our own texts.")}
        )
    if not queries.released_texts(inquiry.agency, before=at).filter(pk=statement.pk).exists():
        raise Invalid(
            _(
                "That text cannot be said again: it tells of a refusal, which is decided anew for each question, or "
                "was recorded afterwards. Choose another text or another way; what you typed is kept."
            ),
            fields={"answered_by": _("Choose another text.")},
        )
    inquiry.questions.filter(competence=Competence.UNDECIDED).update(competence=Competence.OURS)
    inquiry.reply_form = _form(inquiry, statement)
    inquiry.save(update_fields=["reply_form"])
    numbers = queries.questions_to_answer(inquiry).values_list("number", flat=True)
    content = Content(
        reply_form=inquiry.reply_form,
        answers=tuple(Answer(question=number, text=statement.text) for number in numbers[:1]),
    )
    return versions.write(
        inquiry=inquiry, content=content, author=by, at=at, kind=VersionKind.REUSE, reuses=statement
    )


def _form(inquiry: Inquiry, statement: Statement) -> ReplyForm:
    """By e-mail where there is an address; else as it was said before, on the portal or by word of mouth."""
    if inquiry.asker_email:
        return ReplyForm.EMAIL
    return ReplyForm.PORTAL if statement.form == StatementForm.PORTAL else ReplyForm.INTERVIEW
