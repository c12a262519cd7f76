"""People, the posts they hold and the roles they play, each with dates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin

from core.enums import PostKind

from .organisation import Agency, Unit
from .periods import KnownPeriod, PeriodQuerySet, RecordedEnd, TimedPeriod, ordered_period


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class Person(GuardianUserMixin, AbstractBaseUser, PermissionsMixin):
    """An official or auditor who can sign in. Never deleted: the trail and the tasks point here."""

    username = models.CharField(
        _("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("official e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the administration site"), default=False)
    is_demo = models.BooleanField(_("fictional, for demonstration"), default=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class Post(KnownPeriod):
    """What a person holds in an agency, from and until."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts")
    kind = models.CharField(_("kind"), max_length=20, choices=PostKind)
    title = models.CharField(_("title"), max_length=120)

    objects = PeriodQuerySet["Post"].as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["valid_from"]
        constraints = [ordered_period("post_period_ordered")]
        indexes = [models.Index(fields=["agency", "kind"]), models.Index(fields=["person", "agency"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.person})"


class PostEnd(RecordedEnd):
    """That a person left a post, or will, and when the system learned it."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="ends")
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("end of a post")
        verbose_name_plural = _("ends of posts")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.post}: {self.ends_at:%d/%m/%Y %H:%M}"


class AccountClosure(models.Model):
    """An account was closed; open again from `reopened_at`. Nobody speaks through a closed account."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="closures")
    closed_at = models.DateTimeField(_("account closed at"))
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)

    class Meta:
        verbose_name = _("closure of an account")
        verbose_name_plural = _("closures of accounts")
        ordering = ["closed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(reopened_at__isnull=True), name="account_closed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.closed_at:%d/%m/%Y %H:%M}"


class RoleAssignment(TimedPeriod):
    """A role held in one agency, and where the role is a unit's, in one unit. It gives nothing elsewhere."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="role_assignments")
    group = models.ForeignKey(Group, models.PROTECT, related_name="role_assignments", verbose_name=_("role"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="role_assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="role_assignments")

    objects = PeriodQuerySet["RoleAssignment"].as_manager()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["person", "group"]
        constraints = [
            ordered_period("role_assignment_period_ordered"),
            models.UniqueConstraint(
                fields=["person", "group", "agency", "valid_from"],
                condition=Q(unit__isnull=True),
                name="role_assignment_in_agency_unique",
            ),
            models.UniqueConstraint(
                fields=["person", "group", "agency", "unit", "valid_from"],
                name="role_assignment_in_unit_unique",
            ),
        ]
        indexes = [models.Index(fields=["person", "agency"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.group}"
