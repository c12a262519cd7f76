"""Once a minute, and after each act that brings a question back: what is due is taken up by its inquiry.

Nothing depends on its being on time: from the recorded instant on, a lapsed ground is not told to the press any more.
"""

from __future__ import annotations

import logging

from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, jobs
from core.errors import Conflict
from workflows import locks
from workflows.press_inquiry.actions import turning_back
from workflows.refusal.actions import ending
from workflows.refusal.models import BringBack

log = logging.getLogger(__name__)


def sweep() -> int:
    """How many questions came back: each in a transaction of its own under its inquiry's lock; a busy one waits."""
    due = BringBack.objects.filter(done_at__isnull=True, happened_at__lte=clock.now())
    return jobs.for_each(due.order_by("happened_at", "pk").values_list("pk", flat=True), _bring_back)


def _bring_back(pk: int) -> int:
    inquiry = BringBack.objects.select_related("refusal__inquiry").get(pk=pk).refusal.inquiry
    try:
        with locks.held(inquiry):
            return _done(pk)
    except Conflict:
        log.warning(
            "The inquiry of the question to be brought back (%s) is busy; it comes in the next run.", pk
        )
        return 0


def _done(pk: int) -> int:
    at = clock.now()
    related = (
        "refusal__question",
        "refusal__inquiry__case",
        "refusal__inquiry__agency",
        "refusal__letter_of",
    )
    back = BringBack.objects.select_related(*related).get(pk=pk)
    if not ending.bring_back(back=back, at=at):
        return 0
    turning_back.take_up(inquiry=back.refusal.inquiry, reason=_reason(back), at=at)
    return 1


def _reason(back: BringBack) -> str:
    """It stands in the trail, so in the language of the agency."""
    with translation.override("vi"):
        return _("Question %(number)s is brought back: %(cause)s.") % {
            "number": back.refusal.question.number,
            "cause": back.get_cause_display(),
        }
