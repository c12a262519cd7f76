"""What the documents say is what the code does."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.house.test_frozen_names import CHOICES
from workflows.base import ProcedureFlow
from workflows.flows import FLOWS
from workflows.management.commands.procedures import PAGES, nodes_of, pages

ROOT = Path(__file__).resolve().parents[2]
FRONT_PAGES = [ROOT / name for name in ("README.md", "README.vi.md", "CHANGELOG.md")]
DOCUMENTS = [*FRONT_PAGES, *sorted((ROOT / "docs").rglob("*.md"))]
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home|tmp|Users)/")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
CODE_PATH = re.compile(
    r"`((?:config|core|documents|workflows|tests|fixtures|docs)/(?:[\w-]+/)*(?:[\w-]+\.[a-z]+)?)`"
)
MAKE = re.compile(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)")
MANAGE = re.compile(r"manage\.py (\w+)")
LISTS = [(module, name) for module in CHOICES for name in CHOICES[module]]
DJANGO_COMMANDS = {"check", "createsuperuser", "dumpdata", "makemigrations", "migrate"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_procedure_pages_say_what_the_flows_say() -> None:
    assert {path: path.read_text("utf-8") for path in pages()} == pages()


def test_no_procedure_page_outlives_its_flow() -> None:
    assert set((ROOT / PAGES).glob("*.md")) == set(pages())


@pytest.mark.parametrize("flow_class", FLOWS, ids=lambda flow_class: flow_class.code)
def test_procedure_page_names_every_node(flow_class: type[ProcedureFlow]) -> None:
    page = (ROOT / PAGES / f"{flow_class.code}.md").read_text("utf-8")

    assert [node.name for node in nodes_of(flow_class) if f"`{node.name}`" not in page] == []


@pytest.mark.parametrize(("module", "name"), LISTS)
def test_glossary_has_every_value_of_a_closed_list(module: str, name: str) -> None:
    choices = getattr(importlib.import_module(module), name)

    assert choices.values in [[value for value, _vietnamese in rows] for rows in glossary_sections(name)]
    assert all(vietnamese for rows in glossary_sections(name) for _value, vietnamese in rows)


def glossary_sections(name: str) -> list[list[tuple[str, str]]]:
    """The tables under this name: two procedures may each have a list of that name."""
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    sections = re.findall(rf"^### {name}: .*?(?=^### |\Z)", page, re.MULTILINE | re.DOTALL)
    return [re.findall(r"^\| `([^`]+)` \| (.*) \|$", section, re.MULTILINE) for section in sections]


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_document_links_lead_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text("utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_document_names_files_that_exist(path: Path) -> None:
    named = CODE_PATH.findall(path.read_text("utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_document_names_commands_that_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = {file.stem for file in ROOT.glob("*/management/commands/*.py")} | DJANGO_COMMANDS

    assert set(MAKE.findall(text)) - targets == set()
    assert set(MANAGE.findall(text)) - commands == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_document_names_no_path_of_one_machine(path: Path) -> None:
    assert MACHINE_PATH.findall(path.read_text("utf-8")) == []


def test_decisions_are_numbered_without_gap_and_say_context_decision_and_consequences() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    headings = {"## Context", "## Decision", "## Consequences"}

    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    assert {
        relative(path) for path in decisions if headings - set(path.read_text("utf-8").splitlines())
    } == set()
