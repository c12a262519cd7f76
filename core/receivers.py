"""What core does when Django says something happened."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from core import triggers


def restore_triggers(*, using: str, **_signal: Any) -> None:
    triggers.install(connections[using])


def connect(app: AppConfig) -> None:
    post_migrate.connect(restore_triggers, sender=app, dispatch_uid="core.receivers.restore_triggers")
