"""A form sent twice by pressing twice is one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Model, QuerySet

from core.models import Person

KEPT = 24 * 60 * 60
M = TypeVar("M", bound=Model)


def once(act: Callable[[], M], *, what: str, token: UUID | None, by: Person, among: QuerySet[M]) -> M:
    """Do the act, or answer with what it made when the same form came in before; without a token it is done.

    The person's row makes a form sent a second time wait for the first.
    """
    key = f"{what}:{by.pk}:{token}"
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        earlier = among.filter(pk=cache.get(key, 0)).first() if token else None
        if earlier is not None:
            return earlier
        made = act()
        if token:
            cache.set(key, made.pk, KEPT)
        return made
