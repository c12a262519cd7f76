"""Issue a document: give it its number, freeze what it states, make its bytes. Each happens exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import events, files
from core.actions import purging, trail
from core.clock import ZONE
from core.enums import Capacity, Numbering
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Agency, Case, Inquiry, Person, SigningCapacity, Unit
from documents.kinds import LETTERS
from documents.models import DocumentKind, IssuedDocument, Series
from documents.models.series import DRILL_SCOPE, DRILL_SYMBOL
from documents.rules import layout, numbering
from documents.rules.wording import cleaned


@dataclass(frozen=True, kw_only=True)
class EnteredNumber:
    """The number the office's own document system gave; `notation` where it differs from the usual symbol."""

    number: int
    issued_on: date
    notation: str = ""


@dataclass(frozen=True, kw_only=True)
class _Numbered:
    number: int | None
    symbol: str
    issued_on: date
    scope: str

    @property
    def year(self) -> int:
        return self.issued_on.year

    @property
    def mark(self) -> str:
        return DRILL_SYMBOL if self.scope == DRILL_SCOPE else self.symbol


@transaction.atomic
def number(
    *,
    key: str,
    case: Case,
    inquiry: Inquiry | None,
    kind_code: str,
    facts: Mapping[str, Any],
    subject: str,
    content_sha256: str,
    signer: Person,
    capacity: SigningCapacity,
    drafting_unit: Unit | None,
    by: Person | None,
    at: datetime,
    entered: EnteredNumber | None = None,
    is_on_paper: bool = False,
    is_drill: bool = False,
) -> IssuedDocument:
    """Give a decision its numbered document. Asked again with the same key it returns the same document.

    Decree 30/2020 art 15. One signed on paper has its number already, however the agency numbers; a drill takes none
    and touches no series. Locks the number series; lock the process and the mandate before. Raises Invalid when a
    number is missing, not wanted or unusable, Conflict when it is taken or the key stands for another text.
    """
    agency = inquiry.agency if inquiry else case.agency
    kind = DocumentKind.objects.get(code=kind_code)
    day = entered.issued_on if entered else numbering.local_day(at, ZONE)
    series = None if is_drill else _locked_series(agency, day.year)
    if existing := IssuedDocument.objects.filter(key=key).first():
        return _same(existing, content_sha256)
    if not (is_on_paper or is_drill):
        _check_way(agency, kind, entered)
    given = _given(agency, kind, drafting_unit, series, day, entered, at)
    lines = _signature_lines(capacity)
    document = IssuedDocument(
        key=key, agency=agency, case=case, inquiry=inquiry, kind=kind, year=given.year, scope=given.scope,
        number=given.number, symbol=given.symbol, issued_on=given.issued_on, subject=cleaned(subject),
        drafting_unit=drafting_unit, content_sha256=content_sha256, signer=signer, capacity=capacity.capacity,
        signature_lines=lines, numbered_at=at,
        facts={
            **facts,
            **_heading(agency, kind, given, subject),
            "archive": facts.get("archive") or (drafting_unit.symbol if drafting_unit else ""),
            "signature_lines": lines,
            "signer": cleaned(signer.full_name),
        },
    )  # fmt: skip
    _save_new(document)
    _record_number(document, by=by, at=at, entered=entered is not None)
    return document


def _signature_lines(capacity: SigningCapacity) -> list[str]:
    return layout.signature_lines(
        capacity=Capacity(capacity.capacity),
        authority_line=capacity.authority_line,
        title_line=capacity.title_line,
    )


def _locked_series(agency: Agency, year: int) -> Series:
    series, _created = Series.objects.select_for_update().get_or_create(
        agency=agency, year=year, scope=numbering.ALL_DOCUMENTS
    )
    return series


def _same(existing: IssuedDocument, content_sha256: str) -> IssuedDocument:
    if existing.content_sha256 != content_sha256:
        raise Conflict(
            _(
                "This decision already has the document %(symbol)s with another text. Nothing was changed: "
                "an issued document is only corrected by a new one."
            )
            % {"symbol": existing.symbol}
        )
    return existing


def _check_way(agency: Agency, kind: DocumentKind, entered: EnteredNumber | None) -> None:
    wanted = kind.numbered and agency.numbering == Numbering.ENTERED
    if wanted and entered is None:
        sentence = _(
            "%(agency)s takes its numbers from its own document system. Enter the number given there."
        ) % {"agency": agency.name}
        raise Invalid(sentence, fields={"number": sentence})
    if entered is not None and not wanted:
        raise Invalid(
            _("%(agency)s numbers this document here by itself, so no number can be entered.")
            % {"agency": agency.name}
        )


