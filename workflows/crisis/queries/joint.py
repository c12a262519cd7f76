"""Joint matters: of a crisis, of the agencies of a person, and what stands agreed in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from core.enums import Codename
from core.models import Agency, Crisis, Person, RoleAssignment, Succession
from core.queries import organisation
from core.rules.deadlines import local_day
from workflows.crisis.models import CrisisStatement, JointMatter, JointText, JointVoice
from workflows.crisis.rules import joint as rules
from workflows.crisis.rules import speaking
from workflows.crisis.rules.joint import Parties, Party
from workflows.crisis.rules.speaking import JointFacts

SEES = (Codename.AGREE_CONTENT, Codename.REPORT_CRISIS, Codename.AUDIT_CASES)


TakenOver = Mapping[int, Sequence[Succession]]


@dataclass(frozen=True, kw_only=True)
class Position:
    """What was said of one version for one agency of the matter, if anything yet."""

    party: Party
    voice: JointVoice | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One version with the voice that counts of each of the others."""

    text: JointText
    positions: list[Position]
    is_agreed: bool

    def objections_to(self, paragraph: int) -> list[tuple[Agency, str]]:
        """Each once, though whoever objects may speak for several."""
        key = str(paragraph)
        voices = {row.voice.pk: row.voice for row in self.positions if row.voice is not None}
        return [(voice.agency, voice.objections[key]) for voice in voices.values() if key in voice.objections]


def with_texts(rows: QuerySet[JointMatter]) -> QuerySet[JointMatter]:
    """Matters with all that decides whether a version is agreed, in as many queries however many there are."""
    voices = JointVoice.objects.select_related("given_by", "agency").order_by("given_at", "pk")
    texts = JointText.objects.select_related("proposed_by").order_by("number")
    return rows.select_related("lead", "opened_by").prefetch_related(
        "parties", Prefetch("texts", texts.prefetch_related(Prefetch("voices", voices)))
    )


def taken_over(matters: Iterable[JointMatter], *, at: datetime) -> TakenOver:
    """Who took the place of the dissolved agencies of these matters, in as many queries however many there are."""
    on = local_day(at)
    named = [party for matter in matters for party in matter.parties.all() if party.has_ended(on)]
    return organisation.taken_over(named, on) if named else {}


def parties_on(matter: JointMatter, *, at: datetime, known: TakenOver | None = None) -> Parties:
    """Whose agreement is needed on the day, by the directory of successions; `known` where a page has asked it."""
    found = taken_over([matter], at=at) if known is None else known
    return rules.parties_on(matter.parties.all(), taken_over=found, on=local_day(at))


def is_asked(matter: JointMatter, agency: Agency, *, at: datetime) -> bool:
    """Whether the agency is one of those that agree on the day."""
    return agency in parties_on(matter, at=at).asked


def stands_for(matter: JointMatter, agency: Agency, *, at: datetime) -> list[int]:
    """The dissolved agencies of the matter in whose place the agency speaks at the instant."""
    return parties_on(matter, at=at).stood_for_by(agency)


def _of(agencies: QuerySet[Agency], *, at: datetime) -> Q:
    """Matters of these agencies, as lead, as one of the others, or in the place of one that was dissolved."""
    on = local_day(at)
    dissolved = list(Agency.objects.filter(valid_until__lte=on, joint_matters__isnull=False).distinct())
    own = set(agencies.values_list("pk", flat=True)) if dissolved else set()
    parties = rules.parties_on(dissolved, taken_over=organisation.taken_over(dissolved, on), on=on)
    inherited = [row.named.pk for row in parties.rows if row.agency.pk in own]
    return Q(lead__in=agencies.values("pk")) | Q(parties__in=agencies.values("pk")) | Q(parties__in=inherited)


def open_to(person: Person, *, at: datetime) -> QuerySet[JointMatter]:
    """The joint matters of the person's agencies, as lead or as one of the others."""
    if not person.is_active:
        return JointMatter.objects.none()
    agencies = organisation.agencies_of(person, at=at, codename=SEES)
    return JointMatter.objects.filter(_of(agencies, at=at)).distinct()


def agencies_in(
    matter: JointMatter, person: Person, *, at: datetime, known: TakenOver | None = None
) -> list[Agency]:
    """For which agencies of the matter the person may agree, object or propose, the lead first."""
    own = set(
        organisation.agencies_of(person, at=at, codename=Codename.AGREE_CONTENT).values_list("pk", flat=True)
    )
    return [agency for agency in taking_part(matter, at=at, known=known) if agency.pk in own]


def taking_part(matter: JointMatter, *, at: datetime, known: TakenOver | None = None) -> list[Agency]:
    """The lead, and who is asked beside it on the day."""
    asked = parties_on(matter, at=at, known=known).asked
    return [matter.lead, *(agency for agency in asked if agency.pk != matter.lead_id)]


def of_crisis(crisis: Crisis) -> JointMatter | None:
    return with_texts(JointMatter.objects.filter(crises=crisis)).first()


def crisis_of(matter: JointMatter, agency: Agency) -> Crisis | None:
    """The agency's own crisis about the matter, into the case of which its acts are recorded."""
    return matter.crises.filter(agency=agency).select_related("case").order_by("pk").first()


def standings(matter: JointMatter, *, at: datetime, known: TakenOver | None = None) -> list[Standing]:
    """Every version with whose agreement is needed on the day, the latest first."""
    parties = parties_on(matter, at=at, known=known)
    texts = sorted(matter.texts.all(), key=lambda row: -row.number)
    return [_standing(text, parties) for text in texts]


def _standing(text: JointText, parties: Parties) -> Standing:
    voices = list(text.voices.all())
    return Standing(
        text=text,
        positions=[Position(party=row, voice=rules.voice_of(row, voices)) for row in parties.rows],
        is_agreed=rules.is_agreed(voices, parties=parties),
    )


def agreed(matter: JointMatter, *, at: datetime) -> Mapping[str, int]:
    """The agreed versions by their hash."""
    return {row.text.sha256: row.text.number for row in standings(matter, at=at) if row.is_agreed}


def facts(crisis: Crisis, *, at: datetime) -> JointFacts | None:
    """What the rule on who may speak asks of the joint matter of a crisis."""
    matter = of_crisis(crisis)
    return JointFacts(lead=matter.lead, agreed=agreed(matter, at=at)) if matter is not None else None


def is_for_others(crisis: Crisis, *, at: datetime) -> bool:
    """Whether the law leaves speaking on the crisis to somebody else for good."""
    return speaking.is_for_others(crisis, agency=crisis.agency, joint=facts(crisis, at=at))


def have_spoken_here(text: JointText) -> set[int]:
    """The agencies of which somebody agreed or objected to this version in the system, by their keys."""
    return set(JointVoice.objects.filter(text=text, means="").values_list("agency_id", flat=True))


def answer_here(agencies: Iterable[Agency], *, at: datetime) -> set[int]:
    """Those of these agencies in which somebody may agree in the system at the instant, by their keys."""
    keys = [agency.pk for agency in agencies]
    rows = RoleAssignment.objects.at(at).filter(
        agency__in=keys, group__permissions__codename=Codename.AGREE_CONTENT, person__is_active=True
    )
    return set(rows.values_list("agency_id", flat=True))


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


def linkable(crisis: Crisis, *, at: datetime) -> QuerySet[JointMatter]:
    """The joint matters in which the crisis's own agency is the lead or one of the others."""
    own = _of(Agency.objects.filter(pk=crisis.agency_id), at=at)
    return JointMatter.objects.filter(own).select_related("lead").distinct()
