"""Administration of what a crisis needs to know beforehand: the directory, contacts, and the agency's own numbers.

An administrator of one agency enters what holds for this agency alone, and contacts of it and of bodies in which
nobody has an account here; what holds for a province or for all is the superuser's.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from core import clock
from core.actions import directory
from core.admin import ByAct, OfAgency, administered
from core.errors import Invalid
from core.models import Agency, AgencyContact, DirectoryEntry, Person
from core.rules.deadlines import local_day
from workflows.crisis.actions import settings
from workflows.crisis.models import CrisisSetting


class EntryForm(forms.ModelForm[DirectoryEntry]):
    """Says at its fields what the act would refuse."""

    class Meta:
        model = DirectoryEntry
        fields = ("part", "agency", "province", "recipient", "valid_from", "valid_until", "note")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and self.instance._state.adding:
            entry = DirectoryEntry(**self.cleaned_data)
            try:
                directory.check_entry(entry, on=local_day(clock.now()))
            except Invalid as error:
                for name, sentence in error.fields.items():
                    self.add_error(name, str(sentence))
                raise forms.ValidationError(str(error)) from error
        return cleaned


@admin.register(DirectoryEntry)
class DirectoryEntryAdmin(ByAct[DirectoryEntry]):
    """Whom an entry names is settled; another body gets an entry of its own from the day it takes over."""

    form = EntryForm
    list_display = ("part", "recipient", "agency", "province", "valid_from", "valid_until")
    list_filter = ("part",)
    fields = ("part", "agency", "province", "recipient", "valid_from", "valid_until", "note")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        if not cast(Person, request.user).is_superuser and "agency" in made.base_fields:
            made.base_fields["agency"].required = True
            made.base_fields["province"].disabled = True
        return made

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.valid_until is None) and super().has_change_permission(request, obj)

    def grant(self, given: Any, *, by: Person) -> Model:
        return directory.enter(given, by=by, at=clock.now())

    def end(self, row: Any, *, by: Person) -> None:
        directory.end(row, valid_until=row.valid_until, by=by, at=clock.now())


def reached(request: HttpRequest) -> QuerySet[Agency]:
    """The agencies whose contacts the signed-in person keeps: the own ones, and those nobody here administers."""
    here = Agency.objects.filter(role_assignments__isnull=False)
    return Agency.objects.filter(Q(pk__in=administered(request)) | ~Q(pk__in=here.values("pk")))


@admin.register(AgencyContact)
class AgencyContactAdmin(ByAct[AgencyContact]):
    """A contact is put aside and another entered; what was sent stays with the one it was sent to."""

    list_display = ("agency", "rank", "name", "post", "phone", "email", "is_duty", "is_active")
    list_filter = ("is_active", "is_duty")
    search_fields = ("agency__name", "name")
    fields = ("agency", "rank", "name", "post", "email", "phone", "is_duty", "is_active")

    def own(self, rows: QuerySet[AgencyContact], request: HttpRequest) -> QuerySet[AgencyContact]:
        return rows.filter(agency__in=reached(request))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "agency":
            field.queryset = reached(request).order_by("name")
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["is_active"]
        return [name for name in self.fields if name != "is_active"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.is_active) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = cast(Person, request.user)
        if not change:
            directory.enter_contact(obj, by=by, at=clock.now())
        elif not obj.is_active:
            directory.close_contact(obj, by=by, at=clock.now())


class SettingForm(forms.ModelForm[CrisisSetting]):
    """Says at its field what the act would refuse."""

    class Meta:
        model = CrisisSetting
        fields = (
            "agency",
            "rung_minutes",
            "repeat_minutes",
            "link_hours",
            "office_opens",
            "office_closes",
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                settings.check_hours(self.cleaned_data["office_opens"], self.cleaned_data["office_closes"])
            except Invalid as error:
                self.add_error("office_closes", str(error))
        return cleaned


@admin.register(CrisisSetting)
class CrisisSettingAdmin(OfAgency[CrisisSetting]):
    form = SettingForm
    list_display = ("agency", "rung_minutes", "repeat_minutes", "link_hours", "office_opens", "office_closes")

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in settings.MINUTES:
            kwargs["min_value"] = 1
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["agency"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        settings.keep(obj, by=cast(Person, request.user), at=clock.now())
