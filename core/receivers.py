"""What core does when Django says something happened."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from core import triggers


def restore_triggers(*, using: str, **_signal: Any) -> None:
    triggers.install(connections[using])


def lift_triggers(*, using: str, plan: list[Any], **_signal: Any) -> None:
    if plan:
        triggers.lift(connections[using])


def connect(app: AppConfig) -> None:
    pre_migrate.connect(lift_triggers, sender=app, dispatch_uid="core.receivers.lift_triggers")
    post_migrate.connect(restore_triggers, sender=app, dispatch_uid="core.receivers.restore_triggers")
