"""The budgets that keep a file readable at one sitting."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "core", "documents", "workflows")


def python_files() -> list[Path]:
    found = [
        path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts
    ]
    assert len(found) > 20
    return found


def function_lengths() -> Iterator[tuple[str, int]]:
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                end = node.end_lineno or node.lineno
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", end - node.lineno + 1


def too_long(paths: list[Path], limit: int) -> dict[str, int]:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths
    }
    return {name: lines for name, lines in sizes.items() if lines > limit}


def test_no_file_is_longer_than_400_lines() -> None:
    assert too_long(python_files(), 400) == {}


def test_no_flow_is_longer_than_200_lines() -> None:
    assert too_long([path for path in python_files() if path.name == "flow.py"], 200) == {}


def test_no_template_is_longer_than_150_lines() -> None:
    templates = [path for name in PACKAGES for path in (ROOT / name).rglob("templates/**/*.html")]
    assert too_long(templates, 150) == {}


def test_no_function_is_longer_than_50_lines_and_half_have_at_most_8() -> None:
    lengths = dict(function_lengths())

    assert {name: lines for name, lines in lengths.items() if lines > 50} == {}
    assert statistics.median(lengths.values()) <= 8
