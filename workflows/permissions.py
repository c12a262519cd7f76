"""Who may do a task now. The node, the page, the button and the jobs ask here; the inbox asks the same in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from core import permissions as core_permissions
from core.enums import Codename, CrisisPart, MandateKind, StatementForm
from core.errors import NotAllowedNow, NotFound, Refused
from core.models import Agency, Mandate, Person, Question
from core.queries import directory, mandates
from workflows.engine.models import TaskAssignment


class OwnWork(Refused):
    """Four eyes: who wrote it does not judge it."""


class NotInPart(Refused):
    """The step is for a role or a duty that the person does not hold in the agency at this instant."""


class HeldBySomebodyElse(Refused):
    """Another person holds the task, or it is meant for one person by name."""


def check_can_execute(person: Person, task: Task, *, at: datetime) -> Mandate | None:
    """Raise the sentence why not; return the mandate where the task needs one."""
    assignment: TaskAssignment = task.assignment
    mandate = _mandate_of_a_delegate(person, assignment, at=at)
    if mandate is None:
        _check_meant_for(person, assignment, at=at)
    if assignment.only_id is not None and assignment.only_id != person.pk:
        raise HeldBySomebodyElse(
            _("This step is %(person)s's alone. Nothing was changed.") % {"person": assignment.only}
        )
    if task.owner_id is not None and task.owner_id != person.pk:
        raise HeldBySomebodyElse(
            _("%(person)s has taken this step. Ask for it to be put back if you are to do it.")
            % {"person": task.owner}
        )
    _check_four_eyes(person, assignment)
    if assignment.needs_mandate:
        return mandate or _check_mandate(person, assignment, at=at)
    return None


def _check_meant_for(person: Person, assignment: TaskAssignment, *, at: datetime) -> None:
    """The right in this agency and unit, and the role or duty it is narrowed to."""
    core_permissions.check_role(
        person, Codename(assignment.codename), agency=assignment.agency, unit=assignment.unit, at=at
    )
    if part := assignment.role or assignment.duty:
        check_part(person, CrisisPart(part), agency=assignment.agency, at=at)


def check_part(person: Person, part: CrisisPart, *, agency: Agency, at: datetime) -> None:
    """Raise NotInPart unless the person holds the role in the agency, or is on the duty there, at the instant."""
    if directory.in_part(part, agency=agency, at=at).filter(pk=person.pk).exists():
        return
    if part == CrisisPart.HEAD:
        raise _not_the_head(agency, at=at)
    raise NotInPart(
        _("This is for: %(part)s, %(agency)s. You are not that at this hour; nothing was changed.")
        % {"part": part.label, "agency": agency.name}
    )


def _not_the_head(agency: Agency, *, at: datetime) -> NotInPart:
    head = mandates.head_at(agency, at=at)
    if head is None:
        return NotInPart(
            _(
                "Nobody heads %(agency)s now, so nobody can do this. Have the head, or the deputy put in charge, "
                "recorded in the directory; nothing was changed."
            )
            % {"agency": agency.name}
        )
    return NotInPart(
        _("Only %(head)s, who heads %(agency)s, can do this. Nothing was changed.")
        % {"head": head.person.full_name, "agency": agency.name}
    )


def check_can_see_task(person: Person, task: Task, *, at: datetime) -> None:
    """A step is seen by whoever sees its case; one of a crisis also by whoever it is meant for.

    Whoever is on duty changes by the hour, and a body that gets a report never sees the case of the one that reports.
    """
    assignment: TaskAssignment = task.assignment
    if assignment.crisis_id is not None and core_permissions.allowed(
        _check_meant_for, person, assignment, at=at
    ):
        return
    if assignment.agency_id != assignment.case.agency_id:
        raise NotFound(_("There is no such step."))
    core_permissions.check_can_see(person, assignment.case, at=at)


def _mandate_of_a_delegate(person: Person, assignment: TaskAssignment, *, at: datetime) -> Mandate | None:
    """Whoever is delegated for the case may do its steps of speaking, whatever roles he plays otherwise.

    Where the delegation does not reach, its sentence is the reason, not that of the missing role.
    """
    delegated = Mandate.objects.filter(person=person, case=assignment.case, kind=MandateKind.DELEGATED)
    if not assignment.needs_mandate or not delegated.exists():
        return None
    mandate = _check_mandate(person, assignment, at=at)
    return mandate if mandate.is_delegated else None


def _check_mandate(person: Person, assignment: TaskAssignment, *, at: datetime) -> Mandate:
    form, questions = _spoken_to(assignment)
    return core_permissions.check_may_speak(
        person, agency=assignment.agency, case=assignment.case, form=form, questions=questions, at=at
    )


def _spoken_to(assignment: TaskAssignment) -> tuple[StatementForm | None, Iterable[Question]]:
    """In which form, as far as it is settled, and on which questions the step speaks."""
    if assignment.question is not None:
        return None, [assignment.question]
    inquiry = assignment.inquiry
    if assignment.form:
        return StatementForm(assignment.form), ()
    return (inquiry.settled_form, inquiry.questions_spoken_to) if inquiry else (None, ())


def check_delegation_goes_on(person: Person, task: Task, *, at: datetime) -> None:
    """For a person once delegated for the case who sees it no more: raise the sentence of what ended that.

    Nothing for anybody else, whom the case is not to be told of, nor where the person may speak on it all the same.
    """
    assignment: TaskAssignment = task.assignment
    begun = Mandate.objects.filter(
        person=person, case=assignment.case, kind=MandateKind.DELEGATED, valid_from__lte=at
    )
    if begun.exists():
        _check_mandate(person, assignment, at=at)


def _check_four_eyes(person: Person, assignment: TaskAssignment) -> None:
    if assignment.excluded_id == person.pk:
        raise OwnWork(_("You wrote this, so somebody else must judge it. Nothing was changed."))
    if assignment.took_part.filter(pk=person.pk).exists():
        raise OwnWork(
            _("You took part in what this step judges, so somebody else must do it. Nothing was changed.")
        )


def check_can_put_back(person: Person, task: Task) -> None:
    if task.owner_id != person.pk:
        raise HeldBySomebodyElse(_("You do not hold this step."))
    if task.assignment.only_id is not None:
        raise HeldBySomebodyElse(
            _("This step was given to you by name. Give it back inside the step, with a reason.")
        )


def check_can_put_back_for_others(person: Person, task: Task, *, at: datetime) -> None:
    """What an absent person holds is put back by whoever triages, or by the head of the unit that leads."""
    assignment: TaskAssignment = task.assignment
    if task.owner_id is None:
        raise NotAllowedNow(_("Nobody has taken this step yet."))
    if assignment.only_id is not None:
        raise HeldBySomebodyElse(
            _("This step is %(person)s's alone. Nothing was changed.") % {"person": assignment.only}
        )
    check_can_direct(person, task, at=at)


def check_can_direct(person: Person, task: Task, *, at: datetime) -> None:
    """Whether the person sees to it that the step gets done: who triages in the agency, or assigns in the unit."""
    assignment: TaskAssignment = task.assignment
    unit = assignment.unit
    if unit is not None and core_permissions.allowed(
        core_permissions.check_role,
        person,
        Codename.ASSIGN_INQUIRY,
        agency=assignment.agency,
        unit=unit,
        at=at,
    ):
        return
    core_permissions.check_role(person, Codename.TRIAGE_INQUIRY, agency=assignment.agency, at=at)


def check_can_skip(person: Person, task: Task, *, at: datetime) -> Mandate:
    """A review is skipped only by the head or a spokesperson, whoever holds it, and never by the author."""
    assignment: TaskAssignment = task.assignment
    core_permissions.check_role(person, Codename.SKIP_REVIEW, agency=assignment.agency, at=at)
    _check_four_eyes(person, assignment)
    return _check_mandate(person, assignment, at=at)
