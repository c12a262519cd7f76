from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from core.views import session

urlpatterns: list[URLPattern | URLResolver] = [
    path("dang-nhap/", session.SignIn.as_view(), name="login"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
]
