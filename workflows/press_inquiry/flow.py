"""Press inquiry, from receipt to the released reply and the published article."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import act, flow

from core.enums import Codename, InquiryOutcome
from workflows.base import ProcedureFlow
from workflows.nodes import FourEyesView, Gate, MandateView, QueuedJob, StepNode

from . import queries, views
from .actions import ending, jobs, registering, taking_in
from .models import PressInquiryProcess, TriageExit


class PressInquiryFlow(ProcedureFlow):
    """
    Press inquiry

    The press asks; the agency answers through a person with a mandate, or says whose question it is.

    Legal basis: Press Law 103/2016 art 38-40 with Decree 09/2017 until 30/6/2026; Press Law 126/2025 art 31-33
    with Decrees 244/2026 and 237/2026 from 1/7/2026. The law sets no time limit for an ordinary inquiry.
    """

    process_class = PressInquiryProcess
    code = "press_inquiry"
    version = "1"

    # Beside the path, from any step: withdraw, skip (actions/running.py); stop the clock, ask an opinion, move to
    # another case (actions/beside.py). A step that sends something back sets `is_returned`, whoever approves clears it.

    # Press contact or clerk: take in and register; or somebody reopens what had ended
    receive = flow.StartHandle(registering.begin).Annotation(title=_("Receive mail")).Next(this.register)
    reopen = flow.StartHandle(registering.reopened).Annotation(title=_("Reopen")).Next(this.reopened)
    reopened = flow.If(act.process.is_registered).Then(this.triage).Else(this.register)

    register_by_hand = (
        flow.Start(views.RegisterByHand.as_view())
        .Annotation(title=_("Register by hand"))
        .Permission(Codename.REGISTER_INQUIRY)
        .Next(this.acknowledge)
    )
    register = (
        StepNode(views.Register.as_view())
        .Annotation(title=_("Register"))
        .Permission(Codename.REGISTER_INQUIRY)
        .Next(this.acknowledge)
    )
    acknowledge = QueuedJob(jobs.acknowledge).Annotation(title=_("Acknowledge")).Next(this.triage)

    # Chief of office: whose question is it, and how urgent
    triage = (
        StepNode(views.Triage.as_view())
        .Annotation(title=_("Triage"))
        .Permission(Codename.TRIAGE_INQUIRY)
        .Next(this.triaged)
    )
    triaged = (
        flow.Switch()
        .Case(this.not_a_request, queries.exits_as(TriageExit.NOT_A_REQUEST))
        .Case(this.foreign_press, queries.exits_as(TriageExit.FOREIGN_PRESS))
        .Case(this.off_system, queries.exits_as(TriageExit.OFF_SYSTEM))
        .Case(this.release, queries.exits_as(TriageExit.ALREADY_ANSWERED))
        .Case(this.await_refusals, queries.nothing_to_draft)
        .Default(this.assign)  # also advice to a superior, which leaves the path once it is stamped
    )

    # Lead unit: its head assigns, a specialist drafts, its head reviews the content
    assign = (
        StepNode(views.Assign.as_view())
        .Annotation(title=_("Assign"))
        .Permission(Codename.ASSIGN_INQUIRY, unit=queries.lead_unit)
        .Next(this.draft)
    )

    draft = (
        StepNode(views.Draft.as_view())
        .Annotation(title=_("Draft the reply"))
        .Permission(Codename.DRAFT_REPLY, unit=queries.lead_unit)
        .OnlyFor(queries.drafter)
        .Next(this.drafted)
    )
    drafted = flow.If(act.process.is_returned).Then(this.assign).Else(this.review)

    review = (
        FourEyesView(views.Review.as_view(), not_by=queries.author)
        .Annotation(title=_("Review the content"))
        .Permission(Codename.REVIEW_DRAFT, unit=queries.lead_unit)
        .Next(this.reviewed)
    )
    reviewed = flow.If(act.process.is_returned).Then(this.draft).Else(this.clear)

    # Legal officer, or the chief of office where there is none: secrecy, personal data, wording
    clear = (
        FourEyesView(views.Clear.as_view(), not_by=queries.author)
        .Annotation(title=_("Clear the draft"))
        .Permission(queries.right_to_clear)
        .Next(this.cleared)
    )
    cleared = flow.If(act.process.is_returned).Then(this.draft).Else(this.await_refusals)

    # A refusal is a procedure of its own for each question (workflows/refusal/flow.py); the reply waits for it and
    # takes its outcome in, unless a letter of the refusal's own tells of it
    await_refusals = (
        Gate(queries.refusals_are_settled).Annotation(title=_("Await refusals")).Next(this.take_in)
    )
    take_in = flow.Function(taking_in.take_in).Annotation(title=_("Take the refusals in")).Next(this.taken_in)
    taken_in = (
        flow.Switch()
        .Case(this.await_letters, queries.all_told_by_letters)
        .Case(this.assign, queries.lacks_a_drafter)
        .Case(this.draft, queries.lacks_answers)
        .Default(this.decide)
    )
    await_letters = (
        Gate(queries.every_outcome_is_told)
        .Annotation(title=_("Await the letters of refusal"))
        .Next(this.conclude)
    )
    conclude = flow.Function(ending.conclude).Annotation(title=_("Conclude")).Next(this.concluded)

    # Head or standing spokesperson: this exact text, under a mandate
    decide = (
        MandateView(views.Decide.as_view(), not_by=queries.author)
        .Annotation(title=_("Decide"))
        .Permission(Codename.DECIDE_REPLY)
        .Next(this.decided)
    )
    decided = (
        flow.Switch()
        .Case(this.draft, act.process.is_returned)
        .Case(this.await_refusals, queries.refusals_are_open)
        .Case(this.issue, act.process.needs_document)
        .Default(this.release)
    )

    # Where a document goes out: the machine numbers and renders, the decider signs, the clerk stamps
    issue = (
        QueuedJob(jobs.issue, ready=queries.number_is_at_hand)
        .Annotation(title=_("Number and issue"))
        .Next(this.sign)
    )

    sign = (
        StepNode(views.Sign.as_view())
        .Annotation(title=_("Sign"))
        .Permission(Codename.SIGN_DOCUMENT)
        .OnlyFor(queries.decider)
        .Next(this.stamp)
    )

    stamp = (
        StepNode(views.Stamp.as_view())
        .Annotation(title=_("Stamp"))
        .Permission(Codename.STAMP_DOCUMENT)
        .Next(this.stamped)
    )
    stamped = flow.If(act.process.is_advice).Then(this.advice_given).Else(this.release)

    # Whoever has a mandate at this instant: release; then the press contact follows up
    release = (
        MandateView(views.Release.as_view())
        .Annotation(title=_("Release"))
        .Permission(Codename.RELEASE_STATEMENT)
        .Next(this.follow_up)
    )

    follow_up = (
        StepNode(views.FollowUp.as_view())
        .Annotation(title=_("Follow up"))
        .Permission(Codename.FOLLOW_UP_INQUIRY)
        .Next(this.concluded)
    )

    concluded = (
        flow.Switch()
        .Case(this.answered, queries.outcome_is(InquiryOutcome.ANSWERED))
        .Case(this.redirected, queries.outcome_is(InquiryOutcome.REDIRECTED))
        .Case(this.refused, queries.outcome_is(InquiryOutcome.REFUSED))
        .Case(this.partly_refused, queries.outcome_is(InquiryOutcome.PARTLY_REFUSED))
        .Case(this.withheld, queries.outcome_is(InquiryOutcome.WITHHELD))
        .Default(this.partly_answered)
    )

    # Ends, named by outcome
    answered = flow.End().Annotation(title=_("Answered"))
    partly_answered = flow.End().Annotation(title=_("Partly answered"))
    refused = flow.End().Annotation(title=_("Refused"))
    partly_refused = flow.End().Annotation(title=_("Partly refused"))
    withheld = flow.End().Annotation(title=_("Considered, not provided yet"))
    redirected = flow.End().Annotation(title=_("Redirected"))
    advice_given = flow.End().Annotation(title=_("Advice given"))
    withdrawn = flow.End().Annotation(title=_("Withdrawn by the journalist"))
    not_a_request = flow.End().Annotation(title=_("Not a request for information"))
    foreign_press = flow.End().Annotation(title=_("Foreign press"))
    taken_back = flow.End().Annotation(title=_("Taken back: a question has to be answered after all"))
    off_system = flow.End().Annotation(title=_("Handled off-system"))
