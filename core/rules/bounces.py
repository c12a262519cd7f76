"""Notices that a mail could not be delivered (RFC 3464): which mails they send back. Nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32

PARTS_LIMIT = 50
_ID = re.compile(r"<[^<>\s]{1,250}>")


def returned_ids(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs of the mails that a notice says failed; none where it is no such notice, or one of a delay."""
    try:
        message = message_from_bytes(raw, policy=compat32)
        if not _is_notice(message):
            return ()
        parts = list(_parts(message))
        if not any(_failed(part) for part in parts):
            return ()
        return tuple(dict.fromkeys(one for part in parts for one in _ids_in(part)))
    except Exception:  # noqa: BLE001 - a mail may break the library in any way; then it is read as any other
        return ()


def _is_notice(message: Message) -> bool:
    kind = str(message.get_param("report-type") or "").lower()
    return message.get_content_type() == "multipart/report" and kind == "delivery-status"


def _parts(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload[:PARTS_LIMIT] if isinstance(part, Message))


def _failed(part: Message) -> bool:
    """Whether a part says of a recipient that the mail failed for good."""
    if part.get_content_type() != "message/delivery-status":
        return False
    return any(str(block.get("Action") or "").strip().lower() == "failed" for block in _parts(part))


def _ids_in(part: Message) -> list[str]:
    """The Message-ID of the mail sent back, whole or its headers alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        returned = list(_parts(part))
    elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(part.get_payload())
        returned = [message_from_string(text)]
    else:
        returned = []
    return [one for inner in returned for one in _ID.findall(str(inner.get("Message-ID") or ""))]
