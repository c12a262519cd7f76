"""Where a crisis stands in its procedure, drawn as the case page draws an inquiry's run."""

from __future__ import annotations

from core.enums import CrisisState
from core.models import Crisis
from workflows import diagram
from workflows.crisis.flow import CrisisFlow
from workflows.crisis.models import CrisisProcess

# The path as people walk it; gateways, papers and the recipients' own tasks are left out.
STATIONS = (
    "detect",
    "drill",
    "assess",
    "activate",
    "carry_out",
    "report",
    "draft_statement",
    "clear_statement",
    "release_statement",
    "stand_down",
    "review",
    "await_acknowledgements",
)


def diagram_of(crisis: Crisis) -> diagram.Diagram | None:
    process = CrisisProcess.objects.filter(crisis=crisis).first()
    if process is None:
        return None
    tasks = list(process.task_set.select_related("owner", "assignment").order_by("pk"))
    is_ended = crisis.state in (CrisisState.CLOSED, CrisisState.DISMISSED)
    outcome = str(crisis.get_state_display()) if is_ended else ""
    return diagram.of_run(CrisisFlow, tasks, outcome=outcome, among=STATIONS)
