"""My work: what I hold, what I can take, what is still owed and what waits for a push."""

from __future__ import annotations

from typing import Any

from core.enums import Codename, DeadlineSource
from core.queries import organisation
from workflows import deadlines, queries
from workflows.crises.rows.lines import ClockRow
from workflows.crises.rows.tasks import mark
from workflows.crisis.queries import papers
from workflows.signed_in import Page


class Work(Page):
    """Asks the same few questions of the database however long the lists are."""

    template_name = "workflows/pages/work.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, at = self.person, self.at
        tasks = list(queries.inbox(person, at=at).prefetch_related("assignment__inquiry__clock_stops"))
        mark(tasks, at=at)
        owed = deadlines.of_person(person, at=at)
        crisis_clocks = [
            row for row in owed if row.crisis_id is not None and row.source == DeadlineSource.LAW
        ]
        mine = [task for task in tasks if task.owner_id == person.pk]
        audited = organisation.agencies_of(person, at=at, codename=Codename.AUDIT_CASES)
        lists = {
            "mine": mine,
            "free": [task for task in tasks if task.owner_id is None],
            "owed": list(queries.owed_answers(person, at=at)),
            "failed": list(queries.failed_jobs(person, at=at)),
            "new_mails": list(queries.new_mails(person, at=at)),
            "failed_mails": list(queries.failed_mails(person, at=at)),
            "numbers": queries.numbers_to_enter(person, at=at),
            "letters": queries.letters_to_number(person, at=at),
            "failed_letters": list(queries.failed_letters(person, at=at)),
            "refusal_letters": queries.refusal_letters_to_number(person, at=at),
            "failed_refusals": list(queries.failed_refusal_letters(person, at=at)),
            "papers": papers.papers_to_number(person, at=at),
            "failed_papers": papers.failed_papers(person, at=at),
            "grounds": list(queries.grounds_to_look_at(person, at=at)),
            "crisis_clocks": [ClockRow(deadline=row, at=at) for row in crisis_clocks],
            "pressing": [row for row in deadlines.pressing_among(owed, at=at) if row not in crisis_clocks],
        }
        return super().get_context_data(
            **kwargs,
            **lists,
            letter_count=len(lists["letters"]) + len(lists["failed_letters"]),
            refusal_count=len(lists["refusal_letters"]) + len(lists["failed_refusals"]),
            paper_count=len(lists["papers"]) + len(lists["failed_papers"]),
            is_empty=not any(lists.values()),
            may_audit=audited.exists(),
            may_record=organisation.agencies_worked_in(person, at=at).exists(),
        )
