"""The catalogues are complete, and no page in Vietnamese shows a sentence of the source."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.db.models import TextChoices
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings
from viewflow.workflow import flow

from core import enums
from core.events import EVENTS
from core.models import Person
from tests.walk import Cast, Walk, make_cast
from workflows.press_inquiry.flow import PressInquiryFlow
from workflows.press_inquiry.models import TriageExit

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "documents", "workflows")
SAME_IN_BOTH = {"Phát Ngôn"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)
# Vietnamese words that carry no mark, and the days of the week as calendars head their columns.
WITHOUT_MARKS = {"xem", "trang", "t2", "t3", "t4", "t5", "t6", "t7", "cn"}
STEPS = ("triage", "assign", "draft", "review", "clear", "decide", "sign", "stamp", "release", "follow_up")

Msgid = str | tuple[str, ...] | list[str] | None


def first(text: Msgid) -> str:
    return text if isinstance(text, str) else (text or [""])[0]


@cache
def catalogue(app: str) -> Catalog:
    path = ROOT / app / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale="vi", abort_invalid=True)


def translated(app: str) -> dict[str, str]:
    return {first(message.id): first(message.string) for message in catalogue(app) if message.id}


@pytest.fixture(scope="session")
def of_the_source(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    """The English strings of an app, found in a copy: looking must not touch the catalogues."""

    @cache
    def found(app: str) -> set[str]:
        copy = tmp_path_factory.mktemp("source") / app
        shutil.copytree(ROOT / app, copy, ignore=shutil.ignore_patterns("locale", "migrations", "static"))
        (copy / "locale").mkdir()
        with contextlib.chdir(copy):
            call_command("makemessages", locale=["vi"], keep_pot=True, add_location="never", verbosity=0)
        _header, strings = (copy / "locale" / "django.pot").read_text("utf-8").split("\n\n", 1)
        return {first(message.id) for message in read_po(io.StringIO(strings)) if message.id}

    return found


@pytest.mark.parametrize("app", APPS)
def test_catalogue_holds_exactly_the_strings_of_the_source(
    app: str, of_the_source: Callable[[str], set[str]]
) -> None:
    source, held = of_the_source(app), {text for text, vietnamese in translated(app).items() if vietnamese}

    assert (sorted(source - held), sorted(held - source)) == ([], [])


@pytest.mark.parametrize("app", APPS)
def test_catalogue_compiles_and_guesses_nothing(app: str) -> None:
    assert [message.id for message in catalogue(app) if message.id and message.fuzzy] == []
    assert catalogue(app).obsolete == {}
    write_mo(io.BytesIO(), catalogue(app))


@pytest.mark.parametrize("app", APPS)
def test_both_sides_name_the_same_placeholders(app: str) -> None:
    differing = [
        text
        for text, vietnamese in translated(app).items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(vietnamese))
    ]
    assert differing == []


@pytest.mark.parametrize("app", APPS)
def test_both_sides_begin_and_end_alike(app: str) -> None:
    """A sentence stays a sentence, a label a label, and line breaks stand in the same place."""
    differing = [
        text
        for text, vietnamese in translated(app).items()
        if text.endswith(".") != vietnamese.endswith(".")
        or text.endswith("\n") != vietnamese.endswith("\n")
        or vietnamese != vietnamese.strip(" ")
    ]
    assert differing == []


@pytest.mark.parametrize("app", APPS)
def test_every_text_is_vietnamese(app: str) -> None:
    english = [
        text
        for text, vietnamese in translated(app).items()
        if text not in SAME_IN_BOTH and (text == vietnamese or not reads_vietnamese(vietnamese))
    ]
    assert english == []


def test_a_string_of_two_apps_is_translated_once() -> None:
    seen: dict[str, set[str]] = {}
    for app in APPS:
        for text, vietnamese in translated(app).items():
            seen.setdefault(text, set()).add(vietnamese)
    assert {text: said for text, said in seen.items() if len(said) > 1} == {}


@pytest.mark.parametrize("word", ["thẩm định", "bạn", "hãy", "người dùng", "click"])
def test_catalogue_avoids(word: str) -> None:
    """Reviewing a draft is no "thẩm định"; an official is not addressed as "bạn"."""
    pattern = re.compile(rf"\b{word}\b", re.IGNORECASE)
    found = [
        text for app in APPS for text, vietnamese in translated(app).items() if pattern.search(vietnamese)
    ]
    assert found == []


def reads_vietnamese(text: str) -> bool:
    return bool(VIETNAMESE.search(text)) or PLACEHOLDER.sub("", text).strip(" /").lower() in WITHOUT_MARKS


def choices() -> Iterator[type[TextChoices]]:
    for named in vars(enums).values():
        if isinstance(named, type) and issubclass(named, TextChoices) and named is not TextChoices:
            yield named


def test_every_label_of_a_closed_list_has_a_vietnamese_text() -> None:
    with translation.override("vi"):
        english = [
            str(member) for kind in choices() for member in kind if not reads_vietnamese(str(member.label))
        ]
    assert english == []


def test_every_sentence_of_the_trail_has_a_vietnamese_text() -> None:
    with translation.override("vi"):
        english = [code for code, event in EVENTS.items() if not reads_vietnamese(str(event.sentence))]
    assert english == []


def test_every_step_and_end_of_the_procedure_has_a_vietnamese_title() -> None:
    with translation.override("vi"):
        titles = {
            node.name: str(node.task_title)
            for node in PressInquiryFlow.instance.nodes()
            if not isinstance(node, flow.If | flow.Switch)
        }
    assert [name for name, title in titles.items() if not reads_vietnamese(title)] == []


class VisibleText(HTMLParser):
    """What a person reads or hears on a page, piece by piece."""

    SPOKEN = ("aria-label", "alt", "title", "placeholder")
    SILENT = ("script", "style")

    def __init__(self) -> None:
        super().__init__()
        self.pieces: set[str] = set()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self.pieces.update(" ".join((value or "").split()) for name, value in attrs if name in self.SPOKEN)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.add(" ".join(data.split()))


def pieces(client: Client, address: str, language: str, **typed: Any) -> set[str]:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    # A page leaves its language behind in the thread; the tests after this one expect their own.
    with translation.override(settings.LANGUAGE_CODE):
        response = client.post(address, typed) if typed else client.get(address)
    assert response.status_code in {200, 422}
    reader = VisibleText()
    reader.feed(response.content.decode())
    return reader.pieces - {""}


@cache
def sources() -> frozenset[str]:
    """English strings that would be a leak where a Vietnamese reader meets them."""
    return frozenset(text for app in APPS for text in translated(app)) - SAME_IN_BOTH


def assert_speaks_vietnamese(client: Client, address: str, **typed: Any) -> None:
    english = pieces(client, address, "en", **typed)
    vietnamese = pieces(client, address, "vi", **typed)
    shared = {
        piece
        for piece in english & vietnamese
        if sum(word.strip(".,:?").isalpha() for word in piece.split()) > 3 and not reads_vietnamese(piece)
    }
    assert (sorted(vietnamese & sources()), sorted(shared)) == ([], [])


@pytest.fixture
def set_clock(settings: Settings) -> Callable[[datetime], None]:
    def set_(instant: datetime) -> None:
        settings.CLOCK = instant

    return set_


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def doer(cast: Cast, step: str) -> Person:
    return {
        "triage": cast.chief,
        "assign": cast.unit_head,
        "draft": cast.specialist,
        "review": cast.unit_head,
        "clear": cast.legal,
        "stamp": cast.clerk,
        "follow_up": cast.contact,
    }.get(step, cast.head)


@pytest.mark.django_db
def test_signing_in_speaks_vietnamese() -> None:
    assert_speaks_vietnamese(Client(), reverse("login"))
    assert_speaks_vietnamese(Client(), reverse("login"), username="nobody", password="wrong")


@pytest.mark.parametrize("name", ["work", "cases", "register_by_hand", "outgoing_register"])
def test_page_speaks_vietnamese(name: str, cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    Walk(cast, set_clock).to("triage")

    assert_speaks_vietnamese(signed_in(cast.contact), reverse(name))


@pytest.mark.parametrize("step", STEPS)
def test_step_speaks_vietnamese(step: str, cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    walk = Walk(cast, set_clock, redirected=(2,)).to(step)
    client, address = signed_in(doer(cast, step)), reverse("step", args=[walk.task(step).pk])

    assert_speaks_vietnamese(client, address)
    assert_speaks_vietnamese(signed_in(cast.auditor), address)


@pytest.mark.parametrize("step", ["triage", "assign", "draft", "release", "follow_up"])
def test_empty_form_is_sent_back_in_vietnamese(
    step: str, cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock).to(step)
    client, address = signed_in(doer(cast, step)), reverse("step", args=[walk.task(step).pk])

    assert_speaks_vietnamese(client, address, nothing="typed")


@pytest.mark.parametrize("way", [TriageExit.HANDLE, TriageExit.ADVICE])
def test_case_page_and_trail_speak_vietnamese(
    way: TriageExit, cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock, exit=way, redirected=(2,)).to("end")

    for person in (cast.head, cast.contact):
        assert_speaks_vietnamese(signed_in(person), reverse("case", args=[walk.inquiry.case_id]))
    auditor = signed_in(cast.auditor)
    for address in (reverse("audit"), reverse("audit_case", args=[walk.inquiry.case_id])):
        assert_speaks_vietnamese(auditor, address)
    assert_speaks_vietnamese(auditor, reverse("audit_corrections"))


@pytest.mark.parametrize("name", ["withdraw", "reopen", "clock_stop", "clock_restart", "opinion_ask", "move"])
def test_act_beside_the_path_speaks_vietnamese(
    name: str, cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock).to("draft")

    assert_speaks_vietnamese(signed_in(cast.chief), reverse(name, args=[walk.inquiry.pk]))
