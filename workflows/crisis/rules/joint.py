"""When a joint text is agreed, and who may lead a joint matter (Decree 244/2026 art 7.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.enums import AgencyKind
from core.errors import Invalid
from core.models import Agency, Succession
from core.rules import organisation
from workflows.crisis.models import JointVoice

LEADS = (AgencyKind.MINISTRY, AgencyKind.PROVINCIAL_COMMITTEE)


@dataclass(frozen=True, kw_only=True)
class Party:
    """An agency of the matter and, where it was dissolved, the line of those that took its place one after the other.

    `is_gone`: the last of the line was dissolved as well, and nobody is on record in its place.
    """

    line: Sequence[Agency]
    is_gone: bool = False

    @property
    def named(self) -> Agency:
        return self.line[0]

    @property
    def agency(self) -> Agency:
        """Who speaks for it on the day."""
        return self.line[-1]

    @property
    def is_heir(self) -> bool:
        return self.agency.pk != self.named.pk


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Whose agreement is needed on a day. An agency that also took another's place is there once for each."""

    rows: Sequence[Party]

    @property
    def asked(self) -> list[Agency]:
        """Who may agree or object, each once."""
        return list({row.agency.pk: row.agency for row in self.rows if not row.is_gone}.values())

    @property
    def gone(self) -> list[Party]:
        return [row for row in self.rows if row.is_gone]

    def stood_for_by(self, agency: Agency) -> list[int]:
        """The keys of the dissolved agencies of the matter in whose place it speaks."""
        return sorted(
            {
                row.named.pk
                for row in self.rows
                if row.is_heir and not row.is_gone and row.agency.pk == agency.pk
            }
        )


def parties_on(
    named: Iterable[Agency], *, taken_over: Mapping[int, Sequence[Succession]], on: date
) -> Parties:
    """The agencies beside the lead on a day; of a dissolved one whoever took its place, the lead among them."""
    rows: dict[tuple[int, ...], Party] = {}
    for agency in named:
        ways = organisation.lines(agency, taken_over, on=on) if agency.has_ended(on) else []
        for line in [way.agencies for way in ways] or [(agency,)]:
            party = Party(line=line, is_gone=line[-1].has_ended(on))
            rows.setdefault(tuple(each.pk for each in line), party)
    return Parties(rows=list(rows.values()))


def voice_of(party: Party, voices: Iterable[JointVoice]) -> JointVoice | None:
    """Of voices in their order the last one that counts: its own, or of whoever stood in its place when it spoke."""
    heirs = {agency.pk for agency in party.line[1:]}
    said = [
        voice
        for voice in voices
        if voice.agency_id == party.named.pk
        or (voice.agency_id in heirs and party.named.pk in voice.stands_for)
    ]
    return said[-1] if said else None


def is_agreed(voices: Sequence[JointVoice], *, parties: Parties) -> bool:
    """Whether each agency named in the matter agrees. The lead agrees by proposing.

    Nothing is agreed by a merger or a dissolution alone: what a dissolved agency said stands, and whoever took its
    place speaks for it. One that said nothing and has no successor keeps the text from being agreed.
    """
    counting = [voice_of(party, voices) for party in parties.rows]
    return bool(counting) and all(voice is not None and voice.agrees for voice in counting)


def check_agencies(lead: Agency, parties: Collection[Agency], *, own: Agency, on: date) -> None:
    """Raise Invalid unless these can be the agencies of a joint matter that `own` records."""
    if lead.kind not in LEADS:
        raise _wrong(
            "lead",
            _(
                "%(agency)s cannot lead: the Government assigns a ministry or a provincial people's committee, never "
                "a department."
            )
            % {"agency": lead.name},
        )
    if not parties:
        raise _wrong(
            "parties", _("Name at least one other agency; a matter of one agency is no joint matter.")
        )
    if lead in parties:
        raise _wrong("parties", _("The lead is not one of the others. Take it out of the list."))
    if own != lead and own not in parties:
        raise _wrong(
            "parties", _("%(agency)s is neither the lead nor one of the others.") % {"agency": own.name}
        )
    for agency in (lead, *parties):
        if not agency.covers(on):
            field = "lead" if agency == lead else "parties"
            raise _wrong(field, _("%(agency)s does not exist on this day.") % {"agency": agency.name})


def check_objections(objections: Mapping[int, str], *, paragraphs: int) -> None:
    """Raise Invalid unless something is said of paragraphs that the text has."""
    if not objections:
        raise Invalid(
            _(
                "Nothing is objected to. Write what is wrong at the paragraph, or agree. What you typed is kept."
            )
        )
    if any(not 1 <= number <= paragraphs for number in objections):
        raise Invalid(_("There is no such paragraph in this version. Nothing was recorded."))


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(
        _("%(why)s Nothing was recorded; what you typed is kept.") % {"why": sentence},
        fields={field: sentence},
    )
