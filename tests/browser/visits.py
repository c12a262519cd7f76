"""A page to open, and texts that a page must bear."""

from __future__ import annotations

from typing import NamedTuple

from core.models import Person

LONG = "https://sonoivu.example/" + "ket-qua-ky-thi-tuyen-" * 10
HOSTILE = f"<script>alert(1)</script> <img src=x onerror=alert(2)> {LONG}"


class Visit(NamedTuple):
    """A page to open now: between two of them the inquiry walks on."""

    name: str
    by: Person | None
    path: str
    status: int = 200
