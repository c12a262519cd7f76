"""At the gate before the decision: the reply takes in what was decided of the questions that are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core import clock, events
from core.actions import trail
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import PressInquiryProcess, VersionKind

from . import refusals, versions
from .recording import record


def take_in(activation: Any) -> None:
    """Write the version that states the refusals decided and leaves out the answers to their questions.

    Nothing new is written by anybody, so its author is that of the draft and what was reviewed and cleared stays so;
    the decision is bound to this version. Without a change of refusals nothing is written.
    """
    process: PressInquiryProcess = activation.process
    inquiry, at = process.inquiry, clock.now()
    decided = refusals.decided(inquiry)
    version = queries.latest_version(inquiry)
    if version is None:
        return
    content = queries.content_of(version)
    answered = set(queries.questions_to_answer(inquiry).values_list("number", flat=True))
    kept = tuple(answer for answer in content.answers if answer.question in answered)
    taken = replace(content, answers=kept, refusals=decided)
    if taken == content or not taken.as_text():
        return
    written = versions.write(
        inquiry=inquiry, content=taken, author=version.author, at=at, kind=VersionKind.OUTCOMES
    )
    data: dict[str, trail.Value] = {
        "draft": written.pk,
        "version": written.number,
        "refusals": [refused.decision for refused in decided],
    }
    record(events.REFUSALS_SETTLED, inquiry=inquiry, by=None, at=at, data=data)
