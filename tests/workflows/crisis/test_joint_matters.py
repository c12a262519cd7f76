"""Decree 244/2026 art 7.2: the lead proposes, the others agree or object, and only the agreed text is spoken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from core import events
from core.enums import AgencyKind, CrisisLevel
from core.errors import Invalid, NotAllowedNow, NotFound
from core.models import Agency, Crisis, OutgoingMail, Person, Statement, TrailEntry
from core.permissions import MissingRole
from core.queries.trail import Verification
from tests.factories import make_agency
from tests.walk import START, Cast
from tests.workflows.crisis.statements_walk import JOINT, SAID, JointWalk, StatementWalk, assigned
from workflows.crisis.actions import joint as acts
from workflows.crisis.models import JointMatter, JointText, JointVoice
from workflows.crisis.permissions import ForTheHeads
from workflows.crisis.queries import joint
from workflows.crisis.rules import content

SetClock = Callable[[datetime], None]
OTHER = "Bản khác (giả định).\n\nĐoạn hai."


@pytest.fixture
def walk(cast: Cast, set_clock: SetClock) -> JointWalk:
    return JointWalk(cast, set_clock)


def own_crisis(walk: JointWalk, cast: Cast, duty: str = JOINT) -> StatementWalk:
    """A party's own crisis about the matter, linked to it."""
    own = StatementWalk(cast, walk.speaks.set_clock).run(duty)
    acts.link(matter=walk.matter, crisis=own.crisis, by=cast.chief)
    return own


# One hash for all


def test_a_draft_and_a_joint_text_of_the_same_paragraphs_have_the_same_hash(walk: JointWalk) -> None:
    text = walk.propose("Đoạn một.\nDòng hai.\n \n\n\nĐoạn hai.  ")
    walk.speaks.draft("Đoạn một.\r\nDòng hai.\n\nĐoạn hai.")

    assert text.paragraphs == ["Đoạn một.\nDòng hai.", "Đoạn hai."]
    assert text.sha256 == walk.speaks.sha256
    assert text.sha256 == hashlib.sha256("Đoạn một.\nDòng hai.\n\nĐoạn hai.".encode()).hexdigest()
    assert content.sha256_of(content.as_text(text.paragraphs)) == text.sha256


# What may be released


def test_the_lead_releases_the_agreed_version_and_no_other(walk: JointWalk) -> None:
    walk.propose("Bản một (giả định).")
    second = walk.agree(walk.propose())
    third = walk.propose(OTHER)

    walk.speaks.draft(OTHER)
    walk.speaks.clear()
    with pytest.raises(NotAllowedNow, match="Agreed: version 2 of"):
        walk.speaks.release()
    walk.speaks.send_back("release_statement", by=walk.lead.spokesperson)
    walk.speaks.draft(SAID)
    walk.speaks.clear()
    walk.speaks.release()

    said = Statement.objects.get()
    assert (said.agency, said.content_sha256) == (walk.lead.agency, second.sha256)
    assert third.sha256 != second.sha256
    released = TrailEntry.objects.get(type=events.CRISIS_STATEMENT_RELEASED.code)
    assert released.data["joint_text"] == 2


@pytest.mark.parametrize("duty", [JOINT, "initial_statement_event"])
def test_every_other_agency_is_refused_and_told_who_leads_whatever_its_own_paragraph(
    walk: JointWalk, duty: str
) -> None:
    walk.agree(walk.propose())
    own = own_crisis(walk, walk.department, duty)
    own.draft(SAID)
    own.clear()

    for person in (walk.department.head, walk.department.spokesperson):
        with pytest.raises(NotAllowedNow, match=f"^{walk.lead.agency.name} was assigned the lead"):
            own.release(by=person)

    assert Statement.objects.count() == 0


def test_whoever_is_not_the_lead_gives_its_initial_statement_up_and_the_lead_never(walk: JointWalk) -> None:
    own = own_crisis(walk, walk.department)

    own.give_up()

    assert own.statement.is_given_up
    with pytest.raises(NotAllowedNow, match="owed"):
        walk.speaks.give_up()
    assert not walk.speaks.statement.is_given_up


def test_before_anything_is_recorded_or_agreed_nothing_is_released(cast: Cast, set_clock: SetClock) -> None:
    alone = StatementWalk(cast, set_clock).run(JOINT)
    alone.draft()
    alone.clear()
    with pytest.raises(NotAllowedNow, match="No joint matter is recorded yet"):
        alone.release()
    alone.send_back("release_statement", by=cast.spokesperson)
    with pytest.raises(NotAllowedNow, match="owed"):
        alone.give_up()

    walk = JointWalk(cast, set_clock)
    text = walk.propose()
    acts.agree(text=text, agency=walk.province.agency, by=walk.province.chief)
    walk.speaks.draft()
    walk.speaks.clear()
    with pytest.raises(NotAllowedNow, match="No version of the joint text is agreed yet"):
        walk.speaks.release()

    assert Statement.objects.count() == 0


