"""Writes docs/procedures/ from the flow classes, so that the description cannot drift from what runs."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from viewflow.workflow import flow
from viewflow.workflow.fields import get_flow_ref

from core.enums import Codename
from workflows.base import ProcedureFlow
from workflows.flows import FLOWS
from workflows.nodes import FourEyesView, FreshEyesView, Gate, MandateView, QueuedJob, StepNode, Term

ROLES = Path("fixtures") / "reference" / "roles.json"
PAGES = Path("docs") / "procedures"
# The first kind that fits decides: a mandate view is also a four-eyes view, which is also a step.
KINDS: tuple[tuple[Any, str], ...] = (
    (MandateView, "person, with a mandate"),
    (FourEyesView, "person, four eyes"),
    (FreshEyesView, "person, fresh eyes"),
    (StepNode, "person"),
    (flow.Start, "person, starts the procedure"),
    (flow.StartHandle, "start without a page"),
    (QueuedJob, "the system, as a job"),
    (Gate, "gate"),
    (Term, "timer"),
    (flow.Function, "the system"),
    (flow.End, "end"),
)
SHAPES: tuple[tuple[Any, str], ...] = (
    (flow.End, '(["{}"])'),
    ((flow.Start, flow.StartHandle), '(["{}"])'),
    (QueuedJob, '[["{}"]]'),
    (StepNode, '["{}"]'),
)
GATEWAY = '{{"{}"}}'


class Command(BaseCommand):
    help = "Write docs/procedures/ from the flow classes; with --check only say whether they agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; leave with 1 where a page is stale"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        for path, text in pages().items():
            is_current = path.is_file() and path.read_text(encoding="utf-8") == text
            if check and not is_current:
                raise CommandError(
                    f"{path.name} does not say what the code does: run `manage.py procedures`."
                )
            if not is_current:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path.name}: {'unchanged' if is_current else 'written'}")


def pages() -> dict[Path, str]:
    """Every page of docs/procedures/ as the code has it now."""
    roles = _roles_by_codename()
    with translation.override("en"):
        return {settings.BASE_DIR / PAGES / f"{each.code}.md": _page(each, roles) for each in FLOWS}


def nodes_of(flow_class: type[ProcedureFlow]) -> list[Any]:
    """The nodes from top to bottom of the flow file; the engine itself keeps them by name."""
    found = (flow_class.instance.node(name, no_obsolete=True) for name in vars(flow_class))
    return [node for node in found if node is not None]


def _roles_by_codename() -> dict[str, list[str]]:
    rows = json.loads((settings.BASE_DIR / ROLES).read_text(encoding="utf-8"))
    roles: dict[str, list[str]] = {}
    for row in rows:
        for codename in row.get("permissions", ()):
            roles.setdefault(codename, []).append(f"{row['title_en']} ({row['title_vi']})")
    return roles


def _page(flow_class: type[ProcedureFlow], roles: Mapping[str, Sequence[str]]) -> str:
    title, purpose, *basis = inspect.cleandoc(flow_class.__doc__ or "").split("\n\n")
    nodes = nodes_of(flow_class)
    parts = [
        f"# {title}",
        "<!-- Written by `manage.py procedures` from the flow class. Change the flow, not this page. -->",
        purpose,
        *basis,
        _pinned(flow_class),
        "## Steps",
        "\n".join(_table(nodes, roles)),
        "## Ends",
        "\n".join(_ends(nodes)),
        "## Diagram",
        "\n".join(_diagram(nodes)),
    ]
    return "\n\n".join(parts) + "\n"


def _pinned(flow_class: type[ProcedureFlow]) -> str:
    stored = f"Stored as `{get_flow_ref(flow_class)}`: that path and the names of the nodes are frozen."
    return f"Version {flow_class.version}. {stored}"


def _table(nodes: Sequence[Any], roles: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "| node | step | done by | who | then |"
    yield "|---|---|---|---|---|"
    for node in nodes:
        if not isinstance(node, flow.End):
            yield f"| `{node.name}` | {_title(node)} | {_kind(node)} | {_who(node, roles)} | {_next(node)} |"


def _title(node: Any) -> str:
    return str(node.task_title or node.name)


def _kind(node: Any) -> str:
    return next((words for kind, words in KINDS if isinstance(node, kind)), "gateway")


def _who(node: Any, roles: Mapping[str, Sequence[str]]) -> str:
    if isinstance(node, flow.Start):
        return _holders(node._owner_permission, roles)
    if isinstance(node, StepNode):
        return "; ".join([_holders(node._codename, roles), *_limits(node)])
    return "–"


def _limits(node: StepNode) -> Iterator[str]:
    if node._unit:
        yield "in the unit that leads"
    if node._only:
        yield f"only the {node._only.__name__.replace('_', ' ')}"
    if isinstance(node, FourEyesView) and node._not_by:
        yield f"never the {node._not_by.__name__}"
    if isinstance(node, FourEyesView) and node._nor_by:
        yield f"nor any of the {node._nor_by.__name__}"
    if isinstance(node, FreshEyesView):
        yield "never anybody who took part"


def _holders(right: Any, roles: Mapping[str, Sequence[str]]) -> str:
    if not isinstance(right, str):
        return _first_sentence(right)
    return f"{', '.join(roles[right])}: `{Codename(right).value}`"


def _first_sentence(function: Any) -> str:
    return inspect.cleandoc(function.__doc__ or function.__name__).split("\n")[0].rstrip(".")


def _next(node: Any) -> str:
    return ", ".join(
        f"{edge.label}: `{edge.dst.name}`" if edge.label else f"`{edge.dst.name}`"
        for edge in node._outgoing()
    )


def _ends(nodes: Sequence[Any]) -> Iterator[str]:
    reached = {edge.dst.name for node in nodes for edge in node._outgoing()}
    for node in nodes:
        if isinstance(node, flow.End):
            aside = "" if node.name in reached else ", by an act beside the path from any step"
            yield f"* `{node.name}`: {_title(node)}{aside}"


def _diagram(nodes: Sequence[Any]) -> Iterator[str]:
    yield "```mermaid"
    yield "flowchart TD"
    for node in nodes:
        shape = next((shape for kind, shape in SHAPES if isinstance(node, kind)), GATEWAY)
        yield f"    {node.name}{shape.format(_title(node))}"
    for node in nodes:
        for edge in node._outgoing():
            yield f"    {node.name} -->{f'|{edge.label}|' if edge.label else ''} {edge.dst.name}"
    yield "```"
