"""When a joint text is agreed, and who may lead a joint matter (Decree 244/2026 art 7.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from core.enums import AgencyKind
from core.errors import Invalid
from core.models import Agency
from workflows.crisis.models import JointVoice

LEADS = (AgencyKind.MINISTRY, AgencyKind.PROVINCIAL_COMMITTEE)


def latest_voices(voices: Iterable[JointVoice]) -> dict[int, JointVoice]:
    """The voice of each agency that counts, by its key: the last one, of voices in their order."""
    return {voice.agency_id: voice for voice in voices}


def is_agreed(latest: Mapping[int, JointVoice], *, parties: Collection[int]) -> bool:
    """Whether every agency beside the lead agrees. The lead agrees by proposing."""
    return bool(parties) and all(party in latest and latest[party].agrees for party in parties)


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
