"""The pages of the late record: half a minute on a phone, told plainly what it became, and a list for auditors."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from core.actions import casefile, mandates, speech
from core.actions.mandates import Letter
from core.actions.speech import Speech
from core.enums import Circumstance, LateResult, Role, Secrecy, StatementForm
from core.models import Case, LateRecord, Person, Statement
from core.rules.delegations import Proposal
from tests import factories
from tests.walk import START, Cast, Walk, give, make_cast
from workflows.press_inquiry import queries as press
from workflows.templatetags.workflow_pages import to_the_minute

pytestmark = pytest.mark.django_db

NIGHT = START.replace(hour=22, minute=15)
NOW = NIGHT + timedelta(hours=2, minutes=15)
GIST = "Sở chưa có kết quả; sẽ công bố trong tuần."
SOUND = b"\0\0\0\x20ftypM4A " + b"\0" * 20
VIEW = "Information given by an individual, not the agency's official view"


@pytest.fixture(autouse=True)
def tonight(set_clock: Callable[[datetime], None], settings: Settings, tmp_path: Path) -> None:
    set_clock(NOW)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.make_case(agency=cast.agency, title="Kết quả kỳ thi")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(case: Case | None, **changes: Any) -> dict[str, Any]:
    given = {
        "case": case.pk if case else "", "speaker": "me", "form": "direct", "outlet": "Báo Mẫu",
        "asked_by": "Phóng viên A", "spoken_at": "2026-07-13T22:15", "gist": GIST,
    }  # fmt: skip
    return {**given, **changes}


def send(person: Person, case: Case | None, **changes: Any) -> Any:
    return signed_in(person).post(reverse("record_late"), typed(case, **changes))


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def form_page(person: Person, **query: Any) -> Any:
    return signed_in(person).get(reverse("record_late"), query)


def remark(case: Case, by: Person, **changes: Any) -> LateRecord:
    given: dict[str, Any] = {
        "speaker": by, "form": StatementForm.DIRECT, "outlet": "Báo Mẫu", "gist": GIST, "spoken_at": NIGHT
    }  # fmt: skip
    return speech.record_late(case=case, speech=Speech(**{**given, **changes}), by=by, at=NOW)


def limited_to(question: Any, case: Case, cast: Cast) -> None:
    proposal = Proposal(
        case=case, to=cast.deputy, valid_from=START, valid_until=START + timedelta(days=2),
        circumstance=Circumstance.ASSIGNED, reason="Giao.", questions=(question,),
    )  # fmt: skip
    letter = Letter(number="12/GUQ-SNV", on=START.date(), signed_at=START)
    mandates.delegate(proposal=proposal, letter=letter, signed_by=cast.head, by=cast.head, at=START)


def test_what_the_head_said_is_told_to_be_a_statement_with_its_delay_and_its_mandate(
    cast: Cast, case: Case
) -> None:
    client = signed_in(cast.head)

    response = client.post(reverse("record_late"), typed(case), follow=True)

    record = LateRecord.objects.get()
    assert response.redirect_chain == [(reverse("late_record", args=[record.pk]), 302)]
    shown = text_of(response)
    for fact in (
        "Statement, recorded late",
        f"It is recorded as a statement of {cast.agency.name}",
        "The mandate by the post of Giám đốc Sở",
        "recorded 2 hours 15 minutes later",
        GIST,
        "22:15 on 13/07/2026",
    ):
        assert fact in shown


def test_without_a_mandate_it_says_plainly_that_it_is_an_individuals_and_why(cast: Cast, case: Case) -> None:
    response = signed_in(cast.contact).post(reverse("record_late"), typed(case), follow=True)

    shown = text_of(response)
    assert LateRecord.objects.get().result == LateResult.PERSONAL
    for fact in (
        VIEW,
        "recorded 2 hours 15 minutes later",
        f"Why: {cast.contact.full_name} has no mandate to speak for {cast.agency.name}.",
    ):
        assert fact in shown


@pytest.mark.parametrize("choice", ["colleague", "nobody"])
def test_who_spoke_may_be_a_colleague_or_somebody_without_an_account(
    cast: Cast, case: Case, choice: str
) -> None:
    given: dict[str, Any] = (
        {"speaker": cast.head.pk}
        if choice == "colleague"
        else {"speaker": "other", "speaker_name": "Ông Bảo vệ"}
    )

    send(cast.contact, case, **given)

    record = LateRecord.objects.get()
    expected = (cast.head, cast.head.full_name) if choice == "colleague" else (None, "Ông Bảo vệ")
    assert (record.speaker, record.speaker_name) == expected
    assert record.recorded_by == cast.contact


def test_a_colleague_whose_account_was_closed_meanwhile_can_still_be_named(cast: Cast, case: Case) -> None:
    Person.objects.filter(pk=cast.deputy.pk).update(is_active=False)

    assert send(cast.contact, case, speaker=cast.deputy.pk).status_code == 302
    assert LateRecord.objects.get().speaker == cast.deputy


def test_the_form_begins_with_now_me_and_the_open_cases_latest_first(cast: Cast, case: Case) -> None:
    newer = factories.make_case(agency=cast.agency, opened_at=START)
    factories.make_case(agency=cast.agency, closed_at=START)
    factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    factories.make_case()

    form = form_page(cast.contact).context["form"]

    assert [each.pk for each in form.fields["case"].queryset] == [newer.pk, case.pk]
    html = form_page(cast.contact).content.decode()
    assert 'value="2026-07-14T00:30"' in html
    assert '<option value="me" selected>' in html
    assert (form.has_questions, "agency" in form.fields) == (False, False)


def test_the_address_of_a_case_preselects_it_with_its_questions(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")

    form = form_page(walk.cast.contact, case=walk.inquiry.case_id).context["form"]

    assert form["case"].value() == walk.inquiry.case_id
    assert list(form.fields["questions"].queryset) == list(walk.inquiry.questions.all())


def test_a_closed_case_is_offered_where_its_own_page_leads_here(cast: Cast, case: Case) -> None:
    casefile.close(case=case, reason="Xong.", by=cast.chief, at=START)
    address = f"{reverse('record_late')}?case={case.pk}"

    response = signed_in(cast.head).post(address, typed(case))

    assert response.status_code == 302
    assert LateRecord.objects.get().case == case


def test_a_restricted_case_is_not_found_by_who_takes_no_part(cast: Cast, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(secrecy=Secrecy.RESTRICTED)
    casefile.involve(case=case, person=cast.chief)
    record = remark(case, cast.chief, recording=("a.m4a", SOUND))
    pages = [
        f"{reverse('record_late')}?case={case.pk}",
        reverse("late_record", args=[record.pk]),
        reverse("late_recording", args=[record.pk]),
    ]

    def statuses(person: Person) -> list[int]:
        return [signed_in(person).get(page).status_code for page in pages]

    assert statuses(cast.contact) == statuses(cast.stranger) == [404, 404, 404]
    assert statuses(cast.chief) == [200, 200, 200]
    assert send(cast.contact, case).status_code == 422
    assert LateRecord.objects.count() == 1


@pytest.mark.parametrize("given", ["x", "0", "-1", "9" * 30, "٣"])
def test_a_case_that_is_not_there_is_not_found(cast: Cast, given: str) -> None:
    assert form_page(cast.contact, case=given).status_code == 404


def test_an_auditor_reads_and_records_nothing(cast: Cast, case: Case) -> None:
    assert form_page(cast.auditor).status_code == 403
    assert form_page(cast.auditor, case=case.pk).status_code == 403
    assert send(cast.auditor, case).status_code == 403
    record = remark(case, cast.contact)
    pages = [reverse("work"), reverse("case", args=[case.pk]), reverse("late_record", args=[record.pk])]
    way_in = re.compile(rf'href="{reverse("record_late")}["?]')

    def ways_in(person: Person) -> list[bool]:
        return [bool(way_in.search(signed_in(person).get(page).content.decode())) for page in pages]

    assert (ways_in(cast.auditor), ways_in(cast.contact)) == ([False] * 3, [True] * 3)


def test_nobody_records_without_signing_in(case: Case) -> None:
    for path in (
        reverse("record_late"),
        reverse("late_record", args=[1]),
        reverse("late_recording", args=[1]),
    ):
        assert Client().get(path).status_code == 302


def test_my_work_and_the_case_lead_to_the_form(cast: Cast, case: Case) -> None:
    client, form = signed_in(cast.contact), reverse("record_late")

    assert f'href="{form}"' in client.get(reverse("work")).content.decode()
    assert f'href="{form}?case={case.pk}"' in client.get(reverse("case", args=[case.pk])).content.decode()


def test_everything_typed_is_kept_when_the_time_has_not_come_yet(cast: Cast, case: Case) -> None:
    sound = SimpleUploadedFile("ghi-am.m4a", SOUND)

    response = send(
        cast.contact, case, spoken_at="2026-07-14T00:31", speaker=cast.head.pk, form="portal",
        address="https://so.example/tin", recording=sound,
    )  # fmt: skip

    html = response.content.decode()
    assert response.status_code == 422
    assert "The time of speaking lies in the future. Nothing was recorded; what you typed is kept." in html
    for kept in (
        f'<option value="{case.pk}" selected>',
        f'<option value="{cast.head.pk}" selected>',
        '<option value="portal" selected>',
        'value="2026-07-14T00:31"',
        'value="Báo Mẫu"',
        'value="Phóng viên A"',
        'value="https://so.example/tin"',
        GIST,
        "Choose these files again, a page cannot keep them: ghi-am.m4a",
    ):
        assert kept in html
    assert LateRecord.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"gist": " "}, "gist", "Write in substance what was said, or add a recording."),
        ({"speaker": "other"}, "speaker_name", "Write who spoke."),
        ({"speaker_name": "Ông B"}, "speaker", "A name is written below too."),
        ({"title": "Việc mới"}, "case", "A title for a new case is written below too."),
        ({"case": "", "title": ""}, "title", "Write what the matter is."),
        ({"spoken_at": ""}, "spoken_at", "Say when it was said."),
        ({"spoken_at": "hôm qua"}, "spoken_at", "Enter a valid date/time."),
        ({"speaker": "999999"}, "speaker", "Choose somebody from the list."),
        ({"case": "999999"}, "case", "This case is not open to you."),
        ({"address": "javascript:alert(1)"}, "address", "Enter a valid URL."),
        ({"recording": SimpleUploadedFile("a.exe", b"MZ\x90\0")}, "recording", "not of an accepted type"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(
    cast: Cast, case: Case, changes: dict[str, Any], field: str, sentence: str
) -> None:
    response = signed_in(cast.contact).post(reverse("record_late"), {**typed(case), **changes})

    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors[field])
    assert (LateRecord.objects.count(), Case.objects.count()) == (0, 1)


def test_a_matter_without_a_case_is_recorded_with_a_new_one(cast: Cast) -> None:
    response = send(cast.specialist, None, title="Sập giàn giáo")

    record = LateRecord.objects.get()
    assert (record.case.title, record.agency) == ("Sập giàn giáo", cast.agency)
    assert response["Location"] == reverse("late_record", args=[record.pk])


def test_a_case_without_inquiries_is_open_until_it_is_closed(cast: Cast, case: Case) -> None:
    client = signed_in(cast.contact)

    def listed() -> dict[str, list[Case]]:
        return {
            state: list(client.get(reverse("cases"), {"state": state}).context["page"])
            for state in ("open", "closed")
        }

    assert listed() == {"open": [case], "closed": []}
    assert "It was opened for what was said outside the system" in text_of(
        client.get(reverse("case", args=[case.pk]))
    )
    casefile.close(case=case, reason="Xong.", by=cast.chief, at=NOW)
    assert listed() == {"open": [], "closed": [case]}


def test_who_works_in_two_agencies_says_whose_new_case_it_is(cast: Cast) -> None:
    other = make_cast(code="SNV-Y").agency
    give(cast.contact, Role.CLERK, agency=other)

    assert set(form_page(cast.contact).context["form"].fields["agency"].queryset) == {cast.agency, other}
    send(cast.contact, None, title="Việc", agency=other.pk)

    assert LateRecord.objects.get().agency == other


def test_a_form_sent_twice_records_once(cast: Cast, case: Case) -> None:
    client = signed_in(cast.contact)
    token = client.get(reverse("record_late")).context["form"]["token"].value()

    first, second = (client.post(reverse("record_late"), typed(case, token=token)) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert LateRecord.objects.count() == 1


def test_the_questions_of_a_chosen_case_are_shown_on_request_with_everything_typed(
    inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    walk = inquiry_at("triage")
    set_clock(NOW)

    response = send(walk.cast.contact, walk.inquiry.case, look="1", speaker=walk.cast.head.pk)

    html = response.content.decode()
    assert response.status_code == 200
    for kept in (GIST, 'value="2026-07-13T22:15"', f'<option value="{walk.cast.head.pk}" selected>'):
        assert kept in html
    assert f"{walk.inquiry.reference}/1: Bao giờ công bố kết quả?" in html
    assert LateRecord.objects.count() == 0


def test_whose_letter_covers_only_some_questions_is_shown_them_before_it_becomes_final(
    inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    walk = inquiry_at("triage")
    set_clock(NOW)
    case, cast, question = walk.inquiry.case, walk.cast, walk.inquiry.questions.all()[0]
    limited_to(question, case, cast)

    asked = send(cast.deputy, case)
    shown = {"asked_of": asked.context["form"].shown_for}
    ticked = send(cast.deputy, case, **shown, questions=[question.pk])
    unticked = send(cast.deputy, case, **shown)

    assert asked.status_code == 422
    assert "covers only some questions of this case" in text_of(asked)
    assert (ticked.status_code, unticked.status_code) == (302, 302)
    assert [record.result for record in LateRecord.objects.order_by("pk")] == [
        LateResult.STATEMENT,
        LateResult.PERSONAL,
    ]


def test_a_recording_is_saved_and_never_shown_in_the_page(cast: Cast, case: Case) -> None:
    send(cast.contact, case, gist="", recording=SimpleUploadedFile("ghi âm.m4a", SOUND))
    record = LateRecord.objects.get()

    response = signed_in(cast.contact).get(reverse("late_recording", args=[record.pk]))

    assert response.content == SOUND
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/octet-stream"
    assert "Only the recording was kept." in text_of(
        signed_in(cast.contact).get(reverse("late_record", args=[record.pk]))
    )


def test_a_record_without_a_recording_has_none_to_save(cast: Cast, case: Case) -> None:
    record = remark(case, cast.contact)

    assert signed_in(cast.contact).get(reverse("late_recording", args=[record.pk])).status_code == 404
    assert signed_in(cast.contact).get(reverse("late_record", args=[record.pk + 1])).status_code == 404


def test_the_case_shows_a_late_statement_with_its_delay_and_remarks_in_a_list_of_their_own(
    cast: Cast, case: Case
) -> None:
    remark(case, cast.head, gist="Lời của cơ quan.")
    remark(case, cast.contact, gist="Lời của cá nhân <b>x</b>.")

    response = signed_in(cast.legal).get(reverse("case", args=[case.pk]))
    statements, remarks = response.content.decode().split('id="loi-ca-nhan"')

    assert "Lời của cơ quan." in statements
    assert "recorded 2 hours 15 minutes later" in statements
    assert "Lời của cá nhân" not in statements
    assert "Information given by individuals, not the agency's official view" in remarks
    assert "Lời của cá nhân &lt;b&gt;x&lt;/b&gt;." in remarks
    assert "has no mandate to speak for" in remarks


def test_a_case_without_remarks_has_no_list_of_them(cast: Cast, case: Case) -> None:
    assert "loi-ca-nhan" not in signed_in(cast.legal).get(reverse("case", args=[case.pk])).content.decode()


def count_queries(person: Person, address: str) -> int:
    client = signed_in(person)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_case_asks_no_more_for_many_late_records_than_for_one(cast: Cast, case: Case) -> None:
    address = reverse("case", args=[case.pk])
    for person in (cast.head, cast.contact):
        remark(case, person)
    one = count_queries(cast.legal, address)
    for person in (cast.head, cast.contact, cast.spokesperson, cast.clerk):
        remark(case, person)

    assert count_queries(cast.legal, address) == one


def test_auditors_list_the_remarks_of_their_agencies_latest_first_and_no_statements(
    cast: Cast, case: Case
) -> None:
    restricted = factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    casefile.involve(case=restricted, person=cast.clerk)
    earlier = remark(restricted, cast.clerk, spoken_at=NIGHT - timedelta(days=1))
    latest = remark(case, cast.contact)
    remark(case, cast.head)
    foreign = make_cast(code="SNV-Y")
    remark(factories.make_case(agency=foreign.agency), foreign.contact)

    response = signed_in(cast.auditor).get(reverse("audit_late_records"))

    assert [record.pk for record in response.context["page"]] == [latest.pk, earlier.pk]
    html = response.content.decode()
    assert reverse("audit_case", args=[case.pk]) in html
    assert "recorded 1 day 2 hours later" in html
    assert reverse("audit_late_records") in signed_in(cast.auditor).get(reverse("audit")).content.decode()


def test_only_an_auditor_opens_the_list(cast: Cast) -> None:
    for person in (cast.head, cast.contact, cast.clerk, cast.administrator):
        assert signed_in(person).get(reverse("audit_late_records")).status_code == 403


def test_the_list_is_told_to_be_empty_and_is_turned_in_pages(cast: Cast, case: Case) -> None:
    client, address = signed_in(cast.auditor), reverse("audit_late_records")
    assert "Nobody is recorded to have spoken without a mandate" in client.get(address).content.decode()

    for minute in range(26):
        remark(case, cast.contact, spoken_at=NIGHT - timedelta(minutes=minute))

    first, second = client.get(address), client.get(address, {"page": 2})
    assert (len(first.context["page"]), len(second.context["page"])) == (25, 1)
    assert "page=2" in first.content.decode()


def test_the_list_asks_no_more_for_three_remarks_than_for_one(cast: Cast, case: Case) -> None:
    address = reverse("audit_late_records")
    remark(case, cast.contact)
    one = count_queries(cast.auditor, address)
    remark(factories.make_case(agency=cast.agency), cast.clerk)
    remark(factories.make_case(agency=cast.agency), cast.legal)

    assert count_queries(cast.auditor, address) == one


def test_the_form_asks_no_more_for_many_cases_and_colleagues(cast: Cast, case: Case) -> None:
    address = reverse("record_late")
    one = count_queries(cast.contact, address)
    for _ in range(3):
        factories.make_case(agency=cast.agency)
        factories.make_post(person=factories.make_person(), agency=cast.agency)

    assert count_queries(cast.contact, address) == one


def test_the_gist_of_a_late_statement_is_no_text_to_be_released_again(cast: Cast, case: Case) -> None:
    remark(case, cast.head)

    assert Statement.objects.count() == 1
    assert list(press.released_texts(cast.agency, before=NOW)) == []


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=59), ""),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=15, seconds=40), "2 hours 15 minutes"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=3, hours=4, minutes=5), "3 days 4 hours"),
    ],
)
def test_a_delay_is_said_in_its_two_largest_units(gap: timedelta, words: str) -> None:
    assert to_the_minute(gap) == words
