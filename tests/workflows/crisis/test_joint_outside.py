"""What an agency without users here said on paper or by phone, and agencies dissolved while the text was agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import events
from core.enums import AgencyKind
from core.errors import Invalid, NotAllowedNow
from core.models import Agency, Person, RoleAssignment, Statement, Succession, TrailEntry
from core.permissions import MissingRole
from core.queries.trail import Verification, story
from tests.factories import make_agency
from tests.walk import START, Cast
from tests.workflows.crisis.statements_walk import JointWalk, make_agency_cast
from tests.workflows.crisis.test_statement_pages import read, send
from workflows.crisis.actions import joint as acts
from workflows.crisis.actions import joint_outside
from workflows.crisis.models import JointMatter, JointText, JointVoice
from workflows.crisis.permissions import ForTheHeads
from workflows.crisis.queries import joint

SetClock = Callable[[datetime], None]
NAME, POST = "Lê Thị Văn Phòng (giả định)", "Chánh Văn phòng"


@pytest.fixture
def walk(cast: Cast, set_clock: SetClock) -> JointWalk:
    return JointWalk(cast, set_clock)


@pytest.fixture
def silent(walk: JointWalk) -> Agency:
    """A third party that has nobody in the system."""
    agency = make_agency(code="TINH-C", name="UBND tỉnh C (giả định)", kind=AgencyKind.PROVINCIAL_COMMITTEE)
    walk.matter.parties.add(agency)
    return agency


def said(agency: Agency, **changes: Any) -> joint_outside.Said:
    given: dict[str, Any] = {"name": NAME, "post": POST, "given_at": START, "paper": "12/UBND-VP"}
    return joint_outside.Said(agency=agency, **{**given, **changes})


def write_down(
    walk: JointWalk, text: JointText, agency: Agency, *, by: Person | None = None, **changes: Any
) -> JointVoice:
    given = said(agency, **changes)
    return joint_outside.write_down(text=text, said=given, by=by or walk.lead.spokesperson)


def agreed(walk: JointWalk) -> list[int]:
    return sorted(joint.agreed(walk.matter, at=walk.speaks.at).values())


# On paper or by phone


def test_an_agreement_on_paper_of_whoever_has_nobody_here_lets_the_lead_release_that_version(
    walk: JointWalk, silent: Agency
) -> None:
    text = walk.agree(walk.propose())
    assert agreed(walk) == []

    voice = write_down(walk, text, silent)
    walk.speaks.say()

    assert Statement.objects.get().content_sha256 == text.sha256
    entry = TrailEntry.objects.get(type=events.JOINT_MATTER_AGREED_OUTSIDE.code)
    assert (entry.stream, entry.actor_id) == (
        f"case:{walk.speaks.crisis.case_id}",
        walk.lead.spokesperson.pk,
    )
    assert (entry.object_id, entry.occurred_at) == (voice.pk, START)
    told = {key: entry.data[key] for key in ("voice", "means", "of", "sha256", "version")}
    assert told == {
        "voice": voice.pk, "means": "paper", "of": silent.name, "sha256": text.sha256, "version": 1,
    }  # fmt: skip
    assert (voice.name, voice.post, voice.paper, voice.means) == (NAME, POST, "12/UBND-VP", "paper")
    assert not any(words in bytes(entry.body).decode() for words in (NAME, "12/UBND-VP"))
    sentence = story(walk.speaks.crisis.case)[entry.seq - 1].what
    assert f"that {silent.name} agreed outside the system to version 1" in sentence
    assert list(Verification().findings()) == []


def test_an_objection_by_phone_is_kept_by_paragraph_and_the_number_only_as_a_digest(
    walk: JointWalk, silent: Agency
) -> None:
    text = walk.agree(walk.propose())

    voice = write_down(
        walk, text, silent, paper="", phone="0000 000 555", objections={2: "Chưa kiểm chứng.", 1: " "}
    )

    assert (voice.agrees, voice.objections) == (False, {"2": "Chưa kiểm chứng."})
    entry = TrailEntry.objects.get(type=events.JOINT_MATTER_OBJECTED_OUTSIDE.code)
    body = bytes(entry.body).decode()
    assert (entry.data["means"], entry.data["paragraphs"]) == ("phone", [2])
    assert not any(words in body for words in ("0000 000 555", "kiểm chứng"))
    assert agreed(walk) == []
    write_down(walk, text, silent, given_at=walk.speaks.pass_time(minutes=1))
    assert agreed(walk) == [1]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": " "}, "name"),
    ({"post": ""}, "post"),
    ({"paper": ""}, "paper"),
    ({"phone": "0000 000 555"}, "paper"),
    ({"given_at": START + timedelta(minutes=1)}, "given_at"),
    ({"given_at": START - timedelta(minutes=1)}, "given_at"),
    ({"name": "x" * 121}, "name"),
]


def test_what_says_not_who_when_or_how_is_refused_at_its_field(walk: JointWalk, silent: Agency) -> None:
    text = walk.propose()

    for changes, field in WRONG:
        with pytest.raises(Invalid) as refused:
            write_down(walk, text, silent, **changes)
        assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid, match="no such paragraph"):
        write_down(walk, text, silent, objections={3: "Sai."})

    assert JointVoice.objects.count() == 0


def test_whoever_has_people_here_is_recorded_by_nobody_else_and_what_it_said_here_stays_its_own(
    walk: JointWalk,
) -> None:
    text, cast = walk.propose(), walk.department
    page = reverse("joint_matter", args=[walk.matter.pk])
    address = reverse("joint_voice_record", args=[walk.matter.pk, 1, cast.agency.pk])
    with pytest.raises(NotAllowedNow, match=f"The people of {cast.agency.name} answer here themselves"):
        write_down(walk, text, cast.agency)
    assert address not in read(walk.lead.spokesperson, page)
    acts.object_to(text=text, agency=cast.agency, objections={1: "Sai."}, by=cast.chief)

    left = walk.speaks.pass_time(minutes=1)
    RoleAssignment.objects.filter(agency=cast.agency).update(valid_until=left)

    list(text.voices.all())
    with pytest.raises(NotAllowedNow, match="spoke of version 1 here itself"):
        write_down(walk, text, cast.agency, given_at=left)
    assert address not in read(walk.lead.spokesperson, page)
    assert JointVoice.objects.get().agrees is False


def test_what_was_said_here_after_the_page_was_read_counts_under_the_lock(walk: JointWalk) -> None:
    walk.propose()
    matter = joint.with_texts(JointMatter.objects.all()).get()
    (read_before,) = matter.texts.all()
    acts.agree(text=JointText.objects.get(), agency=walk.department.agency, by=walk.department.chief)
    RoleAssignment.objects.filter(agency=walk.department.agency).delete()

    with pytest.raises(NotAllowedNow, match="spoke of version 1 here itself"):
        write_down(walk, read_before, walk.department.agency)


def test_the_database_refuses_a_voice_from_outside_that_names_nobody(walk: JointWalk, silent: Agency) -> None:
    given: dict[str, Any] = {
        "text": walk.propose(), "agency": silent, "agrees": True, "given_by": walk.lead.chief, "given_at": START,
    }  # fmt: skip
    for more in (
        {"means": "paper"},
        {"name": NAME},
        {"means": "phone", "name": NAME, "post": POST, "paper": "1"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            JointVoice.objects.create(**given, **more)


def test_only_the_lead_records_only_for_one_of_the_others_and_not_once_it_was_spoken(
    walk: JointWalk, silent: Agency
) -> None:
    text = walk.agree(walk.propose())
    with pytest.raises(MissingRole):
        write_down(walk, text, silent, by=walk.department.chief)
    with pytest.raises(MissingRole):
        write_down(walk, text, silent, by=walk.lead.contact)
    with pytest.raises(NotAllowedNow, match="is not one of the agencies"):
        write_down(walk, text, walk.lead.agency)
    write_down(walk, text, silent)
    walk.speaks.say()

    with pytest.raises(NotAllowedNow, match="released version 1 already"):
        write_down(walk, text, silent, given_at=walk.speaks.at)

    assert JointVoice.objects.filter(agency=silent).count() == 1


def test_after_a_deadlock_the_lead_records_the_word_of_a_head_alone_and_its_head_does_it(
    walk: JointWalk, silent: Agency
) -> None:
    text = walk.propose()
    acts.put_to_heads(
        matter=walk.matter, agency=walk.department.agency, reason="Đoạn 2.", by=walk.department.chief
    )

    with pytest.raises(ForTheHeads, match=f"only the head of {walk.lead.agency.name}"):
        write_down(walk, text, silent, is_head=True)
    with pytest.raises(ForTheHeads, match="only the head of UBND tỉnh C"):
        write_down(walk, text, silent, by=walk.lead.head)
    write_down(walk, text, silent, by=walk.lead.head, is_head=True)

    assert [voice.is_head for voice in JointVoice.objects.all()] == [True]


def test_the_lead_records_it_by_the_page_and_everybody_reads_who_recorded_it(
    walk: JointWalk, silent: Agency
) -> None:
    walk.propose()
    page = reverse("joint_matter", args=[walk.matter.pk])
    address = reverse("joint_voice_record", args=[walk.matter.pk, 1, silent.pk])
    given = {"name": NAME, "post": POST, "given_at": "2026-07-13T08:00", "paper": "12/UBND-VP"}
    assert address in read(walk.lead.spokesperson, page)
    assert address not in read(walk.department.chief, page)
    assert "Your roles" in read(walk.department.chief, address)
    send(walk.department.chief, address, 403, action="agree", **given)
    assert NAME in send(walk.lead.spokesperson, address, 422, action="agree", **(given | {"paper": ""}))
    send(walk.lead.spokesperson, address, 422, action="object", **given)
    send(walk.lead.spokesperson, address, 422, action="agree", paragraph_1="Sai.", **given)

    send(walk.lead.spokesperson, address, 302, action="agree", **given)

    shown = read(walk.department.chief, page)
    for words in (f"{NAME}, {POST}", "On paper 12/UBND-VP;", "recorded for the lead by"):
        assert words in shown
    assert JointVoice.objects.get().agency == silent


# Dissolved while the text was agreed


def dissolve(agency: Agency, walk: JointWalk, *heirs: Agency) -> None:
    """On the day the text was agreed, so that no date tells what was said before it from what was said after."""
    on = walk.speaks.at.date()
    Agency.objects.filter(pk=agency.pk).update(valid_until=on)
    for heir in heirs:
        Succession.objects.create(predecessor=agency, successor=heir, field="*", on=on)
    walk.speaks.pass_time(minutes=1)


def page_of(walk: JointWalk) -> str:
    return reverse("joint_matter", args=[walk.matter.pk])


def test_whoever_was_dissolved_without_successor_and_had_not_agreed_keeps_it_from_being_agreed(
    walk: JointWalk, silent: Agency
) -> None:
    walk.agree(walk.propose())

    dissolve(silent, walk)

    assert agreed(walk) == []
    shown = read(walk.lead.chief, page_of(walk))
    assert "It has not existed since 13/07/2026" in shown
    assert "its successor is to be recorded in the directory" in shown
    assert reverse("joint_voice_record", args=[walk.matter.pk, 1, silent.pk]) not in shown
    walk.speaks.draft()
    walk.speaks.clear()
    with pytest.raises(NotAllowedNow):
        walk.speaks.release()


def test_what_the_dissolved_agreed_to_stays_agreed_and_what_it_objected_to_stays_objected(
    walk: JointWalk, silent: Agency
) -> None:
    first = walk.agree(walk.propose())
    second = walk.agree(walk.propose("Một đoạn khác (giả định)."))
    write_down(walk, first, silent)
    write_down(walk, second, silent, objections={1: "Sai."})

    dissolve(silent, walk)

    assert agreed(walk) == [1]


@pytest.mark.parametrize("heir", ["lead", "department"])
def test_no_objection_and_no_silence_ends_by_a_merger_into_whoever_agreed_or_leads(
    walk: JointWalk, silent: Agency, heir: str
) -> None:
    objected, unsaid = walk.agree(walk.propose()), walk.agree(walk.propose("Một đoạn khác (giả định)."))
    write_down(walk, objected, silent, objections={1: "Sai."})
    cast: Cast = getattr(walk, heir)

    dissolve(silent, walk, cast.agency)

    assert agreed(walk) == []
    assert joint.parties_on(walk.matter, at=walk.speaks.at).asked.count(cast.agency) == 1
    assert reverse("joint_voice", args=[walk.matter.pk, 1, cast.agency.pk]) in read(cast.chief, page_of(walk))
    for number, text in enumerate((objected, unsaid), 1):
        acts.agree(text=text, agency=cast.agency, by=cast.chief)
        assert agreed(walk) == list(range(1, number + 1))


def test_the_successor_is_asked_instead_sees_the_matter_and_speaks_for_itself(
    walk: JointWalk, silent: Agency
) -> None:
    text = walk.agree(walk.propose())
    heir = make_agency_cast("TINH-D", AgencyKind.PROVINCIAL_COMMITTEE)
    assert read(heir.chief, page_of(walk), 404)
    with pytest.raises(NotAllowedNow, match="is not one of the agencies"):
        acts.agree(text=text, agency=heir.agency, by=heir.chief)

    dissolve(silent, walk, heir.agency)

    assert agreed(walk) == []
    assert f"in place of {silent.name}" in read(heir.chief, page_of(walk))
    acts.agree(text=text, agency=heir.agency, by=heir.chief)
    assert agreed(walk) == [1]
    acts.put_to_heads(matter=walk.matter, agency=heir.agency, reason="Khác.", by=heir.chief)


def test_what_a_dissolved_agency_had_said_stands_until_its_successor_says_otherwise_and_through_a_second_one(
    walk: JointWalk,
) -> None:
    text = walk.agree(walk.propose())
    heir = make_agency_cast("TINH-D", AgencyKind.PROVINCIAL_COMMITTEE)
    last = make_agency_cast("TINH-E", AgencyKind.PROVINCIAL_COMMITTEE)

    dissolve(walk.province.agency, walk, heir.agency)

    assert agreed(walk) == [1]
    acts.object_to(text=text, agency=heir.agency, objections={1: "Sai."}, by=heir.chief)
    assert agreed(walk) == []
    dissolve(heir.agency, walk, last.agency)
    assert agreed(walk) == []
    shown = read(last.chief, page_of(walk))
    assert f"in place of {walk.province.agency.name}" in shown
    assert f"{heir.agency.name}:" in shown
    acts.agree(text=text, agency=last.agency, by=last.chief)
    assert agreed(walk) == [1]


def test_an_heir_of_two_speaks_for_both_and_of_a_split_one_each_heir_speaks(
    walk: JointWalk, silent: Agency
) -> None:
    text = walk.agree(walk.propose())
    one, two = (make_agency_cast(code, AgencyKind.PROVINCIAL_COMMITTEE) for code in ("TINH-D", "TINH-E"))
    dissolve(silent, walk, one.agency, two.agency)
    dissolve(walk.province.agency, walk, one.agency)

    acts.object_to(text=text, agency=one.agency, objections={1: "Sai."}, by=one.chief)
    (standing,) = joint.standings(walk.matter, at=walk.speaks.at)
    assert standing.objections_to(1) == [(one.agency, "Sai.")]
    acts.agree(text=text, agency=one.agency, by=one.chief)
    assert agreed(walk) == []
    acts.agree(text=text, agency=two.agency, by=two.chief)
    assert agreed(walk) == [1]


def test_a_matter_of_nobody_is_not_agreed_and_what_does_not_exist_yet_is_not_dissolved(
    walk: JointWalk, silent: Agency
) -> None:
    walk.agree(walk.propose())
    Agency.objects.filter(pk=silent.pk).update(valid_from=walk.speaks.at.date() + timedelta(days=1))

    parties = joint.parties_on(walk.matter, at=walk.speaks.at)

    assert (silent in parties.asked, parties.gone, agreed(walk)) == (True, [], [])
    walk.matter.parties.clear()
    assert agreed(walk) == []
