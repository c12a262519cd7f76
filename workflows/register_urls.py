"""The addresses of the public register of spokespersons: no sign-in, the same for everybody."""

from django.urls import URLPattern, path

from workflows.views import register as views

AT = "cong-khai/nguoi-phat-ngon"

urlpatterns: list[URLPattern] = [
    path(f"{AT}/", views.Index.as_view(), name="register_index"),
    path(f"{AT}.json", views.Index.as_view(as_json=True), name="register_index_json"),
    path(f"{AT}/<path:code>/cap-duoi/", views.Subordinates.as_view(), name="register_subordinates"),
    path(
        f"{AT}/<path:code>/cap-duoi.json",
        views.Subordinates.as_view(as_json=True),
        name="register_subordinates_json",
    ),
    path(f"{AT}/<path:code>/thay-doi.rss", views.Changes.as_view(), name="register_feed"),
    path(f"{AT}/<path:code>.json", views.OfAgency.as_view(as_json=True), name="register_agency_json"),
    path(f"{AT}/<path:code>/", views.OfAgency.as_view(), name="register_agency"),
]
