"""Nothing a page needs comes from elsewhere, and nothing in it runs that the security policy forbids."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    path
    for name in ("core", "documents", "workflows")
    for path in sorted((ROOT / name).glob("templates/**/*.html"))
    if "print" not in path.parts
]
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "file from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
    ),
}


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_no_page_contains(kind: str) -> None:
    assert PAGES
    found = [str(path.relative_to(ROOT)) for path in PAGES if FORBIDDEN[kind].search(path.read_text("utf-8"))]
    assert found == []


def test_every_static_file_a_page_names_is_there() -> None:
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in PAGES
        for name in re.findall(r"{%\s*static\s+[\"']([^\"']+)[\"']", path.read_text("utf-8"))
    }
    assert named
    assert {(page, name) for page, name in named if finders.find(name) is None} == set()
