"""What `manage.py demo` shows, in this order. A later procedure adds its own walk here."""

from __future__ import annotations

from collections.abc import Callable

from workflows.demonstration import crises, inquiries, refusals
from workflows.demonstration.report import Report

WALKS: tuple[Callable[[Report], None], ...] = (inquiries.walk, refusals.walk, crises.walk)
