"""What the machine does between the people. Safe to run twice."""

from __future__ import annotations

from workflows.delegation.models import DelegationProcess

from . import issuing


def issue(process: DelegationProcess) -> None:
    issuing.issue(process=process)
