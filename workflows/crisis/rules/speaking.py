"""Who may speak on a crisis at all, whatever mandate is held.

Decree 09/2017 art 6.1 and 6.2 until 30/6/2026, Decree 244/2026 art 7.1 and 7.2 from 1/7/2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import NotAllowedNow
from core.models import Agency, Crisis

SPEAKS_NATIONAL, SPEAKS_JOINT = "speaks_national_incident", "speaks_joint_incident"


@dataclass(frozen=True, kw_only=True)
class JointFacts:
    """Of the joint matter a crisis belongs to: who leads it, and the number of each agreed version by its hash."""

    lead: Agency
    agreed: Mapping[str, int] = field(default_factory=dict)


def check_may_release(
    crisis: Crisis, *, agency: Agency, joint: JointFacts | None, text_sha256: str
) -> int | None:
    """Raise NotAllowedNow where the law leaves speaking to somebody else, or the content is not agreed.

    The number of the agreed version that the text is, where there has to be one. Whatever paragraph was chosen for a
    crisis that belongs to a joint matter, the lead alone speaks: art 7.3 and 7.4 except what art 7.2 governs. A drill
    tells no other agency, so it has no joint matter and does not wait for one.
    """
    if _is(crisis, SPEAKS_NATIONAL):
        raise NotAllowedNow(_national(crisis))
    if joint is None:
        if _is(crisis, SPEAKS_JOINT) and not crisis.is_drill:
            raise NotAllowedNow(_no_matter(crisis))
        return None
    if _is_anothers(joint, agency):
        raise NotAllowedNow(_not_the_lead(joint, agency))
    if text_sha256 not in joint.agreed:
        raise NotAllowedNow(_not_agreed(joint))
    return joint.agreed[text_sha256]


def is_for_others(crisis: Crisis, *, agency: Agency, joint: JointFacts | None) -> bool:
    """Whether the law leaves speaking to somebody else for good, so that the agency owes no statement at all."""
    return _is(crisis, SPEAKS_NATIONAL) or (joint is not None and _is_anothers(joint, agency))


def _is_anothers(joint: JointFacts, agency: Agency) -> bool:
    return joint.lead.pk != agency.pk


def _is(crisis: Crisis, duty: str) -> bool:
    return crisis.duty is not None and crisis.duty.code == duty


def _citation(crisis: Crisis) -> str:
    return crisis.provision.citation if crisis.provision else ""


def _national(crisis: Crisis) -> str:
    return _(
        "This was assessed as a national incident (%(provision)s): the Prime Minister or the Government spokesperson "
        "alone speaks on it. No agency releases a statement; nothing was released and the text is kept. Report what "
        "you know upward."
    ) % {"provision": _citation(crisis)}


def _no_matter(crisis: Crisis) -> str:
    return _(
        "This concerns two or more ministries or provinces (%(provision)s): only the lead that the Government "
        "assigned speaks, after agreeing the content with the others. No joint matter is recorded yet: record it with "
        "the lead and the paper that assigned it, or link this crisis to the one that is there. Nothing was released "
        "and the text is kept."
    ) % {"provision": _citation(crisis)}


def _not_the_lead(joint: JointFacts, agency: Agency) -> str:
    return _(
        "%(lead)s was assigned the lead by the Government and alone speaks on this matter; %(agency)s releases "
        "nothing on it. Nothing was released and the text is kept. Say what you want said by objecting to the text "
        "of the lead."
    ) % {"lead": joint.lead.name, "agency": agency.name}


def _not_agreed(joint: JointFacts) -> str:
    if not joint.agreed:
        return _(
            "No version of the joint text is agreed yet, so nothing may be released. The text is kept. Propose it to "
            "the other agencies, and release it once all of them have agreed."
        )
    numbers = ", ".join(str(number) for number in sorted(joint.agreed.values()))
    return _(
        "This is not the text that the other agencies agreed to. Agreed: version %(numbers)s of the joint text. "
        "Nothing was released and the text is kept. Send it back and hand in the agreed text word for word, or "
        "propose this one to the others."
    ) % {"numbers": numbers}
