"""A badge that somebody hands in: found in a file, checked by our own keys. Nothing is fetched, nothing is run."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certificates.badges import tokens
from certificates.badges.faults import NotOurBadge

LONGEST = 64 * 1024  # letters of a file that holds a badge
LARGEST_PDF = 10 * 1024 * 1024
MOST_ATTACHMENTS = 20
# It begins where a run of letters does: so a long text is walked through once, whatever it holds.
TOKEN = re.compile(r"(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]{86}(?![\w-])", re.ASCII)
ATTACHMENT = b"/EmbeddedFile"
START_OF_STREAM = re.compile(rb"(?!s)[\s\S]{0,1000}?>>\s*stream\r?\n")


@dataclass(frozen=True)
class Claims:
    """What a badge of ours says. Whether it still holds is not in it: ask the certificate with this code."""

    code: str  # the secret of the paper's QR code
    number: str
    name: str
    token: str  # as handed in; a signature may be written in more ways than the one that we gave out
    credential: dict


def read(content: str | bytes) -> Claims:
    """The badge in a token, in JSON that contains one, or in a PDF that carries one.

    Raises NotOurBadge; BadgeFailed when our own keys are missing.
    """
    found = {token for text in _texts(content) for token in TOKEN.findall(text)}
    if not found:
        raise NotOurBadge(_("There is no badge in this file. Choose the badge, or the certificate as a PDF."))
    if len(found) > 1:
        raise NotOurBadge(_("There is more than one badge in this file. Hand them in one by one."))
    return _claims(found.pop())


def _claims(token: str) -> Claims:
    said = tokens.verified(token)
    if said is None or "OpenBadgeCredential" not in said.get("type", ()):
        raise NotOurBadge(_("This badge was not signed here, or it was changed."))
    subject = said["credentialSubject"]
    return Claims(
        code=said["id"].rstrip("/").rpartition("/")[2],
        number=subject["licenseNumber"],
        name=subject["identifier"][0]["identityHash"],
        token=token,
        credential=said,
    )


def _texts(content: str | bytes) -> Iterator[str]:
    """Where a token may stand."""
    content = content.encode(errors="replace") if isinstance(content, str) else content
    if content.startswith(b"%PDF-"):
        _refuse_longer_than(LARGEST_PDF, content)
        yield from (attached.decode(errors="replace") for attached in _attachments(content))
    else:
        _refuse_longer_than(LONGEST, content)
        yield content.decode(errors="replace")


def _refuse_longer_than(most: int, content: bytes) -> None:
    if len(content) > most:
        raise NotOurBadge(_("This file is too large to hold a badge."))


def _attachments(pdf: bytes) -> Iterator[bytes]:
    """The first embedded files of a PDF, each as far as a badge may be long.

    Found by their mark, not by a parser: that takes bounded time and memory, whatever the file pretends to be.
    """
    position = 0
    for _attempt in range(MOST_ATTACHMENTS):
        position = pdf.find(ATTACHMENT, position)
        if position < 0:
            return
        position += len(ATTACHMENT)
        start = START_OF_STREAM.match(pdf, position)
        if start:
            yield _unpacked(pdf[start.end() : start.end() + LONGEST])


def _unpacked(stream: bytes) -> bytes:
    """As it is, or deflated; cut off where no badge is that long."""
    try:
        return zlib.decompressobj().decompress(stream, LONGEST)
    except zlib.error:
        return stream
