"""A job of the machine that failed is run again, whatever procedure it belongs to."""

from __future__ import annotations

from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import clock, permissions
from core.enums import Codename
from core.errors import NotAllowedNow
from core.models import Person
from workflows import base, locks


def retry_job(*, task: Task, by: Person) -> None:
    """Run it again; it goes on where it stopped. Raises NotAllowedNow where it has not failed."""
    with locks.locked(task.flow_task.flow_class, task.process_id):
        at = clock.now()
        failed = base.task_or_404(task.pk)
        process = failed.process.coerced
        permissions.check_role(by, Codename.TRIAGE_INQUIRY, agency=process.agency, at=at)
        permissions.check_can_see(by, process.case, at=at)
        if failed.status != STATUS.ERROR:
            raise NotAllowedNow(_("This job has not failed; there is nothing to run again."))
        failed.flow_task.activation_class(failed).revive()
