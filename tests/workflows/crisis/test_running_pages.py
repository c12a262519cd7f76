"""The pages of the running procedure, as people use them: right and wrong, nothing typed lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from core.enums import CrisisPart, CrisisSource, CrisisState, DeadlineOutcome
from core.models import Crisis, Deadline, Person
from tests.factories import make_case
from tests.walk import Walk
from workflows.crisis.models import Assessment, CrisisStep, PlaybookVersion, Review, StandDown

from .running_walk import SIGNS, RunningWalk
from .walk import make_playbook, step


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def local(walk: RunningWalk, **delta: float) -> str:
    return (walk.at + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M")


def noticed(walk: RunningWalk, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Đề thi bị phát tán (giả định)", "note": "Ảnh chụp lan trên mạng.", "detected_at": local(walk),
        "address": "https://bao.example/tin", "published_at": local(walk, hours=-1), "token": str(uuid4()),
    } | changes  # fmt: skip


def page_of(walk: RunningWalk, node: str, by: Person) -> Any:
    return client_of(by).get(reverse("step", args=[walk.tasks(node)[0].pk]))


def send(walk: RunningWalk, node: str, by: Person, **typed: Any) -> Any:
    answer = client_of(by).post(reverse("step", args=[walk.tasks(node)[0].pk]), typed)
    walk.crisis.refresh_from_db()
    return answer


def text_of(response: Any) -> str:
    return str(response.content.decode())


# Noted


def test_a_crisis_is_noted_by_hand_and_the_form_sent_twice_is_one(walk: RunningWalk) -> None:
    client, typed = client_of(walk.cast.contact), noticed(walk)

    first: Any = client.post(reverse("crisis_detect"), typed)
    second: Any = client.post(reverse("crisis_detect"), typed)

    crisis = Crisis.objects.get()
    assert (first.status_code, second.url) == (302, first.url)
    assert (crisis.source, crisis.published_at) == (CrisisSource.PUBLICATION, walk.at - timedelta(hours=1))
    assert client.get(first.url).context["step_name"] == "assess"


def test_of_an_inquiry_it_stands_in_its_case(walk: RunningWalk) -> None:
    inquiry = Walk(walk.cast, walk.set_clock).to("triage").inquiry
    address = f"{reverse('crisis_detect')}?yeu-cau={inquiry.pk}"
    client = client_of(walk.cast.chief)
    assert inquiry.reference in text_of(client.get(address))

    client.post(address, noticed(walk, address="", published_at=""))

    crisis = Crisis.objects.get()
    assert (crisis.inquiry, crisis.case, crisis.source) == (inquiry, inquiry.case, CrisisSource.TRIAGE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"detected_at": "2026-07-13T08:01"}, "detected_at"),
        ({"published_at": "2026-07-13T08:01"}, "published_at"),
        ({"detected_at": "0001-01-01T00:00"}, "detected_at"),
        ({"detected_at": "hôm qua"}, "detected_at"),
        ({"published_at": ""}, "published_at"),
        ({"published_at": "2026-07-13T08:00", "detected_at": "2026-07-13T07:59"}, "detected_at"),
        ({"title": " "}, "title"),
        ({"address": "javascript:alert(1)"}, "address"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(
    walk: RunningWalk, changes: dict[str, str], field: str
) -> None:
    answer = client_of(walk.cast.contact).post(reverse("crisis_detect"), noticed(walk, **changes))

    assert answer.status_code in (400, 422)
    assert field in answer.context["form"].errors
    assert "Ảnh chụp lan trên mạng." in text_of(answer)
    assert not Crisis.objects.exists()


@pytest.mark.parametrize("given", ["yeu-cau=99", "vu-viec=99", "vu-viec=x", "yeu-cau=²"])
def test_a_case_that_is_not_there_or_not_open_is_not_found(walk: RunningWalk, given: str) -> None:
    elsewhere = make_case()
    client = client_of(walk.cast.contact)

    assert client.get(f"{reverse('crisis_detect')}?{given}").status_code == 404
    assert client.get(f"{reverse('crisis_detect')}?vu-viec={elsewhere.pk}").status_code == 404


def test_who_may_not_note_one_is_told_so(walk: RunningWalk) -> None:
    answer = client_of(walk.cast.auditor).get(reverse("crisis_detect"))

    assert answer.status_code == 403


# Assessed and activated


def assessment(walk: RunningWalk, **changes: Any) -> dict[str, Any]:
    sign = walk.version.signs.get(number=1)
    return {
        "action": "assess", "signs": [sign.pk], "version": walk.version.pk, "level": 1,
        "duty": "initial_statement_event", "started_at": local(walk), "reason": "Có dấu hiệu thật.",
    } | changes  # fmt: skip


def test_ranking_shows_the_page_again_best_first_and_does_nothing(walk: RunningWalk) -> None:
    other = make_playbook(code="another", signs=("Đình công",))
    walk.begin()

    answer = send(walk, "assess", walk.cast.chief, **assessment(walk, action="rank", reason=""))

    assert answer.status_code == 200
    assert [row["percent"] for row in answer.context["ranking"]] == [50, 0]
    choices = answer.context["form"].fields["version"].choices
    assert [pk for pk, _label in choices] == [str(walk.version.pk), str(other.pk)]
    ticked = [
        sign.text for group in answer.context["groups"] for sign, is_ticked in group["signs"] if is_ticked
    ]
    assert ticked == [SIGNS[0]]
    assert not answer.context["form"].errors
    assert walk.nodes() == ["assess"]


def test_each_step_opens_to_its_person_and_takes_what_is_sent(walk: RunningWalk) -> None:
    cast = walk.cast
    walk.begin()
    sent = {
        "assess": (cast.chief, assessment(walk, duty="speaks_joint_incident", started_at="")),
        "activate": (cast.head, {"action": "activate"}),
        "carry_out": (cast.contact, {"action": "do", "note": "Đã gọi."}),
        "stand_down": (cast.head, {"reason": "Đã xong."}),
        "review": (cast.chief, {"lessons": "Gọi sớm hơn.", "proposed_change": "Bớt phút."}),
    }
    for node, (by, typed) in sent.items():
        address = reverse("step", args=[walk.tasks(node)[0].pk])
        shown = client_of(by).get(address)
        assert (node, shown.status_code, shown.context["why_not"]) == (node, 200, "")
        answer = client_of(by).post(address, typed)
        assert (node, answer.status_code) == (node, 302)
        assert client_of(by).get(address).status_code == 200
    walk.crisis.refresh_from_db()
    assert walk.crisis.state == CrisisState.CLOSED
    assert Review.objects.get().draft is not None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"version": "", "level": "", "duty": ""}, {"version", "level", "duty"}),
        ({"version": "99"}, {"version"}),
        ({"level": "4"}, {"level"}),
        ({"duty": "duty_to_inform"}, {"duty"}),
        ({"started_at": ""}, {"started_at"}),
        ({"started_at": "2026-07-13T08:01"}, {"started_at"}),
        ({"reason": ""}, {"reason"}),
        ({"signs": ["99"]}, {"signs"}),
        ({"signs": ["²"]}, {"signs"}),
        ({"action": "dismiss", "reason": " "}, {"reason"}),
        ({"action": "khác"}, {"action"}),
    ],
)
def test_an_assessment_that_is_not_whole_is_told_at_its_fields(
    walk: RunningWalk, changes: dict[str, Any], fields: set[str]
) -> None:
    walk.begin()

    answer = send(walk, "assess", walk.cast.chief, **assessment(walk, **changes))

    assert answer.status_code in (400, 422)
    assert set(answer.context["form"].errors) - {"__all__"} >= fields
    assert not Assessment.objects.exists()


def test_the_page_of_the_activation_shows_who_gets_what_and_names_what_nobody_holds(
    walk: RunningWalk,
) -> None:
    rows = (step("verify", 1), step("watch", 2, CrisisPart.DUTY_OFFICER))
    walk.begin(version=make_playbook(steps=rows)).assess()

    shown = page_of(walk, "activate", walk.cast.head)
    refused = send(walk, "activate", walk.cast.head, action="activate")

    assert [[person.username for person in share.people] for share in shown.context["shares"]] == [
        [walk.cast.contact.username], [],
    ]  # fmt: skip
    assert shown.context["unheld"] == [CrisisPart.DUTY_OFFICER.label]
    assert [row["recipient"] for row in shown.context["reports"]] == [walk.cast.agency.parent]
    assert "head_takes" in refused.context["form"].errors
    assert send(walk, "activate", walk.cast.head, action="activate", head_takes="on").status_code == 302


def test_sending_back_without_a_reason_keeps_the_page(walk: RunningWalk) -> None:
    walk.begin().assess()

    assert send(walk, "activate", walk.cast.head, action="return").status_code == 422
    assert send(walk, "activate", walk.cast.head, action="return", reason="Sai.").status_code == 302
    shown = page_of(walk, "assess", walk.cast.chief)
    assert shown.context["form"]["version"].value() == walk.version.pk


def test_the_page_of_an_activation_asks_no_more_for_more_steps(walk: RunningWalk) -> None:
    def asked(count: int) -> int:
        rows = tuple(step(f"verify-{number}", number) for number in range(1, count + 1))
        walk.begin(version=make_playbook(code=f"exam-{count}", steps=rows)).assess()
        client = client_of(walk.cast.head)
        address = reverse("step", args=[walk.tasks("activate")[0].pk])
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    assert asked(1) == asked(3)


# Under way


def test_a_late_step_asks_why_and_keeps_what_was_typed(walk: RunningWalk) -> None:
    walk.run()
    walk.pass_time(minutes=31)

    answer = send(walk, "carry_out", walk.cast.contact, action="do", note="Đã gọi cho trường.")

    assert "late_reason" in answer.context["form"].errors
    assert "Đã gọi cho trường." in text_of(answer)
    again = send(
        walk, "carry_out", walk.cast.contact, action="do", note="Đã gọi cho trường.", late_reason="Mất điện."
    )
    assert again.status_code == 302


def test_whom_the_playbook_names_skips_on_the_page_though_the_step_is_another_s(walk: RunningWalk) -> None:
    rows = (step("verify", 1, may_skip=CrisisPart.HEAD), step("preserve", 2, CrisisPart.CLERK))
    walk.begin(version=make_playbook(steps=rows)).assess().activate()
    head, contact = walk.cast.head, walk.cast.contact

    assert page_of(walk, "carry_out", head).context["can_skip"]
    assert not page_of(walk, "carry_out", contact).context["can_skip"]
    assert send(walk, "carry_out", contact, action="skip", reason="Thôi.").status_code == 403
    assert send(walk, "carry_out", head, action="skip", reason="").status_code == 422
    assert send(walk, "carry_out", head, action="skip", reason="Đã có đơn vị khác làm.").status_code == 302
    assert walk.step("verify").is_skipped


def test_a_stand_down_in_silence_is_refused_on_the_page_and_forced_with_a_tick(walk: RunningWalk) -> None:
    walk.run()
    head = walk.cast.head

    answer = send(walk, "stand_down", head, reason="Thôi.")

    assert "is_forced" in answer.context["form"].errors
    assert send(walk, "stand_down", head, reason="Thôi.", is_forced="on").status_code == 302
    assert StandDown.objects.get().is_forced


def test_the_pages_of_level_and_step_do_their_act_or_say_why_not(walk: RunningWalk) -> None:
    walk.begin().assess()
    client = client_of(walk.cast.chief)
    level, added = (reverse(name, args=[walk.crisis.pk]) for name in ("crisis_level", "crisis_step_add"))
    assert "is not running" in client.get(level).context["why_not"]
    assert client.post(level, {"level": 2, "reason": "Lan rộng."}).status_code == 409
    walk.activate()

    assert client.post(level, {"level": 2, "reason": ""}).status_code == 422
    assert client.post(level, {"level": 2, "reason": "Lan rộng."}).status_code == 302
    assert client.post(added, {"title": "Gọi", "part": "clerk", "minutes": "0"}).status_code == 422
    assert client.post(added, {"title": "Gọi", "part": "clerk", "minutes": "15"}).status_code == 302

    walk.crisis.refresh_from_db()
    assert walk.crisis.level == 2
    assert CrisisStep.objects.filter(crisis=walk.crisis, title="Gọi").count() == 1
    assert client_of(walk.cast.stranger).get(level).status_code == 404


def test_the_page_of_the_paragraph_keeps_what_was_typed_and_does_its_act_or_says_why_not(
    walk: RunningWalk,
) -> None:
    walk.begin().assess()
    client = client_of(walk.cast.chief)
    address, whole = (reverse(name, args=[walk.crisis.pk]) for name in ("crisis_paragraph", "crisis"))
    typed = {"duty": "initial_statement_opinion", "started_at": local(walk), "reason": "Thành dư luận."}
    assert client.post(address, typed).status_code == 409
    walk.activate()
    asked = client.get(address).context["form"]
    assert (asked["duty"].value(), asked["started_at"].value()) == ("initial_statement_event", None)

    early = client.post(address, typed | {"started_at": local(walk, minutes=1)})
    assert (early.status_code, set(early.context["form"].errors)) == (422, {"started_at", "__all__"})
    assert "Thành dư luận." in text_of(early)
    assert client.post(address, typed | {"duty": ""}).status_code == 422
    assert client.post(address, typed).status_code == 302

    for shown in (client.get(whole), client.get(reverse("crisis_board"))):
        assert "Paragraph determined anew" in text_of(shown)
        (told,) = re.findall(
            r"Paragraph determined anew: ([^–]*)–", " ".join(strip_tags(text_of(shown)).split())
        )
        assert told == "khoản 4 Điều 7 Nghị định số 244/2026/NĐ-CP, starting event 08:00 on 13/07/2026 "
    client.post(address, typed | {"duty": "speaks_national_incident", "started_at": ""})
    assert "No 24-hour clock here" in text_of(client.get(reverse("crisis_board")))


def test_a_clock_that_was_met_does_not_hide_that_the_paragraph_of_now_has_none(walk: RunningWalk) -> None:
    walk.run()
    Deadline.objects.filter(crisis=walk.crisis).update(ended_at=walk.at, outcome=DeadlineOutcome.MET)

    walk.redetermine("speaks_national_incident")

    assert "No 24-hour clock here" in text_of(client_of(walk.cast.chief).get(reverse("crisis_board")))


def test_the_page_of_the_stand_down_tells_whom_others_speak_for_to_force_it(walk: RunningWalk) -> None:
    walk.run()
    walk.pass_time(hours=25)
    walk.redetermine("speaks_national_incident")

    shown = text_of(page_of(walk, "stand_down", walk.cast.head))

    assert "by now others alone speak on this" in shown
    assert "Release the statement first" not in shown


@pytest.mark.parametrize("act", ["assess", "paragraph"])
def test_of_an_event_under_the_old_law_it_is_asked_whether_information_is_needed_at_once(
    walk: RunningWalk, act: str
) -> None:
    """Noticed on 13/7/2026, under the law that does not ask; it occurred in June, under the one that does."""
    walk.begin()
    address = reverse("step", args=[walk.tasks("assess")[0].pk])
    if act == "paragraph":
        walk.assess().activate()
        address = reverse("crisis_paragraph", args=[walk.crisis.pk])
    client = client_of(walk.cast.chief)
    assert "needed_at_once" not in client.get(address).context["form"].fields
    typed = assessment(walk, started_at="2026-06-20T09:00")

    asked = client.post(address, typed)

    assert asked.status_code == 422
    assert set(asked.context["form"].errors) == {"needed_at_once", "__all__"}
    assert 'name="needed_at_once"' in text_of(asked)
    assert client.post(address, typed | {"needed_at_once": "no"}).status_code == 302
    last = Assessment.objects.latest("pk")
    assert (last.needed_at_once, last.started_at) == (False, None)


def test_every_page_of_a_drill_says_so(walk: RunningWalk) -> None:
    walk.begin()
    Crisis.objects.update(is_drill=True)

    shown = page_of(walk, "assess", walk.cast.chief)

    assert text_of(shown).count("DIỄN TẬP") >= 2
    assert PlaybookVersion.objects.count() == 1
