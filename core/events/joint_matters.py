"""How the content of a joint statement is agreed between the lead and the others (Decree 244/2026 art 7.2).

An entry stands in the case of the acting agency's own crisis about the matter, or where it has none in the global
stream.
"""

from django.utils.translation import gettext_lazy as _

from .registry import event

ABOUT = "crisis reference drill matter lead agency"
OF_TEXT = f"{ABOUT} version_id version"

JOINT_MATTER_OPENED = event(
    "joint_matter.opened",
    _("recorded joint matter %(matter)s, led by %(lead)s"),
    f"{ABOUT} parties assigned_by assigned_on text_hash",
)
JOINT_MATTER_LINKED = event(
    "joint_matter.linked", _("linked %(reference)s to joint matter %(matter)s, led by %(lead)s"), ABOUT
)
JOINT_MATTER_TEXT_PROPOSED = event(
    "joint_matter.text_proposed",
    _("proposed version %(version)s of the text on joint matter %(matter)s"),
    f"{OF_TEXT} text_hash paragraphs",
)
JOINT_MATTER_AGREED = event(
    "joint_matter.agreed",
    _("agreed for %(agency)s to version %(version)s on joint matter %(matter)s"),
    f"{OF_TEXT} voice head",
)
JOINT_MATTER_OBJECTED = event(
    "joint_matter.objected",
    _("objected for %(agency)s to version %(version)s on joint matter %(matter)s"),
    f"{OF_TEXT} voice head paragraphs text_hash",
)
OF_OUTSIDE = f"{OF_TEXT} voice head of means sha256 source_hash"
JOINT_MATTER_AGREED_OUTSIDE = event(
    "joint_matter.agreed_outside",
    _(
        "recorded, as the lead, that %(of)s agreed outside the system to version %(version)s on joint matter "
        "%(matter)s"
    ),
    OF_OUTSIDE,
)
JOINT_MATTER_OBJECTED_OUTSIDE = event(
    "joint_matter.objected_outside",
    _(
        "recorded, as the lead, that %(of)s objected outside the system to version %(version)s on joint matter "
        "%(matter)s"
    ),
    f"{OF_OUTSIDE} paragraphs text_hash",
)
JOINT_MATTER_DEADLOCKED = event(
    "joint_matter.deadlocked",
    _("put joint matter %(matter)s to the heads"),
    f"{ABOUT} told",
)
