"""The addresses of the pages around crises; included by `workflows.urls`."""

from django.urls import URLPattern, URLResolver, path

from workflows.crises.views import (
    audit,
    board,
    duty,
    joint,
    joint_acts,
    levels,
    links,
    page,
    papers,
    playbook_acts,
    playbooks,
    replies,
    reports,
    statements,
)
from workflows.crisis import views as crisis

urlpatterns: list[URLPattern | URLResolver] = [
    path("lich-truc/", duty.Roster.as_view(), {"code": ""}, name="duty_roster"),
    path("khung-hoang/moi/", crisis.Detect.as_view(), name="crisis_detect"),
    path("khung-hoang/phoi-hop/", joint.JointMatters.as_view(), name="joint_matters"),
    path("bao-cao-den/", reports.Received.as_view(), name="crisis_received"),
    path("khung-hoang/", board.Board.as_view(), name="crisis_board"),
    path("khung-hoang/bang/", board.fragment, name="crisis_board_live"),
    path("kiem-tra/khung-hoang/", audit.AuditedCrises.as_view(), name="audit_crises"),
    path("khung-hoang/dien-tap/", crisis.StartDrill.as_view(), name="crisis_drill"),
    path("kich-ban/", playbooks.Playbooks.as_view(), name="playbooks"),
    path("lich-truc/ca-truc/<int:pk>/bo/", duty.RemoveShift.as_view(), name="duty_remove"),
    path("lich-truc/<str:code>/", duty.Roster.as_view(), name="duty_roster_of"),
    path("khung-hoang/<int:pk>/muc/", levels.ChangeLevel.as_view(), name="crisis_level"),
    path("khung-hoang/<int:pk>/can-cu/", levels.ChangeParagraph.as_view(), name="crisis_paragraph"),
    path("khung-hoang/<int:pk>/them-viec/", levels.AddStep.as_view(), name="crisis_step_add"),
    path("khung-hoang/<int:pk>/phat-ngon-tiep/", statements.OpenStatement.as_view(), name="statement_open"),
    path("khung-hoang/phoi-hop/<int:pk>/", joint.JointMatterPage.as_view(), name="joint_matter"),
    path("xac-nhan/<str:token>/", links.Acknowledge.as_view(), name="crisis_link"),
    path("khung-hoang/<int:pk>/bao-cao/", reports.FurtherReport.as_view(), name="crisis_report"),
    path("bao-cao-di/thu-tra-loi/<int:pk>/", replies.ReplyPage.as_view(), name="crisis_reply"),
    path("bao-cao-di/thu-tra-loi/<int:pk>/thu-goc/", replies.original, name="crisis_reply_file"),
    path("bao-cao-di/<int:pk>/dien-thoai/", reports.AcknowledgedByPhone.as_view(), name="dispatch_phone"),
    path("bao-cao-di/<int:pk>/y-kien-chi-dao/", reports.RecordDirection.as_view(), name="dispatch_direction"),
    path("bao-cao-di/<int:pk>/thoi-cho/", reports.GiveUp.as_view(), name="dispatch_give_up"),
    path("bao-cao-di/<int:pk>/vuot-cap/", reports.OverHead.as_view(), name="dispatch_over_head"),
    path(
        "khung-hoang/van-ban/<int:pk>/so-van-ban/",
        papers.EnterPaperNumber.as_view(),
        name="crisis_paper_number",
    ),
    path("khung-hoang/<int:pk>/", page.CrisisPage.as_view(), name="crisis"),
    path("kich-ban/<int:pk>/", playbooks.Playbook.as_view(), name="playbook"),
    path("kich-ban/<int:pk>/ban-moi/", playbook_acts.OpenDraft.as_view(), name="playbook_draft"),
    path("kich-ban/<int:pk>/sua/", playbook_acts.EditDraft.as_view(), name="playbook_edit"),
    path("kich-ban/<int:pk>/duyet/", playbook_acts.Approve.as_view(), name="playbook_approve"),
    path("kich-ban/<int:pk>/ket-thuc/", playbook_acts.End.as_view(), name="playbook_end"),
    path("kich-ban/<int:pk>/bo-du-thao/", playbook_acts.Drop.as_view(), name="playbook_drop"),
    path(
        "khung-hoang/<int:pk>/phoi-hop/ghi-nhan/", joint_acts.OpenMatter.as_view(), name="joint_matter_open"
    ),
    path("khung-hoang/<int:pk>/phoi-hop/noi/", joint_acts.LinkMatter.as_view(), name="joint_matter_link"),
    path(
        "khung-hoang/phoi-hop/<int:pk>/de-xuat/", joint_acts.ProposeText.as_view(), name="joint_text_propose"
    ),
    path(
        "khung-hoang/phoi-hop/<int:pk>/ban/<int:number>/y-kien/<int:agency>/",
        joint_acts.GiveVoice.as_view(),
        name="joint_voice",
    ),
    path(
        "khung-hoang/phoi-hop/<int:pk>/ban/<int:number>/ghi-nhan-y-kien/<int:agency>/",
        joint_acts.RecordVoice.as_view(),
        name="joint_voice_record",
    ),
    path(
        "khung-hoang/phoi-hop/<int:pk>/trinh-thu-truong/<int:agency>/",
        joint_acts.PutToHeads.as_view(),
        name="joint_put_to_heads",
    ),
]
