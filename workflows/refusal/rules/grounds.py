"""Which grounds a decision may rest on, and the facts each of them asks before it can be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import GroundKind, Secret
from core.errors import Invalid
from core.models import Provision
from core.rules import text
from workflows.refusal.models import WatchKind

FACT_LIMIT = 500


class SecretLevel(TextChoices):
    """Decree 30/2020 box 10a; the laws on state secrets 29/2018 and 117/2025."""

    SECRET = "secret", "Mật"
    TOP = "top", "Tối mật"
    UTMOST = "utmost", "Tuyệt mật"


class Matter(TextChoices):
    """What point c protects while it has no conclusion. An internal check is named so that it can be told apart."""

    INSPECTION = "inspection", gettext_lazy("Inspection")
    COMPLAINT = "complaint", gettext_lazy("Complaint")
    DENUNCIATION = "denunciation", gettext_lazy("Denunciation")
    DISPUTE = "dispute", gettext_lazy("Dispute between state agencies")
    CHECK = "check", gettext_lazy("Internal check (not an inspection)")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact a ground asks for; `only_if` names another fact and the values with which this one is asked."""

    name: str
    label: str | Promise
    choices: type[TextChoices] | None = None
    is_confirmation: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None
    missing: str | Promise

    def is_asked(self, facts: Mapping[str, str]) -> bool:
        return self.only_if is None or facts.get(self.only_if[0], "") in self.only_if[1]


YES = "yes"
OF_PERSONS = (Secret.PRIVATE_LIFE, Secret.PERSONAL, Secret.FAMILY)
FACTS: dict[GroundKind, tuple[Fact, ...]] = {
    GroundKind.SECRET: (
        Fact(
            name="secret", label=gettext_lazy("Kind of secret"), choices=Secret,
            missing=gettext_lazy("Say which kind of secret it is."),
        ),
        Fact(
            name="list", label=gettext_lazy("List of state secrets it stands in (number, date, item)"),
            only_if=("secret", (Secret.STATE,)), missing=gettext_lazy("Name the list of state secrets."),
        ),
        Fact(
            name="level", label=gettext_lazy("Level of secrecy"), choices=SecretLevel,
            only_if=("secret", (Secret.STATE,)), missing=gettext_lazy("Give the level of the state secret."),
        ),
        Fact(
            name="rule", label=gettext_lazy("Principle or rule of the Party that makes it secret"),
            only_if=("secret", (Secret.PARTY,)), missing=gettext_lazy("Name the rule."),
        ),
        Fact(
            name="whose", label=gettext_lazy("Whose secret it is"),
            only_if=("secret", OF_PERSONS),
            missing=gettext_lazy("Say whose secret it is."),
        ),
        Fact(
            name="law", label=gettext_lazy("Law and provision that make it a secret"),
            only_if=("secret", (Secret.OTHER,)), missing=gettext_lazy("Name the law that makes it a secret."),
        ),
    ),
    GroundKind.INVESTIGATION: (
        Fact(
            name="criminal_case", label=gettext_lazy("Which criminal case"),
            missing=gettext_lazy("Name the criminal case."),
        ),
        Fact(
            name="body", label=gettext_lazy("Investigating body, procuracy or court that handles it"),
            missing=gettext_lazy("Name the body that handles it."),
        ),
        Fact(
            name="no_help_needed", is_confirmation=True,
            label=gettext_lazy(
                "The authorities do not need the press here to help the investigation or to prevent crime: "
                "the exception does not apply"
            ),
            missing=gettext_lazy("Confirm that the exception does not apply."),
        ),
    ),
    GroundKind.INSPECTION: (
        Fact(
            name="matter", label=gettext_lazy("What is under way"), choices=Matter,
            missing=gettext_lazy("Say what is under way."),
        ),
        Fact(
            name="decision",
            label=gettext_lazy(
                "Decision on the inspection, acceptance of the complaint or denunciation, or paper of the dispute"
            ),
            missing=gettext_lazy("Name the paper with its number and date."),
        ),
        Fact(
            name="no_conclusion", is_confirmation=True, label=gettext_lazy("There is no official conclusion yet"),
            missing=gettext_lazy("Confirm that there is no conclusion yet."),
        ),
        Fact(
            name="rule", label=gettext_lazy("Which rule does not allow publication yet"),
            missing=gettext_lazy("Name the rule that does not allow publication yet."),
        ),
    ),
    GroundKind.DRAFT_POLICY: (
        Fact(
            name="draft", label=gettext_lazy("Which draft policy or scheme"),
            missing=gettext_lazy("Name the draft."),
        ),
        Fact(
            name="authority", label=gettext_lazy("Competent level that has not allowed its publication"),
            missing=gettext_lazy("Name who has not allowed its publication."),
        ),
    ),
}  # fmt: skip

