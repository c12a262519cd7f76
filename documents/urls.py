from django.urls import URLPattern, URLResolver, path

from documents import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("van-ban/<int:pk>.pdf", views.document_pdf, name="document_pdf"),
    path("so-van-ban-di/", views.outgoing_register, name="outgoing_register"),
]
