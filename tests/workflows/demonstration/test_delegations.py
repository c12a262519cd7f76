"""The demonstration has a delegation in force, one to sign, and speech outside the system of both kinds."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as base_settings

from core import clock, permissions
from core.actions import mandates
from core.actions.reference import Change
from core.enums import Circumstance, LateResult
from core.models import Case, LateRecord, Person
from core.rules.delegations import Ineligible, Proposal
from workflows import demo_delegations
from workflows.delegation import queries
from workflows.delegation.models import Delegation

FOLDER = Path(base_settings.BASE_DIR) / "fixtures" / "demo"
pytestmark = pytest.mark.usefixtures("demonstration")


def test_delegations_and_late_records_stand_where_their_rows_say_and_load_once() -> None:
    at = clock.now()
    standing = {
        each.to.username if each.to else "": queries.state_of(each, at=at).value
        for each in Delegation.objects.order_by("-pk")
    }
    assert Counter(queries.state_of(each, at=at).value for each in Delegation.objects.all()) == {
        "in_force": 2, "prepared": 1,
    }  # fmt: skip
    assert standing["thu.truongphong.tccc"] == "in_force"
    in_force = Delegation.objects.get(to__username="thu.truongphong.tccc")
    delegate = Person.objects.get(username="thu.truongphong.tccc")
    assert permissions.check_may_speak(delegate, agency=in_force.agency, case=in_force.case, form=None, at=at)
    results = set(LateRecord.objects.values_list("speaker__username", "result"))
    assert results == {
        ("mau.chuyenvien.ldvl", LateResult.PERSONAL), ("mau.giamdoc", LateResult.STATEMENT),
    }  # fmt: skip

    again = demo_delegations.load(FOLDER, at=at)

    assert [tally.changes for tally in again] == [
        Counter({Change.UNCHANGED: 3}), Counter({Change.UNCHANGED: 2}),
    ]  # fmt: skip


def letter(agency: str, head: str, to: str, day: str) -> str:
    """Signing it on that day: the warning, or the sentence why not."""
    signed_at = datetime.fromisoformat(f"{day}T08:00:00+07:00")
    proposal = Proposal(
        case=Case.objects.filter(agency__code=agency, closed_at=None).earliest("pk"),
        to=Person.objects.get(username=to), valid_from=signed_at, valid_until=signed_at + timedelta(days=2),
        circumstance=Circumstance.HEAD_UNABLE, reason="Giám đốc không thể phát ngôn.", overlap_note="x",
    )  # fmt: skip
    signer = Person.objects.get(username=head)
    try:
        return mandates.check_proposal(proposal, signer=signer, signed_at=signed_at)
    except Ineligible as refusal:
        return str(refusal)


def test_the_two_departments_answer_by_the_law_of_the_day_and_by_their_own_rules() -> None:
    thu = ("SNV-THU", "thu.giamdoc", "thu.truongphong")
    before, after = letter(*thu, "2026-06-29"), letter(*thu, "2026-07-02")
    own_rule = letter("SNV-MAU", "mau.giamdoc", "mau.truongphong.tcbc", "2026-07-02")

    assert "điểm b khoản 2 Điều 3 Nghị định số 09/2017/NĐ-CP" in before
    assert after == ""
    assert "khoản 2 Điều 5 Quy chế phát ngôn" in own_rule
    assert "15/QĐ-SNV (giả định)" in own_rule
