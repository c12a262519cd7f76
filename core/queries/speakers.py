"""Everybody of an agency with what decides whether he may speak, in as many queries however many there are."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import NotFound
from core.models import Agency, Case, Mandate, Person, Post
from core.queries import mandates as queries
from core.rules import speakers as rules
from core.rules.speakers import Everybody, Replay


def everybody(agency: Agency) -> Everybody:
    posts = list(Post.objects.filter(agency=agency).prefetch_related("ends").order_by("valid_from", "pk"))
    rows = queries.with_facts(Mandate.objects.filter(agency=agency))
    mandates = list(rows.order_by("valid_from", "pk"))
    there = {post.person_id for post in posts} | {mandate.person_id for mandate in mandates}
    people = list(Person.objects.filter(pk__in=there).order_by("full_name", "pk"))
    return Everybody(
        agency=agency, people=people, posts=posts, mandates=mandates, closures=queries.closures_of(people)
    )


def replay(*, agency: Agency, case: Case, at: datetime, known_at: datetime | None = None) -> Replay:
    """Agrees with `permissions.check_may_speak` without a form, for everybody and every instant."""
    return rules.replay(everybody(agency), case=case, at=at, known_at=known_at)


def case_of(agency: Agency, *, reference: str) -> Case:
    """Raises NotFound."""
    found = Case.objects.select_related("agency").filter(agency=agency, reference=reference).first()
    if found is None:
        raise NotFound(
            _("%(agency)s has no case with the reference %(reference)s.")
            % {"agency": agency.name, "reference": reference}
        )
    return found
