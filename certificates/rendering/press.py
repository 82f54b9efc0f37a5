"""WeasyPrint, and all that is kept for it in a process: fonts, style sheet, engraving.

Fresh fonts and style sheets for each document would cost several times as much, and leak. The engraving is drawn once
and put below the text of each page as finished, compressed bytes.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from django.template import Context, Engine

from certificates import design
from certificates.rendering import engraving, fonts
from certificates.rendering.document import Document, RenderingFailed
from certificates.rendering.layout import Block, design_of

DESIGN = Path(design.__file__).parent
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
# For a page that programs read aloud and archives keep; what it lacks of both standards is in finishing.py.
VARIANT = "pdf/a-3a"
# Completes short addresses, so that the fetcher sees (and refuses) them too: WeasyPrint passes over incomplete ones.
NOWHERE = "https://nowhere.invalid/"
# Pango's font map belongs to one thread at a time, and so do the codes on offer.
_one_at_a_time = Lock()


def printed(pages: list[tuple[Document, list[Block]]]) -> list[bytes]:
    """One file for each page; all are laid out as one document and then taken apart. Raises RenderingFailed."""
    with alone() as press:
        return press.run(pages)


@contextmanager
def alone() -> Iterator["Press"]:
    """The process's press, for one user at a time. Whatever a document asks to fetch is refused as RenderingFailed."""
    from weasyprint.urls import FatalURLFetchingError

    with _one_at_a_time:
        try:
            yield kept()
        except FatalURLFetchingError as fault:
            raise RenderingFailed(f"The document asks for something that it may not have. {fault}") from fault


class Press:
    def __init__(self):
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        from certificates.rendering import finishing

        self.fetcher = _fetcher()
        self.fonts = FontConfiguration()
        self.style = CSS(
            string=design_file("document.css"), base_url=NOWHERE, url_fetcher=self.fetcher, font_config=self.fonts
        )
        self.template = Engine().from_string(design_file("document.html"))
        self.layer = finishing.stream(engraving.operators(design_file("art.svg")))
        self.colours = finishing.Colours()

    def run(self, pages: list[tuple[Document, list[Block]]]) -> list[bytes]:
        self.fetcher.codes = {_code_of(document): qr(document.check_url) for document, _ in pages}
        self.fetcher.pictures = {
            f"certificate:{n}": each for document, _ in pages for n, each in document.images.items()
        }
        laid_out, languages = self._laid_out(self._html(pages))
        if len(laid_out.pages) != len(pages):
            raise RenderingFailed("The certificate does not fit on one page.")
        return [
            self._file(laid_out.copy([page]), document, languages[at])
            for at, (page, (document, _)) in enumerate(zip(laid_out.pages, pages, strict=True))
        ]

    def _html(self, pages: list[tuple[Document, list[Block]]]) -> str:
        views = [
            {
                "language": document.language,
                "blocks": blocks,
                "qr": _code_of(document),
            }
            for document, blocks in pages
        ]
        first = pages[0][0]
        # Lengths are CSS: a decimal point whatever language is active.
        words = {"pages": views, "language": first.language, "title": first.heading}
        return self.template.render(Context(words, autoescape=True, use_l10n=False))

    def _laid_out(self, html: str):
        """All pages, and for each the languages of its parts."""
        from weasyprint import HTML

        source = HTML(string=html, base_url=NOWHERE, url_fetcher=self.fetcher)
        laid_out = source.render(font_config=self.fonts, stylesheets=[self.style], pdf_variant=VARIANT)
        sections = source.etree_element.iter("section")
        return laid_out, [[part.get("lang") for part in section] for section in sections]

    def _file(self, laid_out, document: Document, languages: list[str | None]) -> bytes:
        from weasyprint import DEFAULT_OPTIONS
        from weasyprint.pdf import generate_pdf

        from certificates.rendering import finishing, writing

        laid_out.metadata = finishing.Metadata(document)
        laid_out.color_profiles = {"srgb": self.colours}
        options = {**DEFAULT_OPTIONS, "pdf_variant": VARIANT, "pdf_version": "1.7"}
        pdf = generate_pdf(laid_out, None, 1, **options)
        refuse_foreign_typefaces(laid_out.fonts.values())
        if design_of(document).background == "engraving":
            finishing.put_below(pdf, self.layer)
        finishing.complete_structure(pdf, languages)
        finishing.attach(pdf, document.attachments, document.issued_at)
        place = finishing.add_signature_field(pdf, ", ".join(document.authors))
        return writing.written(pdf, place, short_hash(document.number))


@cache
def kept() -> Press:
    return Press()


def _code_of(document: Document) -> str:
    """Where the page finds its QR code. The file bears a trace of it, so it must not depend on the place in a batch."""
    return f"certificate:{short_hash(document.check_url)}.png"


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def qr(address: str) -> bytes:
    """A PNG with one pixel for each module. The mask is fixed: trying all eight takes longer than the rest."""
    import segno

    content = io.BytesIO()
    segno.make(address, error="m", mask=4, micro=False, boost_error=False).save(content, kind="png", scale=1, border=0)
    return content.getvalue()


def refuse_foreign_typefaces(used) -> None:
    """What layout.py and words.py let through stands in our own faces; a machine's others would look different."""
    for font in used:
        if font.missing or not font.family.startswith("Certificate "):
            letters = " ".join(f"U+{point:04X}" for point in font.missing)
            raise RenderingFailed(f"A letter is in no typeface of the documents ({letters or font.family}).")


def design_file(name: str) -> str:
    try:
        return (DESIGN / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RenderingFailed(f"The file {name} of the design is missing.") from None


def _fetcher():
    """Gives out the typefaces and the codes of this run by their exact addresses. Anything else ends the rendering."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurs(URLFetcher):
        def __init__(self):
            super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
            self.typefaces = {f"certificate:{name}": content for name, content in fonts.files().items()}
            self.codes: dict[str, bytes] = {}
            self.pictures: dict[str, bytes] = {}

        def fetch(self, url, headers=None):
            if url in self.typefaces:
                return URLFetcherResponse(url, self.typefaces[url], {"Content-Type": "font/ttf"})
            if url in self.codes:
                return URLFetcherResponse(url, self.codes[url], {"Content-Type": "image/png"})
            if url in self.pictures:
                return URLFetcherResponse(
                    url, self.pictures[url], {"Content-Type": MEDIA_TYPES[url.rpartition(".")[2]]}
                )
            raise ValueError(f"{url[:200]} is not part of a certificate")

    return OnlyOurs()
