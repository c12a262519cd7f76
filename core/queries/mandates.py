"""Mandates, posts and signing capacities as the rules need them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from core.models import Agency, Mandate, Person, Post, SigningCapacity


def mandates_of(person: Person, *, agency: Agency, lock: bool = False) -> QuerySet[Mandate]:
    """Every mandate of the person for the agency, oldest first; `lock` holds the rows until the commit."""
    rows = (
        Mandate.objects.filter(person=person, agency=agency)
        .select_related("post")
        .order_by("valid_from", "pk")
    )
    return rows.select_for_update(of=("self",)) if lock else rows


def capacities_of(person: Person, *, agency: Agency, at: datetime) -> QuerySet[SigningCapacity]:
    return SigningCapacity.objects.at(at).filter(person=person, agency=agency)


def posts_of(person: Person, *, agency: Agency, at: datetime) -> QuerySet[Post]:
    return Post.objects.at(at).filter(person=person, agency=agency).select_related("unit")


def post_title(person: Person, *, agency: Agency, at: datetime) -> str:
    """The posts held in the agency at the instant, highest first as recorded, or nothing."""
    return "; ".join(post.title for post in posts_of(person, agency=agency, at=at))
