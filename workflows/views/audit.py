"""The auditors' workspace: every case of the agency, its trail as one story. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import permissions
from core.actions.trail import keyed_hash
from core.enums import Codename, ReplyForm
from core.models import Agency, Case, TextKey, TrailEntry, TrailHead
from core.queries import organisation, speech
from core.queries.trail import CODES, StoryLine, story
from core.rules.trail import ChainCheck, Finding
from workflows.crisis.flow import CrisisFlow
from workflows.press_inquiry import queries
from workflows.press_inquiry.flow import PressInquiryFlow
from workflows.press_inquiry.models import DraftVersion
from workflows.refusal.flow import RefusalFlow
from workflows.refusal.models import Outcome, Result
from workflows.signed_in import Page
from workflows.views.cases import PER_PAGE, Cases

TOLD_LATE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class ExactText:
    """The text an entry speaks of, with what proves that it is this text."""

    version: DraftVersion
    text: str
    before: str
    is_bound: bool
    is_proved: bool | None

    @property
    def is_purged(self) -> bool:
        return not self.version.sha256


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the story with the exact text beside it."""

    line: StoryLine
    exact: ExactText | None

    @property
    def gap(self) -> timedelta | None:
        """How long after the act the system learned of it, where that is worth a mark."""
        gap = self.line.recorded_at - self.line.occurred_at
        return gap if gap > TOLD_LATE_AFTER else None


class AuditedCases(Cases):
    """Every case of the agencies where the person holds the right to audit, whoever normally sees it."""

    template_name = "workflows/audit/cases.html"

    def agencies(self) -> QuerySet[Agency]:
        return audited_agencies(self)

    def cases(self) -> QuerySet[Case]:
        return Case.objects.filter(agency__in=self.agencies())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_audits_somewhere(self)
        return super().get_context_data(**kwargs) | {"agencies": list(self.agencies())}


def audited_agencies(page: Page) -> QuerySet[Agency]:
    return organisation.agencies_of(page.person, at=page.at, codename=Codename.AUDIT_CASES)


def check_audits_somewhere(page: Page) -> None:
    if not audited_agencies(page).exists():
        raise permissions.MissingRole(
            _(
                "Only an auditor of the agency reads these pages. Ask the administrator for the role if you audit."
            )
        )


class AuditedCase(Page):
    """The trail of a case in order, the exact text beside each approval, and whether the chain holds now."""

    template_name = "workflows/audit/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.visible_case(kwargs["pk"])
        permissions.check_role(self.person, Codename.AUDIT_CASES, agency=case.agency, at=self.at)
        lines = story(case, labels=labels())
        findings, entries = chain_of(case)
        return super().get_context_data(**kwargs) | {
            "case": case,
            "told": list(_told(lines)),
            "findings": findings,
            "entries": entries,
            "head": TrailHead.objects.filter(case=case).first(),
        }


class Corrections(Page):
    """What heads changed in the act of approving, with the difference."""

    template_name = "workflows/audit/corrections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_audits_somewhere(self)
        versions = [
            version for agency in audited_agencies(self) for version in queries.head_corrections(agency)
        ]
        return super().get_context_data(**kwargs) | {
            "corrections": [(version, *_texts(version)) for version in versions]
        }


class LateRecords(Page):
    """What individuals said to the press outside the system without a mandate, the latest first."""

    template_name = "workflows/audit/late_records.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_audits_somewhere(self)
        rows = speech.personal_remarks(audited_agencies(self))
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {"page": page}


def labels() -> Mapping[str, Mapping[str, str | Promise]]:
    """Names for codes that only the procedures know."""
    flows = (CrisisFlow, RefusalFlow, PressInquiryFlow)
    nodes = chain.from_iterable(each.instance.nodes() for each in flows)
    steps: dict[str, str | Promise] = {node.name: node.task_title for node in nodes if node.task_title}
    return {
        "step": steps,
        "reply_form": dict(ReplyForm.choices),
        "outcome": {**dict(Outcome.choices), **CODES["outcome"]},
        "result": {**dict(Result.choices), **CODES.get("result", {})},
    }


def chain_of(case: Case) -> tuple[list[Finding], int]:
    """What is wrong with the stream of one case, checked at this moment, and how many entries it has."""
    stream = f"case:{case.pk}"
    check = ChainCheck(stream)
    findings: list[Finding] = []
    for entry in TrailEntry.objects.filter(stream=stream).order_by("seq").iterator(chunk_size=1000):
        findings += check.step(entry)
    findings += check.end(TrailHead.objects.filter(stream=stream).first())
    return findings, check.seq


def _told(lines: Sequence[StoryLine]) -> Iterator[Told]:
    versions = DraftVersion.objects.select_related("corrects", "author").in_bulk(_drafts(lines))
    proofs = _Proofs(versions)
    for line in lines:
        version = versions.get(line.data.get("draft") or 0)
        yield Told(line=line, exact=_exact(line, version, proofs) if version else None)


def _drafts(lines: Sequence[StoryLine]) -> set[int]:
    return {line.data["draft"] for line in lines if isinstance(line.data.get("draft"), int)}


class _Proofs:
    """Whether the trail's keyed hash is that of the text kept now; one question of the database per version."""

    def __init__(self, versions: Mapping[int, DraftVersion]) -> None:
        self._versions = versions
        keys = TextKey.objects.filter(object_type=DraftVersion._meta.label, object_id__in=versions)
        self._keyed = set(keys.values_list("object_id", flat=True))
        self._known: dict[int, str] = {}

    def hash_of(self, pk: int) -> str | None:
        """Nothing once a purge destroyed the key: then the trail proves nothing of the text any more."""
        if pk in self._keyed and pk not in self._known:
            version = self._versions[pk]
            self._known[pk] = keyed_hash(version, queries.content_of(version).canonical().decode())
        return self._known.get(pk)


def _exact(line: StoryLine, version: DraftVersion, proofs: _Proofs) -> ExactText:
    before, text = _texts(version)
    recorded, now = line.data.get("text_hash"), proofs.hash_of(version.pk)
    return ExactText(
        version=version,
        text=text,
        before=before,
        is_bound=queries.content_of(version).sha256() == version.sha256,
        is_proved=recorded == now if recorded and now else None,
    )


def _texts(version: DraftVersion) -> tuple[str, str]:
    """What stood before the head's correction, where it is one, and the text of the version."""
    before = queries.content_of(version.corrects).as_text() if version.corrects else ""
    return before, queries.content_of(version).as_text()
