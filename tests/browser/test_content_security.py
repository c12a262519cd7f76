"""The browser itself holds pages to what we serve: nothing written into a page can run or restyle it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import Person
from tests.browser.conftest import Engage
from tests.walk import Walk

pytestmark = pytest.mark.browser

BREAK_IN = """() => new Promise((resolve) => {
    const seen = [];
    document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
    document.body.insertAdjacentHTML("beforeend", '<p style="position:fixed">x</p><img src="http://elsewhere.example/x">');
    const script = document.createElement("script");
    script.textContent = "window.brokenIn = true";
    document.body.append(script);
    setTimeout(() => resolve([window.brokenIn === true, ...new Set(seen.sort())]), 300);
})"""


def test_the_policy_stops_what_a_fault_in_a_page_would_let_in(engage: Engage, walk: Walk) -> None:
    official = engage()
    official.enter(walk.cast.contact, reverse("work"))

    outcome = official.page.evaluate(BREAK_IN)

    assert outcome == [False, "img-src", "script-src-elem", "style-src-attr"]
    assert [complaint for complaint in official.watch.complaints if "Content Security Policy" in complaint]
    official.watch.complaints.clear()


def test_a_stolen_form_is_turned_away_with_a_page_of_ours(engage: Engage, walk: Walk) -> None:
    official = engage()
    official.enter(walk.cast.contact, reverse("register_by_hand"))
    official.watch.expected = {403}
    official.page.evaluate("document.querySelector('#step-form [name=csrfmiddlewaretoken]').value = 'x'")

    official.find("button", "Register").locator("visible=true").click()

    official.watch.look(official.page, "error-csrf")
    official.reads("The page had been open too long")
    assert not walk.cast.agency.inquiries.exists()


@pytest.mark.parametrize("role", ["administrator"])
def test_the_administrators_pages_obey_the_policy_too(engage: Engage, walk: Walk, role: str) -> None:
    person: Person = getattr(walk.cast, role)
    Person.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    official = engage()

    for path in ("/admin/", "/admin/core/agency/", "/admin/core/person/add/"):
        official.enter(person, path)
        assert official.page.locator("#content").is_visible()
