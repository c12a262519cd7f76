"""The replay for auditors: who could have spoken on a case at an instant, as known then and as known now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock, permissions
from core.enums import Codename
from core.models import Case, Person
from core.queries import speakers
from core.rules.mandates import in_full
from core.rules.speakers import Answer, Replay, differing, replay
from workflows.replay_forms import ReplayForm
from workflows.signed_in import Page


@dataclass(frozen=True, kw_only=True)
class Told:
    """One person's answer, and whether the other side gives another one."""

    answer: Answer
    differs: bool


@dataclass(frozen=True, kw_only=True)
class Side:
    """What was known by one instant."""

    replay: Replay
    allowed: Sequence[Told]
    excluded: Sequence[Told]

    @property
    def title(self) -> str:
        known_at = self.replay.known_at
        if known_at is None:
            return _("As known now")
        return _("As known at %(instant)s") % {"instant": in_full(known_at)}


class Speakers(Page):
    """Every person of the agency stands in one of two lists, once for each state of knowledge asked for."""

    template_name = "workflows/audit/speakers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.visible_case(kwargs["pk"])
        permissions.check_role(self.person, Codename.AUDIT_CASES, agency=case.agency, at=self.at)
        form = ReplayForm(self._asked(), now=self.at)
        replays = _replays(case, **form.cleaned_data) if form.is_valid() else []
        people = differing(replays[0], replays[-1]) if replays else []
        return super().get_context_data(**kwargs) | {
            "case": case,
            "form": form,
            "at": in_full(replays[0].at) if replays else "",
            "sides": [_side(replay, people) for replay in replays],
            "differing": people,
        }

    def _asked(self) -> Mapping[str, Any]:
        """Without a question it is asked who may speak now."""
        local = self.at.astimezone(clock.ZONE).replace(tzinfo=None)
        return self.request.GET or {"at": local.isoformat(timespec="seconds")}


def _replays(case: Case, *, at: datetime, known_at: datetime | None) -> list[Replay]:
    """As known now, and before it as known then, where that is asked."""
    everybody = speakers.everybody(case.agency)
    known = [None] if known_at is None else [known_at, None]
    return [replay(everybody, case=case, at=at, known_at=each) for each in known]


def _side(replay: Replay, people: Collection[Person]) -> Side:
    def told(answers: Sequence[Answer]) -> list[Told]:
        return [Told(answer=each, differs=each.person in people) for each in answers]

    return Side(replay=replay, allowed=told(replay.allowed), excluded=told(replay.excluded))
