"""The locks of procedures, and in which order they are held; an instant is read once they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from viewflow.workflow.base import Flow
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.lock import SelectForUpdateLock

from core import clock, contention
from core.actions.deadlines import holding
from core.errors import Conflict, NotFound
from core.models import Case, Crisis, Deadline, Inquiry, Person
from core.queries import mandates

LOCK_WAIT = "5s"


def _wait_only_so_long() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")


class ProcessLock(SelectForUpdateLock):
    """viewflow's row lock, waiting its turn, but not for ever."""

    def __init__(self) -> None:
        super().__init__(nowait=False, attempts=1)

    @contextmanager
    def __call__(self, flow_class: type[Flow], process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            _wait_only_so_long()
            with super().__call__(flow_class, process_pk):
                yield


class InquiryFirstLock(ProcessLock):
    """Of a procedure on an inquiry: the inquiry's latest run is held before the procedure's own."""

    @contextmanager
    def __call__(self, flow_class: type[Flow], process_pk: int) -> Iterator[None]:
        process = flow_class.process_class._default_manager.get(pk=process_pk)
        with held(process.inquiry), super().__call__(flow_class, process_pk):
            yield


@contextmanager
def locked(flow_class: type[Flow], process_id: int) -> Iterator[None]:
    """Hold a process for one act, in one transaction. A lock not gained in time is a Conflict, not a crash."""
    try:
        with flow_class.lock(process_id):
            yield
    except OperationalError as error:
        if not contention.is_contention(error):
            raise
        raise _busy() from error
    except FlowLockFailed as error:
        # The engine hides which error of the database it was behind its own.
        if isinstance(error.__context__, DatabaseError) and not contention.is_contention(error.__context__):
            raise error.__context__ from None
        raise _busy() from error


def _busy() -> Conflict:
    return Conflict(_("Somebody else is working on this right now. Nothing was lost; try again in a moment."))


@dataclass(frozen=True)
class Aside:
    """An act beside the path: the inquiry and its latest run as they are under the lock, who acts and when."""

    inquiry: Inquiry
    process: Any
    by: Person
    at: datetime


@contextmanager
def beside(inquiry: Inquiry, *, by: Person) -> Iterator[Aside]:
    """Hold an inquiry's latest run for an act beside the path; the given inquiry is read again.

    The lock is the one every step takes, so that acts and steps queue at one place, and the instant is read
    once it is held. Raises Conflict where the inquiry was reopened while this waited.
    """
    with held(inquiry) as process:
        at = clock.now()
        inquiry.refresh_from_db()
        process.inquiry = inquiry
        yield Aside(inquiry=inquiry, process=process, by=by, at=at)


@contextmanager
def held(inquiry: Inquiry) -> Iterator[Any]:
    """Hold the latest run of an inquiry: what people and jobs do to one inquiry queues here, before any other lock."""
    found = _latest_run(inquiry)
    with locked(found.flow_class, found.pk):
        process = _latest_run(inquiry)
        if process.pk != found.pk:
            raise _busy()
        yield process


@dataclass(frozen=True, kw_only=True)
class HeldCrisis:
    """A crisis and its run as they are under the lock, and the instant, read once it is held."""

    crisis: Crisis
    process: Any
    at: datetime


@contextmanager
def held_crisis(crisis: Crisis) -> Iterator[HeldCrisis]:
    """Hold the run of a crisis, at which its steps, the acts beside its path and its jobs queue.

    The given crisis is read again. Raises NotFound where no procedure handles it.
    """
    found = _run_of(crisis)
    with locked(found.flow_class, found.pk):
        crisis.refresh_from_db()
        yield HeldCrisis(crisis=crisis, process=_run_of(crisis), at=clock.now())


def _run_of(crisis: Crisis) -> Any:
    try:
        return crisis.process
    except ObjectDoesNotExist:
        raise NotFound(_("There is no procedure on this crisis.")) from None


@contextmanager
def held_for(deadline: Deadline) -> Iterator[datetime]:
    """Hold what a deadline is owed on: an inquiry's latest run, a crisis's run, or the mandate; gives the instant."""
    if deadline.inquiry is not None:
        with held(deadline.inquiry):
            yield clock.now()
    elif deadline.crisis is not None:
        with held_crisis(deadline.crisis) as act:
            yield act.at
    else:
        with _held_mandate(deadline):
            yield clock.now()


@contextmanager
def _held_mandate(deadline: Deadline) -> Iterator[None]:
    assert deadline.mandate_id is not None, "a deadline is owed on an inquiry, a crisis or a mandate"
    with only_so_long():
        holding.hold_mandate(deadline.mandate_id)
        yield


@contextmanager
def held_case(case: Case) -> Iterator[datetime]:
    """Hold a case and the mandates delegated for it; gives the instant, read under the locks."""
    with only_so_long():
        mandates.hold_case(case)
        yield clock.now()


@contextmanager
def only_so_long() -> Iterator[None]:
    """A transaction in which a lock not gained in time is a Conflict in words."""
    try:
        with transaction.atomic():
            _wait_only_so_long()
            yield
    except OperationalError as error:
        if not contention.is_contention(error):
            raise
        raise _busy() from error


def _latest_run(inquiry: Inquiry) -> Any:
    process = inquiry.processes.order_by("-pk").first()
    if process is None:
        raise NotFound(_("There is no procedure on this inquiry."))
    return process
