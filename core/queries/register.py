"""The public register of who speaks, from the mandates that decide who may. The queries do not grow with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.enums import MandateKind
from core.errors import NotFound
from core.models import Agency, Mandate, Post, RegisterEdition, RuleValue
from core.queries import mandates as mandate_queries
from core.rules import mandates as mandate_rules
from core.rules import register as rules
from core.rules.deadlines import local_day
from core.rules.register import Content, Line

PUBLICATION = "delegation_publication"
SHOWN_EDITIONS = 50


@dataclass(frozen=True, kw_only=True)
class Register:
    """What the register of an agency says at an instant, and the latest edition written until then."""

    agency: Agency
    at: datetime
    content: Content
    sha256: str
    latest: RegisterEdition | None

    @property
    def edition(self) -> RegisterEdition | None:
        """The edition that says this; none for the minute until one is written."""
        return self.latest if self.latest and self.latest.sha256 == self.sha256 else None

    @property
    def people(self) -> list[Line]:
        people: list[Line] = self.content["people"]
        return people

    @property
    def shown(self) -> list[dict[str, str]]:
        return [rules.shown(person) for person in self.people]

    @property
    def version(self) -> str:
        """Another one whenever the content or its edition is another."""
        return f"{self.sha256}.{self.edition.number if self.edition else 0}"

    @property
    def facts(self) -> dict[str, object]:
        """The register as its JSON shows it. The hash covers `agency` and `people`."""
        return {
            "agency": self.content["agency"],
            "as_of": rules.local(self.at),
            "last_changed": rules.local(self.edition.published_at) if self.edition else None,
            "edition": self.edition.number if self.edition else None,
            "sha256": self.sha256,
            "people": self.people,
        }


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition with what it changed, in words."""

    edition: RegisterEdition
    changes: Sequence[str]


def existing(at: datetime) -> QuerySet[Agency]:
    """The agencies that exist on the day of the instant."""
    return Agency.objects.at(local_day(at)).order_by("code")


def registers(agencies: QuerySet[Agency], *, at: datetime) -> list[Register]:
    """The registers of those agencies that have anybody to list or had an edition, in the order of the agencies."""
    held, kept = (
        Exists(Mandate.objects.at(at).filter(agency=OuterRef("pk"))),
        Exists(RegisterEdition.objects.filter(agency=OuterRef("pk"))),
    )
    candidates = list(agencies.filter(held | kept))
    lines, latest = _lines(candidates, at=at), _latest(candidates)
    found = [_register(agency, lines[agency.pk], latest.get(agency.pk), at=at) for agency in candidates]
    return [register for register in found if register.people or register.latest]


def register_of(agency: Agency, *, at: datetime) -> Register:
    """The register of one agency, empty where nobody is to be listed."""
    return _register(agency, _lines([agency], at=at)[agency.pk], _latest([agency]).get(agency.pk), at=at)


def published(code: str, *, at: datetime) -> Register:
    """Raises NotFound for an agency that does not exist today or that never had anybody to list here."""
    found = registers(existing(at).filter(code=code), at=at)
    if not found:
        raise NotFound(
            _("No register of spokespersons is published here for an agency with the code %(code)s.")
            % {"code": code}
        )
    return found[0]


def authority(code: str, *, at: datetime) -> Agency:
    """An agency of today that has others below it. Raises NotFound."""
    found = existing(at).filter(code=code).first()
    if found is None or not has_subordinates(found, at=at):
        raise NotFound(
            _("There is no agency with the code %(code)s that has other agencies below it.") % {"code": code}
        )
    return found


def has_subordinates(agency: Agency, *, at: datetime) -> bool:
    return existing(at).filter(parent=agency).exists()


def of_subordinates(superior: Agency, *, at: datetime) -> list[Register]:
    """Those of all agencies below an authority, however deep (Decree 244/2026 art 3.3)."""
    below = defaultdict[int | None, list[int]](list)
    for pk, parent in existing(at).values_list("pk", "parent"):
        below[parent].append(pk)
    reached, level = set[int](), below[superior.pk]
    while level:
        reached.update(level)
        level = [pk for each in level for pk in below[each] if pk not in reached]
    return registers(existing(at).filter(pk__in=reached - {superior.pk}), at=at)


