"""Acts on a whole run: start it from a mail or by hand, withdraw it, reopen it, retry its failed job."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import permissions as core_permissions
from core.enums import Codename
from core.errors import NotAllowedNow
from core.models import Agency, Inquiry, Person
from workflows import base, locks, permissions
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.models import PressInquiryProcess, VerdictStep

from . import drafting, ending, judging, registering
from .recording import PROCEDURE
from .registering import Registration


def start_from_mail(*, inquiry: Inquiry) -> PressInquiryProcess:
    """Start the procedure on an inquiry that a mail opened; registering it is the first human step."""
    process: PressInquiryProcess = base.procedure(PROCEDURE).receive.run(inquiry=inquiry)
    return process


def start_by_hand(*, agency: Agency, registration: Registration, by: Person) -> Inquiry:
    """Register an inquiry that came by letter, phone, in person or at a conference."""

    def perform(step: base.Step) -> None:
        inquiry = registering.open_by_hand(agency=agency, registration=registration, by=by, at=step.at)
        registering.begin(step.activation, inquiry=inquiry)

    inquiry: Inquiry = base.start(PROCEDURE, "register_by_hand", by=by, perform=perform).process.inquiry
    return inquiry


def skip(task_id: int, *, step_skipped: VerdictStep, reason: str, by: Person) -> base.Step:
    """Skip an open review or clearance when urgent."""
    if base.task_or_404(task_id).flow_task.name != step_skipped:
        raise NotAllowedNow(_("This step cannot be skipped."))
    return base.execute(
        task_id,
        by=by,
        authorise=permissions.check_can_skip,
        perform=lambda step: _skip(step, step_skipped, reason),
    )


def take_back(task_id: int, *, reason: str, by: Person) -> base.Step:
    """Take a draft back from a drafter who cannot do it, so that it is assigned again."""
    if base.task_or_404(task_id).flow_task.name != "draft":
        raise NotAllowedNow(_("Only a draft can be taken back."))
    return base.execute(
        task_id,
        by=by,
        authorise=permissions.check_can_direct,
        perform=lambda step: drafting.give_back(process=step.process, reason=reason, by=step.by, at=step.at),
    )


def _skip(step: base.Step, skipped: VerdictStep, reason: str) -> None:
    judging.skip(process=step.process, step=skipped, reason=reason, by=step.by, at=step.at)


def withdraw(*, inquiry: Inquiry, reason: str, by: Person) -> None:
    """Take the inquiry out of its path to the end `withdrawn`, whatever step it stands at."""
    with locks.beside(inquiry, by=by) as act:
        core_permissions.check_role(by, Codename.WITHDRAW_INQUIRY, agency=inquiry.agency, at=act.at)
        core_permissions.check_can_see(by, inquiry.case, at=act.at)
        standing = act.process.task_set.exclude(finished__isnull=False).order_by("-pk").first()
        step = standing.flow_task.name if standing else ""
        ending.withdraw(inquiry=inquiry, reason=reason, by=by, at=act.at, step=step)
        base.run_to_end(act.process, end="withdrawn")


def reopen(*, inquiry: Inquiry, reason: str, by: Person) -> PressInquiryProcess:
    """Start a new run on an ended inquiry."""
    with locks.beside(inquiry, by=by) as act:
        core_permissions.check_role(by, Codename.REOPEN_INQUIRY, agency=inquiry.agency, at=act.at)
        core_permissions.check_can_see(by, inquiry.case, at=act.at)
        situations.check_can_be_reopened(inquiry)
        ending.check_reason(reason)
        process: PressInquiryProcess = base.procedure(PROCEDURE).reopen.run(
            inquiry=inquiry, by=by, reason=reason.strip(), at=act.at
        )
    return process
