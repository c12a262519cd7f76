"""Jobs of the core: thin, ids only, safe to run twice."""

from core import clock
from core.actions import mail, purging, register
from core.jobs import job


@job
def send_mail(mail_id: int) -> None:
    mail.send(mail_id, at=clock.now())


@job
def send_pending_mail() -> None:
    """Every minute: try again what failed, and what a killed worker or a lost job left behind."""
    for mail_id in mail.due_ids(at=clock.now()):
        mail.send(mail_id, at=clock.now())


@job
def sweep_purges() -> None:
    """Every minute: remove the bytes that a killed process left after their purge."""
    purging.sweep()


@job
def publish_registers() -> int:
    """Every minute: an edition of each public register that says something new."""
    return register.publish_editions(at=clock.now())
