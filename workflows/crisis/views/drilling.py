"""How a drill begins. From there on it is the procedure itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename
from core.models import Agency, Crisis
from core.queries import organisation
from workflows.act_page import ActPage
from workflows.crisis.actions import opening
from workflows.crisis.forms.drilling import DrillForm
from workflows.fields import is_row_number
from workflows.once import once


class StartDrill(ActPage):
    """Starts one drill, also where the form was sent twice."""

    template_name = "workflows/crisis/drill.html"
    codename = Codename.RUN_DRILL
    form_class = DrillForm
    title = gettext_lazy("Start a drill")
    lead = gettext_lazy(
        "The same steps, clocks and reports as in a crisis. Everything is marked DIỄN TẬP, nothing leaves the people "
        "who take part, documents take no number, and no statistics count it."
    )
    submit = gettext_lazy("Start the drill")
    done_message = gettext_lazy("The drill has begun. Assessing it is the first step.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs, **{self.key_name: 0})

    def find(self, pk: int) -> None:
        """The agency chosen in the form, or the first in which the person may run drills. Raises MissingRole."""
        permissions.check_right(self.person, Codename.RUN_DRILL, at=self.at)
        agencies = organisation.agencies_of(self.person, at=self.at, codename=Codename.RUN_DRILL).order_by(
            "name"
        )
        given = self.request.POST.get("agency") or self.request.GET.get("agency") or ""
        chosen = agencies.filter(pk=given).first() if is_row_number(given) else None
        self._agency = chosen or agencies[0]

    @property
    def agency(self) -> Agency:
        return self._agency

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agency": self.agency}

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "token": uuid4()}

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        title = _("Drill: %(title)s") % {"title": given["title"]}
        noticed = opening.Noticed(title=title, note=given["note"], detected_at=self.at)
        self.crisis = once(
            lambda: opening.start_drill(
                agency=given["agency"], noticed=noticed, players=given["players"], by=self.person
            ),
            what=f"drill:{given['agency'].pk}",
            token=given["token"],
            by=self.person,
            among=Crisis.objects.filter(is_drill=True, detected_by=self.person),
        )

    def get_success_url(self) -> str:
        return reverse("case", args=[self.crisis.case_id])
