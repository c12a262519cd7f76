"""A mail that answered a report, for whoever may read the page of its crisis: its text, and the original to keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, files, permissions
from core.errors import NotFound
from core.models import Person
from core.rules import mail
from workflows.crises.views import acts
from workflows.crisis.models import DispatchReply
from workflows.signed_in import Page
from workflows.views.cases import download


class ReplyPage(Page):
    template_name = "workflows/crises/reply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reply = _reply_or_404(self.person, kwargs["pk"], at=self.at)
        return super().get_context_data(**kwargs) | {
            "reply": reply,
            "crisis": reply.crisis,
            "mail": _original(reply),
            "offers": acts.on_answer(self, reply.dispatch),
        }


@require_safe
@login_required
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it came, with its attachments."""
    reply = _reply_or_404(cast(Person, request.user), pk, at=clock.now())
    name = f"{reply.crisis.reference}-{reply.pk}.eml"
    return download(files.read(reply.sha256), name=name, media_type="message/rfc822")


def _reply_or_404(person: Person, pk: int, *, at: datetime) -> DispatchReply:
    rows = DispatchReply.objects.select_related("dispatch__report__crisis__case", "dispatch__recipient")
    reply = rows.filter(pk=pk).first()
    if reply is None:
        raise NotFound(_("There is no such mail, or it is not open to you."))
    permissions.check_can_see(person, reply.crisis.case, at=at)
    return reply


def _original(reply: DispatchReply) -> mail.ParsedMail | None:
    try:
        return mail.parse(files.read(reply.sha256))
    except NotFound:
        return None
