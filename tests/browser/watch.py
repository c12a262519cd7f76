"""What no page may do, whoever opens it: complain in the console, break the policy, scroll sideways."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Response

MISUSED = """() => [...document.querySelectorAll("*")].flatMap((element) => [
    element.getAttribute("style") && "style attribute",
    element.tagName === "STYLE" && "style element",
    element.tagName === "SCRIPT" && !element.src && "script without address",
    ...element.getAttributeNames().filter((name) => name.startsWith("on")),
].filter(Boolean).map((fault) => `${fault}: ${element.outerHTML.slice(0, 120)}`))"""

TOO_WIDE = """() => {
    const page = document.scrollingElement;
    if (page.scrollWidth <= window.innerWidth) { return []; }
    return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 5)
        .map((element) => element.outerHTML.slice(0, 120));
}"""


COVERED = """() => {
    const [brand, menu] = [".pn-brand__words", ".pn-nav__list"].map((name) => document.querySelector(name));
    if (!brand || !menu) { return []; }
    const [words, links] = [brand.getBoundingClientRect(), menu.getBoundingClientRect()];
    const apart = words.right <= links.left || words.bottom <= links.top;
    return apart && words.width > 60 ? [] : [`${words.width} px of ${brand.textContent.trim()}`];
}"""


class Watch:
    """Listens to every page of a browser context and keeps what should not have happened."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("dialog", self._on_dialog)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # The browser repeats every answer of 400 and more here; `_on_response` judges those.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.accept()

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status} {response.url}")
        is_ours = "/static/" not in response.url
        if is_ours and "script-src 'self'" not in response.headers.get("content-security-policy", ""):
            self.complaints.append(f"no content security policy: {response.url}")

    def look(self, page: Page, name: str) -> None:
        """Judge the page that is open, and keep a picture of it where the variable SHOTS names a folder."""
        here = f"{name} at {self._width(page)} px"
        self.complaints += [f"{here}: {fault}" for fault in page.evaluate(MISUSED)]
        self.complaints += [f"{here} is too wide: {element}" for element in page.evaluate(TOO_WIDE)]
        self.complaints += [f"{here}: the menu lies on {words}" for words in page.evaluate(COVERED)]
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{self._width(page)}.png", full_page=True)

    @staticmethod
    def _width(page: Page) -> int:
        assert page.viewport_size
        return page.viewport_size["width"]
