"""The pages of handling a crisis: every step, the acts beside the path, reports, playbooks, roster, joint matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from viewflow.workflow.models import Task

from core.actions import mail
from core.enums import AgencyKind, StatementForm
from core.models import Crisis, OutgoingMail, Person
from tests.browser.visits import HOSTILE, LONG, Visit
from tests.factories import make_agency
from tests.walk import Walk
from tests.workflows.crisis.reports_walk import COMMITTEE, MINISTRY, POLICE, ReportWalk
from tests.workflows.crisis.running_walk import RunningWalk
from tests.workflows.crisis.statements_walk import JointWalk
from tests.workflows.crisis.test_bounces import answer
from tests.workflows.crisis.walk import make_playbook
from workflows import intake
from workflows.crisis.actions import playbooks, statements, writing
from workflows.crisis.models import Dispatch, DispatchReply


def of_handling(walk: Walk) -> Iterator[Visit]:
    cast = walk.cast
    yield from by_itself(
        cast.chief, "crisis_received", "joint_matters", "duty_roster", "playbooks", "crisis_drill"
    )
    yield Visit("crisis_detect", cast.contact, reverse("crisis_detect"))
    running = RunningWalk(cast, walk.set_clock, at=walk.at).begin(
        version=make_playbook(code="handled", signs=(f"Dấu hiệu {LONG}"[:300],)), note=HOSTILE
    )
    yield step(running, "assess", cast.chief)
    running.assess()
    yield step(running, "activate", cast.head)
    running.activate()
    yield step(running, "carry_out", cast.contact)
    yield step(running, "stand_down", cast.head)
    yield from beside(running.crisis, cast.chief, "crisis_level", "crisis_step_add", "statement_open")
    yield from beside(running.crisis, cast.chief, "joint_matter_open", "joint_matter_link")
    yield from of_statements(running)
    yield from of_playbooks(running)
    yield from of_reports(walk)
    yield from of_joint_matters(walk)


def by_itself(by: Person, *names: str) -> Iterator[Visit]:
    for name in names:
        yield Visit(name, by, reverse(name))


def beside(crisis: Crisis, by: Person, *names: str) -> Iterator[Visit]:
    for name in names:
        yield Visit(name, by, reverse(name, args=[crisis.pk]))


def step(walk: Any, node: str, by: Person) -> Visit:
    task: Task = walk.tasks(node)[0]
    return Visit(f"crisis-{node}", by, reverse("step", args=[task.pk]))


def of_statements(walk: RunningWalk) -> Iterator[Visit]:
    cast = walk.cast
    walk.do("verify", by=cast.contact)
    yield step(walk, "draft_statement", cast.contact)
    draft = statements.Draft(text=f"Sở đang xác minh. {HOSTILE}", form=StatementForm.PORTAL)
    statement = walk.tasks("draft_statement")[0].seed
    walk.execute(
        walk.tasks("draft_statement")[0],
        lambda act: statements.draft(statement=act.task.seed, draft=draft, by=act.by, at=act.at),
        by=cast.contact,
    )
    yield step(walk, "clear_statement", cast.legal)
    sha256 = statement.texts.get().sha256
    walk.execute(
        walk.tasks("clear_statement")[0],
        lambda act: statements.clear(statement=act.task.seed, sha256=sha256, by=act.by, at=act.at),
        by=cast.legal,
    )
    yield step(walk, "release_statement", cast.head)


def of_playbooks(walk: RunningWalk) -> Iterator[Visit]:
    cast, version = walk.cast, walk.version
    yield Visit("playbook", cast.chief, reverse("playbook", args=[version.pk]))
    draft = playbooks.open_draft(version, agency=cast.agency, change=HOSTILE, by=cast.chief, at=walk.at)
    yield Visit("playbook_edit", cast.chief, reverse("playbook_edit", args=[draft.pk]))
    yield Visit("playbook_approve", cast.head, reverse("playbook_approve", args=[draft.pk]))
    yield Visit("playbook_drop", cast.chief, reverse("playbook_drop", args=[draft.pk]))


def of_reports(walk: Walk) -> Iterator[Visit]:
    cast = walk.cast
    reporting = ReportWalk(cast, walk.set_clock, at=walk.at)
    reporting.run(COMMITTEE, MINISTRY, POLICE)
    yield step(reporting, "report", cast.chief)
    reporting.send()
    yield step(reporting, "acknowledge", reporting.receiver)
    yield Visit("crisis_received-one", reporting.receiver, reverse("crisis_received"))
    yield Visit("crisis_report", cast.chief, reverse("crisis_report", args=[reporting.crisis.pk]))
    dispatch: Dispatch = reporting.dispatch(reporting.ministry)
    for name in ("dispatch_phone", "dispatch_direction"):
        yield Visit(name, cast.chief, reverse(name, args=[dispatch.pk]))
    for name in ("dispatch_give_up", "dispatch_over_head"):
        yield Visit(name, cast.head, reverse(name, args=[dispatch.pk]))
    link = writing.address_of(dispatch, contact=reporting.ministry.contacts.first(), rung=0, at=reporting.at)
    yield from of_answers(reporting)
    yield Visit("crisis_link", None, "/" + link.split("/", 3)[3])
    yield Visit("crisis_link-altered", None, "/" + link.split("/", 3)[3].rstrip("/") + "x/", 404)


def of_answers(reporting: ReportWalk) -> Iterator[Visit]:
    """An answer by mail came, on the page of the crisis and on its own."""
    sent = OutgoingMail.objects.get(key=f"crisis-{reporting.dispatch(reporting.ministry).pk}-0:report")
    reporting.pass_time(minutes=1)
    mail.send(sent.pk, at=reporting.at)
    raw = answer(sent, headers=f"X-Note: {LONG}\n")
    intake.receive_all(raw, code=reporting.cast.agency.code, at=reporting.at)
    reply = DispatchReply.objects.get()
    yield Visit(
        "crisis-answered", reporting.cast.head, reverse("crisis", args=[reply.dispatch.report.crisis_id])
    )
    yield Visit("crisis_reply", reporting.cast.head, reverse("crisis_reply", args=[reply.pk]))


def of_joint_matters(walk: Walk) -> Iterator[Visit]:
    joint = JointWalk(walk.cast, walk.set_clock)
    silent = make_agency(code="TINH-C", name="UBND tỉnh C (giả định)", kind=AgencyKind.PROVINCIAL_COMMITTEE)
    joint.matter.parties.add(silent)
    text = joint.agree(joint.propose(f"Nội dung thống nhất. {HOSTILE}"))
    speaker, voice = joint.lead.spokesperson, (joint.matter.pk, text.number)
    yield Visit("joint_matter", joint.lead.chief, reverse("joint_matter", args=[joint.matter.pk]))
    yield Visit("joint_text_propose", speaker, reverse("joint_text_propose", args=[joint.matter.pk]))
    yield Visit("joint_voice_record", speaker, reverse("joint_voice_record", args=[*voice, silent.pk]))
    yield Visit("joint_voice", walk.cast.chief, reverse("joint_voice", args=[*voice, walk.cast.agency.pk]))
