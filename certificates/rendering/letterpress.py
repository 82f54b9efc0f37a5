"""WeasyPrint for letters: the same typefaces and the same closed door as for certificates, pages as many as needed."""

from datetime import UTC
from functools import cache

from certificates.rendering import press
from certificates.rendering.document import LetterDocument, RenderingFailed

# Tagged, with its language and its title: a letter is read aloud in order, headings and table included.
VARIANT = "pdf/ua-1"
MOST_PAGES = 6


def printed(document: LetterDocument) -> bytes:
    """The file of one letter. Raises RenderingFailed."""
    from weasyprint import HTML

    with press.alone() as kept:
        html = HTML(string=document.html, base_url=press.NOWHERE, url_fetcher=kept.fetcher)
        laid_out = html.render(font_config=kept.fonts, stylesheets=[_style()], pdf_variant=VARIANT)
        if len(laid_out.pages) > MOST_PAGES:
            raise RenderingFailed(f"The letter has more than {MOST_PAGES} pages. Shorten the reason.")
        laid_out.metadata = _metadata(document)
        identifier = press.short_hash(document.reference).encode()
        pdf = laid_out.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
        press.refuse_foreign_typefaces(laid_out.fonts.values())
        return pdf


@cache
def _style():
    """The faces are known to the press already: its own style sheet names them."""
    from weasyprint import CSS

    kept = press.kept()
    return CSS(
        string=press.design_file("letter.css"), base_url=press.NOWHERE, url_fetcher=kept.fetcher, font_config=kept.fonts
    )


def _metadata(document: LetterDocument):
    from weasyprint.document import DocumentMetadata

    at = document.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return DocumentMetadata(
        title=document.title,
        authors=[document.author],
        description=document.subject,
        keywords=[document.reference],
        created=at,
        modified=at,
        lang=document.language,
    )
