"""System checks of core: what a deployment must not lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import WARNING, CheckMessage, Tags, register
from django.db import connections
from django.utils.translation import gettext as _

from core import triggers


@register(Tags.database)
def written_once_is_protected(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    return [_unprotected(alias, trigger) for alias in databases or () for trigger in _missing(alias)]


def _missing(alias: str) -> list[triggers.Trigger]:
    return triggers.missing(connections[alias])


def _unprotected(alias: str, trigger: triggers.Trigger) -> CheckMessage:
    # A warning: an error would stop the very migrate that puts the trigger back.
    return CheckMessage(
        WARNING,
        _("The database “%(alias)s” does not refuse changes to %(table)s: the trigger %(name)s is missing.")
        % {"alias": alias, "table": trigger.table, "name": trigger.name},
        hint=_(
            "Find out who removed it, check the trail with “manage.py trail verify”, then put the trigger"
            " back with “manage.py migrate”."
        ),
        id="core.W001",
    )
