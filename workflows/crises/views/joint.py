"""Joint matters: the list of those of a person's agencies, and the page of one with its texts and voices."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.errors import NotFound
from core.models import Agency, Case, Crisis
from workflows.act_page import reason_why_not
from workflows.crisis import permissions as crisis_permissions
from workflows.crisis.actions import joint as acts
from workflows.crisis.models import CrisisStatement, JointMatter
from workflows.crisis.queries import joint
from workflows.crisis.rules import content
from workflows.signed_in import Page

PAGE = 50


class Paragraph(NamedTuple):
    number: int
    words: str
    objections: list[tuple[Agency, str]]


class Version(NamedTuple):
    """One version as the page shows it, and for which of the person's agencies it can be voiced on or why not.

    `silent` are those for whom the person may record, for the lead, what they said outside the system.
    """

    standing: joint.Standing
    paragraphs: list[Paragraph]
    whole: str
    before: str
    released: CrisisStatement | None
    voices: list[tuple[Agency, str]]
    silent: list[Agency]

    @property
    def anchor(self) -> str:
        return f"version-{self.standing.text.number}"


def matter_or_404(page: Any, pk: int) -> JointMatter:
    """The matter, for people of its agencies; for others it does not exist."""
    found = joint.with_texts(joint.open_to(page.person, at=page.at)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such joint matter, or it is not open to you."))
    return found


class JointMatters(Page):
    template_name = "workflows/crises/joint_matters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matters = joint.with_texts(joint.open_to(self.person, at=self.at)).order_by("-opened_at", "-pk")
        found = list(matters[:PAGE])
        known = joint.taken_over(found, at=self.at)
        rows = [(matter, joint.standings(matter, at=self.at, known=known)) for matter in found]
        return super().get_context_data(**kwargs) | {"rows": rows, "limit": PAGE}


class JointMatterPage(Page):
    template_name = "workflows/crises/joint_matter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matter = matter_or_404(self, kwargs["pk"])
        known = joint.taken_over([matter], at=self.at)
        own = joint.agencies_in(matter, self.person, at=self.at, known=known)
        check = crisis_permissions.check_may_propose
        return super().get_context_data(**kwargs) | {
            "matter": matter,
            "parties": joint.parties_on(matter, at=self.at, known=known),
            "versions": self._versions(matter, own, known),
            "crises": self._crises(matter),
            "may_lead": matter.lead in own,
            "why_not_propose": reason_why_not(check, self.person, matter, at=self.at),
            "own": own,
            "why_not_heads": reason_why_not(acts.check_can_be_deadlocked, matter),
        }

    def _crises(self, matter: JointMatter) -> list[Crisis]:
        """The agencies' own crises, as far as their cases are open to the person."""
        seen = Case.objects.visible_to(self.person, at=self.at)
        return list(matter.crises.filter(case__in=seen).select_related("agency").order_by("pk"))

    def _versions(self, matter: JointMatter, own: list[Agency], known: joint.TakenOver) -> list[Version]:
        rows = joint.standings(matter, at=self.at, known=known)
        texts = [content.as_text(row.text.paragraphs) for row in rows] + [""]
        spoken = joint.released_by_hash(matter)
        asked = joint.parties_on(matter, at=self.at, known=known).asked
        parties = [agency for agency in own if agency in asked]
        why = {agency.pk: self._why_not(matter, agency) for agency in parties}
        leads = not reason_why_not(crisis_permissions.check_may_propose, self.person, matter, at=self.at)
        here = joint.answer_here(asked, at=self.at)
        outside = [agency for agency in asked if leads and agency.pk not in here]
        return [
            Version(
                standing=row,
                paragraphs=[
                    Paragraph(number, words, row.objections_to(number))
                    for number, words in enumerate(row.text.paragraphs, 1)
                ],
                whole=texts[place],
                before=texts[place + 1],
                released=spoken.get(row.text.sha256),
                voices=[(agency, why[agency.pk]) for agency in parties],
                silent=_silent(row, outside),
            )
            for place, row in enumerate(rows)
        ]

    def _why_not(self, matter: JointMatter, agency: Agency) -> str:
        check = crisis_permissions.check_may_voice
        return reason_why_not(check, self.person, matter, agency=agency, at=self.at)


def _silent(standing: joint.Standing, agencies: list[Agency]) -> list[Agency]:
    """For whom the lead may write down what came on paper or by phone: whoever has nobody here, and never had."""
    spoken = {voice.agency_id for voice in standing.text.voices.all() if not voice.means}
    return [agency for agency in agencies if agency.pk not in spoken]
