"""Crisis: from what was noticed to the playbook that runs, what is said, who is told, and the review afterwards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import act, flow

from core.enums import Codename
from workflows.base import ProcedureFlow
from workflows.nodes import ForEachRow, FourEyesView, Gate, MandateView, RowJob, StepNode, its_row

from . import queries, views
from .actions import closing, papers, steps
from .models import CrisisProcess


class CrisisFlow(ProcedureFlow):
    """
    Crisis

    A scenario runs: its steps become tasks, the initial statement is due, and reports are pursued until a named person
    on the other side acknowledges.

    Legal basis: Decree 09/2017 art 6 until 30/6/2026, Decree 244/2026 art 7 from 1/7/2026: 24 hours for the initial
    statement. Levels and minutes are the agency's own regulation.
    """

    process_class = CrisisProcess
    code = "crisis"
    version = "1"
    side_by_side = frozenset(
        {"carry_out", "report", "draft_statement", "clear_statement", "release_statement", "stand_down"}
    )

    # Beside the path: the level goes up or down (actions/levels.py), a step or statement is added, further reports go
    # out (actions/reports/), the ladder climbs (actions/ladder.py). Each begins a branch of its own where it has tasks.

    # Noticed at an inquiry's triage, in an article or post, or by hand; or a drill
    detect = (
        flow.Start(views.Detect.as_view())
        .Annotation(title=_("Note a possible crisis"))
        .Permission(Codename.DETECT_CRISIS)
        .Next(this.assess)
    )
    drill = (
        flow.Start(views.StartDrill.as_view())
        .Annotation(title=_("Start a drill"))
        .Permission(Codename.RUN_DRILL)
        .Next(this.assess)
    )

    # A person says what it is: scenario, level, paragraph of the law and so the clock; or that it is no crisis
    assess = (
        StepNode(views.Assess.as_view())
        .Annotation(title=_("Assess"))
        .Permission(Codename.ASSESS_CRISIS)
        .Next(this.assessed)
    )
    assessed = flow.If(act.process.is_dismissed).Then(this.no_crisis).Else(this.activate)

    # Head or deputy: the playbook runs from here on
    activate = (
        StepNode(views.Activate.as_view())
        .Annotation(title=_("Activate the playbook"))
        .Permission(Codename.ACTIVATE_CRISIS)
        .Next(this.activated)
    )
    activated = flow.If(act.process.is_returned).Then(this.assess).Else(this.running)
    running = flow.Split().Next(this.open_steps).Next(this.stand_down)

    # Each step of the playbook becomes a task when the steps before it are settled
    open_steps = (
        ForEachRow(steps.open_ready)
        .Annotation(title=_("Open the steps that are ready"))
        .Next(this.carry_out)
        .Next(this.draft_statement)
        .Next(this.report)
        .Otherwise(this.step_settled)
    )

    carry_out = (
        StepNode(views.CarryOut.as_view())
        .Annotation(title=_("Step of the playbook"))
        .Permission(Codename.CARRY_OUT_STEP)
        .InPart(queries.part)
        .Next(this.open_steps)
    )

    # What is said: drafted, cleared, released by somebody with a mandate, at any hour, without number, seal or PDF
    draft_statement = (
        StepNode(views.DraftStatement.as_view())
        .Annotation(title=_("Draft the statement"))
        .Permission(Codename.DRAFT_STATEMENT)
        .Next(this.statement_drafted, task_seed=its_row)
    )
    statement_drafted = (
        flow.If(queries.is_given_up).Then(this.open_steps).Else(this.clear_statement, task_seed=its_row)
    )
    clear_statement = (
        FourEyesView(views.ClearStatement.as_view(), not_by=queries.author)
        .Annotation(title=_("Clear the statement"))
        .Permission(queries.right_to_clear)
        .Next(this.statement_cleared, task_seed=its_row)
    )
    statement_cleared = (
        flow.If(queries.is_returned)
        .Then(this.draft_statement, task_seed=its_row)
        .Else(this.release_statement, task_seed=its_row)
    )
    release_statement = (
        MandateView(views.ReleaseStatement.as_view(), not_by=queries.author)
        .Annotation(title=_("Release the statement"))
        .Permission(Codename.RELEASE_STATEMENT)
        .InForm(queries.form)
        .Holding(queries.hold_for_release)
        .Next(this.statement_released, task_seed=its_row)
    )
    statement_released = (
        flow.If(queries.is_returned).Then(this.draft_statement, task_seed=its_row).Else(this.open_steps)
    )

    # Who is told: the five lines go out; a recipient in the system gets a task of its own
    report = (
        StepNode(views.SendReport.as_view())
        .Annotation(title=_("Report upward and beside"))
        .Permission(Codename.REPORT_CRISIS)
        .Next(this.open_steps)
    )
    acknowledge = (
        StepNode(views.Acknowledge.as_view())
        .Annotation(title=_("Acknowledge the report"))
        .Permission(Codename.ACKNOWLEDGE_REPORT, agency=queries.recipient)
        .Next(this.received)
    )

    # The numbered paper follows when the office opens
    issue_paper = (
        RowJob(papers.issue, ready=queries.number_is_at_hand)
        .Annotation(title=_("Number and issue"))
        .Next(this.sign_paper, task_seed=its_row)
    )
    sign_paper = (
        StepNode(views.SignPaper.as_view())
        .Annotation(title=_("Sign"))
        .Permission(Codename.SIGN_DOCUMENT)
        .OnlyFor(queries.signer)
        .Next(this.stamp_paper, task_seed=its_row)
    )
    stamp_paper = (
        StepNode(views.StampPaper.as_view())
        .Annotation(title=_("Stamp"))
        .Permission(Codename.STAMP_DOCUMENT)
        .Next(this.paper_filed)
    )

    # The head ends it, with the reason; what was late and why is reviewed; reports are pursued to the last
    stand_down = (
        StepNode(views.StandDown.as_view())
        .Annotation(title=_("Stand down"))
        .Permission(Codename.STAND_DOWN_CRISIS)
        .InPart(queries.head)
        .Next(this.review)
    )
    review = (
        StepNode(views.Review.as_view())
        .Annotation(title=_("After-action review"))
        .Permission(Codename.REVIEW_CRISIS)
        .Next(this.await_acknowledgements)
    )
    await_acknowledgements = (
        Gate(queries.nothing_is_outstanding)
        .Annotation(title=_("Await acknowledgements and papers"))
        .Next(this.close)
    )
    close = flow.Function(closing.close).Annotation(title=_("Close the crisis")).Next(this.closed)

    # Ends of branches, and of the whole
    step_settled = flow.End().Annotation(title=_("Nothing more is ready"))
    received = flow.End().Annotation(title=_("Acknowledged"))
    paper_filed = flow.End().Annotation(title=_("Paper filed"))
    no_crisis = flow.End().Annotation(title=_("No crisis"))
    closed = flow.End().Annotation(title=_("Closed"))
