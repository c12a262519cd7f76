"""What the press is told of an outcome, in Vietnamese, where it is not a letter: by mail, on the portal, spoken."""

from __future__ import annotations

from datetime import datetime

from core.rules.deadlines import local_day
from workflows.refusal.models import Outcome, RefusalDecision, RefusalVersion


def outcome_text(decision: RefusalDecision, *, duty_citation: str = "") -> str:
    """The outcome of one question as a passage of the reply, from the decision alone."""
    version = decision.version
    if decision.outcome == Outcome.REFUSED:
        return (
            f"Từ chối cung cấp thông tin. Căn cứ: {decision.citation}. "
            f"Việc từ chối được quyết định ngày {local_day(decision.decided_at):%d/%m/%Y}. Lý do: {version.reason}"
        )
    if decision.outcome == Outcome.REDIRECTED:
        basis = f" ({duty_citation})" if duty_citation else ""
        return (
            f"Nội dung này không thuộc chức năng, nhiệm vụ, quyền hạn của {decision.refusal.agency.name}. "
            "Trách nhiệm cung cấp thông tin cho báo chí của cơ quan chỉ trong phạm vi chức năng, nhiệm vụ, quyền hạn "
            f"được giao{basis}. "
            f"Đề nghị liên hệ {version.redirected_to} là cơ quan có thẩm quyền để được cung cấp thông tin."
        )
    return f"Xem xét, chưa cung cấp. Lý do: {version.reason}"


def foreseen(version: RefusalVersion, *, at: datetime) -> RefusalDecision:
    """The decision as it would be if this version were decided at this instant; never kept."""
    return RefusalDecision(
        refusal=version.refusal,
        version=version,
        outcome=version.outcome,
        ground=version.ground,
        citation=version.citation,
        decided_at=at,
    )
