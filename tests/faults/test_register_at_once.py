"""Two workers publish the register at the same moment: one edition, one entry."""

from __future__ import annotations

import pytest

from core.actions import register
from core.models import RegisterEdition, TrailEntry
from tests.faults.test_races import at_once
from tests.register import AT, LATER, SECOND, call
from tests.walk import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round_", range(3))
def test_an_edition_is_written_once_however_many_publish_it(cast: Cast, round_: int) -> None:
    results = at_once(*[lambda: register.publish_editions(at=AT)] * 3)

    editions = RegisterEdition.objects.values_list("agency__code", "number")
    assert sorted(editions) == [("SNV-X", 1), ("SNV-X-OTHER", 1)]
    assert sum(results) == 2
    assert TrailEntry.objects.filter(type="register.changed").count() == 2


def test_of_two_instants_the_later_is_the_last_word(cast: Cast) -> None:
    register.publish_editions(at=AT)
    call(cast.spokesperson, "0000 000 102")

    at_once(lambda: register.publish_editions(at=LATER), lambda: register.publish_editions(at=LATER + SECOND))

    (edition,) = RegisterEdition.objects.filter(agency=cast.agency, number__gt=1)
    assert edition.content["people"][1]["phone"] == "0000 000 102"
