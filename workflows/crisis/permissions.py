"""May this act happen in this crisis now, whoever the node lets do it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import permissions as core_permissions
from core.enums import Codename, CrisisPart, DutyKind
from core.errors import NotAllowedNow, Refused
from core.models import Agency, Person
from core.queries import directory
from workflows import permissions
from workflows.crisis.models import CrisisStep, JointMatter
from workflows.crisis.queries import joint


class ForTheHeads(Refused):
    """The agencies did not agree below their heads, so only these go on."""


def check_may_skip(person: Person, step: CrisisStep, *, at: datetime) -> None:
    """A step is skipped only where the playbook says by whom. Raises NotAllowedNow, NotInPart."""
    core_permissions.check_active(person)
    if not step.may_skip:
        raise NotAllowedNow(_("The playbook does not let this step be skipped. Nothing was changed."))
    permissions.check_part(person, CrisisPart(step.may_skip), agency=step.agency, at=at)


def check_may_take_answers(person: Person, *, agency: Agency, at: datetime) -> None:
    """What a body tells us on the phone is recorded by whoever is on duty, whom it asks for, or whoever reports.

    Raises MissingRole.
    """
    if not is_on_duty(person, agency=agency, at=at):
        core_permissions.check_role(person, Codename.REPORT_CRISIS, agency=agency, at=at)


def is_on_duty(person: Person, *, agency: Agency, at: datetime) -> bool:
    """Whether the person is on either duty of the agency at the instant, by the roster, with an open account."""
    return any(
        directory.duty_people(kind, agency=agency, at=at).filter(pk=person.pk).exists() for kind in DutyKind
    )


def check_may_propose(person: Person, matter: JointMatter, *, at: datetime) -> None:
    """The lead proposes the joint text; once the matter is put to the heads its head does, as his own voice.

    Raises MissingRole, ForTheHeads.
    """
    _check_may_agree(person, matter, agency=matter.lead, at=at)


def check_may_voice(person: Person, matter: JointMatter, *, agency: Agency, at: datetime) -> None:
    """One of the others agrees or objects; once the matter is put to the heads its head alone does.

    Raises NotAllowedNow for an agency that is none of them, MissingRole, ForTheHeads.
    """
    check_is_asked(matter, agency=agency, at=at)
    _check_may_agree(person, matter, agency=agency, at=at)


def check_may_record_voice(person: Person, matter: JointMatter, *, agency: Agency, at: datetime) -> None:
    """Whoever may propose for the lead writes down what one of the others said on paper or on the phone.

    Raises NotAllowedNow for an agency that is none of them, MissingRole, ForTheHeads.
    """
    check_is_asked(matter, agency=agency, at=at)
    check_may_propose(person, matter, at=at)


def check_is_asked(matter: JointMatter, *, agency: Agency, at: datetime) -> None:
    if not joint.is_asked(matter, agency, at=at):
        raise NotAllowedNow(
            _("%(agency)s is not one of the agencies that agree here. Nothing was recorded.")
            % {"agency": agency.name}
        )


def _check_may_agree(person: Person, matter: JointMatter, *, agency: Agency, at: datetime) -> None:
    core_permissions.check_role(person, Codename.AGREE_CONTENT, agency=agency, at=at)
    if matter.deadlocked_at is not None:
        check_speaks_as_head(matter, agency=agency, is_head=is_head(person, agency=agency, at=at))


def check_speaks_as_head(matter: JointMatter, *, agency: Agency, is_head: bool) -> None:
    """Once the matter is put to the heads only a head's word counts, wherever it was given."""
    if matter.deadlocked_at is not None and not is_head:
        raise ForTheHeads(
            _("This matter was put to the heads: only the head of %(agency)s agrees, objects or proposes now. Nothing "
              "was recorded; what you typed is kept.")
            % {"agency": agency.name}
        )  # fmt: skip


def check_acts_as_head(person: Person, codename: Codename, *, agency: Agency, at: datetime) -> None:
    """An act of the head: the right opens it, and only whoever heads the agency at the instant does it.

    Raises MissingRole, NotInPart.
    """
    core_permissions.check_role(person, codename, agency=agency, at=at)
    permissions.check_part(person, CrisisPart.HEAD, agency=agency, at=at)


def is_head(person: Person, *, agency: Agency, at: datetime) -> bool:
    """Whether the person heads the agency at the instant."""
    return core_permissions.allowed(core_permissions.check_heads, person, agency=agency, at=at)
