"""Administration of agencies, units, people and what they hold. It shows no case, no question and no text.

A superuser administers everything; who holds the administrator's role in an agency administers that agency
only. Posts, roles, mandates and capacities are granted and ended through their acts, so that the trail says who
did it; nobody is deleted, because the trail and the steps point at people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import transaction
from django.db.models import Field, ForeignKey, Model, Q, QuerySet, URLField
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actions import agencies, mandates, people
from core.enums import Capacity, Codename, MandateEndCause, MandateKind, PostKind
from core.models import (
    Agency,
    Journalist,
    Mandate,
    Person,
    Post,
    PressAgency,
    RoleAssignment,
    RuleKey,
    SigningCapacity,
    Topic,
    Unit,
)
from core.queries import mandates as mandate_queries
from core.queries import organisation

M = TypeVar("M", bound=Model)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
    PersonModelAdmin = UserAdmin[Person]
else:

    class ModelAdmin(admin.ModelAdmin):
        """A class that may say for which model it is."""

        def __class_getitem__(cls, _model: type[Model]) -> type[ModelAdmin]:
            return cls

    PersonModelAdmin = UserAdmin

admin.site.site_header = _("Administration")
admin.site.site_title = _("Phát Ngôn")
admin.site.index_title = _("Agencies, people and what they hold")


def administered(request: HttpRequest) -> QuerySet[Agency]:
    """The agencies the signed-in person administers at this instant."""
    person = cast(Person, request.user)
    if person.is_superuser:
        return Agency.objects.all()
    return organisation.agencies_of(person, at=clock.now(), codename=Codename.ADMINISTER_AGENCY)


class NoDelete:
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfAgency(NoDelete, ModelAdmin[M]):
    """Rows of the agencies a person administers, and choices among those only."""

    agency_path = "agency"

    def _administers(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff and administered(request).exists())

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._administers(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._administers(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._administers(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        rows = super().get_queryset(request)
        person = cast(Person, request.user)
        return rows if person.is_superuser else self.own(rows, request)

    def own(self, rows: QuerySet[M], request: HttpRequest) -> QuerySet[M]:
        return rows.filter(**{f"{self.agency_path}__in": administered(request)})

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "agency":
            kwargs["queryset"] = administered(request)
        if db_field.name == "unit":
            kwargs["queryset"] = Unit.objects.filter(agency__in=administered(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ByAct(OfAgency[M]):
    """What is granted by one act and ended by another. Once granted only its end can be set."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return [str(field) for field in self.get_fields(request, obj) if field != "valid_until"]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        by = cast(Person, request.user)
        if not change:
            obj.pk = self.grant(obj, by=by).pk
            obj._state.adding = False
        elif obj.valid_until is not None and "valid_until" in form.changed_data:
            self.end(obj, by=by)

    def grant(self, given: Any, *, by: Person) -> Model:
        raise NotImplementedError

    def end(self, row: Any, *, by: Person) -> None:
        raise NotImplementedError


@admin.register(Agency)
class AgencyAdmin(OfAgency[Agency]):
    agency_path = "pk"
    list_display = ("code", "name", "kind", "parent", "valid_from", "valid_until")
    list_filter = ("kind",)
    search_fields = ("code", "name", "short_name")
    formfield_overrides: ClassVar[dict[type[Field[Any, Any]], dict[str, Any]]] = {
        URLField: {"assume_scheme": "https"}
    }

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(cast(Person, request.user).is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        identity = ["code", "kind", "parent", "province", "valid_from", "valid_until", "is_demo"]
        return [] if cast(Person, request.user).is_superuser else identity

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "may_withhold" in form.changed_data:
            by = cast(Person, request.user)
            agencies.let_withhold(agency=obj, is_allowed=obj.may_withhold, by=by, at=clock.now())


@admin.register(Unit)
class UnitAdmin(OfAgency[Unit]):
    list_display = ("name", "code", "symbol", "agency", "valid_from", "valid_until")
    list_filter = ("agency",)
    search_fields = ("name", "code")


class NewPersonForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("username", "full_name", "email", "phone")


@admin.register(Person)
class PersonAdmin(OfAgency[Person], PersonModelAdmin):
    """Accounts. Closing one is the way to part with a person; deleting is none."""

    add_form = NewPersonForm
    list_display = ("full_name", "username", "email", "is_active", "is_demo")
    list_filter = ("is_active",)
    search_fields = ("full_name", "username", "email")
    ordering = ("full_name",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email", "phone")}),
        (_("Account"), {"fields": ("is_active", "is_staff", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "full_name", "email", "phone")}),
        (None, {"classes": ("wide",), "fields": ("usable_password", "password1", "password2")}),
    )

    def own(self, rows: QuerySet[Person], request: HttpRequest) -> QuerySet[Person]:
        """People of the agency and those who hold nothing yet; never one who administers everything."""
        agencies = administered(request)
        held = Q(role_assignments__agency__in=agencies) | Q(posts__agency__in=agencies)
        nothing = Q(role_assignments__isnull=True, posts__isnull=True)
        return rows.filter(held | nothing, is_superuser=False).distinct()

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm[Any], change: bool) -> None:
        is_active, obj.is_active = obj.is_active, obj.is_active if not change else form.initial["is_active"]
        super().save_model(request, obj, form, change)
        if obj.is_active != is_active:
            turn = people.reopen_account if is_active else people.close_account
            turn(person=obj, by=cast(Person, request.user), at=clock.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["last_login"]
        return fixed if cast(Person, request.user).is_superuser else [*fixed, "is_staff"]


@admin.register(Post)
class PostAdmin(ByAct[Post]):
    list_display = ("person", "title", "kind", "agency", "unit", "valid_from", "valid_until")
    list_filter = ("agency", "kind")
    search_fields = ("person__full_name", "title")
    fields = ("person", "agency", "unit", "kind", "title", "valid_from", "valid_until")

    def grant(self, given: Any, *, by: Person) -> Model:
        return people.appoint(
            person=given.person, agency=given.agency, unit=given.unit, kind=PostKind(given.kind), title=given.title,
            valid_from=given.valid_from, valid_until=given.valid_until, by=by, at=clock.now(),
        )  # fmt: skip

    def end(self, row: Any, *, by: Person) -> None:
        with transaction.atomic():
            mandate_queries.hold(row.person, agency=row.agency)
            people.end_post(post=row, valid_until=row.valid_until, by=by, at=clock.now())


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ByAct[RoleAssignment]):
    list_display = ("person", "group", "agency", "unit", "valid_from", "valid_until")
    list_filter = ("agency", "group")
    search_fields = ("person__full_name",)
    fields = ("person", "group", "agency", "unit", "valid_from", "valid_until")

    def grant(self, given: Any, *, by: Person) -> Model:
        return people.give_role(
            person=given.person, role=given.group, agency=given.agency, unit=given.unit,
            valid_from=given.valid_from, valid_until=given.valid_until, by=by, at=clock.now(),
        )  # fmt: skip

    def end(self, row: Any, *, by: Person) -> None:
        people.end_role(assignment=row, valid_until=row.valid_until, by=by, at=clock.now())


