"""`manage.py trail verify`: is the decision trail whole?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.queries.trail import Verification
from core.rules.trail import Finding


class Command(BaseCommand):
    help = "Checks the chains of the decision trail. Leaves with 0 when they are whole, otherwise with 1."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="answer for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        verification = Verification()
        found = list(verification.findings())
        say = self._say_json if options["json"] else self._say_sentences
        say(verification, found)
        if found:
            sys.exit(1)

    def _say_json(self, verification: Verification, found: list[Finding]) -> None:
        findings = [{"stream": it.stream, "seq": it.seq, "problem": it.problem.value} for it in found]
        counts = {"entries": verification.entries, "cases": verification.cases}
        self.stdout.write(json.dumps({**counts, "findings": findings}, ensure_ascii=False))

    def _say_sentences(self, verification: Verification, found: list[Finding]) -> None:
        for finding in found:
            self.stdout.write(finding.sentence)
        counts = {"entries": verification.entries, "cases": verification.cases, "count": len(found)}
        checked = _("Checked %(entries)s entries of the trail of %(cases)s cases.") % counts
        result = _("Problems found: %(count)s.") % counts if found else _("The trail is whole.")
        self.stdout.write(f"{checked} {result}")
