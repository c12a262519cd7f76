"""The words of an HTML mail, in one pass over whatever markup: deep, broken or hostile."""

import html
import re

_TOKEN = re.compile(
    r"""<!--|<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?:(?:"[^"<]*"|'[^'<]*'|[^<>"'])*|[^<>]*)>|<[!?][^<>]*>"""
)
_SPACES = re.compile(r"\s+")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SECTIONS = {"section", "article", "header", "footer", "main", "aside", "nav", "form", "fieldset", "details"}
_PIECES = {
    "dl",
    "dt",
    "dd",
    "caption",
    "address",
    "figure",
    "figcaption",
    "legend",
    "summary",
    "option",
    "button",
}
_BLOCKS = {"p", "div", "tr", "table", "blockquote", "pre", "hr", "br"} | _HEADINGS | _SECTIONS | _PIECES
_LISTS = {"ul", "ol"}
_CELLS = {"td", "th"}
_DROPPED = {"script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object", "textarea"}


def to_text(markup: str) -> str:
    """Text without scripts, styles and comments; blocks become lines, a numbered list keeps its numbers.

    Plain text, not safe HTML: whoever shows it escapes it.
    """
    reader = _Reader()
    position, skipped = 0, ""
    while token := _TOKEN.search(markup, position):
        if not skipped:
            reader.words(markup[position : token.start()])
        position = token.end()
        if token[0] == "<!--":
            closed = markup.find("-->", position)
            position = len(markup) if closed < 0 else closed + 3
            continue
        tag = (token["tag"] or "").lower()
        if skipped:
            skipped = "" if token["end"] and tag == skipped else skipped
        elif tag in _DROPPED and not token["end"]:
            skipped = tag
        else:
            reader.tag(tag, is_end=bool(token["end"]))
    if not skipped:
        reader.words(markup[position:])
    return reader.text()


class _Reader:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._counts: list[int | None] = []

    def words(self, text: str) -> None:
        self._parts.append(_SPACES.sub(" ", html.unescape(text)))

    def tag(self, tag: str, *, is_end: bool) -> None:
        if tag in _LISTS:
            self._list(tag, is_end=is_end)
        elif tag in _BLOCKS:
            self._parts.append("\n\n" if tag == "p" and is_end else "\n")
        elif tag in _CELLS:
            self._parts.append(" ")
        elif tag == "li" and not is_end:
            self._parts.append("\n" + self._mark())

    def text(self) -> str:
        lines = (_SPACES.sub(" ", line).strip() for line in "".join(self._parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _list(self, tag: str, *, is_end: bool) -> None:
        self._parts.append("\n\n" if is_end else "\n")
        if not is_end:
            self._counts.append(0 if tag == "ol" else None)
        elif self._counts:
            self._counts.pop()

    def _mark(self) -> str:
        count = self._counts[-1] if self._counts else None
        if count is None:
            return "- "
        self._counts[-1] = count + 1
        return f"{count + 1}. "
