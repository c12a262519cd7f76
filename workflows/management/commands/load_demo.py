from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.actions import demo
from core.errors import DomainError
from workflows import demo_cases, demo_crises, demo_delegations, demo_refusals
from workflows.demo import password


class Command(BaseCommand):
    help = "Load the fictional agencies, people and cases of the demonstration. It may run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "demo")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO=0: demonstration accounts cannot exist here. Nothing was loaded.")
        try:
            tallies = demo.load(folder, password=password(), at=clock.now())
            tallies.append(demo_crises.load_past(folder, at=clock.now()))
            tallies.append(demo_refusals.load_past(folder, at=clock.now()))
            tallies.append(demo_cases.load(folder, at=clock.now()))
            tallies.append(demo_refusals.load_today(folder, at=clock.now()))
            tallies += demo_delegations.load(folder, at=clock.now())
            tallies.append(demo_crises.load_today(folder, at=clock.now()))
        except (DomainError, LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        for tally in tallies:
            self.stdout.write(str(tally))
