"""`manage.py check_register`: a page on the web beside the register, over a real connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from core import portals
from core.actions import register as actions
from tests import factories
from tests.register import AT, appointed, call
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db

AT_HEAD = "SNV-X: Head of SNV-X (Head, ex officio)"
AT_STANDING = "SNV-X: Spokesperson of SNV-X (Standing spokesperson)"


class Site:
    """Pages by path; what is not there is not found."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = site.pages.get(self.path, (404, {}, b"nothing"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, body: str | bytes, *, path: str = "/", kind: str = "text/html; charset=utf-8") -> str:
        sent = body.encode() if isinstance(body, str) else body
        self.pages[path] = (200, {"Content-Type": kind}, sent)
        return self.address + path

    def lead(self, to: str) -> str:
        self.pages["/away"] = (302, {"Location": to}, b"")
        return f"{self.address}/away"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture(autouse=True)
def sentences_in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def cast(set_clock: Callable[[datetime], None]) -> Cast:
    cast = make_cast()
    call(cast.spokesperson, "0000 000 101")
    actions.publish_editions(at=AT)
    set_clock(AT)
    return cast


def check(*command: str) -> tuple[int, list[str]]:
    """With which number the command ends, and its lines or the sentence of what stopped it."""
    out = StringIO()
    try:
        call_command("check_register", *command, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    except CommandError as error:
        return error.returncode, [str(error)]
    return 0, out.getvalue().splitlines()


def our_json(path: str = "/cong-khai/nguoi-phat-ngon/SNV-X.json") -> bytes:
    content: bytes = Client().get(path).content
    return content


PORTAL = """<!doctype html><title>x</title><body><h1>NGƯỜI PHÁT NGÔN</h1>
<p>Head&nbsp;of SNV-X, Giám đốc</p>
<ul><li>Spokesperson of <b>SNV-X</b><br>0000.000.101<li>spokesperson@snv-x.example</ul>"""


# Our own JSON


def test_our_own_json_agrees(site: Site) -> None:
    assert check(site.put(our_json(), kind="application/json")) == (0, ["The page agrees with the register."])


def test_our_own_json_of_before_a_change_differs_field_by_field(site: Site, cast: Cast) -> None:
    address = site.put(our_json(), kind="application/json")
    call(cast.spokesperson, "0000 000 102")
    appointed(cast.deputy, cast.agency, title="Giám đốc mới", since=AT)

    assert check(address) == (
        1,
        [
            "SNV-X: Deputy of SNV-X (Head, ex officio) is missing there",
            f"{AT_STANDING}: phone is “0000 000 101” there and “0000 000 102” here",
            f"{AT_HEAD} is listed there and no longer here",
        ],
    )


def test_a_list_is_compared_agency_by_agency_or_for_the_one_named(site: Site, cast: Cast) -> None:
    lists = [
        site.put(our_json(path), path=name)
        for name, path in (
            ("/all", "/cong-khai/nguoi-phat-ngon.json"),
            ("/below", "/cong-khai/nguoi-phat-ngon/UBND-SNV-X/cap-duoi.json"),
        )
    ]
    same = [check(address)[0] for address in lists]
    call(cast.stranger, "0000 000 999")
    appointed(factories.make_person(), factories.make_agency(code="MOI"))

    assert same == [0, 0]
    assert [check(address)[0] for address in lists] == [1, 0]
    assert [line.split(":")[0] for line in check(lists[0])[1]] == ["MOI", "SNV-X-OTHER"]
    assert check(lists[0], "--agency", "SNV-X")[0] == 0


def test_json_of_another_kind_could_not_be_read(site: Site) -> None:
    code, (sentence,) = check(site.put("{}"))

    assert code == 2
    assert "not with a register of spokespersons" in sentence


def test_the_register_of_an_agency_nobody_knows_here_could_not_be_compared(site: Site) -> None:
    address = site.put(our_json().replace(b"SNV-X", b"SNV-Q"))

    assert check(address)[0] == 2


# A portal's page


def test_a_portal_that_shows_everybody_agrees(site: Site) -> None:
    assert check(site.put(PORTAL), "--agency", "SNV-X") == (0, ["The page agrees with the register."])


def test_a_portal_that_drifted_is_told_what_it_does_not_show(site: Site, cast: Cast) -> None:
    address = site.put(PORTAL.replace("Head", "Former head").replace("0000.000.101", "0000.000.100"))
    cast.spokesperson.email = "bao.chi@snv-x.example"
    cast.spokesperson.save()

    assert check(address, "--agency", "SNV-X") == (
        1,
        [
            f"{AT_STANDING}: the phone is not on the page",
            f"{AT_STANDING}: the e-mail address is not on the page",
        ],
    )
    assert check(site.put("<p>x"), "--agency", "SNV-X")[1][0] == f"{AT_HEAD}: the name is not on the page"


@pytest.mark.parametrize("declared", ["text/html; charset=windows-1258", "text/html"])
def test_a_portal_in_an_older_charset_is_read(site: Site, cast: Cast, declared: str) -> None:
    cast.head.full_name = "Trần Thị Bích"
    cast.head.save()
    page = f"<meta charset='windows-1258'>{PORTAL}<p>Tr\u00e2\u0300n Thi\u0323 Bi\u0301ch"

    address = site.put(
        page.replace("NGƯỜI PHÁT NGÔN", "").replace("Giám đốc", "").encode("cp1258"), kind=declared
    )

    assert check(address, "--agency", "SNV-X")[0] == 0


def test_a_portal_needs_the_agency_to_be_named_and_known(site: Site) -> None:
    address = site.put(PORTAL)

    assert check(address) == (2, ["This is a page for people: name the agency it is about with --agency."])
    assert check(address, "--agency", "NONE")[0] == 2


# What cannot be read


@pytest.mark.parametrize(
    "address",
    ["", "register", "file:///etc/passwd", "ftp://a.example/", "data:text/html,x", "http://", "http://["],
)
def test_what_is_no_web_address_is_not_opened(address: str) -> None:
    code, (sentence,) = check(address, "--agency", "SNV-X")

    assert code == 2
    assert "is no web address" in sentence


def test_an_answer_other_than_a_page_could_not_be_read(site: Site) -> None:
    assert check(f"{site.address}/none") == (2, ["The page could not be read: the server answered 404."])


def test_a_server_that_is_not_there_could_not_be_read(site: Site) -> None:
    code, (sentence,) = check("http://127.0.0.1:1/")

    assert code == 2
    assert sentence.startswith("The page could not be read: ")


def test_a_redirect_on_the_web_is_followed_and_one_elsewhere_is_not(site: Site) -> None:
    target = site.put(our_json())

    assert check(site.lead(target))[0] == 0
    for away in ("file:///etc/passwd", "ftp://127.0.0.1/x"):
        assert check(site.lead(away))[0] == 2


def test_a_page_that_is_too_large_or_packed_could_not_be_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portals, "MOST_BYTES", 1000)
    large = check(site.put(b"<p>" + b"x" * 1000))
    site.pages["/packed"] = (200, {"Content-Encoding": "gzip"}, b"x")

    assert (large[0], "larger than" in large[1][0]) == (2, True)
    assert check(f"{site.address}/packed")[0] == 2
