from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.models import LocalRule, RuleKey, RuleValue
from core.queries import law, organisation
from core.rules.deadlines import local_day
from core.rules.law import UnknownDuty
from core.rules.law_words import PARAPHRASE, said, said_of


class Command(BaseCommand):
    help = (
        "What the law of a day says of a rule for an agency, and beside it the agency's own stricter rule. "
        "A rule the law of that day does not know for that kind of agency is answered so, with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", nargs="?", default="", help="a key, as forwarded_opinion")
        parser.add_argument("--on", type=date.fromisoformat, help="a day, as 2026-07-01; today unless given")
        parser.add_argument("--agency", default="", help="code of the agency")
        parser.add_argument("--press-kind", default="", help="where the law tells kinds of press apart")
        parser.add_argument("--list", action="store_true", help="every key")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list(as_json=options["json"])
            return
        if not options["key"] or not options["agency"]:
            raise CommandError(_("Name a key and --agency, or ask for --list."), returncode=2)
        on = options["on"] or local_day(clock.now())
        try:
            key = law.rule_key(options["key"])
            agency = organisation.agency_by_code(options["agency"])
            law.check_press_kind(key, options["press_kind"], agency=agency, on=on)
            found = law.rule_value(key, agency=agency, on=on, press_kind=options["press_kind"])
        except DomainError as error:
            raise CommandError(str(error), returncode=1 if isinstance(error, UnknownDuty) else 2) from error
        local = law.local_rule(key, agency=agency, on=on)
        if options["json"]:
            answer = {**_facts(found), "local": _local_facts(local) if local else None}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self._say(found, local)

    def _list(self, *, as_json: bool) -> None:
        keys = RuleKey.objects.order_by("code")
        if as_json:
            rows = [{"key": key.code, "title": key.title, "title_en": key.title_en} for key in keys]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for key in keys:
            self.stdout.write(f"{key.code:<34} {key.title}")

    def _say(self, rule: RuleValue, local: LocalRule | None) -> None:
        start = f" ({rule.get_start_display()})" if rule.start else ""
        self.stdout.write(f"{rule.key.title}: {said_of(rule)}{start}")
        self.stdout.write(f"{rule.provision.citation}: {rule.provision.statement} ({PARAPHRASE})")
        if rule.limit_from:
            self.stdout.write(
                _("The length of the limit: %(citation)s") % {"citation": rule.limit_from.citation}
            )
        if local is not None:
            self.stdout.write(
                _("Local rule, not law: %(value)s, %(citation)s")
                % {"value": said(local.value, local.unit), "citation": local.citation}
            )


def _facts(rule: RuleValue) -> dict[str, Any]:
    return {
        "key": rule.key.code,
        "value": rule.value,
        "unit": rule.unit,
        "start": rule.start,
        "provision": rule.provision.code,
        "from": str(rule.valid_from),
        "until": str(rule.valid_until) if rule.valid_until else None,
    }


def _local_facts(rule: LocalRule) -> dict[str, Any]:
    return {
        "value": rule.value,
        "unit": rule.unit,
        "start": rule.start,
        "regulation": str(rule.regulation),
        "article": rule.article,
        "from": str(rule.valid_from),
        "until": str(rule.valid_until) if rule.valid_until else None,
    }
