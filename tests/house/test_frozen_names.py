"""Names that stand in rows of running deployments: a rename needs a data migration, then a change here."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
from django.db.models import TextChoices
from django.utils.module_loading import import_string
from viewflow.workflow.fields import get_flow_ref

from config.schedules import SCHEDULES
from core import events
from core.actions import mail
from core.models import Case
from core.rules import trail
from workflows import nodes
from workflows.flows import FLOWS
from workflows.management.commands.procedures import nodes_of

NODES = """
    acknowledge advice_given answered assign await_refusals clear cleared concluded decide decided draft
    drafted follow_up foreign_press issue not_a_request off_system partly_answered receive redirected
    register register_by_hand release reopen reopened review reviewed sign stamp stamped triage triaged withdrawn
    await_letters conclude partly_refused refused take_in taken_back taken_in withheld
"""
NODES_OF_DELEGATION = """
    case_closed conclude confirm confirmed draft drafted dropped ended expired file_paper formalities granted
    head_changed in_force issue left_post propose publication publish register_paper registered report revoked
    settled sign signed stamp superseded
"""
NODES_OF_REFUSAL = """
    answered_after_all approve asked_again decide decided given_up issue lapsed off_system opened propose proposed
    reconsider reconsidered release replaced review reviewed sign stamp to_be_answered told told_in_letter told_in_reply
    upheld
"""
NODES_OF_CRISIS = """
    acknowledge activate activated assess assessed await_acknowledgements carry_out clear_statement close closed detect
    draft_statement drill issue_paper no_crisis open_steps paper_filed received release_statement report review running
    sign_paper stamp_paper stand_down statement_cleared statement_drafted statement_released step_settled
"""
FLOW_NODES = {
    "workflows/press_inquiry.flow.PressInquiryFlow": set(NODES.split()),
    "workflows/delegation.flow.DelegationFlow": set(NODES_OF_DELEGATION.split()),
    "workflows/refusal.flow.RefusalFlow": set(NODES_OF_REFUSAL.split()),
    "workflows/crisis.flow.CrisisFlow": set(NODES_OF_CRISIS.split()),
}
FLOW_VERSIONS = {"press_inquiry": "1", "delegation": "1", "refusal": "1", "crisis": "1"}

EVENT_CODES = """
    contact.closed contact.entered crisis.activated crisis.assessed crisis.closed crisis.detected
    crisis.dismissed crisis.level_changed crisis.redetermined crisis.returned crisis.reviewed crisis.stood_down
    crisis_report.acknowledged crisis_report.bounced crisis_report.delivered crisis_report.direction_received
    crisis_report.given_up crisis_report.over_head crisis_report.paper_bounced crisis_report.paper_opened
    crisis_report.auto_replied
    crisis_report.prepared crisis_report.replied crisis_report.rung_climbed crisis_report.sent
    crisis_setting.changed crisis_statement.cleared
    crisis_statement.drafted crisis_statement.given_up crisis_statement.opened crisis_statement.released
    crisis_statement.returned crisis_step.added crisis_step.done crisis_step.late crisis_step.opened
    crisis_step.skipped directory.ended directory.entered duty.recorded duty.removed joint_matter.agreed
    joint_matter.agreed_outside joint_matter.deadlocked joint_matter.linked joint_matter.objected
    joint_matter.objected_outside joint_matter.opened
    joint_matter.text_proposed playbook.approved playbook.changed
    playbook.draft_dropped playbook.drafted
    playbook.ended playbook.proposed
    account.closed account.reopened case.reopened delegation.confirmed delegation.drafted delegation.dropped
    delegation.proposed delegation.published delegation.reported delegation.returned mandate.delegated mandate.lapsed
    mandate.revoked register.changed speech.recorded_late
    advice.sent assignment.accepted assignment.returned calendar.published capacity.ended capacity.granted
    case.access_granted deadline.ended deadline.extended deadline.moved deadline.reminded deadline.started
    event.recorded feed.opened feed.revoked local_regulation.recorded local_rule.ended local_rule.recorded
    order.recorded rule_set.chosen verbatim.checked verbatim.entered
    case.access_revoked case.closed case.opened clock.restarted clock.stopped document.issued
    document.number_entered document.numbered document.purged document.signed document.stamped draft.approved_in_review
    draft.clearance_skipped draft.cleared draft.returned_in_clearance draft.returned_in_review
    draft.review_skipped draft.submitted inquiry.acknowledged inquiry.acknowledgement_impossible
    inquiry.acknowledgement_withheld
    inquiry.assigned inquiry.ended inquiry.joined_case inquiry.linked inquiry.moved_away inquiry.moved_here
    inquiry.received inquiry.registered inquiry.reopened inquiry.triaged inquiry.withdrawn job.failed
    mail.failed mail.joined mail.queued mail.read mail.received mail.resent mail.sent mandate.ended mandate.recorded
    opinion.answered opinion.asked person.appointed person.post_ended publication.none_found
    publication.recorded question.purged refusals.settled reply.approved reply.corrected_and_approved
    reply.returned role.assigned role.ended statement.released task.put_back task.taken
    agency.withholding_allowed agency.withholding_ended
    refusal.opened refusal.proposed refusal.confirmed refusal.ground_changed refusal.returned refusal.to_answer
    refusal.decided refusal.released refusal.given_up refusal.off_system refusal.ground_ended refusal.brought_back
    refusal.second_look_asked refusal.second_look_judged refusal.second_look_approved
