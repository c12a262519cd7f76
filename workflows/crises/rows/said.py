"""What was said in a crisis so far, by whom and in which form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.models import Statement
from workflows.crisis.models import CrisisStatement


@dataclass(frozen=True, kw_only=True)
class Said:
    """One statement made: when, by whom, in which form; of a drill nothing was said outside it."""

    at: datetime
    speaker: str
    post: str
    form: str
    text: str
    address: str = ""
    note: str = ""
    is_initial: bool = False


def of_crisis(row: CrisisStatement) -> Said:
    """A statement of the crisis that was released."""
    assert row.released_at is not None
    assert row.released_by is not None, "what was released was released by somebody"
    return Said(
        at=row.released_at,
        speaker=row.released_by.full_name,
        post=row.ledger.speaker_post if row.ledger else "",
        form=row.get_form_display(),
        text=released_text(row),
        address=row.address,
        note=row.recipient,
        is_initial=row.is_initial,
    )


def released_text(row: CrisisStatement) -> str:
    """The text as it went out; in a drill, which speaks to nobody, the one that was cleared."""
    if row.ledger is not None:
        return row.ledger.text
    texts = list(row.texts.all())
    cleared = [text for text in texts if text.sha256 == row.cleared_sha256]
    return (cleared or texts)[-1].text if texts else ""


def of_ledger(row: Statement) -> Said:
    """What was said in the matter beside the crisis, as the ledger of statements has it."""
    return Said(
        at=row.spoken_at,
        speaker=row.speaker.full_name,
        post=row.speaker_post,
        form=row.get_form_display(),
        text=row.text,
        address=row.address,
        note=row.inquiry.reference if row.inquiry else "",
    )
