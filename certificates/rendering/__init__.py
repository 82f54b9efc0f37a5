"""From plain values to the bytes of a file. No models, no database, no network.

A certificate is one page, PDF/A-3a and PDF/UA-1 at once; a letter is as many as it needs, PDF/UA-1.

    document.py   what is printed; the exception
    elements.py   what a design is: boxes with texts, rules and pictures
    wire.py       documents on their way to the process that lays them out
    words.py      what may be printed: cleaned, or refused with a sentence
    fonts.py      the typefaces, cut once and kept in VAR_DIR
    fitting.py    how wide a text is, where its lines break
    layout.py     what stands where, and how large
    press.py      WeasyPrint: the pages as HTML, laid out together, a file for each
    finishing.py  what a file needs for both standards, and to be signed
    signature.py  the place for the signature, filled later by who has the key
    writing.py    the finished file as bytes
    letterpress.py   the press for letters, whose HTML comes ready

WeasyPrint and fontTools are imported inside functions, so that a process that only shows pages never loads them.
"""

from collections.abc import Sequence

from certificates.rendering import letterpress, press, words
from certificates.rendering.document import Attachment, Document, LetterDocument, RenderingFailed, Signatory
from certificates.rendering.layout import Block, page_of

__all__ = ["Attachment", "Document", "LetterDocument", "RenderingFailed", "Signatory", "render", "render_many"]


def render(document: Document | LetterDocument) -> bytes:
    """The PDF of one document. The same document gives the same bytes.

    Raises RenderingFailed with a sentence for the coordinator.
    """
    if isinstance(document, LetterDocument):
        return letterpress.printed(document)
    return press.printed([_set(document)])[0]


def render_many(documents: Sequence[Document]) -> list[bytes | RenderingFailed]:
    """The same files as render() makes, in the same order, for less time each; in place of one, why it cannot be made.

    They are laid out as one document: 20 to 50 are cheapest, more only cost memory.
    """
    results = [_attempted(_set, document) for document in documents]
    pages = [result for result in results if not isinstance(result, RenderingFailed)]
    files = iter(_printed(pages))
    return [result if isinstance(result, RenderingFailed) else next(files) for result in results]


def _set(document: Document) -> tuple[Document, list[Block]]:
    clean = words.prepared(document)
    return clean, page_of(clean)


def _printed(pages: list[tuple[Document, list[Block]]]) -> list[bytes | RenderingFailed]:
    """Together; when that fails, each alone, so that the one at fault costs only itself."""
    if not pages:
        return []
    together = _attempted(press.printed, pages)
    if isinstance(together, RenderingFailed):
        return [_attempted(lambda page: press.printed([page])[0], page) for page in pages]
    return together


def _attempted(deed, argument):
    try:
        return deed(argument)
    except RenderingFailed as fault:
        return fault
