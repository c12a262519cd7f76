"""Triggers by which the database itself refuses to change or remove an issued document.

What a document states and its number never change; its bytes are bound once, after rendering. One change is
let through, once: the purge of a text with state secrets, which blanks it and keeps the number. Endorsements
are written once. A series never counts back. Installed and checked together with those of the trail.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.triggers import Trigger, differ, protecting

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
    changed = {DOCUMENT: _document_changes(vendor), ENDORSEMENT: "", SERIES: _series_counts_back(vendor)}
    for table, keys in UNIQUE.items():
        yield from protecting(table, vendor=vendor, changed=changed[table], same=_same(keys))


def _document_changes(vendor: str) -> str:
    bound = f"(OLD.pdf_sha256 <> '' OR OLD.{PURGED} IS NOT NULL) AND ({differ(BOUND_ONCE, vendor)})"
    changes = f"{differ((*FROZEN, PURGED), vendor)} OR ({bound})"
    return f"({changes}) AND NOT ({_is_purge(vendor)})"


def _is_purge(vendor: str) -> str:
    kept = tuple(column for column in FROZEN if column not in BLANKED_BY_PURGE)
    blank = "NEW.subject = '' AND NEW.facts = '{}' AND NEW.content_sha256 = '' AND NEW.pdf_sha256 = ''"
    once = f"OLD.{PURGED} IS NULL AND NEW.{PURGED} IS NOT NULL"
    return f"{once} AND {blank} AND NOT ({differ(kept, vendor)})"


def _series_counts_back(vendor: str) -> str:
    return f"{differ(('id', 'agency_id', 'year', 'scope'), vendor)} OR NEW.last < OLD.last"


def _same(keys: tuple[tuple[str, ...], ...]) -> str:
    same = (" AND ".join(f'"{column}" = NEW."{column}"' for column in key) for key in keys)
    return " OR ".join(f"({each})" for each in same)
