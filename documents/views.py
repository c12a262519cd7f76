"""The bytes of an issued document, and the outgoing register."""

from __future__ import annotations

import re
import unicodedata
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import files
from core.clock import ZONE, now
from core.models import Agency, Person
from core.queries.organisation import agencies_of
from documents.models import IssuedDocument
from documents.queries import register


@require_safe
@login_required
def document_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The exact bytes that were signed. A document of a case one may not see is not found."""
    rows = register.visible_to(cast(Person, request.user), at=now())
    document = rows.filter(pk=pk).exclude(pdf_sha256="").first()
    if document is None:
        raise Http404(_("There is no such document, or it is not open to you."))
    etag = f'"{document.pdf_sha256}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _kept_private(HttpResponseNotModified(), etag)
    response = HttpResponse(files.read(document.pdf_sha256), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name(document)}"'
    return _kept_private(response, etag)


def _kept_private(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    # Asked for again each time, so that whoever loses the case loses the document too.
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(document: IssuedDocument) -> str:
    """The number and symbol in letters that every mail program and disk accepts."""
    plain = unicodedata.normalize("NFD", document.mark.replace("đ", "d").replace("Đ", "D"))
    safe = re.sub(r"[^A-Za-z0-9.&-]+", "-", plain.encode("ascii", "ignore").decode().replace("/", "-"))
    return f"{safe.strip('-') or f'document-{document.pk}'}.pdf"


@require_safe
@login_required
def outgoing_register(request: HttpRequest) -> HttpResponse:
    """The register of one agency and year, for the agencies where the person holds a role."""
    person, at = cast(Person, request.user), now()
    agencies = list(agencies_of(person, at=at).order_by("code"))
    agency = _chosen(agencies, request.GET.get("agency", ""))
    year = _year(request.GET.get("year", ""), this_year=at.astimezone(ZONE).year)
    documents, hidden = register.outgoing(person, agency=agency, year=year, at=at) if agency else ([], 0)
    context = {
        "agencies": agencies,
        "agency": agency,
        "year": year,
        "years": sorted({year, *(register.years_of(agency) if agency else [])}, reverse=True),
        "documents": documents,
        "hidden": hidden,
    }
    return render(request, "documents/pages/register.html", context)


def _chosen(agencies: list[Agency], code: str) -> Agency | None:
    if not code:
        return agencies[0] if agencies else None
    chosen = next((agency for agency in agencies if agency.code == code), None)
    if chosen is None:
        raise Http404(_("There is no such agency, or you hold no role in it."))
    return chosen


def _year(given: str, *, this_year: int) -> int:
    return int(given) if re.fullmatch(r"[12]\d{3}", given, re.ASCII) else this_year
