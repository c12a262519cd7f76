"""The addresses of the deadlines and the working calendar; included by `workflows.urls`."""

from django.urls import URLPattern, path

from workflows.views import calendar, deadlines

urlpatterns: list[URLPattern] = [
    path("yeu-cau/<int:pk>/bat-dau-thoi-han/", deadlines.Start.as_view(), name="deadline_start"),
    path("yeu-cau/<int:pk>/van-ban-giao-viec/", deadlines.NewOrder.as_view(), name="order_new"),
    path("thoi-han/", deadlines.Deadlines.as_view(), name="deadlines"),
    path("thoi-han/<int:pk>/", deadlines.DeadlinePage.as_view(), name="deadline"),
    path("thoi-han/<int:pk>/gia-han/", deadlines.Extend.as_view(), name="deadline_extend"),
    path("thoi-han/<int:pk>/da-xong/", deadlines.Done.as_view(), name="deadline_done"),
    path("thoi-han/<int:pk>/cong-bo/", deadlines.Publish.as_view(), name="deadline_publish"),
    path("thoi-han/<int:pk>/bo/", deadlines.Void.as_view(), name="deadline_void"),
    path("lich-lam-viec/", calendar.Calendar.as_view(), name="working_calendar"),
    path("lich-lam-viec/cong-bo/", calendar.Publish.as_view(), name="calendar_publish"),
]
