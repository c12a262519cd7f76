"""Delegation of speaking: from the report or proposal to the letter, the term and its end."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import act, flow

from core.enums import Codename
from workflows.base import ProcedureFlow
from workflows.nodes import QueuedJob, StepNode, Term

from . import queries, views
from .actions import confirming, ending, jobs, opening
from .models import DelegationProcess, Outcome


class DelegationFlow(ProcedureFlow):
    """
    Delegation of speaking

    The head delegates one person in writing to speak on one case for a limited term; nobody passes it on.

    Legal basis: Decree 09/2017 art 3 until 30/6/2026, Decree 244/2026 art 3 from 1/7/2026; the letter by Decree
    30/2020. Who may be delegated, and when, is read from the law of the instant of signing.
    """

    process_class = DelegationProcess
    code = "delegation"
    version = "1"

    # Beside the path: the head revokes, at any time (actions/ending.py). The mandate itself compares instants: it
    # ends at its end, whenever the sweep comes to tell this procedure.

    # A spokesperson reports, or anybody who drafts proposes; or the clerk files a letter signed on paper
    report = (
        flow.Start(views.Report.as_view())
        .Annotation(title=_("Report being unable to speak"))
        .Permission(Codename.DRAFT_DELEGATION)
        .Next(this.draft)
    )

    propose = (
        flow.Start(views.Propose.as_view())
        .Annotation(title=_("Propose a delegation"))
        .Permission(Codename.DRAFT_DELEGATION)
        .Next(this.draft)
    )

    file_paper = (
        flow.Start(views.FilePaper.as_view())
        .Annotation(title=_("File a letter signed on paper"))
        .Permission(Codename.REGISTER_DELEGATION)
        .Next(this.granted)
    )

    # Office: the draft, checked against the law of the day when it is handed in
    draft = (
        StepNode(views.Draft.as_view())
        .Annotation(title=_("Draft the delegation"))
        .Permission(Codename.DRAFT_DELEGATION)
        .Next(this.drafted)
    )

    drafted = (
        flow.Switch()
        .Case(this.dropped, act.process.is_dropped)
        .Case(this.register_paper, act.process.is_on_paper)
        .Default(this.issue)
    )

    # On paper: the clerk registers number, scan and the claimed instant of signing
    register_paper = (
        StepNode(views.RegisterPaper.as_view())
        .Annotation(title=_("Register the signed letter"))
        .Permission(Codename.REGISTER_DELEGATION)
        .Holding(queries.hold_for_the_letter)
        .Next(this.registered)
    )

    registered = flow.If(act.process.is_returned).Then(this.draft).Else(this.granted)

    # In the system: the machine numbers and renders, the head in office signs, with a password
    issue = (
        QueuedJob(jobs.issue, ready=queries.number_is_at_hand)
        .Annotation(title=_("Number and issue"))
        .Next(this.sign)
    )

    sign = (
        StepNode(views.Sign.as_view())
        .Annotation(title=_("Sign"))
        .Permission(Codename.DELEGATE_SPEAKING)
        .Holding(queries.hold_for_the_letter)
        .Next(this.signed)
    )

    signed = flow.If(act.process.is_returned).Then(this.draft).Else(this.granted)

    # From the signature on: the term runs, and beside it the clerk stamps and what must be public is published
    granted = flow.Split().Next(this.in_force).Next(this.formalities)

    in_force = Term(queries.end_of_term).Annotation(title=_("In force")).Next(this.conclude)

    conclude = (
        flow.Function(ending.conclude).Annotation(title=_("Take the authority back")).Next(this.settled)
    )

    formalities = flow.If(act.process.is_on_paper).Then(this.publication).Else(this.stamp)

    stamp = (
        StepNode(views.Stamp.as_view())
        .Annotation(title=_("Stamp"))
        .Permission(Codename.STAMP_DOCUMENT)
        .Next(this.publication)
    )

    publication = flow.If(queries.publication_is_owed).Then(this.publish).Else(this.settled)

    publish = (
        StepNode(views.Publish.as_view())
        .Annotation(title=_("Publish the delegation"))
        .Permission(Codename.PUBLISH_SPEAKERS)
        .Next(this.settled)
    )

    settled = flow.Join().Next(this.ended)

    ended = (
        flow.Switch()
        .Case(this.revoked, queries.ended_as(Outcome.REVOKED))
        .Case(this.case_closed, queries.ended_as(Outcome.CASE_CLOSED))
        .Case(this.left_post, queries.ended_as(Outcome.LEFT_POST))
        .Default(this.expired)
    )

    # A new head confirms or revokes each delegation of the earlier one; until then it stays in force
    head_changed = flow.StartHandle(opening.ask_new_head).Annotation(title=_("New head")).Next(this.confirm)

    confirm = (
        StepNode(views.Confirm.as_view())
        .Annotation(title=_("Confirm or revoke"))
        .Permission(Codename.DELEGATE_SPEAKING)
        .OnlyFor(confirming.new_head)
        .Next(this.confirmed)
    )

    # Ends, named by outcome
    dropped = flow.End().Annotation(title=_("Given up before it was signed"))
    expired = flow.End().Annotation(title=_("Its term is over"))
    revoked = flow.End().Annotation(title=_("Revoked"))
    case_closed = flow.End().Annotation(title=_("The case was closed"))
    left_post = flow.End().Annotation(title=_("The delegate left the post"))
    confirmed = flow.End().Annotation(title=_("Judged by the new head"))
    superseded = flow.End().Annotation(title=_("Nothing left to confirm"))
