"""Signing in, and what stands around every page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from core.models import Person
from core.views.session import FREE_TRIES
from tests.factories import make_agency, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def clerk() -> Person:
    return make_person(username="clerk", password="right", full_name="Clerk Example")


def sign_in(client: Client, *, password: str, username: str = "clerk", **extra: Any) -> HttpResponse:
    return client.post(reverse("login"), {"username": username, "password": password}, **extra)  # type: ignore[return-value]


def test_the_right_password_signs_in(client: Client, clerk: Person) -> None:
    assert sign_in(client, password="right").status_code == 302
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_a_wrong_password_is_answered_with_a_sentence_and_keeps_the_name(
    client: Client, clerk: Person
) -> None:
    page = sign_in(client, password="wrong").content.decode()

    assert "The user name or the password is not right." in page
    assert 'value="clerk"' in page


def test_after_too_many_wrong_passwords_even_the_right_one_waits(client: Client, clerk: Person) -> None:
    for _ in range(FREE_TRIES):
        sign_in(client, password="wrong")

    assert "Too many wrong passwords." in sign_in(client, password="right").content.decode()


def test_the_wait_is_for_one_name_from_one_address(client: Client, clerk: Person) -> None:
    make_person(username="other", password="right")
    for _ in range(FREE_TRIES):
        sign_in(client, password="wrong", username="other")
        sign_in(client, password="wrong", REMOTE_ADDR="10.0.0.9")

    assert sign_in(client, password="right").status_code == 302


def test_demo_accounts_are_offered_only_in_a_demonstration(client: Client, settings: Settings) -> None:
    person = make_person(username="demo-clerk", is_demo=True)
    make_post(person=person, agency=make_agency())
    settings.DEMO = True
    offered = client.get(reverse("login")).content.decode()
    settings.DEMO = False

    assert "demo-clerk" in offered
    assert "demo-clerk" not in client.get(reverse("login")).content.decode()


def test_a_pinned_clock_is_announced_on_the_page(client: Client, settings: Settings) -> None:
    settings.CLOCK = datetime(2026, 11, 22, 1, 5, tzinfo=UTC)

    assert "The clock is set to 08:05 on 22/11/2026" in client.get(reverse("login")).content.decode()


def test_no_page_asks_for_inline_code(client: Client) -> None:
    page = client.get(reverse("login")).content.decode()

    assert "style=" not in page
    assert "<script>" not in page
    assert "onclick" not in page


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_the_last_error_pages_need_neither_request_nor_database(
    template: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page = render_to_string(template)

    assert "Go back" in page
