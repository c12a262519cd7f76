"""Who may speak: the decision, given the mandates that the queries fetched. Nothing here reads the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core import clock
from core.enums import HEADSHIP, MandateEndCause, MandateKind, StatementForm
from core.errors import Refused
from core.models import AccountClosure, Agency, Case, Mandate, MandateEnd, Person, Question
from core.rules import periods


class NoMandate(Refused):
    """The person holds no mandate that covers this agency, case, form, question and instant.

    `reason` is the sentence without what to do next, for what is written down or replayed.
    """

    def __init__(self, sentence: str, *, reason: str = "") -> None:
        self.reason = reason or sentence
        super().__init__(sentence)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """May `person` speak for `agency` on `case`, in this form, on these questions, at this instant?

    Without a form it is asked whether in any form. `known_at` asks with what the system knew by then.
    """

    person: Person
    agency: Agency
    case: Case
    at: datetime
    form: StatementForm | None = None
    questions: Iterable[Question] = ()
    known_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Held:
    """What decides: the person's mandates for the agency, its headships, the closures of the person's account."""

    mandates: Sequence[Mandate]
    headships: Sequence[Mandate]
    closures: Sequence[AccountClosure]


def in_words(instant: datetime) -> str:
    return instant.astimezone(clock.ZONE).strftime("%H:%M:%S %d/%m/%Y")


def in_full(instant: datetime) -> str:
    """As an official paper writes it: 17 giờ 00 phút ngày 25/11/2026; seconds only where there are any."""
    local = instant.astimezone(clock.ZONE)
    parts = {
        "hour": f"{local:%H}",
        "minute": f"{local:%M}",
        "second": f"{local:%S}",
        "day": f"{local:%d/%m/%Y}",
    }
    if local.second:
        return _("%(hour)s:%(minute)s:%(second)s on %(day)s") % parts
    return _("%(hour)s:%(minute)s on %(day)s") % parts


def until(mandate: Mandate, *, known_at: datetime | None = None) -> datetime | None:
    """When it ends, as far as was known."""
    return periods.until(mandate.granted_until, mandate.ends.all(), known_at=known_at)


def is_in_force(mandate: Mandate, *, at: datetime, known_at: datetime | None = None) -> bool:
    """Whether it was known and holds at the instant: the first is in, the end is out."""
    return periods.is_in_force(mandate, mandate.ends.all(), at=at, known_at=known_at)


def is_over(mandate: Mandate, *, at: datetime, known_at: datetime | None = None) -> bool:
    """Whether it gives nothing from the instant on: its end has come, or came before its beginning."""
    end = until(mandate, known_at=known_at)
    return end is not None and end <= max(at, mandate.valid_from)


def head_in_office(
    headships: Iterable[Mandate], *, at: datetime, known_at: datetime | None = None
) -> Mandate | None:
    """Who heads the agency: the appointed head, else an acting one, else a deputy put in charge; else nobody.

    Of two of one rank the later to begin; a deputy who runs the daily work is never among them.
    """
    in_office = [each for each in headships if is_in_force(each, at=at, known_at=known_at)]
    return min(in_office, key=_precedence, default=None)


def _precedence(mandate: Mandate) -> tuple[int, float]:
    assert mandate.post is not None, "an ex officio mandate comes from a post"
    return [str(kind) for kind in HEADSHIP].index(mandate.post.kind), -mandate.valid_from.timestamp()


def deciding_mandate(ask: Ask, held: Held) -> Mandate:
    """The mandate under which the person may speak.

    Decree 244/2026 art 3 (before 1/7/2026 Decree 09/2017 art 3): the head, a standing spokesperson, or a person
    delegated in writing for one case and a limited term. Raises NoMandate with the reason of the mandate that comes
    nearest, or Refused for a closed account.
    """
    if ask.case.agency_id != ask.agency.pk:
        raise NoMandate(_("This case does not belong to %(agency)s.") % {"agency": ask.agency.name})
    if is_closed(held.closures, at=ask.at, known_at=ask.known_at):
        raise Refused(_("This account is closed. Ask the administrator of your agency."))
    nearest, refusal = -1, _never_had_one(ask)
    for mandate in held.mandates:
        if not periods.is_known(mandate.recorded_at, known_at=ask.known_at):
            continue
        reason = _why_not(mandate, ask, held)
        if reason is None:
            return mandate
        if reason[0] >= nearest:
            nearest, refusal = reason[0], NoMandate(reason[1])
    raise refusal


def is_closed(closures: Iterable[AccountClosure], *, at: datetime, known_at: datetime | None = None) -> bool:
    """Whether the account was closed at the instant. Closing is known the moment it happens."""
    last = at if known_at is None else min(at, known_at)
    return any(
        each.closed_at <= last and (each.reopened_at is None or each.reopened_at > last) for each in closures
    )


def _never_had_one(ask: Ask) -> NoMandate:
    said = {"person": ask.person.full_name, "agency": ask.agency.name}
    return NoMandate(
        _(
            "%(person)s has no mandate to speak for %(agency)s. "
            "Ask the head or the standing spokesperson to do this step."
        )
        % said,
        reason=_("%(person)s has no mandate to speak for %(agency)s.") % said,
    )


def _why_not(mandate: Mandate, ask: Ask, held: Held) -> tuple[int, str] | None:
    """How near the mandate comes, and the sentence of what it fails; none where it allows."""
    for nearness, obstacle in enumerate(_OBSTACLES):
        sentence = obstacle(mandate, ask, held)
        if sentence:
            return nearness, sentence
    return None


def _another_agency(mandate: Mandate, ask: Ask, _held: Held) -> str:
    if mandate.agency_id == ask.agency.pk:
        return ""
    return _("The mandate is for another agency, not for %(agency)s.") % {"agency": ask.agency.name}


def _another_case(mandate: Mandate, ask: Ask, _held: Held) -> str:
    if not mandate.is_delegated or mandate.case_id == ask.case.pk:
        return ""
    return _("%(document)s is for another case.") % {"document": document(mandate)}


def _not_begun(mandate: Mandate, ask: Ask, _held: Held) -> str:
    end = until(mandate, known_at=ask.known_at)
    if mandate.valid_from <= ask.at or (end is not None and end <= mandate.valid_from):
        return ""
    return _("%(document)s holds only from %(begin)s.") % {
        "document": document(mandate),
        "begin": in_full(mandate.valid_from),
    }


def _ended(mandate: Mandate, ask: Ask, _held: Held) -> str:
    end = until(mandate, known_at=ask.known_at)
    if end is None or not is_over(mandate, at=ask.at, known_at=ask.known_at):
        return ""
    said = {"document": document(mandate), "end": in_full(end), "person": ask.person.full_name}
    return _ENDED[_cause(mandate, end, known_at=ask.known_at)](said)


def _cause(mandate: Mandate, end: datetime, *, known_at: datetime | None) -> str:
    causes = [
        each.cause
        for each in mandate.ends.all()
        if periods.is_known(each.recorded_at, known_at=known_at) and each.ends_at == end
    ]
    return causes[0] if causes else ""


def _not_the_head(mandate: Mandate, ask: Ask, held: Held) -> str:
    if mandate.kind != MandateKind.EX_OFFICIO:
        return ""
    head = head_in_office(held.headships, at=ask.at, known_at=ask.known_at)
    if head is None or head.pk == mandate.pk:
        return ""
    return _("%(document)s gives no right to speak while %(head)s heads %(agency)s.") % {
        "document": document(mandate),
        "head": head.person.full_name,
        "agency": ask.agency.name,
    }


def _another_form(mandate: Mandate, ask: Ask, _held: Held) -> str:
    forms = [row.form for row in mandate.forms.all()]
    if not forms or ask.form is None or ask.form in forms:
        return ""
    return _("%(document)s covers only these forms of speaking: %(forms)s.") % {
        "document": document(mandate),
        "forms": forms_in_words(mandate),
    }


def forms_in_words(mandate: Mandate) -> str:
    """The forms of speaking it is limited to; empty where it covers every form."""
    return ", ".join(str(StatementForm(row.form).label) for row in mandate.forms.all())


def _another_question(mandate: Mandate, ask: Ask, _held: Held) -> str:
    covered = {row.question_id for row in mandate.covered.all()}
    asked = {question.pk for question in ask.questions}
    if not covered or (asked and asked <= covered):
        return ""
    return _("%(document)s covers only these questions: %(numbers)s.") % {
        "document": document(mandate),
        "numbers": questions_in_words(mandate),
    }


def questions_in_words(mandate: Mandate) -> str:
    """The questions it is limited to; empty where it covers every question of its case."""
    covered = mandate.covered.all()
    return ", ".join(f"{row.question.inquiry.reference}/{row.question.number}" for row in covered)


# In this order: what fails later came nearer to allowing.
_OBSTACLES: tuple[Callable[[Mandate, Ask, Held], str], ...] = (
    _another_agency,
    _another_case,
    _not_begun,
    _ended,
    _not_the_head,
    _another_form,
    _another_question,
)

_ENDED: dict[str, Callable[[dict[str, str]], str]] = {
    "": lambda said: _("%(document)s ended at %(end)s.") % said,
    MandateEndCause.POST_ENDED: lambda said: _("%(document)s ended at %(end)s.") % said,
    MandateEndCause.DECISION_ENDED: lambda said: _("%(document)s ended at %(end)s.") % said,
    MandateEndCause.REVOKED: lambda said: _("%(document)s was revoked with effect from %(end)s.") % said,
    MandateEndCause.CASE_CLOSED: lambda said: (
        _("%(document)s ended when the case was closed at %(end)s.") % said
    ),
    MandateEndCause.LEFT_POST: lambda said: (
        _("%(document)s ended when %(person)s left the post at %(end)s.") % said
    ),
}


def document(mandate: Mandate) -> str:
    """On what a mandate rests, as a sentence names it."""
    if mandate.kind == MandateKind.EX_OFFICIO:
        assert mandate.post is not None, "an ex officio mandate comes from a post"
        return _("The mandate by the post of %(title)s") % {"title": mandate.post.title}
    if mandate.kind == MandateKind.STANDING:
        return _("The assignment decision %(number)s") % {"number": mandate.document_number}
    return _("The delegation letter %(number)s") % {"number": mandate.document_number}


def overlapping(mandates: Iterable[Mandate], *, begin: datetime, end: datetime) -> list[Mandate]:
    """Those that hold at some time in `[begin, end)`, as known now."""
    return [
        each
        for each in mandates
        if each.valid_from < end
        and ((last := until(each)) is None or (last > begin and last > each.valid_from))
    ]


def ended_by(
    ends: Iterable[MandateEnd], *, granted_until: datetime | None, valid_from: datetime
) -> datetime | None:
    """The stored end of a mandate: never before its beginning, so that a row revoked before it began is empty."""
    end = periods.until(granted_until, ends, known_at=None)
    return None if end is None else max(end, valid_from)
