"""Where an act comes from: the web request, mail, job or command that the trail notes beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid4

from django.utils.crypto import salted_hmac

Channel = Literal["web", "mail", "job", "command", "unknown"]


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One act. All entries written inside it share its gesture."""

    channel: Channel
    ip: str = ""
    session: str = ""
    request_id: str = field(default_factory=lambda: uuid4().hex)
    gesture: UUID = field(default_factory=uuid4)

    def as_data(self) -> dict[str, str]:
        return {
            "channel": self.channel,
            "ip": self.ip,
            "request_id": self.request_id,
            "session": self.session,
        }


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current() -> RequestContext:
    """The act under way; one of its own, of unknown channel, when nobody entered any."""
    return _current.get() or RequestContext(channel="unknown")


@contextmanager
def entered(*, channel: Channel, ip: str = "", session_key: str = "") -> Iterator[RequestContext]:
    """Everything inside is one act. The session key itself is never kept."""
    context = RequestContext(channel=channel, ip=ip, session=_session_digest(session_key))
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def _session_digest(session_key: str) -> str:
    if not session_key:
        return ""
    return salted_hmac("core.request_context.session", session_key, algorithm="sha256").hexdigest()
