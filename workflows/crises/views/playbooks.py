"""Playbooks to read: which an agency works by, and one version with the order of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import permissions
from core.enums import Codename, CrisisLevel, StepDeed
from core.errors import NotFound
from core.models import Agency
from core.queries import organisation
from core.rules.deadlines import local_day
from workflows.act_page import reason_why_not
from workflows.crisis.models import PlaybookStep, PlaybookVersion
from workflows.crisis.permissions import check_acts_as_head
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules import graph
from workflows.crisis.rules import playbooks as rules
from workflows.signed_in import Page, SignedIn


def version_or_404(page: SignedIn, pk: int) -> PlaybookVersion:
    """A version of the person's own agencies or of an example; the same answer where there is none."""
    agencies = organisation.agencies_of(page.person, at=page.at)
    found = queries.seen_by_agencies(agencies).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such playbook, or it is not open to you."))
    return found


class Playbooks(Page):
    """The number of queries does not grow with the versions."""

    template_name = "workflows/crises/playbooks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = local_day(self.at)
        agencies = list(organisation.agencies_of(self.person, at=self.at).order_by("name"))
        rows = list(queries.seen_by_agencies(agencies).order_by("title", "-number"))
        return super().get_context_data(**kwargs) | sorted_rows(rows, today)


def sorted_rows(rows: Sequence[PlaybookVersion], today: date) -> dict[str, list[PlaybookVersion]]:
    """Drafts, the agencies' own in force, the examples, and what is not in force today."""
    drafts = [row for row in rows if row.is_draft]
    approved = [row for row in rows if not row.is_draft]
    covering = [row for row in approved if row.covers(today)]
    own = [row for row in covering if row.playbook.agency_id]
    examples = [row for row in covering if not row.playbook.agency_id]
    ended = [row for row in approved if not row.covers(today)]
    return {"drafts": drafts, "own": own, "examples": examples, "others": ended}


class Playbook(Page):
    """One version, whole."""

    template_name = "workflows/crises/playbook.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = version_or_404(self, self.kwargs["pk"])
        agency = version.playbook.agency
        today = local_day(self.at)
        is_in_force = not version.is_draft and version.covers(today)
        on = today if version.is_draft or is_in_force else version.valid_from or today
        facts = queries.facts_for(agency, on=on, at=self.at)
        content = queries.content_of(version)
        return super().get_context_data(**kwargs) | {
            "version": version,
            "topics": list(version.topics.all()),
            "signs": content.signs,
            "steps": shown_steps(content.steps),
            "columns": graph.columns(content.steps),
            "lines": content.lines,
            "levels": levels_of(content.steps),
            "legal_hours": facts.legal_hours,
            "problems": rules.problems(content, facts) if version.is_draft else [],
            "is_in_force": is_in_force,
            **self.rights(agency),
        }

    def rights(self, agency: Agency | None) -> dict[str, Any]:
        """Who opens, approves and ends; of an example whoever writes playbooks anywhere opens an own version."""
        return {
            name: not reason_why_not(check, self.person, codename, at=self.at, **where)
            for name, check, codename, where in _rights(agency)
        }


def _rights(agency: Agency | None) -> Iterable[tuple[str, Any, Any, dict[str, Any]]]:
    if agency is None:
        yield "may_write", permissions.check_right, Codename.KEEP_PLAYBOOKS, {}
        return
    yield "may_write", permissions.check_role, Codename.KEEP_PLAYBOOKS, {"agency": agency}
    yield "may_approve", check_acts_as_head, Codename.APPROVE_PLAYBOOK, {"agency": agency}


def shown_steps(steps: Sequence[PlaybookStep]) -> list[dict[str, Any]]:
    titles = {step.code: step.title for step in steps}
    decisive = {step.code for step in graph.critical_path(steps, level=CrisisLevel.LOCAL).steps}
    return [
        {
            "step": step,
            "after": [titles.get(code, code) for code in step.after],
            "is_decisive": step.code in decisive,
            "is_statement": step.deed == StepDeed.INITIAL_STATEMENT,
        }
        for step in steps
    ]


def levels_of(steps: Sequence[PlaybookStep]) -> list[dict[str, Any]]:
    """For each level how many steps there are and how long the way to the initial statement is."""
    return [
        {
            "label": label,
            "count": len(graph.at_level(steps, level)),
            "path": graph.critical_path(steps, level=level),
        }
        for level, label in CrisisLevel.choices
    ]
