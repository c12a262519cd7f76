"""The board: every running crisis on one live page, what waits beside them, and what was reported to the agency."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.enums import CrisisState
from core.models import Person
from workflows.crises.rows.board import CrisisView, views_of
from workflows.crises.rows.lines import DispatchRow
from workflows.crisis.queries import board
from workflows.signed_in import Page

BODY = "workflows/crises/_board.html"
LIVE = "workflows/crises/_board_live.html"
WALL = "man-hinh"
AT_HEADER = "X-Board-At"
LISTS = (
    ("chua-danh-gia", _("Detected and not yet assessed"), "radar", (CrisisState.DETECTED,)),
    ("cho-kich-hoat", _("Assessed, waiting to be activated"), "hourglass", (CrisisState.ASSESSED,)),
    ("cho-tong-ket", _("Stood down, awaiting the review"), "clipboard-check", (CrisisState.STOOD_DOWN,)),
    (
        "da-ket-thuc",
        _("Ended in the last 30 days"),
        "circle-check",
        (CrisisState.CLOSED, CrisisState.DISMISSED),
    ),
)


class Board(Page):
    """Says when it was read and reads itself again: by htmx, or as a whole in a browser without JavaScript."""

    template_name = "workflows/crises/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_wall = self.request.GET.get(WALL) == "1"
        return super().get_context_data(**kwargs) | live_part(self.person, at=self.at) | {"is_wall": is_wall}


@never_cache
@require_safe
def fragment(request: HttpRequest) -> HttpResponse:
    """The board again where it says anything other than what the page has (`v`), and nothing where it says the same.

    Whoever is signed out gets no sign-in page into the middle of the board, but an answer that the page tells of.
    """
    if not isinstance(request.user, Person):
        return HttpResponse(status=401)
    live = live_part(request.user, at=clock.now())
    is_the_same = request.GET.get("v") == live["version"]
    response = HttpResponse(status=204) if is_the_same else HttpResponse(render_to_string(LIVE, live))
    response[AT_HEADER] = live["as_of"]
    return response


def live_part(person: Person, *, at: datetime) -> dict[str, Any]:
    """What the board says at an instant, with a stamp that changes exactly when what it says does."""
    body = render_to_string(BODY, contents(person, at=at))
    return {
        "body": body,
        "version": hashlib.sha256(body.encode()).hexdigest()[:16],
        "as_of": f"{at.astimezone(clock.ZONE):%H:%M:%S}",
    }


def contents(person: Person, *, at: datetime) -> dict[str, Any]:
    beside = [CrisisView(row, at=at, holders={}) for row in board.beside_the_board(person, at=at)]
    reported = [DispatchRow(dispatch=row, at=at) for row in board.reported_to(person, at=at)]
    return {
        "running": views_of(board.running(person, at=at), at=at),
        "lists": _lists(beside),
        "reported": reported,
        "unconfirmed": sum(1 for row in reported if not row.dispatch.is_settled),
    }


def _lists(views: Sequence[CrisisView]) -> list[dict[str, Any]]:
    return [
        {
            "id": id_,
            "title": title,
            "icon": icon,
            "rows": [row for row in views if row.crisis.state in states],
        }
        for id_, title, icon, states in LISTS
    ]
