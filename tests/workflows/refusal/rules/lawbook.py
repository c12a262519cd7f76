"""The grounds of the shipped files as rows that no database holds, and facts and reasons that stand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from core.enums import GroundKind
from core.models import Instrument, Provision
from tests.law import FIXTURES
from workflows.refusal.models import Outcome, WatchKind
from workflows.refusal.rules.proposals import Offer, Proposal

OLD_LAW, NEW_LAW = "103/2016/QH13", "126/2025/QH15"
LAST_DAY, FIRST_DAY = date(2026, 6, 30), date(2026, 7, 1)
OLD_SECRETS = ("state", "party", "private_life", "other")
NEW_SECRETS = ("state", "personal", "family", "other")

FACTS: dict[GroundKind, dict[str, str]] = {
    GroundKind.SECRET: {"secret": "state", "list": "Quyết định 01/QĐ-TTg (giả định), mục 3", "level": "top"},
    GroundKind.INVESTIGATION: {
        "criminal_case": "Vụ án A (giả định)", "body": "Cơ quan điều tra tỉnh Mẫu", "no_help_needed": "yes",
    },
    GroundKind.INSPECTION: {
        "matter": "inspection", "decision": "Quyết định thanh tra số 12/QĐ-TTr ngày 03/6/2026",
        "no_conclusion": "yes", "rule": "Luật Thanh tra (giả định), Điều 5",
    },
    GroundKind.DRAFT_POLICY: {"draft": "Dự thảo Đề án B (giả định)", "authority": "Ủy ban nhân dân tỉnh Mẫu"},
}  # fmt: skip
WATCHED = {
    GroundKind.SECRET: None,
    GroundKind.INVESTIGATION: WatchKind.TRIAL,
    GroundKind.INSPECTION: WatchKind.CONCLUSION,
    GroundKind.DRAFT_POLICY: WatchKind.APPROVAL,
}
REASON = "Đơn vị còn đối chiếu hồ sơ từng thí sinh; nói sớm sẽ làm sai lệch kết quả xác minh."


@cache
def _rows() -> dict[str, Provision]:
    def read(name: str) -> list[dict[str, Any]]:
        rows = json.loads((FIXTURES / "law" / f"{name}.json").read_text(encoding="utf-8"))
        return [row for row in rows if "_note" not in row]

    def day(written: str | None) -> date | None:
        return date.fromisoformat(written) if written else None

    instruments = {
        row["number"]: Instrument(
            pk=pk, number=row["number"], title=row["title"], kind=row["kind"], issued=day(row["issued"])
        )
        for pk, row in enumerate(read("instruments"), 1)
    }
    listed = read("provisions")
    copied = ("code", "article", "clause", "point", "subject", "statement", "is_ground", "ground_kind")
    provisions = {
        row["code"]: Provision(
            pk=pk,
            instrument=instruments[row["instrument"]],
            valid_from=day(row["valid_from"]),
            valid_until=day(row["valid_until"]),
            **{name: row[name] for name in copied},
        )
        for pk, row in enumerate(listed, 1)
    }
    for row in listed:
        provisions[row["code"]].successor = provisions.get(row["successor"])
    return provisions


def provision(place: str) -> Provision:
    """`38.2.d`, `31.2.a`: one of the two press laws."""
    law = OLD_LAW if place.startswith("38") else NEW_LAW
    return _rows()[f"{law}:{place}"]


def grounds(law: str) -> list[Provision]:
    return [row for row in _rows().values() if row.is_ground and row.instrument.number == law]


def every_ground() -> list[Provision]:
    return [*grounds(OLD_LAW), *grounds(NEW_LAW)]


def places(rows: list[Provision]) -> list[str]:
    return [row.place for row in rows]


def offer(**changes: Any) -> Offer:
    """What may be decided on the last day of the law of 2016."""
    given = Offer(on=LAST_DAY, grounds=grounds(OLD_LAW), secret_kinds=OLD_SECRETS)
    return replace(given, **changes)


def proposal(place: str = "38.2.c", **changes: Any) -> Proposal:
    """A refusal on this ground that stands."""
    ground = provision(place)
    kind = GroundKind(ground.ground_kind)
    given = Proposal(
        outcome=Outcome.REFUSED, ground=ground, facts=FACTS[kind], reason=REASON, watch_kind=WATCHED[kind]
    )
    return replace(given, **changes)
