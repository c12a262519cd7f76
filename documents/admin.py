"""Issued documents can be looked at here, never changed; kinds are reference data."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from documents.models import DocumentKind, Endorsement, IssuedDocument, Series


class ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EndorsementInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Endorsement
    extra = 0


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows the register's columns, not the facts: an administrator sees no answers here."""

    list_display = ("symbol", "agency", "issued_on", "kind", "pdf_sha256")
    list_filter = ("agency", "year", "kind")
    search_fields = ("symbol", "pdf_sha256")
    exclude = ("facts", "subject")
    inlines = (EndorsementInline,)


@admin.register(DocumentKind)
class DocumentKindAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "abbreviation", "numbered", "valid_from", "valid_until")


@admin.register(Series)
class SeriesAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("agency", "year", "scope", "last")
