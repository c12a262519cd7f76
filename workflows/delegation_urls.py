"""The addresses of delegations; included by `workflows.urls`."""

from django.urls import URLPattern, URLResolver, path

from workflows.delegation import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("vu-viec/<int:pk>/bao-khong-the-phat-ngon/", views.Report.as_view(), name="delegation_report"),
    path("vu-viec/<int:pk>/de-xuat-uy-quyen/", views.Propose.as_view(), name="delegation_propose"),
    path("vu-viec/<int:pk>/giay-uy-quyen/", views.FilePaper.as_view(), name="delegation_file_paper"),
    path("uy-quyen/<int:pk>/", views.DelegationPage.as_view(), name="delegation"),
    path("uy-quyen/<int:pk>/thu-hoi/", views.Revoke.as_view(), name="delegation_revoke"),
    path("uy-quyen/<int:pk>/so-van-ban/", views.EnterLetterNumber.as_view(), name="delegation_number"),
    path("uy-quyen/<int:pk>/ban-quet/", views.scan, name="delegation_scan"),
]