def test_a_drill_under_the_joint_paragraph_waits_for_no_other_agency(cast: Cast, set_clock: SetClock) -> None:
    drill = StatementWalk(cast, set_clock)
    drill.detect()
    Crisis.objects.filter(pk=drill.crisis.pk).update(is_drill=True)
    drill.run(JOINT)

    with pytest.raises(NotAllowedNow, match="drill"):
        acts.open_matter(crisis=drill.crisis, assigned=assigned(cast.agency, make_agency()), by=cast.chief)
    drill.say()

    assert drill.statement.released_at == drill.at


# Agreeing


def test_the_last_voice_of_each_agency_counts_and_a_new_version_takes_nothing_back(walk: JointWalk) -> None:
    text = walk.propose()
    province, department = walk.province.agency, walk.department.agency

    def agreed() -> list[int]:
        return sorted(joint.agreed(JointMatter.objects.get(pk=walk.matter.pk), at=walk.speaks.at).values())

    acts.agree(text=text, agency=province, by=walk.province.chief)
    assert agreed() == []
    acts.agree(text=text, agency=department, by=walk.department.deputy)
    assert agreed() == [1]
    walk.propose(OTHER)
    assert agreed() == [1]
    acts.object_to(text=text, agency=province, objections={2: "Chưa kiểm chứng."}, by=walk.province.head)
    assert agreed() == []
    acts.agree(text=text, agency=province, by=walk.province.chief)
    assert agreed() == [1]


def test_once_the_lead_has_spoken_nobody_objects_to_that_version_any_more(walk: JointWalk) -> None:
    text = walk.agree(walk.propose())
    walk.speaks.say()

    with pytest.raises(NotAllowedNow, match="released version 1 already"):
        acts.object_to(
            text=text, agency=walk.department.agency, objections={1: "Sai."}, by=walk.department.chief
        )

    assert JointVoice.objects.filter(agrees=False).count() == 0


OBJECTIONS: list[tuple[dict[int, str], str]] = [
    ({}, "Nothing is objected to"),
    ({1: "  "}, "Nothing is objected to"),
    ({3: "Sai."}, "no such paragraph"),
    ({0: "Sai."}, "no such paragraph"),
    ({1: "x" * 2_001}, "2001 characters"),
]


def test_an_objection_says_what_is_wrong_with_a_paragraph_that_is_there(walk: JointWalk) -> None:
    text = walk.propose()

    for objections, words in OBJECTIONS:
        with pytest.raises(Invalid, match=words):
            acts.object_to(
                text=text, agency=walk.department.agency, objections=objections, by=walk.department.chief
            )

    assert JointVoice.objects.count() == 0


def test_only_the_lead_proposes_and_each_agency_speaks_for_itself(walk: JointWalk) -> None:
    with pytest.raises(MissingRole):
        acts.propose(matter=walk.matter, text=SAID, by=walk.department.chief)
    text = walk.propose()
    with pytest.raises(MissingRole):
        acts.agree(text=text, agency=walk.department.agency, by=walk.province.chief)
    with pytest.raises(MissingRole):
        acts.agree(text=text, agency=walk.department.agency, by=walk.department.contact)
    with pytest.raises(NotAllowedNow):
        acts.agree(text=text, agency=walk.lead.agency, by=walk.lead.chief)
    with pytest.raises(NotFound):
        acts.put_to_heads(
            matter=walk.matter,
            agency=Agency.objects.get(code="SNV-X-OTHER"),
            reason="Không.",
            by=walk.department.stranger,
        )

    assert (JointText.objects.count(), JointVoice.objects.count()) == (1, 0)


def test_a_version_says_something_new(walk: JointWalk) -> None:
    walk.propose()

    for text in ("", "\u200b\n", SAID, f"{SAID}\n\n\n"):
        with pytest.raises(Invalid):
            walk.propose(text)

    assert JointText.objects.count() == 1


# Deadlock


def test_a_deadlock_goes_to_the_heads_and_from_then_on_only_they_speak_for_their_agencies(
    walk: JointWalk,
) -> None:
    text = walk.propose()
    department = walk.department
    with pytest.raises(Invalid):
        acts.put_to_heads(matter=walk.matter, agency=department.agency, reason=" ", by=department.chief)
    acts.put_to_heads(matter=walk.matter, agency=department.agency, reason="Đoạn 2.", by=department.chief)
    with pytest.raises(NotAllowedNow):
        acts.put_to_heads(matter=walk.matter, agency=walk.lead.agency, reason="Nữa.", by=walk.lead.chief)

    with pytest.raises(ForTheHeads, match=f"only the head of {department.agency.name}"):
        acts.agree(text=text, agency=department.agency, by=department.chief)
    with pytest.raises(ForTheHeads):
        walk.propose(OTHER)
    for cast in (walk.province, department):
        acts.agree(text=text, agency=cast.agency, by=cast.head)

    assert list(JointVoice.objects.values_list("is_head", flat=True)) == [True, True]
    acts.propose(matter=walk.matter, text=OTHER, by=walk.lead.head)
    walk.speaks.say()
    assert Statement.objects.get().content_sha256 == text.sha256


