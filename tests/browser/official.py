"""An official at a browser who has a keyboard and no mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.test import Client
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import BrowserContext, ElementHandle, Locator, Page, expect

from core.models import Person
from tests.browser.visits import Visit
from tests.browser.watch import Watch

PASSWORD = "mat-khau-gia-dinh-2026"
MOST_STOPS = 150

# A browser scrolls to what gets the focus within a few frames; what is then still covered stays covered.
STOP = """async (target) => {
    const element = document.activeElement;
    const isSeen = () => {
        const box = element.getBoundingClientRect();
        const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
        const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
        const isUppermost = (share) => {
            const found = document.elementFromPoint((left + right) / 2, top + (bottom - top) * share);
            return found !== null && (element.contains(found) || found.contains(element));
        };
        return right > left && bottom > top && [0.1, 0.5, 0.9].some(isUppermost);
    };
    for (let frame = 0; frame < 30 && element !== document.body && !isSeen(); frame += 1) {
        await new Promise(requestAnimationFrame);
    }
    const style = getComputedStyle(element);
    return {
        arrived: element === target,
        between: element === document.body,
        ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: isSeen(),
        what: element.outerHTML.slice(0, 160),
    };
}"""


class Official:
    """Signs in, goes from stop to stop with Tab, and finds things by role and by the words on them.

    Words are given in English and looked for in the language of the page.
    """

    def __init__(self, context: BrowserContext, *, address: str, language: str = "en") -> None:
        self.context = context
        self.watch = Watch(context)
        self.page: Page = context.new_page()
        self.keys = self.page.keyboard
        self.address = address
        self.language = language

    def say(self, words: Any, **facts: object) -> str:
        with translation.override(self.language):
            said = gettext(words) if type(words) is str else str(words)
        return said % facts if facts else said

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, person: Person) -> None:
        self.open("/")
        self.type(capfirst(self.say(Person._meta.get_field("username").verbose_name)), person.username)
        self.type("Password", PASSWORD)
        self.arrive(lambda: self.keys.press("Enter"), "work")

    def enter(self, person: Person, path: str) -> None:
        """Open a page as somebody who has signed in already."""
        client = Client()
        client.force_login(person)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}
        self.context.clear_cookies()
        self.context.add_cookies([cast(SetCookieParam, session)])
        self.open(path)

    def visit(self, visit: Visit) -> None:
        self.watch.expected = {visit.status} if visit.status >= 400 else set()
        if visit.by is None:
            self.context.clear_cookies()
            self.open(visit.path)
        else:
            self.enter(visit.by, visit.path)

    def sign_out(self) -> None:
        self.press(self.page.locator("summary").filter(has_text=self.say("Account of")))
        self.leave("Sign out", "login")

    def find(self, role: Any, words: Any) -> Locator:
        return self.page.get_by_role(role, name=re.compile(rf"^\s*{re.escape(self.say(words))}"))

    def reach(self, target: Locator, *, key: str = "Tab") -> ElementHandle:
        """Tab until the element has the focus; every stop on the way is in view and has a visible ring."""
        expect(target).to_have_count(1)
        element = target.element_handle()
        for _ in range(MOST_STOPS):
            stop = element.evaluate(STOP, element)
            if stop["arrived"]:
                return element
            self.keys.press(key)
            self._check_stop(element.evaluate(STOP, element))
        raise AssertionError(f"{key} never reaches {target}")

    @staticmethod
    def _check_stop(stop: dict[str, Any]) -> None:
        assert stop["between"] or stop["ringed"], f"no visible focus: {stop['what']}"
        assert stop["between"] or stop["seen"], f"focus out of view or covered: {stop['what']}"

    def press(self, target: Locator, *, key: str = "Enter") -> None:
        self.reach(target)
        self.keys.press(key)

    def field(self, label: str) -> Locator:
        words = re.compile(rf"^\s*{re.escape(self.say(label))}")
        return self.page.get_by_label(words).and_(self.page.locator("input, textarea"))

    def type(self, label: str, text: str) -> None:
        field = self.field(label)
        self.reach(field)
        self.keys.press("Control+A")
        self.keys.type(text)
        expect(field).to_have_value(text)

    def type_date(self, label: str, day: date) -> None:
        """Write a date part by part; its day is its month's number, as browsers differ in which comes first."""
        assert day.day == day.month
        field = self.field(label)
        self.reach(field)
        self.keys.type(f"{day:%d%m%Y}")
        expect(field).to_have_value(day.isoformat())

    def choose(self, question: Any, answer: Any) -> None:
        """Tab into a group of choices and move inside it with the arrows."""
        group = self.find("group", question)
        choices = group.get_by_role("radio").all()
        wanted = group.get_by_role("radio", name=re.compile(rf"^\s*{re.escape(self.say(answer))}\s*(–|$)"))
        expect(wanted).to_have_count(1)
        chosen = [choice for choice in choices if choice.is_checked()]
        self.reach((chosen or choices)[0])
        element = wanted.element_handle()
        for _ in choices:
            if element.evaluate(STOP, element)["arrived"]:
                break
            self.keys.press("ArrowDown")
        self.keys.press("Space")
        expect(wanted).to_be_focused()
        expect(wanted).to_be_checked()

    def pick(self, label: Any, option: str) -> None:
        """Move down a closed list until it says the option."""
        field = self.find("combobox", label)
        element = self.reach(field)
        said = "(select) => select.selectedOptions[0].label"
        for _ in range(field.locator("option").count()):
            if element.evaluate(said).strip() == option:
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"{label}: no option {option}")

    def tick(self, label: Any) -> None:
        box = self.find("checkbox", label)
        self.press(box, key="Space")
        expect(box).to_be_checked()

    def follow(self, words: Any, name: str) -> None:
        """Follow a link."""
        target = self.find("link", words)
        self.reach(target)
        self.arrive(lambda: self.keys.press("Enter"), name)

    def leave(self, words: Any, name: str) -> None:
        """Press a button that leads to another page."""
        target = self.find("button", words)
        self.reach(target)
        self.arrive(lambda: self.keys.press("Enter"), name)

    def arrive(self, act: Callable[[], object], name: str) -> None:
        with self.page.expect_navigation():
            act()
        self.watch.look(self.page, name)

    def reads(self, *words: Any) -> None:
        """The page says each of these."""
        for each in words:
            expect(self.page.locator("main")).to_contain_text(self.say(each))
