"""The replay: who could speak for an agency on a case at an instant, on what document, and why the others could not.

It decides nothing by itself: each answer is that of `mandates.deciding_mandate`, the rule of the check. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.enums import MandateKind
from core.errors import Invalid, Refused
from core.models import AccountClosure, Agency, Case, Mandate, Person, Post
from core.rules import mandates as rules
from core.rules.mandates import Ask, Held
from core.rules.periods import is_in_force, is_known


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One person: the mandate and its document, or the reason why not."""

    person: Person
    post: str
    mandate: Mandate | None = None
    words: str = ""
    document: str = ""
    reason: str = ""

    @property
    def is_allowed(self) -> bool:
        return self.mandate is not None

    @property
    def said(self) -> tuple[Mandate | None, str, str]:
        return self.mandate, self.words, self.reason


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Everybody of the agency, as known by `known_at`, or now where that is not given."""

    agency: Agency
    case: Case
    at: datetime
    known_at: datetime | None
    answers: Sequence[Answer]

    @property
    def allowed(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_allowed]

    @property
    def excluded(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.is_allowed]


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """All that decides over an agency: every post and mandate there, whoever holds it, with the accounts' closures."""

    agency: Agency
    people: Sequence[Person]
    posts: Sequence[Post]
    mandates: Sequence[Mandate]
    closures: Mapping[int, Sequence[AccountClosure]]


def replay(everybody: Everybody, *, case: Case, at: datetime, known_at: datetime | None = None) -> Replay:
    """Who could speak on the case at the instant, and for everybody else of the agency why not.

    Of the agency is who holds a post there at the instant, and whoever was ever given a mandate for it. With
    `known_at` nothing recorded later is used.
    """
    posts, mandates = defaultdict[int, list[Post]](list), defaultdict[int, list[Mandate]](list)
    for post in posts_known(everybody.posts, at=at, known_at=known_at):
        posts[post.person_id].append(post)
    for mandate in everybody.mandates:
        if is_known(mandate.recorded_at, known_at=known_at):
            mandates[mandate.person_id].append(mandate)
    headships = [row for rows in mandates.values() for row in rows if row.kind == MandateKind.EX_OFFICIO]

    def of(person: Person) -> Answer:
        held = Held(mandates=mandates[person.pk], headships=headships, closures=everybody.closures[person.pk])
        ask = Ask(person=person, agency=everybody.agency, case=case, at=at, known_at=known_at)
        return answer(ask, held, posts[person.pk])

    there = {*posts, *mandates}
    answers = [of(person) for person in everybody.people if person.pk in there]
    return Replay(agency=everybody.agency, case=case, at=at, known_at=known_at, answers=answers)


def posts_known(posts: Iterable[Post], *, at: datetime, known_at: datetime | None) -> list[Post]:
    """Those held at the instant, as far as the system knew by then."""
    return [post for post in posts if is_in_force(post, post.ends.all(), at=at, known_at=known_at)]


def answer(ask: Ask, held: Held, posts: Iterable[Post]) -> Answer:
    """What the check says to this person, in words."""
    title = "; ".join(post.title for post in posts)
    try:
        mandate = rules.deciding_mandate(ask, held)
    except Refused as refusal:
        return Answer(person=ask.person, post=title, reason=said(refusal))
    return Answer(
        person=ask.person,
        post=title,
        mandate=mandate,
        words=in_words(mandate, known_at=ask.known_at),
        document=rules.document(mandate),
    )


def differing(one: Replay, other: Replay) -> list[Person]:
    """Who is answered otherwise in one than in the other, or stands in one alone."""
    sides = [{each.person: each.said for each in replay.answers} for replay in (one, other)]
    people = {**sides[0], **sides[1]}
    return [person for person in people if sides[0].get(person) != sides[1].get(person)]


def in_words(mandate: Mandate, *, known_at: datetime | None = None) -> str:
    """Its kind, its term as far as was known, and what a delegation is limited to."""
    said = {
        "kind": mandate.get_kind_display(),
        "begin": rules.in_full(mandate.valid_from),
        "forms": rules.forms_in_words(mandate),
        "questions": rules.questions_in_words(mandate),
    }
    end = rules.until(mandate, known_at=known_at)
    if end is None:
        term = _("%(kind)s, from %(begin)s") % said
    else:
        term = _("%(kind)s, from %(begin)s until %(end)s") % {**said, "end": rules.in_full(end)}
    limits = [
        _("only these forms of speaking: %(forms)s") % said if said["forms"] else "",
        _("only these questions: %(questions)s") % said if said["questions"] else "",
    ]
    return "; ".join([term, *filter(None, limits)])


def check_known_at(known_at: datetime | None, *, now: datetime) -> None:
    """What the system will have learned by a later instant nobody can tell."""
    if known_at is not None and known_at > now:
        raise Invalid(
            _(
                "What will be known at %(instant)s is not known yet. Give an instant that has passed, or none for "
                "all that is known now."
            )
            % {"instant": rules.in_full(known_at)},
            fields={"known_at": _("This time has not come yet.")},
        )


def said(refusal: Refused) -> str:
    """The reason alone: what to do next is no part of what was."""
    return refusal.reason if isinstance(refusal, rules.NoMandate) else str(refusal)
