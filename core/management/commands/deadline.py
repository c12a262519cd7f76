from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.actions import deadlines
from core.actions.deadlines import Computed
from core.enums import LimitUnit
from core.errors import DomainError, Invalid
from core.management.instants import read_instant
from core.models import LocalRule, RuleSet, RuleValue
from core.queries import law, organisation
from core.rules import deadlines as rules
from core.rules.deadlines import Limit, local_day
from core.rules.law import UnknownDuty


class Command(BaseCommand):
    help = (
        "When a duty of an agency is due, counted from an event, with the steps in words. A duty without a time "
        "limit is answered so; one that the law of that day or that kind of agency does not know ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", help="a key; `manage.py rule --list` shows them")
        parser.add_argument(
            "--from",
            dest="start",
            required=True,
            help="the event: an instant, as 2026-08-31T23:30+07:00, or for limits in days a day, as 2026-11-10; "
            "without an offset it is the time of Vietnam",
        )
        parser.add_argument("--agency", required=True, help="code of the agency")
        parser.add_argument("--press-kind", default="", help="where the law tells kinds of press apart")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = _answer(options)
        except DomainError as error:
            raise CommandError(str(error), returncode=1 if isinstance(error, UnknownDuty) else 2) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._say(answer)

    def _say(self, answer: dict[str, Any]) -> None:
        for step in answer["steps"]:
            self.stdout.write(step)
        self.stdout.write(f"{answer['citation']} ({answer['rule_set']})")
        if answer["local"]:
            self.stdout.write(
                _("Local rule, not law: %(citation)s") % {"citation": answer["local"]["citation"]}
            )
            for step in answer["local"]["steps"]:
                self.stdout.write(f"  {step}")


def _answer(options: dict[str, Any]) -> dict[str, Any]:
    key = law.rule_key(options["rule"])
    agency = organisation.agency_by_code(options["agency"])
    started_at, has_time = read_instant(options["start"])
    on, press_kind = local_day(started_at), options["press_kind"]
    law.check_press_kind(key, press_kind, agency=agency, on=on)
    rule = law.rule_value(key, agency=agency, on=on, press_kind=press_kind)
    limit = law.limit_of(rule)
    if limit.unit not in rules.DATED and limit.unit not in rules.UNDATED:
        raise rules.NotATimeLimit(key.title)
    _check_precise(limit, has_time=has_time)
    local = law.local_rule(key, agency=agency, on=on)
    computed = deadlines.compute(limit, started_at)
    rule_set = RuleSet.objects.at(on).first()
    return {
        **_facts(computed),
        "rule_set": rule_set.code if rule_set else "",
        "provision": rule.provision.code,
        "citation": _citation(rule),
        "calendar_version": computed.calendar.number if computed.calendar else None,
        "provisional": computed.result.is_provisional,
        "local": _local(local, started_at) if local else None,
    }


def _facts(computed: Computed) -> dict[str, Any]:
    result = computed.result
    return {
        "due": result.due.isoformat() if result.due else None,
        "due_inclusive": result.due_inclusive,
        "last_day": str(result.last_day) if result.last_day else None,
        "steps": computed.steps,
    }


def _citation(rule: RuleValue) -> str:
    return "; ".join(each.citation for each in (rule.provision, rule.limit_from) if each)


def _local(rule: LocalRule, started_at: datetime) -> dict[str, Any] | None:
    limit = law.limit_of(rule)
    if limit.unit not in rules.DATED:
        return None
    return {**_facts(deadlines.compute(limit, started_at)), "citation": rule.citation}


def _check_precise(limit: Limit, *, has_time: bool) -> None:
    if limit.unit == LimitUnit.HOURS and not has_time:
        raise Invalid(_("A limit in hours runs from a moment: give the time of day with --from."))
