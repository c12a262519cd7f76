"""What an agency decided before on a ground or on what corresponds to it: how often, and with which reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db.models import Count

from core import clock
from core.models import Agency, Case, Person, Provision

from .models import Refusal, RefusalDecision
from .rules import choosing

MOST_SHOWN = 5
# Nobody reads further back than this to find the nearest of them.
MOST_LOOKED_AT = 500


@dataclass(frozen=True, kw_only=True)
class Precedents:
    """Of one ground: how often it was used in the last twelve months, and the decisions most like the question."""

    uses: int = 0
    similar: list[RefusalDecision] = field(default_factory=list)


def of(
    grounds: Iterable[Provision], *, refusal: Refusal, seen_by: Person, at: datetime
) -> dict[int, Precedents]:
    """By ground. The number counts every decision of the agency; what is shown stands in cases open to the person."""
    family = choosing.families(_successors())
    wanted = {ground.pk: family.get(ground.pk, frozenset({ground.pk})) for ground in grounds}
    everything = frozenset().union(*wanted.values()) if wanted else frozenset()
    uses = _uses(refusal.agency, everything, at=at)
    earlier = _earlier(refusal, everything, seen_by=seen_by, at=at)
    return {
        ground: Precedents(
            uses=sum(uses.get(pk, 0) for pk in kin), similar=_nearest(refusal, kin, among=earlier)
        )
        for ground, kin in wanted.items()
    }


def _successors() -> dict[int, int | None]:
    return dict(Provision.objects.filter(is_ground=True).values_list("pk", "successor_id"))


def _uses(agency: Agency, grounds: Collection[int], *, at: datetime) -> dict[int, int]:
    since = datetime.combine(choosing.a_year_before(at), time(), tzinfo=clock.ZONE)
    rows = RefusalDecision.objects.filter(
        ground__in=grounds, refusal__inquiry__agency=agency, decided_at__gte=since, decided_at__lte=at
    )
    counted = rows.order_by().values("ground").annotate(count=Count("pk"))
    return {row["ground"]: row["count"] for row in counted}


def _earlier(
    refusal: Refusal, grounds: Collection[int], *, seen_by: Person, at: datetime
) -> list[RefusalDecision]:
    """What may be shown, newest first: of other questions, with its words still there."""
    rows = RefusalDecision.objects.filter(
        ground__in=grounds,
        refusal__inquiry__agency=refusal.agency,
        refusal__inquiry__case__in=Case.objects.visible_to(seen_by, at=at),
        decided_at__lte=at,
    )
    rows = rows.exclude(refusal__question=refusal.question_id)
    rows = rows.exclude(version__reason="").exclude(refusal__question__text="")
    related = ("version", "ground__instrument", "refusal__question", "refusal__inquiry", "decided_by")
    return list(rows.select_related(*related).order_by("-decided_at", "-pk")[:MOST_LOOKED_AT])


def _nearest(
    refusal: Refusal, kin: Collection[int], *, among: Iterable[RefusalDecision]
) -> list[RefusalDecision]:
    topic = refusal.inquiry.topic_id
    rows = [
        (
            decision,
            topic is not None and decision.refusal.inquiry.topic_id == topic,
            decision.refusal.question.text,
        )
        for decision in among
        if decision.ground_id in kin
    ]
    return choosing.most_alike(rows, question=refusal.question.text, most=MOST_SHOWN)
