"""What stands in a deployment of the release before comes over: the law's grounds, an inquiry on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.enums import InquiryOutcome
from core.models import Provision
from tests.law import load_law
from tests.walk import Walk, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = ("core", "0005_posts_know_when")


@pytest.fixture(autouse=True)
def migrated_again(transactional_db: None) -> Iterator[None]:
    load_law()
    yield
    call_command("migrate", verbosity=0)


def go_back() -> Any:
    """To the release before, with whatever needs what came since; its models."""
    call_command("migrate", *BEFORE, verbosity=0)
    return MigrationExecutor(connection).loader.project_state(BEFORE).apps


def kinds() -> dict[str, str]:
    return dict(Provision.objects.values_list("code", "ground_kind"))


# One journey: each way through the migrations takes as long as a hundred other tests.
def test_a_ground_nobody_knows_stops_the_migration_by_name_and_once_mended_everything_comes_over(
    set_clock: Callable[[datetime], None],
) -> None:
    walk = Walk(make_cast(), set_clock).to("decide")
    before = kinds()
    provisions = go_back().get_model("core", "Provision").objects
    strange = provisions.filter(point="").first()
    provisions.filter(pk=strange.pk).update(is_ground=True)
    rows = list(provisions.order_by("pk").values())

    with pytest.raises(CommandError, match=f"The provision {strange.code} is marked as a ground"):
        call_command("migrate", verbosity=0)

    assert list(provisions.order_by("pk").values()) == rows

    provisions.filter(pk=strange.pk).update(is_ground=False)
    call_command("migrate", verbosity=0)

    assert kinds() == before
    assert len([kind for kind in before.values() if kind]) == 7
    walk.inquiry.refresh_from_db()
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
