import traceback

import pytest
from django.db import transaction
from pytest_django import Settings

from core import jobs, request_context
from core.jobs import JobFailed, job

SECRET = "Failing row contains (Phương án XYZ)"


@job
def channel() -> str:
    return request_context.current().channel


@job
def fails(_number: int) -> None:
    raise ValueError(SECRET)


def test_what_a_job_writes_to_the_trail_comes_from_a_job() -> None:
    assert channel() == "job"
    assert request_context.current().channel == "unknown"


def test_the_queue_keeps_only_the_kind_of_a_failure() -> None:
    with pytest.raises(JobFailed, match=r"^ValueError$") as caught:
        fails(1)

    kept = "".join(traceback.format_exception(caught.value))
    assert "XYZ" not in kept


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_takes_no_decision_back_and_no_later_job_along(settings: Settings) -> None:
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "sync": True}
    after = []

    with transaction.atomic():
        jobs.enqueue(f"{__name__}.fails", 1)
        transaction.on_commit(lambda: after.append("queued"))

    assert after == ["queued"]


@pytest.mark.parametrize(
    "path",
    [
        "core.tasks.send_mail",
        "core.tasks.send_pending_mail",
        "core.tasks.sweep_purges",
        "workflows.tasks.fetch_mail",
    ],
)
def test_every_job_is_one_act_of_the_trail(path: str) -> None:
    from django.utils.module_loading import import_string

    assert hasattr(import_string(path), "__wrapped__")
