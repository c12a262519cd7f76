"""The way into the queue. Jobs carry ids, run after the commit that needs them, and may run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from core import request_context

Argument = int | str
Given = ParamSpec("Given")
Result = TypeVar("Result")

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """What the queue may keep of a failure: its kind, never its words, which may repeat a text or an address."""


def job(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Makes a function that the queue calls one act of the trail, and keeps the words of a failure out of its table."""

    @wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with request_context.entered(channel="job"):
            try:
                return function(*args, **kwargs)
            except Exception as error:
                log.exception("The job %s failed.", function.__name__)
                raise JobFailed(type(error).__name__) from None

    return run


def for_each(ids: Iterable[int], act: Callable[[int], int]) -> int:
    """The sum of what the act answers for each id. One that fails holds up no other; at the end it is raised."""
    total, failures = 0, list[Exception]()
    for one in ids:
        try:
            total += act(one)
        except Exception as error:
            log.exception("Row %s failed.", one)
            failures.append(error)
    if failures:
        raise failures[0]
    return total


def enqueue(path: str, *args: Argument) -> None:
    """Queue the function at this dotted path once the present transaction commits; a rollback queues nothing.

    Where the settings say `Q_CLUSTER["sync"]` it runs at that moment, in this process and this connection. A
    queue that is away does not fail the decision, which is kept by then: the sweeps queue the job again.
    """
    transaction.on_commit(lambda: _hand_over(path, args), robust=True)


def _hand_over(path: str, args: tuple[Argument, ...]) -> None:
    if settings.Q_CLUSTER.get("sync"):
        import_string(path)(*args)
        return
    # Its models can be imported only once Django is ready.
    from django_q.tasks import async_task

    async_task(path, *args)
