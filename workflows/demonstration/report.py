"""What the demonstration did and found: a line a step on the screen, the same facts for the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.models import Crisis, Inquiry

NAME_WIDTH = 27


@dataclass
class Check:
    claim: str
    holds: bool


@dataclass
class Chapter:
    """One mail, or whatever else a walk begins with, and what was expected of it."""

    name: str
    raw: bytes = b""
    inquiry: Inquiry | None = None
    crisis: Crisis | None = None
    belongs_to: Chapter | None = None
    checks: list[Check] = field(default_factory=list)

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    @property
    def matter(self) -> Inquiry | Crisis | None:
        """What it tells of; nothing where a mail could not be received."""
        return self.inquiry or self.crisis

    @property
    def is_as_expected(self) -> bool:
        return all(check.holds for check in self.checks)


class Report:
    """Counts what happened as expected and what did not. `folder` takes the files that are kept of it."""

    def __init__(self, folder: Path, *, say: Callable[[str], object]) -> None:
        self.folder = folder
        self.chapters: list[Chapter] = []
        self.whole: list[Check] = []
        self.passed = 0
        self.failed = 0
        self._say = say

    def open_chapter(self, chapter: Chapter) -> Chapter:
        self.chapters.append(chapter)
        return chapter

    def step(self, name: str, what: str, *, who: str = "") -> None:
        """A step was done."""
        self.passed += 1
        self._line(name, f"{what} – {who}" if who else what, holds=True)

    def check(self, chapter: Chapter, claim: str, *, holds: bool) -> None:
        """Something is expected to be so, whether it is or not."""
        chapter.checks.append(Check(claim, holds))
        self._count(chapter.checks[-1])
        self._line(chapter.name, claim, holds=holds)

    def check_whole(self, check: Check) -> None:
        """Something is expected of the whole demonstration."""
        self.whole.append(check)
        self._count(check)
        self._line("", check.claim, holds=check.holds)

    def _count(self, check: Check) -> None:
        self.passed += check.holds
        self.failed += not check.holds

    def _line(self, name: str, text: str, *, holds: bool) -> None:
        self._say(f"{'✔' if holds else '✘'} {name:<{NAME_WIDTH}}  {text}")

    def keep(self, folder: str, name: str, data: bytes) -> str:
        """Put a file into the folder; its relative address."""
        path = self.folder / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return f"{folder}/{name}" if folder else name