"""

TRAIL_COLUMNS_OF_FORMAT_1 = """
    actor_id actor_kind actor_name actor_post actor_unit agency_code data entry_id format_version gesture_id
    mandate_id object_hash object_id object_type occurred_at on_behalf_of_id prev_hash procedure
    procedure_version reason recorded_at request rule_set seq stream type
"""

CODENAMES = """
    detect_crisis assess_crisis activate_crisis carry_out_step report_crisis draft_statement stand_down_crisis
    review_crisis acknowledge_report agree_content keep_playbooks approve_playbook keep_duty_roster run_drill
    administer_agency ask_opinion assign_inquiry audit_cases choose_law clear_draft clear_in_place decide_reply
    close_case delegate_speaking draft_delegation publish_speakers register_delegation
    keep_deadlines keep_law keep_local_rules publish_calendar
    draft_reply enter_number follow_up_inquiry move_inquiry register_inquiry release_statement
    reopen_inquiry review_draft sign_document skip_review stamp_document stop_clock triage_inquiry
    view_agency_cases view_unit_cases withdraw_inquiry
    propose_refusal reconsider_refusal
"""
CASE_GRANTS = {"handle_case", "speak_on_case"}

TASK_PATHS = """
    core.tasks.publish_registers workflows.tasks.settle_delegations workflows.tasks.bring_questions_back
    core.tasks.send_mail core.tasks.send_pending_mail core.tasks.sweep_purges workflows.tasks.fetch_mail
    workflows.tasks.fire_timers workflows.tasks.recompute_deadlines workflows.tasks.remind_of_deadlines
    workflows.tasks.run_job workflows.tasks.sweep_jobs workflows.tasks.advance_crises
