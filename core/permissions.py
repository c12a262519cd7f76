"""`check_x` raises the sentence, `can_x` answers; one rule behind both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ParamSpec

from django.utils.translation import gettext as _

from core.enums import Codename, StatementForm
from core.errors import NotAllowedNow, NotFound, Refused
from core.models import Agency, Case, Deadline, Inquiry, Mandate, Person, Question, SigningCapacity, Unit
from core.queries import deadlines as deadline_queries
from core.queries import law as law_queries
from core.queries import mandates as mandate_queries
from core.queries import organisation, speech
from core.rules import delegations as delegation_rules
from core.rules import mandates as mandate_rules

P = ParamSpec("P")


class MissingRole(Refused):
    """The person holds no role that carries the right in this agency or unit at this instant."""


class NoSigningCapacity(Refused):
    """The person may not sign documents of the agency at this instant (Decree 30/2020 art 13)."""


def allowed(check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """The yes-or-no answer of any check."""
    try:
        check(*args, **kwargs)
    except Refused:
        return False
    return True


def check_active(person: Person) -> None:
    if not person.is_active:
        raise Refused(_("This account is closed. Ask the administrator of your agency."))


def check_role(
    person: Person, codename: Codename, *, agency: Agency, at: datetime, unit: Unit | None = None
) -> None:
    """A role in one agency gives nothing in another, and a unit's role nothing in another unit."""
    check_active(person)
    if not organisation.has_role(person, codename, agency=agency, at=at, unit=unit):
        raise MissingRole(
            _("Your roles at %(where)s do not include this: %(what)s. Nothing was changed.")
            % {"where": (unit or agency).name, "what": codename.label}
        )


def check_right(person: Person, codename: Codename, *, at: datetime) -> None:
    """A right over what all agencies share, the law and the calendar: held wherever a role carries it."""
    check_active(person)
    if not organisation.agencies_of(person, at=at, codename=codename).exists():
        raise MissingRole(
            _("None of your roles includes this: %(what)s. Nothing was changed.") % {"what": codename.label}
        )


def check_may_speak(
    person: Person,
    *,
    agency: Agency,
    case: Case,
    at: datetime,
    form: StatementForm | None,
    questions: Iterable[Question] = (),
    known_at: datetime | None = None,
    lock: bool = False,
) -> Mandate:
    """The one gate for speaking in an agency's name; returns the mandate that allows it.

    Decree 244/2026 art 3. Every act of speaking calls it inside its transaction with `lock=True`, having held the
    person's mandates before its instant was read, so that none ends between the check and the commit. `form` is
    None only where it is not settled yet, on the page of a step; `known_at` replays what the system knew by then.
    Raises NoMandate with the reason, or Refused for a closed account.
    """
    ask = mandate_rules.Ask(
        person=person, agency=agency, case=case, at=at, form=form, questions=questions, known_at=known_at
    )
    return mandate_rules.deciding_mandate(ask, mandate_queries.held_by(person, agency=agency, lock=lock))


def check_heads(person: Person, *, agency: Agency, at: datetime) -> Mandate:
    """Only the head in office at the instant: appointed, acting, or a deputy in charge while the post is vacant."""
    head = mandate_queries.head_at(agency, at=at)
    if head is None or head.person_id != person.pk:
        posts = list(mandate_queries.posts_of(person, agency=agency, at=at))
        held = list(mandate_queries.mandates_of(person, agency=agency))
        raise delegation_rules.not_the_head(
            person, agency=agency, head=head, posts=posts, mandates=held, at=at
        )
    return head


def check_may_sign(person: Person, *, agency: Agency, at: datetime) -> SigningCapacity:
    """The capacity in which the person signs for the agency. A mandate to speak does not give it."""
    capacity = mandate_queries.capacities_of(person, agency=agency, at=at).first()
    if capacity is None:
        raise NoSigningCapacity(
            _(
                "%(person)s may not sign documents of %(agency)s. Choose a form of reply without a document, "
                "or leave the decision to someone who signs."
            )
            % {"person": person.full_name, "agency": agency.name}
        )
    return capacity


def check_law_is_settled(inquiry: Inquiry, *, at: datetime) -> None:
    """Between two laws nobody decides before a person has chosen the governing one, with the reason."""
    if law_queries.is_undecided(inquiry, at=at):
        raise NotAllowedNow(
            _(
                "The press law changed between the receipt of this inquiry and now, and no rule says which "
                "governs. Choose the governing law on the case page first; nothing was decided and what you "
                "typed is kept."
            )
        )


def check_works_in(person: Person, *, agency: Agency, at: datetime) -> None:
    """Whoever holds a role in the agency that is more than reading as an auditor."""
    check_active(person)
    if not organisation.agencies_worked_in(person, at=at).filter(pk=agency.pk).exists():
        raise MissingRole(
            _("You hold no role at %(agency)s in which you could record this. Ask somebody who works there.")
            % {"agency": agency.name}
        )


def check_may_record_speech(person: Person, *, case: Case, at: datetime) -> None:
    """Recording what was said is open to all who work in the agency and see the case, and to its delegate.

    No mandate is asked for: what is recorded is judged, not refused. Raises NotFound, MissingRole.
    """
    check_active(person)
    check_can_see(person, case, at=at)
    if not speech.delegated_cases(person, at=at).filter(pk=case.pk).exists():
        check_works_in(person, agency=case.agency, at=at)


def check_can_see(person: Person, case: Case, *, at: datetime) -> None:
    """A case one may not see is not found: its existence is not told either."""
    if not Case.objects.visible_to(person, at=at).filter(pk=case.pk).exists():
        raise NotFound(_("There is no such case, or it is not open to you."))


def check_can_see_deadline(person: Person, deadline: Deadline, *, at: datetime) -> None:
    """As its case is open to the person; without a case, to whoever keeps or reads who speaks for the agency."""
    seen = Deadline.objects.filter(deadline_queries.open_to(person, at=at), pk=deadline.pk)
    if not seen.exists():
        raise NotFound(_("There is no such deadline, or it is not open to you."))
