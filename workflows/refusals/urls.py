"""The addresses around refusals; included by `workflows.urls`."""

from django.urls import URLPattern, URLResolver, path

from workflows.refusals.views import acts, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("tu-choi/<int:pk>/", page.RefusalPage.as_view(), name="refusal"),
    path("buoc/<int:task_id>/de-nghi-tu-choi/", acts.AskRefusal.as_view(), name="ask_refusal"),
    path("tu-choi/<int:pk>/het-can-cu/", acts.EndOfGround.as_view(), name="end_of_ground"),
    path("tu-choi/<int:pk>/xem-xet-lai/", acts.AskSecondLook.as_view(), name="ask_second_look"),
    path("tu-choi/<int:pk>/so-van-ban/", acts.EnterNumber.as_view(), name="enter_refusal_number"),
    path("cau-hoi/<int:pk>/bi-mat/", acts.FoundSecret.as_view(), name="found_secret"),
]
