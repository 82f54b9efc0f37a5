"""From plain values to the bytes of a certificate: one page, PDF/A-3u. No models, no database, no network.

    document.py   what is printed; the exception
    words.py      what may be printed: cleaned, or refused with a sentence
    fonts.py      the typefaces, cut once and kept in VAR_DIR
    fitting.py    how wide a text is, where its lines break
    layout.py     what stands where, and how large
    press.py      WeasyPrint: the page as HTML, the engraving, the finished file

WeasyPrint and fontTools are imported inside functions, so that a process that only shows pages never loads them.
"""

from collections.abc import Sequence
from itertools import islice

from certificates.rendering import press, words
from certificates.rendering.document import Document, RenderingFailed, Signatory
from certificates.rendering.layout import page_of

__all__ = ["Document", "RenderingFailed", "Signatory", "render", "render_many"]

# Laid out together this is cheapest; more only costs memory.
BATCH = 20


def render(document: Document) -> bytes:
    """One PDF/A-3u of one page. The same document gives the same bytes.

    Raises RenderingFailed with a sentence for the coordinator.
    """
    return render_many([document])[0]


def render_many(documents: Sequence[Document]) -> list[bytes]:
    """The same files as render() makes, in the same order, for less time each. One that fails fails them all."""
    waiting = iter(documents)
    files: list[bytes] = []
    while batch := [words.prepared(document) for document in islice(waiting, BATCH)]:
        files += press.printed([(document, page_of(document)) for document in batch])
    return files