"""

CHOICES = {
    "core.enums": {
        "ChangeKind": "calendar extension pause",
        "GroundKind": "secret investigation inspection draft_policy",
        "Secret": "state party private_life personal family other",
        "DayKind": "holiday swapped make_up ordinary",
        "DeadlineOutcome": "met late void",
        "DeadlineSource": "law local order",
        "InstrumentKind": "law code decree resolution",
        "LimitUnit": "hours days working_days before_date next_issue months times list none",
        "Mark": "verified recalled inferred",
        "ReminderStage": "before due overdue",
        "RuleBound": "at_most at_least subset fixed",
        "StartingEvent": """
            occurrence receipt receipt_and_handling registration determination publication detection signing
            assignment_decision conclusion planned_event entry_into_force reporting_period step_opened
        """,
        "AgencyKind": "ministry provincial_committee department branch commune party_body",
        "AckMeans": "task link phone",
        "CrisisPart": """
            press_contact clerk chief_of_office unit_head specialist
            legal_officer spokesperson deputy_head head duty_leader duty_officer
        """,
        "CrisisSource": "triage publication by_hand",
        "CrisisState": "detected assessed running stood_down closed dismissed",
        "DispatchMeans": "task mail phone",
        "DutyKind": "duty_leader duty_officer",
        "LateAct": "remind tell_chief tell_head hand_up",
        "PaperKind": "report coordination",
        "RecipientPart": """
            provincial_committee field_ministry press_ministry
            press_department party_communication police neighbour
        """,
        "ReportKind": "first update level closing",
        "VoiceMeans": "paper phone",
        "RungKind": "resend next_contact phone chief_of_office deputy_head head",
        "StepDeed": "task initial_statement report",
        "StepDocument": "none facts statement report coordination minutes correction_demand notice",
        "StepOrigin": "playbook level phone direction by_hand",
        "StepStart": "activation ready detection",
        "Capacity": "DIRECT TM Q KT TL TUQ",
        "Channel": "letter email phone in_person press_conference web_form",
        "Codename": CODENAMES,
        "Competence": "undecided ours other_agency state_secret",
        "CredentialKind": "press_card introduction none_shown",
        "InquiryKind": """
            information interview reply_on_press forwarded_opinion forwarded_complaint forwarded_denunciation
        """,
        "InquiryOutcome": """
            answered partly_answered redirected advice_given withdrawn not_a_request foreign_press
            off_system refused partly_refused withheld
        """,
        "MailStatus": "pending sent failed",
        "MandateKind": "ex_officio standing delegated",
        "Numbering": "own_series entered",
        "Circumstance": "head_unable unexpectedly_busy assigned",
        "LateResult": "statement personal",
        "MandateEndCause": "post_ended decision_ended revoked case_closed left_post",
        "PostKind": "head acting_head deputy_in_charge deputy_head deputy_running unit_head deputy_unit_head staff",
        "PressKind": "daily online weekly magazine radio_tv news_agency",
        "PurgeRemains": "mailbox elsewhere document released reason",
        "QuestionOutcome": "open answered redirected refused withheld off_system not_answered",
        "ReplyForm": "letter email portal interview",
        "Role": """
            press_contact clerk chief_of_office unit_head specialist legal_officer spokesperson deputy_head
            head ministry_press_officer auditor administrator
        """,
        "Secrecy": "ordinary restricted",
        "StatementForm": "press_conference portal direct press_release_or_reply briefing",
        "Urgency": "normal urgent",
    },
    "core.rules.trail": {
        "Problem": """
            sequence_broken chain_broken hash_wrong body_unreadable columns_differ time_runs_back
            head_missing head_differs entries_missing case_missing stream_missing unprotected
        """,
    },
    "documents.models.issued": {
        "DocumentState": "numbered rendered signed stamped purged",
        "EndorsementKind": "sign stamp",
    },
    "workflows.delegation.models": {
        "Origin": "report proposal paper",
        "Outcome": "expired revoked case_closed left_post dropped",
    },
    "workflows.refusal.models": {
        "Cause": "lapsed reconsidered",
        "Origin": "triage review clear decide reconsidered",
        "Outcome": "refused redirected withheld",
        "Result": "upheld changed answered",
        "State": "open decided to_answer lapsed answered replaced withdrawn off_system reopened",
        "VersionStep": "propose review",
        "WatchKind": "conclusion resolution trial approval declassification other",
    },
    "workflows.refusal.rules.grounds": {
        "Matter": "inspection complaint denunciation dispute check",
        "SecretLevel": "secret top utmost",
    },
    "workflows.press_inquiry.models": {
        "NotARequest": "advertising citizen spam other",
        "Quotation": "correct incorrect nothing",
        "TriageExit": "handle advice already_answered foreign_press not_a_request off_system",
        "VerdictKind": "approved returned skipped",
        "VerdictStep": "review clear decide",
        "VersionKind": "submission correction reuse outcomes",
    },
}


def test_flows_and_their_nodes_have_the_names_that_tasks_store() -> None:
    found = {get_flow_ref(flow_class): {node.name for node in nodes_of(flow_class)} for flow_class in FLOWS}

    assert found == FLOW_NODES


def test_procedures_have_the_code_and_version_that_processes_store() -> None:
    assert {flow_class.code: flow_class.version for flow_class in FLOWS} == FLOW_VERSIONS


def test_trail_events_have_the_codes_that_entries_store() -> None:
    assert set(events.EVENTS) == set(EVENT_CODES.split())


def test_trail_entries_of_format_1_hash_these_columns() -> None:
    assert trail.FORMAT_VERSION == 1
    assert set(trail.COLUMNS) == set(TRAIL_COLUMNS_OF_FORMAT_1.split())


def test_permissions_have_the_codenames_that_roles_and_tasks_store() -> None:
    assert {codename for codename, _label in Case._meta.permissions} == {*CODENAMES.split(), *CASE_GRANTS}


def test_jobs_have_the_paths_that_the_queue_stores() -> None:
    assert {nodes.JOB_PATH, mail.JOB, *(row.function for row in SCHEDULES)} == set(TASK_PATHS.split())


@pytest.mark.parametrize("path", TASK_PATHS.split())
def test_job_path_leads_to_a_function(path: str) -> None:
    assert callable(import_string(path))


@pytest.mark.parametrize("module", sorted(CHOICES))
def test_closed_lists_have_the_values_that_rows_store(module: str) -> None:
    frozen = {name: set(values.split()) for name, values in CHOICES[module].items()}

    assert _choices_of(importlib.import_module(module)) == frozen


def _choices_of(module: ModuleType) -> dict[str, set[str]]:
    return {
        name: set(found.values)
        for name, found in vars(module).items()
        if isinstance(found, type)
        and issubclass(found, TextChoices)
        and found.__module__.startswith(module.__name__)
    }