def editions(agency: Agency) -> list[Edition]:
    """The latest editions, newest first, each with what it changed."""
    rows = list(_newest_first(agency)[: SHOWN_EDITIONS + 1])
    pairs = list(pairwise([*rows, None]))[:SHOWN_EDITIONS]
    return [
        Edition(
            edition=edition, changes=list(rules.in_words(before.content if before else None, edition.content))
        )
        for edition, before in pairs
        if edition is not None
    ]


def _newest_first(agency: Agency) -> QuerySet[RegisterEdition]:
    return RegisterEdition.objects.filter(agency=agency).select_related("agency").order_by("-number")


def _latest(agencies: Iterable[Agency]) -> dict[int, RegisterEdition]:
    newest = RegisterEdition.objects.filter(agency=OuterRef("agency")).order_by("-number").values("number")
    rows = RegisterEdition.objects.filter(agency__in=agencies, number=Subquery(newest[:1])).defer("content")
    return {row.agency_id: row for row in rows}


def _register(
    agency: Agency, lines: Iterable[Line], latest: RegisterEdition | None, *, at: datetime
) -> Register:
    said = rules.content(agency, lines)
    return Register(agency=agency, at=at, content=said, sha256=rules.sha256(said), latest=latest)


def _lines(agencies: Sequence[Agency], *, at: datetime) -> dict[int, list[Line]]:
    """What is said of each person, by agency."""
    speaking = _speaking(agencies, at=at)
    titles = _titles(speaking, at=at)
    duties = _duties() if any(agency.publishes_delegates for agency in agencies) else []
    public = {each.pk: rules.is_document_public(each, duties) for each in speaking}
    listed = rules.lasting(
        speaking,
        key=lambda each: (each.agency_id, each.kind, each.person_id, public[each.pk] and each.pk),
    )
    lines: dict[int, list[Line]] = {agency.pk: [] for agency in agencies}
    for mandate in listed:
        post = mandate.post.title if mandate.post else titles[mandate.person_id, mandate.agency_id]
        lines[mandate.agency_id].append(rules.line(mandate, post=post, is_document_public=public[mandate.pk]))
    return lines


def _speaking(agencies: Sequence[Agency], *, at: datetime) -> list[Mandate]:
    """Who is to be listed: the head in office, standing spokespersons and, where the agency says so, delegates."""
    rows = Mandate.objects.at(at).filter(agency__in=agencies).prefetch_related("ends")
    in_force = [
        each
        for each in rows.select_related("person", "post", "rule_set")
        if mandate_rules.is_in_force(each, at=at)
    ]
    given = {agency.pk: agency for agency in agencies}
    for each in in_force:
        each.agency = given[each.agency_id]
    closures = mandate_queries.closures_of({each.person for each in in_force})
    heads = _heads(in_force, at=at)
    return [
        each
        for each in in_force
        if not mandate_rules.is_closed(closures[each.person_id], at=at) and _is_listed(each, heads)
    ]


def _heads(in_force: Iterable[Mandate], *, at: datetime) -> set[int]:
    headships = defaultdict[int, list[Mandate]](list)
    for mandate in in_force:
        if mandate.kind == MandateKind.EX_OFFICIO:
            headships[mandate.agency_id].append(mandate)
    found = (mandate_rules.head_in_office(held, at=at) for held in headships.values())
    return {head.pk for head in found if head}


def _is_listed(mandate: Mandate, heads: set[int]) -> bool:
    if mandate.kind == MandateKind.EX_OFFICIO:
        return mandate.pk in heads
    return not mandate.is_delegated or mandate.agency.publishes_delegates


def _titles(speaking: Iterable[Mandate], *, at: datetime) -> dict[tuple[int, int], str]:
    """What each person holds in the agency spoken for, as `mandates.post_title` says it of one."""
    held = defaultdict[tuple[int, int], dict[str, None]](dict)
    posts = Post.objects.at(at).filter(
        person__in=[each.person_id for each in speaking], agency__in=[each.agency_id for each in speaking]
    )
    for person, agency, title in posts.values_list("person", "agency", "title"):
        held[person, agency][title] = None
    return defaultdict(str, {key: "; ".join(titles) for key, titles in held.items()})


def _duties() -> list[RuleValue]:
    return list(RuleValue.objects.filter(scope__key__code=PUBLICATION).select_related("scope"))