def test_the_heads_are_told_by_mail_once_each_and_no_fact_of_the_matter_leaves_with_it(
    walk: JointWalk,
) -> None:
    walk.propose()
    for cast in (walk.lead, walk.department):
        Person.objects.filter(pk=cast.head.pk).update(email=f"head@{cast.agency.code.lower()}.example")

    acts.put_to_heads(
        matter=walk.matter, agency=walk.department.agency, reason="Đoạn 2.", by=walk.department.chief
    )

    mails = OutgoingMail.objects.filter(key__endswith=":deadlock").order_by("pk")
    assert [mail.recipient for mail in mails] == ["head@bo-a.example", "head@snv-x.example"]
    assert not any(
        fact in mail.body + mail.subject for mail in mails for fact in (walk.matter.title, "Đoạn 2")
    )
    entry = TrailEntry.objects.get(type=events.JOINT_MATTER_DEADLOCKED.code)
    assert entry.data["told"] == [walk.lead.head.pk, walk.department.head.pk]


# Recording and linking


def test_a_matter_that_cannot_be_is_refused_at_its_field(cast: Cast, set_clock: SetClock) -> None:
    own = StatementWalk(cast, set_clock).run(JOINT)
    ministry, department = make_agency(kind=AgencyKind.MINISTRY), cast.agency
    ended = make_agency(kind=AgencyKind.MINISTRY, valid_until=START.date())
    wrong = [
        (assigned(department, ministry), "lead"),
        (assigned(ministry), "parties"),
        (assigned(ministry, ministry, department), "parties"),
        (assigned(ministry, make_agency()), "parties"),
        (assigned(ministry, department, ended), "parties"),
        (assigned(ministry, department, title=" "), "title"),
        (assigned(ministry, department, assigned_by=""), "assigned_by"),
        (assigned(ministry, department, assigned_on=date(2026, 7, 14)), "assigned_on"),
    ]

    for given, field in wrong:
        with pytest.raises(Invalid) as refused:
            acts.open_matter(crisis=own.crisis, assigned=given, by=cast.chief)
        assert list(refused.value.fields) == [field]

    assert JointMatter.objects.count() == 0


def test_a_crisis_belongs_to_one_matter_in_which_its_agency_takes_part(
    walk: JointWalk, set_clock: SetClock
) -> None:
    own_crisis(walk, walk.department)
    with pytest.raises(NotAllowedNow, match="already"):
        acts.link(matter=walk.matter, crisis=walk.speaks.crisis, by=walk.lead.chief)
    walk.matter.parties.remove(walk.province.agency)
    other = StatementWalk(walk.province, set_clock).run(JOINT)
    with pytest.raises(NotAllowedNow, match="neither the lead nor"):
        acts.link(matter=walk.matter, crisis=other.crisis, by=walk.province.chief)
    with pytest.raises(NotFound):
        acts.link(matter=walk.matter, crisis=other.crisis, by=walk.department.chief)

    assert walk.matter.crises.count() == 2


def test_each_act_is_recorded_in_the_case_of_the_agencys_own_crisis_or_in_the_global_stream(
    walk: JointWalk,
) -> None:
    own = own_crisis(walk, walk.department)
    text = walk.propose()
    acts.agree(text=text, agency=walk.department.agency, by=walk.department.chief)
    acts.object_to(
        text=text, agency=walk.province.agency, objections={1: "Chưa kiểm chứng."}, by=walk.province.chief
    )

    recorded = TrailEntry.objects.filter(type__startswith="joint_matter.").order_by("pk")
    lead, department = (f"case:{crisis.case_id}" for crisis in (walk.speaks.crisis, own.crisis))
    assert [(entry.type, entry.stream) for entry in recorded] == [
        ("joint_matter.opened", lead),
        ("joint_matter.linked", department),
        ("joint_matter.text_proposed", lead),
        ("joint_matter.agreed", department),
        ("joint_matter.objected", "global"),
    ]
    assert recorded[4].agency_code == walk.province.agency.code
    assert not any("kiểm chứng" in str(entry.body) for entry in recorded)
    assert list(Verification().findings()) == []


def test_the_time_of_an_act_is_read_under_its_lock(walk: JointWalk) -> None:
    walk.speaks.at = START + timedelta(hours=3)
    walk.speaks.pass_time(seconds=0)

    text = walk.propose()

    assert text.proposed_at == START + timedelta(hours=3)
    assert walk.speaks.crisis.level == CrisisLevel.LOCAL
