"""Triggers by which the database itself refuses to change or remove an issued document.

What a document states and its number never change; its bytes are bound once, after rendering. One change is
let through, once: the purge of a text with state secrets, which blanks it and keeps the number. Endorsements
are written once. A series never counts back. Installed and checked together with those of the trail.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.triggers import Trigger, refusing

DOCUMENT = "documents_issueddocument"
ENDORSEMENT = "documents_endorsement"
SERIES = "documents_series"

FROZEN = (
    "id", "key", "agency_id", "case_id", "inquiry_id", "kind_id", "year", "scope", "number", "symbol",
    "issued_on", "subject", "drafting_unit_id", "facts", "content_sha256", "signer_id", "capacity",
    "signature_lines", "numbered_at",
)  # fmt: skip
BLANKED_BY_PURGE = ("subject", "facts", "content_sha256")
PURGED = "purged_at"
BOUND_ONCE = ("pdf_sha256", "pages", "rendered_at", "renderer")
UNIQUE = {
    DOCUMENT: (("id",), ("key",), ("agency_id", "year", "scope", "number")),
    ENDORSEMENT: (("id",), ("document_id", "kind")),
    SERIES: (("id",), ("agency_id", "year", "scope")),
}


def triggers(vendor: str) -> Iterator[Trigger]:
    yield refusing(DOCUMENT, "update", vendor=vendor, when=_document_changes(vendor))
    yield refusing(ENDORSEMENT, "update", vendor=vendor)
    yield refusing(SERIES, "update", vendor=vendor, when=_series_counts_back(vendor))
    for table, keys in UNIQUE.items():
        yield refusing(table, "delete", vendor=vendor)
        if vendor == "postgresql":
            yield refusing(table, "truncate", vendor=vendor)
        else:
            # INSERT OR REPLACE removes the old row without asking the delete trigger.
            yield refusing(table, "insert", vendor=vendor, when=_already_there(table, keys))


def _document_changes(vendor: str) -> str:
    bound = f"(OLD.pdf_sha256 <> '' OR OLD.{PURGED} IS NOT NULL) AND ({_differ(BOUND_ONCE, vendor)})"
    changes = f"{_differ((*FROZEN, PURGED), vendor)} OR ({bound})"
    return f"({changes}) AND NOT ({_is_purge(vendor)})"


def _is_purge(vendor: str) -> str:
    kept = tuple(column for column in FROZEN if column not in BLANKED_BY_PURGE)
    blank = "NEW.subject = '' AND NEW.facts = '{}' AND NEW.content_sha256 = '' AND NEW.pdf_sha256 = ''"
    once = f"OLD.{PURGED} IS NULL AND NEW.{PURGED} IS NOT NULL"
    return f"{once} AND {blank} AND NOT ({_differ(kept, vendor)})"


def _series_counts_back(vendor: str) -> str:
    return f"{_differ(('id', 'agency_id', 'year', 'scope'), vendor)} OR NEW.last < OLD.last"


def _differ(columns: tuple[str, ...], vendor: str) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in columns)


def _already_there(table: str, keys: tuple[tuple[str, ...], ...]) -> str:
    same = (" AND ".join(f'"{column}" = NEW."{column}"' for column in key) for key in keys)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(f'({each})' for each in same)})"  # noqa: S608
