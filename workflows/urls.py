"""The addresses of the pages across procedures; those of the steps stand in `workflows.step_urls`."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from workflows.refusals.views import audit as refusal_audit
from workflows.views import (
    audit,
    beside,
    case_delegations,
    cases,
    feed,
    mails,
    replay,
    speech,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="work")),
    path("viec/", work.Work.as_view(), name="work"),
    path("", include("workflows.step_urls")),
    path("", include("workflows.deadline_urls")),
    path("", include("workflows.delegation_urls")),
    path("", include("workflows.refusals.urls")),
    path("", include("workflows.crises.urls")),
    path("viec/lich/", feed.Feed.as_view(), name="own_feed"),
    path("lich/<str:token>.ics", feed.feed, name="feed"),
    path("vu-viec/", cases.Cases.as_view(), name="cases"),
    path("vu-viec/<int:pk>/", cases.CasePage.as_view(), name="case"),
    path("vu-viec/<int:pk>/ket-thuc/", case_delegations.CloseCase.as_view(), name="case_close"),
    path("tep-dinh-kem/<int:pk>/", cases.attachment, name="attachment"),
    path("yeu-cau/<int:pk>/rut/", beside.Withdraw.as_view(), name="withdraw"),
    path("yeu-cau/<int:pk>/mo-lai/", beside.Reopen.as_view(), name="reopen"),
    path("yeu-cau/<int:pk>/tam-dung-thoi-han/", beside.StopClock.as_view(), name="clock_stop"),
    path("yeu-cau/<int:pk>/tinh-lai-thoi-han/", beside.RestartClock.as_view(), name="clock_restart"),
    path("yeu-cau/<int:pk>/xin-y-kien/", beside.AskOpinion.as_view(), name="opinion_ask"),
    path("y-kien/<int:pk>/ghi-nhan/", beside.RecordOpinion.as_view(), name="opinion_record"),
    path("yeu-cau/<int:pk>/chuyen-vu-viec/", beside.Move.as_view(), name="move"),
    path("yeu-cau/<int:pk>/so-van-ban/", beside.EnterNumber.as_view(), name="enter_number"),
    path("yeu-cau/<int:pk>/go-bo-phan-den-sau/", mails.PurgeAgain.as_view(), name="purge_again"),
    path("thu-den/<int:pk>/da-doc/", mails.ReadMail.as_view(), name="mail_read"),
    path("thu-di/<int:pk>/gui-lai/", mails.ResendMail.as_view(), name="mail_resend"),
    path("ghi-nhan-phat-ngon/", speech.RecordLate.as_view(), name="record_late"),
    path("ghi-nhan-phat-ngon/<int:pk>/", speech.LateRecordPage.as_view(), name="late_record"),
    path("ghi-nhan-phat-ngon/<int:pk>/ban-ghi/", speech.recording, name="late_recording"),
    path("", include("workflows.law_urls")),
    path("", include("workflows.register_urls")),
    path("viec/<int:pk>/chay-lai/", beside.RetryJob.as_view(), name="retry_job"),
    path("kiem-tra/", audit.AuditedCases.as_view(), name="audit"),
    path("kiem-tra/sua-va-duyet/", audit.Corrections.as_view(), name="audit_corrections"),
    path("kiem-tra/phat-ngon-ngoai-he-thong/", audit.LateRecords.as_view(), name="audit_late_records"),
    path("kiem-tra/tu-choi/", refusal_audit.Refusals.as_view(), name="audit_refusals"),
    path("kiem-tra/<int:pk>/", audit.AuditedCase.as_view(), name="audit_case"),
    path("kiem-tra/<int:pk>/ai-duoc-phat-ngon/", replay.Speakers.as_view(), name="audit_speakers"),
]
