"""Who heads which agency, asked for many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actions import people
from core.models import Post
from core.queries import mandates
from tests.walk import START, make_cast

LATER = START + timedelta(days=1)


@pytest.mark.django_db
def test_headships_that_are_over_head_nothing_and_are_not_fetched() -> None:
    cast = make_cast()
    assert mandates.heads_of([cast.agency.pk], at=START) == {cast.agency.pk: cast.head}
    people.end_post(post=Post.objects.get(person=cast.head), valid_until=START, by=None, at=START)

    with CaptureQueriesContext(connection) as asked:
        heads = mandates.heads_of([cast.agency.pk], at=LATER)

    assert (heads, len(asked)) == ({}, 1)
