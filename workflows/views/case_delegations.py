"""The delegations of a case as its page shows them, and how one begins; also how the case is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core.actions import casefile
from core.enums import Codename
from core.models import Case
from workflows import locks
from workflows.act_page import reason_why_not
from workflows.case_acts import CaseAct
from workflows.delegation import queries
from workflows.delegation.forms.drafting import ReasonForm
from workflows.delegation.models import Delegation
from workflows.delegation.permissions import check_can_report
from workflows.delegation.queries import State, state_of
from workflows.views.acts import Offer, Offers


@dataclass(frozen=True, kw_only=True)
class DelegationRow:
    delegation: Delegation
    state: State
    steps: list[Task]

    @property
    def label(self) -> str:
        return self.delegation.get_outcome_display() or _("Ended")

    @property
    def until(self) -> datetime | None:
        mandate = self.delegation.mandate
        return mandate.valid_until if mandate else self.delegation.valid_until


def rows_of(case: Case, *, at: datetime) -> list[DelegationRow]:
    """In two queries however many there are."""
    steps = queries.open_steps(case)
    return [
        DelegationRow(delegation=each, state=state_of(each, at=at), steps=steps.get(each.pk, []))
        for each in queries.of_case(case)
    ]


def offers_of(case: Case, offers: Offers) -> list[Offer]:
    """How a delegation begins here, and the end of the case; for the rest the sentence why not."""
    situation = "" if case.is_open else _("The case is closed.")

    def offer(label: str, icon: str, name: str, why_not: str) -> Offer:
        return Offer(label=label, icon=icon, url=reverse(name, args=[case.pk]), why=why_not or situation)

    why_no_role = offers.why_no_role

    return [
        offer(
            _("Propose a delegation"),
            "signature",
            "delegation_propose",
            why_no_role(Codename.DRAFT_DELEGATION),
        ),
        offer(
            _("Report that you cannot speak"),
            "mic-off",
            "delegation_report",
            reason_why_not(check_can_report, offers.person, case, at=offers.at),
        ),
        offer(
            _("File a delegation signed on paper"),
            "file-input",
            "delegation_file_paper",
            why_no_role(Codename.REGISTER_DELEGATION),
        ),
        offer(_("Close the case"), "archive", "case_close", why_no_role(Codename.CLOSE_CASE)),
    ]


class CloseCase(CaseAct):
    form_class = ReasonForm
    codename = Codename.CLOSE_CASE
    title = gettext_lazy("Close the case")
    lead = gettext_lazy(
        "Nothing of this matter is awaited any more. Every delegation for it ends with it. It opens again when an "
        "inquiry of it is reopened."
    )
    submit = gettext_lazy("Close the case")
    done_message = gettext_lazy("The case is closed, and with it every delegation for it.")

    def perform(self, form: Any) -> None:
        with locks.held_case(self.case) as at:
            casefile.close(case=self.case, reason=form.cleaned_data["reason"], by=self.person, at=at)
