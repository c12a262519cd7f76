"""What the machine does between the people. Safe to run twice."""

from __future__ import annotations

from workflows.refusal.models import RefusalProcess

from . import issuing


def issue(process: RefusalProcess) -> None:
    issuing.issue(process=process)
