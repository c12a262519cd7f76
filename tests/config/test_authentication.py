import pytest
from django.contrib.auth import authenticate
from django.test import Client
from pytest_django import Settings

from core.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("is_demo", "demo", "signs_in"), [(True, True, True), (True, False, False), (False, False, True)]
)
def test_demo_account_signs_in_only_in_the_demonstration(
    settings: Settings, is_demo: bool, demo: bool, signs_in: bool
) -> None:
    person = Person.objects.create_user(username="lan", password="a word", is_demo=is_demo)
    settings.DEMO = demo

    assert authenticate(username="lan", password="a word") == (person if signs_in else None)


def test_session_of_a_demo_account_ends_with_the_demonstration(settings: Settings, client: Client) -> None:
    client.force_login(Person.objects.create_user(username="lan", password="a word", is_demo=True))
    settings.DEMO = False

    assert "/dang-nhap/" in client.get("/", follow=True).redirect_chain[-1][0]