@admin.register(Mandate)
class MandateAdmin(ByAct[Mandate]):
    """Standing spokespersons by decision. A head's mandate comes and goes with the post."""

    list_display = ("person", "kind", "agency", "document_number", "valid_from", "valid_until")
    list_filter = ("agency", "kind")
    fields = ("person", "agency", "document_number", "document_date", "valid_from", "valid_until")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for name in ("document_number", "document_date"):
            if name in form.base_fields:
                form.base_fields[name].required = True
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_standing = obj is None or obj.kind == MandateKind.STANDING
        return is_standing and super().has_change_permission(request, obj)

    def grant(self, given: Any, *, by: Person) -> Model:
        return mandates.assign_standing_spokesperson(
            person=given.person, agency=given.agency, document_number=given.document_number,
            document_date=given.document_date, valid_from=given.valid_from, valid_until=given.valid_until,
            by=by, at=clock.now(),
        )  # fmt: skip

    def end(self, row: Any, *, by: Person) -> None:
        cause = MandateEndCause.DECISION_ENDED
        with transaction.atomic():
            mandate_queries.hold(row.person, agency=row.agency)
            mandates.end(mandate=row, ends_at=row.valid_until, cause=cause, by=by, at=clock.now())


@admin.register(SigningCapacity)
class SigningCapacityAdmin(ByAct[SigningCapacity]):
    """A capacity is granted here; it ends at the date given with it."""

    list_display = ("person", "capacity", "agency", "title_line", "valid_from", "valid_until")
    list_filter = ("agency", "capacity")
    fields = (
        "person", "agency", "capacity", "authority_line", "title_line", "document", "valid_from", "valid_until",
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def grant(self, given: Any, *, by: Person) -> Model:
        return people.grant_capacity(
            person=given.person, agency=given.agency, capacity=Capacity(given.capacity),
            authority_line=given.authority_line, title_line=given.title_line, document=given.document,
            valid_from=given.valid_from, valid_until=given.valid_until, by=by, at=clock.now(),
        )  # fmt: skip


@admin.register(PressAgency)
class PressAgencyAdmin(NoDelete, ModelAdmin[PressAgency]):
    list_display = ("name", "kind", "governing_body", "valid_from", "valid_until")
    list_filter = ("kind",)
    search_fields = ("name", "code")


@admin.register(Journalist)
class JournalistAdmin(NoDelete, ModelAdmin[Journalist]):
    list_display = ("name", "press_agency")
    search_fields = ("name",)


@admin.register(Topic)
class TopicAdmin(NoDelete, ModelAdmin[Topic]):
    list_display = ("code", "title", "instrument", "valid_from", "valid_until")
    search_fields = ("code", "title")


@admin.register(RuleKey)
class RuleKeyAdmin(NoDelete, ModelAdmin[RuleKey]):
    """When to remind of a rule's deadlines: settings of the product. The rules themselves come with the law."""

    list_display = ("title", "code", "remind_before_hours", "remind_after_hours")
    search_fields = ("code", "title")
    fields = ("code", "title", "bound", "remind_before_hours", "remind_after_hours")
    readonly_fields = ("code", "title", "bound")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
