"""From plain values to the bytes of a file. No models, no database, no network.

A certificate is one page, PDF/A-3u; a letter is as many as it needs, tagged for programs that read aloud (PDF/UA-1).

    document.py   what is printed; the exception
    words.py      what may be printed: cleaned, or refused with a sentence
    fonts.py      the typefaces, cut once and kept in VAR_DIR
    fitting.py    how wide a text is, where its lines break
    layout.py     what stands where, and how large
    press.py      WeasyPrint: the page as HTML, the engraving, the finished file
    letterpress.py   the same for letters, whose HTML comes ready

WeasyPrint and fontTools are imported inside functions, so that a process that only shows pages never loads them.
"""

from collections.abc import Sequence
from itertools import islice

from certificates.rendering import letterpress, press, words
from certificates.rendering.document import Attachment, Document, LetterDocument, RenderingFailed, Signatory
from certificates.rendering.layout import page_of

__all__ = ["Attachment", "Document", "LetterDocument", "RenderingFailed", "Signatory", "render", "render_many"]

# Laid out together this is cheapest; more only costs memory.
BATCH = 20


def render(document: Document | LetterDocument) -> bytes:
    """The PDF of one document. The same document gives the same bytes.

    Raises RenderingFailed with a sentence for the coordinator.
    """
    if isinstance(document, LetterDocument):
        return letterpress.printed(document)
    return render_many([document])[0]


def render_many(documents: Sequence[Document]) -> list[bytes]:
    """The same files as render() makes, in the same order, for less time each. One that fails fails them all."""
    waiting = iter(documents)
    files: list[bytes] = []
    while batch := [words.prepared(document) for document in islice(waiting, BATCH)]:
        files += press.printed([(document, page_of(document)) for document in batch])
    return files
