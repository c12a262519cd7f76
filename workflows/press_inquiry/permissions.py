"""In which situation an act beside the path is possible: the button asks the same as the act.

Who may do it is asked apart, of the person's roles.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import Numbering
from core.errors import NotAllowedNow
from core.models import Inquiry, Question

from . import queries


def check_open(inquiry: Inquiry) -> None:
    if inquiry.is_ended:
        raise NotAllowedNow(_("This inquiry has ended. Reopen it first if there is more to do."))


def check_can_be_withdrawn(inquiry: Inquiry) -> None:
    if inquiry.is_ended:
        raise NotAllowedNow(_("This inquiry has already ended; there is nothing to withdraw."))
    if not inquiry.answer_owed:
        raise NotAllowedNow(
            _("The answer has been released, so nothing is left to withdraw. Follow up instead.")
        )


def check_can_be_reopened(inquiry: Inquiry) -> None:
    if not inquiry.is_ended:
        raise NotAllowedNow(_("This inquiry is still open; there is nothing to reopen."))


def check_clock_can_stop(inquiry: Inquiry) -> None:
    check_open(inquiry)
    if clock_stands(inquiry):
        raise NotAllowedNow(_("The clock already stands. Restart it first."))


def check_clock_can_restart(inquiry: Inquiry) -> None:
    if not clock_stands(inquiry):
        raise NotAllowedNow(_("The clock is running; there is nothing to restart."))


def clock_stands(inquiry: Inquiry) -> bool:
    """Asked of all stops at once, so that a list that has fetched them pays nothing more."""
    return any(stop.restarted_at is None for stop in inquiry.clock_stops.all())


def check_number_awaited(inquiry: Inquiry) -> Task:
    """The job that waits for the number of the office's own document system. Only a document has one."""
    if inquiry.agency.numbering != Numbering.ENTERED:
        raise NotAllowedNow(_("This agency numbers its documents from its own series."))
    process = inquiry.processes.order_by("-pk").first()
    if process is None or process.finished or not process.needs_document:
        raise NotAllowedNow(_("No document of this inquiry waits for a number. Nothing was entered."))
    if queries.reply_document(process) is not None:
        raise NotAllowedNow(_("The number was already entered."))
    waiting = process.task_set.filter(flow_task=process.flow_class.instance.node("issue"))
    task = waiting.filter(status=STATUS.SCHEDULED).first()
    if task is None:
        raise NotAllowedNow(_("No document of this inquiry waits for a number. Nothing was entered."))
    return task


def check_secret_can_be_found(question: Question) -> None:
    """Content under state secrecy does not stay, whatever became of its inquiry: once removed it is gone."""
    if question.is_secret:
        raise NotAllowedNow(_("Question %(number)s was removed already.") % {"number": question.number})


def check_was_purged(inquiry: Inquiry) -> None:
    if not inquiry.questions.filter(purge__isnull=False).exists():
        raise NotAllowedNow(
            _(
                "No question of this inquiry was removed. State secrets are found at triage: reopen the inquiry."
            )
        )