def _given(
    agency: Agency,
    kind: DocumentKind,
    unit: Unit | None,
    series: Series | None,
    day: date,
    entered: EnteredNumber | None,
    at: datetime,
) -> _Numbered:
    if series is None or not kind.numbered:
        scope = series.scope if series else DRILL_SCOPE
        return _Numbered(number=None, symbol="", issued_on=day, scope=scope)
    notation = numbering.notation(
        abbreviation=kind.abbreviation, agency_symbol=agency.symbol, unit_symbol=unit.symbol if unit else ""
    )
    if entered is None:
        count = _advance(series)
    else:
        count, notation = _checked_entry(agency, entered, series=series, usual=notation, at=at)
    symbol = numbering.symbol(number=count, notation=notation)
    return _Numbered(number=count, symbol=symbol, issued_on=day, scope=series.scope)


def _advance(series: Series) -> int:
    taken = IssuedDocument.objects.filter(agency=series.agency, year=series.year, scope=series.scope)
    highest = taken.aggregate(highest=Max("number"))["highest"]
    series.last = numbering.next_number(last=series.last, highest_taken=highest)
    series.save(update_fields=["last"])
    return series.last


def _checked_entry(
    agency: Agency, entered: EnteredNumber, *, series: Series, usual: str, at: datetime
) -> tuple[int, str]:
    numbering.check_number(entered.number)
    numbering.check_date(
        entered.issued_on, today=numbering.local_day(at, ZONE), agency_from=agency.valid_from
    )
    taken = IssuedDocument.objects.filter(
        agency=agency, year=series.year, scope=series.scope, number=entered.number
    ).first()
    if taken:
        raise Conflict(
            _(
                "The number %(number)s of %(year)s already belongs to the document %(symbol)s. Nothing was "
                "changed: check the number in the office's document system."
            )
            % {"number": entered.number, "year": series.year, "symbol": taken.symbol}
        )
    return entered.number, numbering.check_notation(entered.notation) if entered.notation.strip() else usual


def _heading(agency: Agency, kind: DocumentKind, given: _Numbered, subject: str) -> dict[str, Any]:
    """What every document states of its agency, copied as it is on the day of the number."""
    return {
        "agency_name": cleaned(agency.name),
        "parent_name": cleaned(agency.parent.name) if agency.parent else "",
        "kind": kind.name,
        "symbol": given.mark,
        "subject": cleaned(subject),
        "issued_on": given.issued_on.isoformat(),
        "date_line": layout.date_line(place=agency.place_name, day=given.issued_on),
    }


def _save_new(document: IssuedDocument) -> None:
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            _("The number and symbol %(symbol)s are already taken this year. Nothing was changed: try again.")
            % {"symbol": document.symbol}
        ) from error


def _record_number(document: IssuedDocument, *, by: Person | None, at: datetime, entered: bool) -> None:
    if document.is_drill:
        return
    data = {**_facts_for_trail(document), "date": document.issued_on.isoformat()}
    event = events.DOCUMENT_NUMBER_ENTERED if entered else events.DOCUMENT_NUMBERED
    if not entered:
        data |= {"series": document.scope, "year": document.year}
    trail.record(event, case=document.case_now, by=by, at=at, subject=document, data=data)


def _facts_for_trail(document: IssuedDocument) -> dict[str, Any]:
    inquiry = document.inquiry
    return {
        "inquiry": inquiry.pk if inquiry else None,
        "reference": (inquiry or document.case).reference,
        "document": document.pk,
        "number": document.mark,
    }


def render(*, document: IssuedDocument, at: datetime) -> IssuedDocument:
    """Make the document's bytes from its frozen facts and bind them by hash; a second call changes nothing.

    Rendering takes its time: call it outside any lock. Two calls at once make the same bytes; one binds them.
    """
    if document.is_rendered:
        return document
    if document.is_purged:
        raise NotAllowedNow(
            _("The text of the document %(symbol)s was removed, so it is not made any more.")
            % {"symbol": document.symbol}
        )
    # WeasyPrint loads Pango when it is imported, which only whoever renders should need.
    from documents import rendering

    template = LETTERS[document.facts["letter"]].template
    made = rendering.render(template=template, facts=document.facts)
    sha256 = files.store(made.pdf)
    with transaction.atomic():
        locked = IssuedDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if locked.is_rendered:
            return locked
        if locked.is_purged:
            purging.purge_file(sha256, at=at)
            return locked
        locked.pdf_sha256, locked.pages, locked.renderer = sha256, made.pages, made.renderer
        locked.rendered_at = at
        locked.save(update_fields=["pdf_sha256", "pages", "renderer", "rendered_at"])
        _record_issue(locked, size=len(made.pdf), template=template, at=at)
    return locked


def _record_issue(document: IssuedDocument, *, size: int, template: str, at: datetime) -> None:
    data = {
        **_facts_for_trail(document),
        "date": document.issued_on.isoformat(),
        "kind": document.kind.code,
        "sha256": document.pdf_sha256,
        "size": size,
        "pages": document.pages,
        "template": template,
        "software": ", ".join(f"{name} {value}" for name, value in document.renderer["programs"].items()),
    }
    trail.record(
        events.DOCUMENT_ISSUED, case=document.case_now, by=None, at=at, subject=document, data=data,
        object_hash=document.pdf_sha256,
    )  # fmt: skip
