"""The assessment, and the activation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.queries import directory
from core.rules.deadlines import local_day
from workflows.base import Step
from workflows.crisis.actions import activating, assessing
from workflows.crisis.forms.duties import as_typed
from workflows.crisis.forms.opening import (
    DISMISS,
    RANK,
    RETURN,
    ActivateForm,
    AssessForm,
)
from workflows.crisis.models import PlaybookSign, PlaybookVersion
from workflows.crisis.queries import assessed, playbooks, scenarios, team

from .step import CrisisStepView


class Assess(CrisisStepView):
    """Tick signs, see the scenarios ranked, choose. Ranking is a button that shows the page again and does nothing."""

    template_name = "workflows/crisis/assess.html"
    form_class = AssessForm
    is_ranked = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.is_ranked = True
        if self.obstacle is not None or request.POST.get("action") != RANK:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.full_clean()
        form.errors.clear()
        return self.render_to_response(self.get_context_data(form=form))

    def get_form_kwargs(self) -> dict[str, Any]:
        ranking = scenarios.ranked(self.crisis, ticked=self._ticked(), on=local_day(self.at))
        self.ranking = ranking
        versions = {each.pk: each for each in playbooks.in_force(self.crisis.agency, local_day(self.at))}
        return super().get_form_kwargs() | {
            "versions": [versions[row["version"]] for row in ranking],
            "labels": {row["version"]: self._label(versions[row["version"]], row) for row in ranking},
            "crisis": self.crisis,
            "at": self.at,
        }

    def _ticked(self) -> list[PlaybookSign]:
        chosen = self.request.POST.getlist("signs") if self.request.method == "POST" else []
        pks = [int(each) for each in chosen if each.isascii() and each.isdecimal() and len(each) < 19]
        return list(PlaybookSign.objects.filter(pk__in=pks))

    def _label(self, version: PlaybookVersion, row: dict[str, Any]) -> str:
        facts = {"title": version.title, "level": version.get_level_display(), **row}
        return _("%(title)s: %(ticked)s of %(signs)s signs. Usually %(level)s") % facts

    def suggested(self) -> dict[str, Any]:
        """What the last assessment said, where it was sent back."""
        last = assessed.current(self.crisis)
        if last is None:
            return {}
        return {
            "signs": [sign.pk for sign in last.signs.all()],
            "version": last.version_id,
            "level": last.level,
            "started_at": last.started_at,
            **as_typed(last),
        }

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        if given["action"] == DISMISS:
            assessing.dismiss(
                process=step.process,
                reason=given["reason"],
                signs=list(given["signs"]),
                by=step.by,
                at=step.at,
            )
        else:
            assessing.assess(process=step.process, finding=form.finding(), by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        value = form["signs"].value() or []
        ticked = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        groups = [
            {"version": version, "signs": [(sign, str(sign.pk) in ticked) for sign in version.signs.all()]}
            for version in sorted(form.versions.values(), key=lambda each: each.playbook.code)
        ]
        returned = self.crisis.assessments.order_by("-assessed_at", "-pk").first()
        return context | {
            "groups": groups,
            "ranking": self.ranking if self.is_ranked else [],
            "last": returned,
        }


class Activate(CrisisStepView):
    """Who would get what, who would be told; one button lets it run, the other sends it back."""

    template_name = "workflows/crisis/activate.html"
    form_class = ActivateForm

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        facts: dict[str, Any] = {"process": step.process, "by": step.by, "at": step.at}
        if given["action"] == RETURN:
            activating.send_back(reason=given["reason"], **facts)
        else:
            activating.activate(head_takes=given["head_takes"], **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crisis, assessment = self.crisis, assessed.current(self.crisis)
        version = assessment.version if assessment else None
        level = crisis.level or 0
        steps = version.steps.filter(min_level__lte=level).order_by("number") if version else []
        shares = team.shares(steps, agency=crisis.agency, at=self.at)
        return super().get_context_data(**kwargs) | {
            "assessment": assessment,
            "version": version,
            "shares": shares,
            "unheld": [part.label for part in team.unheld(shares)],
            "reports": self._reports(version, level),
        }

    def _reports(self, version: PlaybookVersion | None, level: int) -> list[dict[str, Any]]:
        """The lines of the playbook at this level with the body that plays each today, or why none does."""
        lines = version.report_lines.filter(min_level__lte=level).order_by("number") if version else []
        return [{"line": line, **self._recipient(line.part)} for line in lines]

    def _recipient(self, part: Any) -> dict[str, Any]:
        try:
            found = directory.recipient_of(part, agency=self.crisis.agency, on=local_day(self.at))
        except DomainError as error:
            return {"why_not": str(error)}
        return {"recipient": found}
