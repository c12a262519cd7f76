"""Joint matters: of a crisis, of the agencies of a person, and what stands agreed in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from core.enums import Codename
from core.models import Agency, Crisis, Person
from core.queries import organisation
from workflows.crisis.models import CrisisStatement, JointMatter, JointText, JointVoice
from workflows.crisis.rules import joint as rules
from workflows.crisis.rules.speaking import JointFacts

SEES = (Codename.AGREE_CONTENT, Codename.REPORT_CRISIS, Codename.AUDIT_CASES)


@dataclass(frozen=True, kw_only=True)
class Position:
    """What one agency says of one version, if anything yet."""

    agency: Agency
    voice: JointVoice | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One version with the voice that counts of each of the others."""

    text: JointText
    positions: list[Position]
    is_agreed: bool

    def objections_to(self, paragraph: int) -> list[tuple[Agency, str]]:
        key = str(paragraph)
        return [
            (row.agency, row.voice.objections[key])
            for row in self.positions
            if row.voice is not None and key in row.voice.objections
        ]


def with_texts(rows: QuerySet[JointMatter]) -> QuerySet[JointMatter]:
    """Matters with all that decides whether a version is agreed, in as many queries however many there are."""
    voices = JointVoice.objects.select_related("given_by", "agency").order_by("given_at", "pk")
    texts = JointText.objects.select_related("proposed_by").order_by("number")
    return rows.select_related("lead", "opened_by").prefetch_related(
        "parties", Prefetch("texts", texts.prefetch_related(Prefetch("voices", voices)))
    )


def open_to(person: Person, *, at: datetime) -> QuerySet[JointMatter]:
    """The joint matters of the person's agencies, as lead or as one of the others."""
    agencies = organisation.agencies_of(person, at=at, codename=SEES).values("pk")
    if not person.is_active:
        return JointMatter.objects.none()
    return JointMatter.objects.filter(Q(lead__in=agencies) | Q(parties__in=agencies)).distinct()


def agencies_in(matter: JointMatter, person: Person, *, at: datetime) -> list[Agency]:
    """For which agencies of the matter the person may agree, object or propose, the lead first."""
    own = set(
        organisation.agencies_of(person, at=at, codename=Codename.AGREE_CONTENT).values_list("pk", flat=True)
    )
    return [agency for agency in (matter.lead, *matter.parties.all()) if agency.pk in own]


def of_crisis(crisis: Crisis) -> JointMatter | None:
    return with_texts(JointMatter.objects.filter(crises=crisis)).first()


def crisis_of(matter: JointMatter, agency: Agency) -> Crisis | None:
    """The agency's own crisis about the matter, into the case of which its acts are recorded."""
    return matter.crises.filter(agency=agency).select_related("case").order_by("pk").first()


def standings(matter: JointMatter) -> list[Standing]:
    """Every version, the latest first."""
    return [_standing(matter, text) for text in sorted(matter.texts.all(), key=lambda row: -row.number)]


def _standing(matter: JointMatter, text: JointText) -> Standing:
    parties = list(matter.parties.all())
    latest = rules.latest_voices(text.voices.all())
    return Standing(
        text=text,
        positions=[Position(agency=party, voice=latest.get(party.pk)) for party in parties],
        is_agreed=rules.is_agreed(latest, parties={party.pk for party in parties}),
    )


def agreed(matter: JointMatter) -> Mapping[str, int]:
    """The agreed versions by their hash."""
    return {row.text.sha256: row.text.number for row in standings(matter) if row.is_agreed}


def facts(crisis: Crisis) -> JointFacts | None:
    """What the rule on who may speak asks of the joint matter of a crisis."""
    matter = of_crisis(crisis)
    return JointFacts(lead=matter.lead, agreed=agreed(matter)) if matter is not None else None


def released_by_hash(matter: JointMatter) -> dict[str, CrisisStatement]:
    """What the lead released on the matter, by the hash of the text; of one text the first time."""
    spoken = CrisisStatement.objects.filter(
        crisis__joint_matters=matter, crisis__agency=matter.lead_id, released_at__isnull=False
    )
    rows = spoken.select_related("released_by").order_by("-released_at", "-pk")
    return {row.cleared_sha256: row for row in rows}


def released(text: JointText) -> CrisisStatement | None:
    """The statement of the lead in which this text was spoken."""
    return released_by_hash(text.matter).get(text.sha256)


def hold_of(crisis: Crisis) -> None:
    """Hold the joint matter of a crisis until the commit: voices and proposals wait for a release, and it for them."""
    matters = JointMatter.crises.through.objects.filter(crisis=crisis).values("jointmatter_id")
    list(
        JointMatter.objects.filter(pk__in=matters)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )


def hold_for_release(statement: CrisisStatement) -> None:
    """Between the crisis's run and the mandates, before the instant of the act is read."""
    hold_of(statement.crisis)


def linkable(crisis: Crisis) -> QuerySet[JointMatter]:
    """The joint matters in which the crisis's own agency is the lead or one of the others."""
    own = Q(lead=crisis.agency_id) | Q(parties=crisis.agency_id)
    return JointMatter.objects.filter(own).select_related("lead").distinct()
