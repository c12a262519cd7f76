"""How a refusal ends otherwise than by being told: the inquiry ends, the question comes back or is a secret."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from core import events
from core.actions import trail
from core.enums import QuestionOutcome
from core.models import Inquiry, Person, Question
from workflows import base
from workflows.refusal import queries
from workflows.refusal.models import BringBack, Cause, Refusal, RefusalDecision, State

from .recording import record

COMES_BACK_AS = {Cause.LAPSED: State.LAPSED, Cause.RECONSIDERED: State.ANSWERED}
STANDING = (State.OPEN, State.DECIDED)


def give_up(*, inquiry: Inquiry, by: Person | None, at: datetime) -> None:
    """The inquiry, held, ends without them: what was not told to the press is given up."""
    for refusal in list(queries.live(inquiry).select_related("question")):
        _leave(refusal, State.WITHDRAWN, end="given_up", event=events.REFUSAL_GIVEN_UP, by=by, at=at)


def reopen(*, inquiry: Inquiry, by: Person | None, at: datetime) -> None:
    """The ended inquiry, held, is reopened with all its questions: no earlier refusal of them stands any more.

    Second looks at them end too, and what was on its way is given up: each question is answered or refused anew.
    """
    untold = set(queries.live(inquiry).values_list("pk", flat=True))
    due = Q(state=State.TO_ANSWER, bring_back__isnull=False, bring_back__done_at__isnull=True)
    standing = inquiry.refusals.filter(Q(state__in=STANDING) | due).select_related("question")
    for refusal in list(standing.order_by("pk")):
        if refusal.pk in untold:
            _leave(refusal, State.REOPENED, end="given_up", event=events.REFUSAL_GIVEN_UP, by=by, at=at)
        else:
            _stop(refusal, end="given_up")
            refusal.state = State.REOPENED
            refusal.save(update_fields=["state"])


def bring_back(*, back: BringBack, at: datetime) -> bool:
    """Open the question again, its inquiry being held; whether it came back now. Safe to run twice.

    What was replaced, given up, reopened or removed meanwhile stays so, and is settled with that.
    """
    refusal = back.refusal
    if back.done_at is not None:
        return False
    back.done_at = at
    back.save(update_fields=["done_at"])
    if refusal.state not in (State.DECIDED, State.TO_ANSWER) or refusal.question.is_secret:
        return False
    _take_letter_back(refusal)
    refusal.state = COMES_BACK_AS[Cause(back.cause)]
    refusal.save(update_fields=["state"])
    _open_again(refusal.question)
    data: dict[str, trail.Value] = {
        "bring_back": back.pk,
        "cause": back.cause,
        "happened_at": back.happened_at,
    }
    record(events.REFUSAL_BROUGHT_BACK, refusal=refusal, by=None, at=at, data=data)
    return True


def _open_again(question: Question) -> None:
    question.outcome = QuestionOutcome.OPEN
    question.save(update_fields=["outcome"])


def _take_letter_back(refusal: Refusal) -> None:
    """End its run, a second look included, and the one whose letter was to tell of it.

    What else such a letter was to tell is left to the inquiry's reply. A letter that has told of it stays, and so does
    a second look at another question of it.
    """
    _stop(refusal, end="lapsed")
    leader = refusal.letter_of
    if leader is None or refusal.decision.is_stated:
        return
    _stop(leader, end="lapsed")
    left = queries.unstated(refusal.inquiry).filter(letter_of=leader).exclude(pk=refusal.pk)
    Refusal.objects.filter(pk__in=[each.pk for each in left]).update(letter_of=None)


def _stop(refusal: Refusal, *, end: str) -> str:
    """Take its locked run, where one goes on, to a named end; the step it stood at."""
    process = queries.running(refusal)
    if process is None:
        return ""
    standing = process.task_set.exclude(status__in=queries.CLOSED).order_by("-pk").first()
    base.run_to_end(process, end=end)
    return standing.flow_task.name if standing else ""


def purge(*, question: Question, by: Person, at: datetime) -> list[str]:
    """State secrets do not stay in a refusal either: the words of every version go, its run ends off-system.

    Decisions on other questions that the press was not told of have lost their reasons with it: they are given up, and
    their questions are open again while an answer is owed. A second look that was judged has lost its reason too: it
    ends, and may be asked for again.
    """
    inquiry = question.inquiry
    for refusal in list(question.refusals.filter(state__in=STANDING).select_related("question")):
        _leave(refusal, State.OFF_SYSTEM, end="off_system", event=events.REFUSAL_OFF_SYSTEM, by=by, at=at)
    for refusal in list(queries.unstated(inquiry)):
        _leave(refusal, State.WITHDRAWN, end="given_up", event=events.REFUSAL_GIVEN_UP, by=by, at=at)
        if inquiry.answer_owed and not inquiry.is_ended:
            _open_again(refusal.question)
    refusals = list(inquiry.refusals.all())
    for refusal in refusals:
        _stop_judged_look(refusal)
    return [each for refusal in refusals for each in _purge_words(refusal)]


def _stop_judged_look(refusal: Refusal) -> None:
    process = queries.running(refusal)
    if process is not None and process.reconsideration is not None and process.reconsideration.result:
        base.run_to_end(process, end="given_up")


def _leave(
    refusal: Refusal, state: State, *, end: str, event: events.Event, by: Person | None, at: datetime
) -> None:
    """Take a refusal out of its path, and a second look at it."""
    step = _stop(refusal, end=end)
    refusal.state = state
    refusal.save(update_fields=["state"])
    record(event, refusal=refusal, by=by, at=at, data={"step": step})


def _purge_words(refusal: Refusal) -> list[str]:
    """The words of its versions, of remarks and of second looks, with the keys under which the trail hashed them."""
    refusal.remark = ""
    refusal.save(update_fields=["remark"])
    for version in refusal.versions.all():
        trail.destroy_key(version)
    refusal.versions.update(facts={}, reason="", watch_what="", sha256="")
    RefusalDecision.objects.filter(refusal=refusal).exclude(remark="").update(remark="")
    for look in refusal.reconsiderations.all():
        trail.destroy_key(look)
    refusal.reconsiderations.update(gist="", reason="")
    for back in BringBack.objects.filter(refusal=refusal):
        trail.destroy_key(back)
        back.note = ""
        back.save(update_fields=["note"])
    return [f"refusal {refusal.pk}"]
