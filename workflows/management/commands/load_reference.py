from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import clock
from core.actions import calendar, law_reference, reference
from core.errors import DomainError
from documents.actions import reference as document_reference
from workflows.crisis.actions import playbook_examples
from workflows.press_inquiry.actions import clocks


class Command(BaseCommand):
    help = "Load the reference data by natural key. It may run again at any time and deletes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "reference")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            with transaction.atomic():
                tallies = [*reference.load(folder), *law_reference.load(folder / "law")]
                first = calendar.load_first(reference.read_rows(folder / "calendar.json"), at=clock.now())
                kinds = document_reference.load(folder)
                tallies.append(playbook_examples.load(reference.read_rows(folder / playbook_examples.FILE)))
        except (DomainError, OSError, LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        for tally in tallies:
            self.stdout.write(str(tally))
        self.stdout.write(f"document kinds: {kinds} in place")
        self.stdout.write(f"working calendar: {'version 1 loaded' if first else 'kept as published'}")
        self.stdout.write(
            f"clocks of inquiries registered before: {clocks.start_missing(at=clock.now())} started"
        )
