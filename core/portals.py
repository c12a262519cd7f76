"""Reading a public web page: only the web, within a time and a size, and nowhere else than a redirect may lead."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.rules import charsets

SCHEMES = ("http", "https")
TIMEOUT_SECONDS = 20
MOST_BYTES = 5 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


class Unreadable(Invalid):
    """The page could not be read; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class WebPage:
    text: str


class _OnTheWeb(HTTPRedirectHandler):
    """Follows a redirect to http or https, and from https to nothing less."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        allowed = SCHEMES if req.type == "http" else ("https",)
        if urlsplit(newurl).scheme not in allowed:
            raise Unreadable(
                _("The page sends the reader on to an address of another kind, which is not followed.")
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def read(url: str) -> WebPage:
    """The text of the page at an address. Raises Unreadable."""
    try:
        is_of_the_web = urlsplit(url).scheme in SCHEMES and bool(urlsplit(url).hostname)
    except ValueError:
        is_of_the_web = False
    if not is_of_the_web:
        raise Unreadable(
            _("%(address)s is no web address: it begins with http:// or https://. Nothing was read.")
            % {"address": url}
        )
    try:
        return _fetched(url)
    except HTTPError as error:
        error.close()
        raise Unreadable(
            _("The page could not be read: the server answered %(status)s.") % {"status": error.code}
        ) from error
    except (URLError, OSError, HTTPException, ValueError) as error:
        raise Unreadable(
            _("The page could not be read: %(why)s.") % {"why": getattr(error, "reason", "") or error}
        ) from error


def _fetched(url: str) -> WebPage:
    until = time.monotonic() + TIMEOUT_SECONDS
    request = Request(iri_to_uri(url), headers={"User-Agent": "phat-ngon", "Accept-Encoding": "identity"})  # noqa: S310 - the scheme is checked
    with build_opener(_OnTheWeb).open(request, timeout=TIMEOUT_SECONDS) as response:
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unreadable(
                _("The server sends the page packed, which was not asked for. Nothing was read.")
            )
        body = _body(response, until=until)
        return WebPage(text=charsets.decode(body, _charset(response, body))[0])


def _body(response: HTTPResponse, *, until: float) -> bytes:
    parts, size = [], 0
    while chunk := response.read1(CHUNK_BYTES):
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise Unreadable(_("The page is larger than 5 MB, which no list of spokespersons is."))
        if time.monotonic() > until:
            raise Unreadable(_("The page could not be read: it took longer than 20 seconds."))
    return b"".join(parts)


def _charset(response: HTTPResponse, body: bytes) -> str:
    named = response.headers.get_content_charset()
    found = None if named else _META_CHARSET.search(body[:4096])
    return named or (found[1].decode("ascii", "replace") if found else "utf-8")
