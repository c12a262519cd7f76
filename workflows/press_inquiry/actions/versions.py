"""Numbered, kept versions of the reply."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.errors import Invalid
from core.models import Inquiry, Person, Statement
from workflows.press_inquiry.models import DraftVersion, VersionKind
from workflows.press_inquiry.rules import Content

from .recording import record


def write(
    *,
    inquiry: Inquiry,
    content: Content,
    author: Person,
    at: datetime,
    kind: VersionKind = VersionKind.SUBMISSION,
    corrects: DraftVersion | None = None,
    reuses: Statement | None = None,
) -> DraftVersion:
    """Keep a new version under the next number; whatever was approved before is approved no longer."""
    if not content.as_text():
        raise Invalid(_("There is no text to reply with. What you typed is kept."))
    last = inquiry.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = DraftVersion.objects.create(
        inquiry=inquiry,
        number=last + 1,
        kind=kind,
        author=author,
        submitted_at=at,
        reply_form=content.reply_form,
        answers=[{"question": answer.question, "text": answer.text} for answer in content.answers],
        refusals=[asdict(refused) for refused in content.refusals],
        talking_points=content.talking_points,
        questions_beforehand=content.questions_beforehand,
        sha256=content.sha256(),
        corrects=corrects,
        reuses=reuses,
    )
    if kind not in (VersionKind.CORRECTION, VersionKind.OUTCOMES):
        record(events.DRAFT_SUBMITTED, inquiry=inquiry, by=author, at=at, data=facts(version, content))
    return version


def facts(version: DraftVersion, content: Content) -> dict[str, trail.Value]:
    """What the trail may say of a version: its number, its form and a hash that a purge can silence."""
    return {
        "draft": version.pk,
        "version": version.number,
        "reply_form": version.reply_form,
        "text_hash": trail.keyed_hash(version, content.canonical().decode()),
    }
