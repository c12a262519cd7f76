"""What was said outside the system, recorded afterwards: never refused for want of a mandate, judged once and for good.

Decree 244/2026 art 3.7, before 1/7/2026 Decree 09/2017 art 3.8: what a person says without a mandate is information
given by an individual, not the agency's official view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, files, permissions
from core.actions import casefile, trail
from core.enums import LateResult, StatementForm
from core.errors import Invalid, Refused
from core.models import Agency, Case, LateRecord, Mandate, Person, Question, RuleSet, Statement
from core.queries import mandates as mandate_queries
from core.rules import attachments
from core.rules.deadlines import local_day
from core.rules.mandates import NoMandate
from core.rules.text import clean_line, clean_text

NAME_LIMIT, LINE_LIMIT, GIST_LIMIT, ADDRESS_LIMIT, TITLE_LIMIT = 120, 200, 10_000, 500, 300
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Speech:
    """What was said by whom, to whom and when. `speaker_name` names somebody without an account."""

    spoken_at: datetime
    form: StatementForm
    speaker: Person | None = None
    speaker_name: str = ""
    outlet: str = ""
    asked_by: str = ""
    gist: str = ""
    address: str = ""
    recording: tuple[str, bytes] | None = None
    questions: Sequence[Question] = ()


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the speech was at its own instant: said under a mandate, or not, and then why."""

    mandate: Mandate | None
    why: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The stored recording; both empty where there is none."""

    name: str = ""
    sha256: str = ""


@transaction.atomic
def record_late(*, case: Case, speech: Speech, by: Person, at: datetime) -> LateRecord:
    """Record what was said; its authority is judged at `spoken_at` with what was known then, and stored.

    With a mandate it is a statement of the ledger; without one it is a personal remark and never becomes a
    statement. Raises NotFound and MissingRole for who records, Invalid only for what cannot be used.
    """
    permissions.check_may_record_speech(by, case=case, at=at)
    said = _usable(speech, case=case, at=at)
    kept = _kept(said)
    judged = _judged(said, case=case)
    statement = _statement(said, kept, case=case, mandate=judged.mandate, at=at) if judged.mandate else None
    record = LateRecord.objects.create(
        agency=case.agency, case=case, speaker=said.speaker, speaker_name=said.speaker_name,
        speaker_post=_post(said, case.agency), form=said.form, outlet=said.outlet, asked_by=said.asked_by,
        gist=said.gist, address=said.address, recording_sha256=kept.sha256, recording_name=kept.name,
        spoken_at=said.spoken_at, recorded_at=at, recorded_by=by,
        result=LateResult.STATEMENT if statement else LateResult.PERSONAL, why=judged.why, statement=statement,
    )  # fmt: skip
    record.questions.set(said.questions)
    _record(record, said, mandate=judged.mandate, by=by, at=at)
    return record


@transaction.atomic
def record_late_on_new_case(
    *, agency: Agency, title: str, speech: Speech, by: Person, at: datetime
) -> LateRecord:
    """The same for a matter that has no case yet: it is opened, and whoever records takes part in it."""
    permissions.check_works_in(by, agency=agency, at=at)
    named = clean_line(title, limit=TITLE_LIMIT)
    if not named:
        raise Invalid(
            _("Choose a case, or give the matter a title. Nothing was recorded; what you typed is kept."),
            fields={"title": _("Write what the matter is.")},
        )
    if speech.speaker is not None:
        # The mandates come before the series of the reference, here as everywhere.
        mandate_queries.hold(speech.speaker, agency=agency)
    case = casefile.open_case(agency=agency, title=named, by=by, at=at)
    casefile.involve(case=case, person=by)
    return record_late(case=case, speech=speech, by=by, at=at)


def _usable(speech: Speech, *, case: Case, at: datetime) -> Speech:
    """The speech with clean texts. Raises Invalid."""
    person = speech.speaker
    said = replace(
        speech,
        speaker_name=clean_line(person.full_name if person else speech.speaker_name, limit=NAME_LIMIT),
        outlet=clean_line(speech.outlet, limit=LINE_LIMIT),
        asked_by=clean_line(speech.asked_by, limit=LINE_LIMIT),
        gist=clean_text(speech.gist, limit=GIST_LIMIT),
        address=clean_line(speech.address, limit=ADDRESS_LIMIT),
        questions=tuple(speech.questions),
    )
    if said.spoken_at > at:
        raise _unusable(_("The time of speaking lies in the future."), "spoken_at", _("Correct the time."))
    if not said.speaker_name:
        raise _unusable(
            _("It is not said who spoke."), "speaker_name", _("Choose who spoke, or write the name.")
        )
    if not said.gist and said.recording is None:
        raise _unusable(
            _("Nothing is written of what was said, and there is no recording."),
            "gist",
            _("Write in substance what was said, or add a recording."),
        )
    if any(question.inquiry.case_id != case.pk for question in said.questions):
        raise _unusable(
            _("A question belongs to another case."), "questions", _("Choose questions of this case.")
        )
    return said


def _unusable(sentence: str, field: str, hint: str) -> Invalid:
    return Invalid(
        _("%(why)s Nothing was recorded; what you typed is kept.") % {"why": sentence}, fields={field: hint}
    )


def _kept(said: Speech) -> Kept:
    """Store the recording. Raises TooLarge or NotAccepted."""
    if said.recording is None:
        return Kept()
    name, data = said.recording
    media_type = attachments.check(name, data)
    return Kept(name=attachments.clean_name(name, media_type), sha256=files.store(data))


def _judged(said: Speech, *, case: Case) -> Judged:
    """By the one rule of speaking. A mandate learned of later, or taken back later, changes nothing."""
    person = said.speaker
    if person is None:
        facts = {"person": said.speaker_name, "agency": case.agency.name}
        return Judged(
            mandate=None,
            why=_("%(person)s has no account here, and no mandate to speak for %(agency)s is known.") % facts,
        )
    try:
        mandate = permissions.check_may_speak(
            person, agency=case.agency, case=case, at=said.spoken_at, form=said.form, questions=said.questions,
            known_at=said.spoken_at, lock=True,
        )  # fmt: skip
    except NoMandate as refusal:
        return Judged(mandate=None, why=refusal.reason)
    except Refused:
        return Judged(
            mandate=None,
            why=_("The account of %(person)s was closed at that time.") % {"person": person.full_name},
        )
    return Judged(mandate=mandate, why="")


def _post(said: Speech, agency: Agency) -> str:
    if said.speaker is None:
        return ""
    return mandate_queries.post_title(said.speaker, agency=agency, at=said.spoken_at)


def _statement(said: Speech, kept: Kept, *, case: Case, mandate: Mandate, at: datetime) -> Statement:
    """The line of the ledger: the gist is its text, and where only a recording was kept, that is its content."""
    return Statement.objects.create(
        agency=case.agency,
        case=case,
        speaker=mandate.person,
        speaker_post=_post(said, case.agency),
        mandate=mandate,
        form=said.form,
        recipient=", ".join(filter(None, (said.asked_by, said.outlet)))[:300],
        address=said.address,
        text=said.gist,
        content_sha256=sha256(said.gist.encode()).hexdigest() if said.gist else kept.sha256,
        spoken_at=said.spoken_at,
        recorded_at=at,
    )


def _record(record: LateRecord, said: Speech, *, mandate: Mandate | None, by: Person, at: datetime) -> None:
    governing = RuleSet.objects.at(local_day(record.spoken_at)).first()
    data: dict[str, trail.Value] = {
        "case": record.case_id,
        "reference": record.case.reference,
        "late_record": record.pk,
        "person": record.speaker_id,
        "person_name": record.speaker_name,
        "form": str(record.form),
        "spoken_at": record.spoken_at,
        "delay_minutes": record.delay // MINUTE,
        "result": str(record.result),
        "mandate": mandate.pk if mandate else None,
        "statement": record.statement_id,
        "questions": [question.pk for question in said.questions],
        "recording_sha256": record.recording_sha256,
        "text_hash": trail.keyed_hash(record, record.gist) if record.gist else "",
    }
    trail.record(
        events.SPEECH_RECORDED_LATE, case=record.case, by=by, at=at, subject=record, data=data, mandate=mandate,
        occurred_at=record.spoken_at, rule_set=governing.code if governing else "",
    )  # fmt: skip
