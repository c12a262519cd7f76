from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.models import Provision
from core.queries import law
from core.rules.law_words import PARAPHRASE


class Command(BaseCommand):
    help = "The grounds on which the law of a day lets an agency refuse the press."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, required=True, help="a day, as 2026-07-01")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, on: date, **options: Any) -> None:
        found = list(law.grounds(on))
        if not found:
            raise CommandError(
                _(
                    "No ground for refusal is on record for %(day)s. Load the reference data, or choose another day."
                )
                % {"day": f"{on:%d/%m/%Y}"}
            )
        if options["json"]:
            answer = {"on": str(on), "grounds": [_facts(provision) for provision in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for provision in found:
            self.stdout.write(f"{provision.citation}: {provision.statement} ({PARAPHRASE})")


def _facts(provision: Provision) -> dict[str, str]:
    return {
        "code": provision.place,
        "provision": provision.code,
        "citation": provision.citation,
        "statement": provision.statement,
    }
