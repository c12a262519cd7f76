"""Frozen facts in, the bytes of an official document out: tagged PDF/A-3a that also claims PDF/UA-1.

The same facts give the same bytes as long as WeasyPrint, pydyf, Pango and the font files stay the same, so
these are told with the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import weasyprint
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint.text.ffi import pango
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from documents import fonts

VARIANT = "pdf/a-3a"
# The claim, and the description that PDF/A asks for of any property it does not know itself.
UA_CLAIM = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


@dataclass(frozen=True, kw_only=True)
class Rendering:
    pdf: bytes
    pages: int
    renderer: dict[str, Any]


class NothingFromOutside(URLFetcher):
    """A document is complete in itself: styles in the page, font from the system, nothing fetched."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        raise FatalURLFetchingError(f"A document asked for {url[:200]}; nothing is fetched while rendering.")


def render(*, template: str, facts: Mapping[str, Any]) -> Rendering:
    """Raises FontMissing where the official font is not what this machine would use."""
    fonts.faces()
    # Dates and numbers in a document are Vietnamese whatever language the person at the screen has chosen.
    with translation.override("vi"):
        html = render_to_string(template, {"facts": _printable(facts)})
    return typeset(html)


def typeset(html: str) -> Rendering:
    """The bytes of a page that is complete in itself."""
    page = weasyprint.HTML(string=html, url_fetcher=NothingFromOutside())
    document = page.render(pdf_variant=VARIANT)
    _claim_ua(document.metadata)
    pdf = document.write_pdf(pdf_variant=VARIANT)
    return Rendering(pdf=pdf, pages=len(document.pages), renderer=renderer())


def _claim_ua(metadata: Any) -> None:
    # WeasyPrint takes one claim, and its option for more writes a second RDF, which readers do not look at.
    claims = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *names: claims(*names).replace(b"</rdf:RDF>", UA_CLAIM)


def renderer() -> dict[str, Any]:
    """The programs and fonts that decide the bytes."""
    programs = {name: version(name) for name in ("weasyprint", "pydyf")}
    programs["pango"] = ".".join(str(pango.pango_version() // unit % 100) for unit in (10_000, 100, 1))
    files = {face.file.name: {"version": face.version, "sha256": face.sha256} for face in fonts.faces()}
    return {"programs": programs, "fonts": files, "variant": VARIANT}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value
