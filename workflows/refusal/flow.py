"""Refusal with a legal basis: from the question to the decision, its letter, and a second look at it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import act, flow

from core.enums import Codename
from workflows.base import ProcedureFlow
from workflows.locks import InquiryFirstLock
from workflows.nodes import FourEyesView, FreshEyesView, MandateView, QueuedJob, StepNode

from . import queries, views
from .actions import jobs, opening, reconsidering
from .models import RefusalProcess, Result, State


class RefusalFlow(ProcedureFlow):
    """
    Refusal with a legal basis

    One question is refused on a ground in force that day, with a reason; two people judge it before it is decided.

    Legal basis: Press Law 103/2016 art 38 until 30/6/2026; Press Law 126/2025 art 31 with Decree 244/2026 art 4.3
    from 1/7/2026. Which grounds there are is read from the law of the instant of deciding.
    """

    process_class = RefusalProcess
    lock_impl = InquiryFirstLock()
    code = "refusal"
    version = "1"

    # Beside the path: the event with which a ground ends is recorded (actions/watching.py), and brings the question
    # back; the inquiry is withdrawn, a state secret is found (actions/ending.py).

    # Asked for at triage, review, clearance or decision of the inquiry, one run for each question
    opened = flow.StartHandle(opening.begin).Annotation(title=_("Ask for a refusal")).Next(this.propose)

    # Specialist of the lead unit, or legal officer: ground, facts, reason
    propose = (
        StepNode(views.Propose.as_view())
        .Annotation(title=_("Propose the refusal"))
        .Permission(queries.right_to_propose, unit=queries.lead_unit)
        .Next(this.proposed)
    )
    proposed = flow.If(queries.in_state(State.TO_ANSWER)).Then(this.to_be_answered).Else(this.review)

    # Legal officer, never the proposer: confirms, changes the ground, or sends it back to be answered
    review = (
        FourEyesView(views.Review.as_view(), not_by=queries.proposer)
        .Annotation(title=_("Legal review"))
        .Permission(queries.right_to_review)
        .Next(this.reviewed)
    )
    reviewed = (
        flow.Switch()
        .Case(this.propose, act.process.is_returned)
        .Case(this.to_be_answered, queries.in_state(State.TO_ANSWER))
        .Default(this.decide)
    )

    # Head or spokesperson with a mandate for the case, never the proposer, nor who changed the proposal
    decide = (
        MandateView(views.Decide.as_view(), not_by=queries.proposer, nor_by=queries.authors)
        .Annotation(title=_("Decide on the refusal"))
        .Permission(Codename.DECIDE_REPLY)
        .Next(this.decided)
    )
    decided = (
        flow.Switch()
        .Case(this.propose, act.process.is_returned)
        .Case(this.to_be_answered, queries.in_state(State.TO_ANSWER))
        .Case(this.issue, act.process.has_own_letter)
        .Default(this.told_in_reply)
    )

    # A letter of its own, where nothing else is left to say or the head sends it at once
    issue = (
        QueuedJob(jobs.issue, ready=queries.number_is_at_hand)
        .Annotation(title=_("Number and issue"))
        .Next(this.sign)
    )

    sign = (
        StepNode(views.Sign.as_view())
        .Annotation(title=_("Sign"))
        .Permission(Codename.SIGN_DOCUMENT)
        .OnlyFor(queries.signer)
        .Next(this.stamp)
    )

    stamp = (
        StepNode(views.Stamp.as_view())
        .Annotation(title=_("Stamp"))
        .Permission(Codename.STAMP_DOCUMENT)
        .Next(this.release)
    )

    release = (
        MandateView(views.Release.as_view())
        .Annotation(title=_("Release the letter"))
        .Permission(Codename.RELEASE_STATEMENT)
        .Next(this.told)
    )
    told = flow.If(act.process.is_second_look).Then(this.upheld).Else(this.told_in_letter)

    # The journalist asks to look at it again: somebody who took no part
    asked_again = (
        flow.StartHandle(reconsidering.begin).Annotation(title=_("Asked to look again")).Next(this.reconsider)
    )

    reconsider = (
        FreshEyesView(views.Reconsider.as_view(), took_part=queries.took_part)
        .Annotation(title=_("Look again"))
        .Permission(Codename.RECONSIDER_REFUSAL)
        .Next(this.reconsidered)
    )
    reconsidered = (
        flow.Switch()
        .Case(this.answered_after_all, queries.found(Result.ANSWERED))
        .Case(this.replaced, queries.found(Result.CHANGED))
        .Default(this.approve)
    )

    approve = (
        MandateView(views.Approve.as_view(), not_by=queries.proposer)
        .Annotation(title=_("Approve that it is upheld"))
        .Permission(Codename.DECIDE_REPLY)
        .Next(this.issue)
    )

    # Ends, named by outcome
    told_in_reply = flow.End().Annotation(title=_("Decided: the inquiry's reply tells of it"))
    told_in_letter = flow.End().Annotation(title=_("Told in a letter of its own"))
    to_be_answered = flow.End().Annotation(title=_("To be answered"))
    upheld = flow.End().Annotation(title=_("Upheld"))
    replaced = flow.End().Annotation(title=_("Replaced by another refusal"))
    answered_after_all = flow.End().Annotation(title=_("To be answered after all"))
    lapsed = flow.End().Annotation(title=_("Brought back: the ground has lapsed"))
    given_up = flow.End().Annotation(title=_("Given up with the inquiry"))
    off_system = flow.End().Annotation(title=_("Handled off-system"))