# With which event a ground ends; a personal secret ends with none.
ENDS_WITH: dict[GroundKind, tuple[WatchKind, ...]] = {
    GroundKind.SECRET: (WatchKind.DECLASSIFICATION, WatchKind.OTHER),
    GroundKind.INVESTIGATION: (WatchKind.TRIAL,),
    GroundKind.INSPECTION: (WatchKind.CONCLUSION, WatchKind.RESOLUTION),
    GroundKind.DRAFT_POLICY: (WatchKind.APPROVAL,),
}
ALWAYS_WATCHED = (GroundKind.INVESTIGATION, GroundKind.INSPECTION, GroundKind.DRAFT_POLICY)

# The words by which a paper shows that it is about what point c protects, without their accents.
_PROTECTED = ("thanh tra", "khieu nai", "to cao", "tranh chap", "bat dong")
_INSPECTORATE = re.compile(r"\b(?:cua|do|chanh) thanh tra\b")


class GroundNotInForce(Invalid):
    """The ground is none of those on which a decision of this day may rest."""


def usable(listed: Iterable[Provision], *, on: date) -> list[Provision]:
    """Of the grounds the governing law lists, those a decision of the day may rest on.

    Where an older law was chosen for an inquiry that straddles two, its grounds still serve as far as the law in
    force has the same one: what no law of the day allows to be refused is not refused.
    """
    return [
        ground for ground in listed if ground.is_ground and (ground.covers(on) or _lives_on(ground, on=on))
    ]


def _lives_on(ground: Provision, *, on: date) -> bool:
    """Whether a later law has a ground in its place that protects the same and is in force on the day."""
    passed, later = {ground.pk}, ground.successor
    while later is not None and later.pk not in passed:
        if later.is_ground and later.ground_kind == ground.ground_kind and later.covers(on):
            return True
        passed.add(later.pk)
        later = later.successor
    return False


# What the older law called by another name; a Party secret has nothing in its place.
IN_ITS_PLACE: dict[str, tuple[str, ...]] = {Secret.PRIVATE_LIFE: (Secret.PERSONAL, Secret.FAMILY)}


def usable_secrets(listed: Iterable[str], *, in_force: Sequence[str]) -> list[str]:
    """Of the kinds of secrets the governing law lists, those the law of the day protects too, whatever it calls them.

    As with the grounds: what no law of the day lets be refused is not refused.
    """
    return [kind for kind in listed if any(each in in_force for each in (kind, *IN_ITS_PLACE.get(kind, ())))]


def check_offered(ground: Provision | None, offered: Sequence[Provision], *, on: date) -> Provision:
    """Raises Invalid without a ground, GroundNotInForce for one that is not among those of the day."""
    if not offered:
        raise GroundNotInForce(
            _(
                "No ground for a refusal is in force on %(day)s. Nothing was decided and what you typed is kept: "
                "answer the question."
            )
            % {"day": f"{on:%d/%m/%Y}"},
            fields={"ground": _("No ground is in force.")},
        )
    if ground is None:
        raise Invalid(
            _("A refusal needs a ground. Choose one of those in force; what you typed is kept."),
            fields={"ground": _("Choose the ground.")},
        )
    if ground not in offered:
        raise GroundNotInForce(
            _(
                "%(citation)s is no ground for a refusal on %(day)s. Nothing was decided and what you typed is "
                "kept; choose one of: %(offered)s."
            )
            % {
                "citation": ground.citation,
                "day": f"{on:%d/%m/%Y}",
                "offered": "; ".join(each.citation for each in offered),
            },
            fields={"ground": _("Choose a ground that is in force.")},
        )
    return ground


