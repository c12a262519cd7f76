"""Acts on the mails of an inquiry: read a joined one, send a failed one again, purge what repeats a secret."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from core.actions import mail as mails
from core.enums import Codename
from core.errors import NotFound
from core.models import IncomingMail, OutgoingMail
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.actions import purging
from workflows.signed_in import SignedIn
from workflows.views.beside import BesidePage


class ReadMail(SignedIn, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = IncomingMail.objects.select_related("inquiry__case", "inquiry__agency").filter(pk=pk).first()
        if mail is None:
            raise _not_found()
        mails.mark_read(mail=mail, by=self.person, at=self.at)
        messages.success(request, _("The mail is marked as read. It stays on the page of its case."))
        return HttpResponseRedirect(reverse("work"))


class ResendMail(SignedIn, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = OutgoingMail.objects.select_related("inquiry__case", "inquiry__agency").filter(pk=pk).first()
        if mail is None:
            raise _not_found()
        mails.resend(mail=mail, by=self.person, at=self.at)
        messages.success(request, _("The mail is in line again and leaves in a moment."))
        return HttpResponseRedirect(reverse("work"))


def _not_found() -> NotFound:
    return NotFound(_("There is no such mail, or it is not open to you."))


class PurgeAgain(BesidePage):
    codename = Codename.TRIAGE_INQUIRY
    title = gettext_lazy("Remove what came since")
    lead = gettext_lazy(
        "A question of this inquiry was removed because it contained state secrets. The mails and files that "
        "came to the inquiry afterwards are removed now too. This cannot be undone. Say who was told."
    )
    submit = gettext_lazy("Remove the mails and files")
    done_message = gettext_lazy(
        "What came since is removed. What is left to clean by hand stands with the question."
    )

    def check_situation(self) -> None:
        situations.check_was_purged(self.inquiry)

    def perform(self, form: Any) -> None:
        purging.purge_again(inquiry=self.inquiry, told=form.cleaned_data["reason"], by=self.person)
