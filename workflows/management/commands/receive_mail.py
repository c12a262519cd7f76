from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock, request_context
from core.errors import DomainError
from core.models import Inquiry
from workflows import intake


class Command(BaseCommand):
    help = "Receive one mail from a file, or from standard input when the file is -."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="an .eml file, or - for standard input")
        parser.add_argument(
            "--agency", default="", help="code of the agency, where no recipient's mailbox tells it"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = _read(options["file"])
        at = clock.now()
        try:
            with request_context.entered(channel="mail"):
                inquiries = intake.receive_all(raw, code=options["agency"], at=at)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_answer(inquiries)))
        else:
            self.stdout.write("\n".join(map(_sentence, inquiries)))


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(
            _("The file %(name)s cannot be read, so nothing was received.") % {"name": name}
        ) from error


def _answer(inquiries: list[Inquiry]) -> dict[str, Any]:
    """The first agency's inquiry; under `others` those of the other agencies the mail was sent to."""
    first, *others = map(_facts, inquiries)
    return {**first, "others": others} if others else first


def _facts(inquiry: Inquiry) -> dict[str, str | int | None]:
    return {
        "case": inquiry.case.reference,
        "inquiry": inquiry.pk,
        "reference": inquiry.reference,
        "due": inquiry.due.isoformat() if inquiry.due else None,
    }


def _sentence(inquiry: Inquiry) -> str:
    return _("Received: inquiry %(reference)s of the case %(case)s.") % {
        "reference": inquiry.reference,
        "case": inquiry.case.reference,
    }