def checked_facts(
    kind: GroundKind, facts: Mapping[str, str], *, secret_kinds: Sequence[str]
) -> dict[str, str]:
    """The facts of the ground, cleaned; what it does not ask falls away. Raises Invalid naming each that is missing."""
    kept = _cleaned(kind, facts)
    # What no further fact could mend comes first.
    if kind == GroundKind.SECRET:
        _check_secret(kept, secret_kinds)
    if kind == GroundKind.INSPECTION:
        _check_no_mere_check(kept)
    missing = {
        fact.name: str(fact.missing)
        for fact in FACTS[kind]
        if fact.name in kept and not _is_given(fact, kept)
    }
    if missing:
        raise Invalid(
            _("The ground needs facts before it can be chosen: %(missing)s What you typed is kept.")
            % {"missing": " ".join(missing.values())},
            fields=missing,
        )
    return kept


def _cleaned(kind: GroundKind, facts: Mapping[str, str]) -> dict[str, str]:
    """What the ground asks for, in its order. What a machine sends that is no text counts as not given."""
    kept: dict[str, str] = {}
    for fact in FACTS[kind]:
        if fact.is_asked(kept):
            value = facts.get(fact.name)
            said = value if isinstance(value, str) else ""
            kept[fact.name] = text.clean_line(said, limit=FACT_LIMIT, field=fact.name)
    return kept


def _is_given(fact: Fact, facts: Mapping[str, str]) -> bool:
    """A dash or a dot gives no fact."""
    value = facts[fact.name]
    if fact.is_confirmation:
        return value == YES
    return value in fact.choices.values if fact.choices else any(map(str.isalnum, value))


def _check_secret(facts: Mapping[str, str], secret_kinds: Sequence[str]) -> None:
    if facts["secret"] in Secret.values and facts["secret"] not in secret_kinds:
        raise Invalid(
            _("The law of this day does not protect this kind of secret against the press: %(secret)s.")
            % {"secret": Secret(facts["secret"]).label},
            fields={"secret": _("Choose another kind.")},
        )


def _check_no_mere_check(facts: Mapping[str, str]) -> None:
    """Kiểm tra is no thanh tra: the ground protects an inspection, not the agency looking into its own affairs."""
    is_check = facts["matter"] == Matter.CHECK
    if is_check or _names_only_a_check(facts["decision"], facts["matter"]):
        raise Invalid(
            _(
                "An internal check (kiểm tra) is not an inspection (thanh tra), so this ground does not cover it. "
                "Name the decision on the inspection, or the paper of the complaint, denunciation or dispute; "
                "where there is none, answer the question. What you typed is kept."
            ),
            fields={"matter" if is_check else "decision": _("An internal check is not an inspection.")},
        )


def _names_only_a_check(decision: str, matter: str) -> bool:
    """Whether a paper is about a kiểm tra alone, an inspectorate's (của Thanh tra …) included."""
    words = " ".join(re.findall(r"\w+", text.without_accents(decision)))
    needed = ("thanh tra",) if matter == Matter.INSPECTION else _PROTECTED
    about = _INSPECTORATE.sub("", words)
    return "kiem tra" in about and not any(word in about for word in needed)


def ends_with(kind: GroundKind, facts: Mapping[str, str]) -> tuple[WatchKind, ...]:
    """The events with which the ground ends, given its facts: a complaint is settled, an inspection concluded."""
    if kind == GroundKind.SECRET and facts.get("secret") in OF_PERSONS:
        return (WatchKind.OTHER,)
    if kind == GroundKind.INSPECTION and "matter" in facts:
        is_inspection = facts["matter"] == Matter.INSPECTION
        return (WatchKind.CONCLUSION if is_inspection else WatchKind.RESOLUTION,)
    return ENDS_WITH[kind]


def in_words(kind: GroundKind, facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The facts as label and value, in the order in which they are asked."""
    rows = []
    for fact in FACTS[kind]:
        value = facts.get(fact.name, "")
        if not value:
            continue
        if fact.is_confirmation:
            value = _("Confirmed")
        elif fact.choices and value in fact.choices.values:
            value = str(fact.choices(value).label)
        rows.append((str(fact.label), value))
    return rows
