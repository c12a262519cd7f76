"""The addresses of the steps; included by `workflows.urls`."""

from django.urls import URLPattern, URLResolver, path

from workflows import steps
from workflows.press_inquiry import views as press_inquiry

urlpatterns: list[URLPattern | URLResolver] = [
    path("ghi-nhan/", press_inquiry.RegisterByHand.as_view(), name="register_by_hand"),
    path("viec/<int:task_id>/", steps.show, name="step"),
    path("viec/<int:task_id>/nhan/", steps.take, name="step_take"),
    path("viec/<int:task_id>/tra-lai/", steps.put_back, name="step_put_back"),
    path("viec/<int:task_id>/thu-hoi/", press_inquiry.take_back, name="step_take_back"),
    path("viec/<int:task_id>/luu/", steps.save, name="step_save"),
    path("viec/<int:task_id>/bo-qua/", press_inquiry.Skip.as_view(), name="step_skip"),
    path("viec/<int:task_id>/tiep-nhan-soan/", press_inquiry.accept, name="step_accept"),
]
