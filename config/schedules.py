"""What the worker does by the clock. Each function may run twice, or late, without harm."""

from typing import NamedTuple


class Periodic(NamedTuple):
    name: str
    function: str
    minutes: int


SCHEDULES = (
    Periodic("Fire the timers of the procedures", "workflows.tasks.fire_timers", 1),
    Periodic("Enqueue again the jobs that were lost", "workflows.tasks.sweep_jobs", 1),
    Periodic("Read the mailbox", "workflows.tasks.fetch_mail", 1),
    Periodic("Send the mail that waits", "core.tasks.send_pending_mail", 1),
    Periodic("Remove purged files left behind", "core.tasks.sweep_purges", 1),
    Periodic("Compute deadlines under a new calendar", "workflows.tasks.recompute_deadlines", 1),
    Periodic("Conclude delegations and ask new heads", "workflows.tasks.settle_delegations", 1),
    Periodic("Bring questions back whose ground has lapsed", "workflows.tasks.bring_questions_back", 1),
    Periodic("Remind of deadlines", "workflows.tasks.remind_of_deadlines", 1),
    Periodic("Do what is due in crises", "workflows.tasks.advance_crises", 1),
    Periodic("Publish changes of the registers of spokespersons", "core.tasks.publish_registers", 1),
)


def install_schedules() -> None:
    """Make the queue's table say what SCHEDULES says; a row that is right keeps its next run."""
    from django_q.models import Schedule

    for row in SCHEDULES:
        wanted = {
            "func": row.function,
            "schedule_type": Schedule.MINUTES,
            "minutes": row.minutes,
            "repeats": -1,
        }
        if not Schedule.objects.filter(name=row.name, **wanted).exists():
            Schedule.objects.update_or_create(name=row.name, defaults=wanted)
    Schedule.objects.exclude(name__in=[row.name for row in SCHEDULES]).delete()


if __name__ == "__main__":
    import django

    django.setup()
    install_schedules()
