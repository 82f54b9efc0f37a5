"""The place that a file keeps for its signature, and how a signature gets there.

The press prepares the place in the only revision that the file has, as its first object; the worker, who has the key,
fills it. So signing neither parses the file nor appends to it: two numbers, a date, a hash and the signature.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

# Bytes for the signature with its certificate, chain and time stamp. The file is longer by twice as much.
ROOM = 16 * 1024
OPENING = b"/Contents "
EMPTY = b"<" + b"0" * (2 * ROOM) + b">"
RANGE = b"/ByteRange [0 %d %d %d]"
RANGE_WIDTH = 46
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class NoPlace(Exception):
    """The file was not prepared for a signature, has one already, or the signature is too long for it."""


def placeholder() -> bytes:
    """The signature dictionary. It certifies the document as it is: no change of any kind is allowed (P 1)."""
    return b" ".join(
        (
            b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached",
            OPENING + EMPTY,
            (RANGE % (0, 0, 0)).ljust(RANGE_WIDTH),
            _time(NEVER),
            b"/Reference [<</Type /SigRef /TransformMethod /DocMDP",
            b"/TransformParams <</Type /TransformParams /P 1 /V /1.2>>>>]>>",
        )
    )


def filled(pdf: bytes, at: datetime, signature_of: Callable[[bytes], bytes]) -> bytes:
    """The file with the signature that `signature_of` makes for its SHA-256. Raises NoPlace."""
    start = pdf.find(OPENING) + len(OPENING)
    end = start + len(EMPTY)
    if pdf[start:end] != EMPTY:
        raise NoPlace
    before, after = pdf[:start], _dated(pdf, start, end, at)
    signature = signature_of(hashlib.sha256(before + after).digest()).hex().encode()
    if len(signature) > 2 * ROOM:
        raise NoPlace
    return b"".join((before, b"<", signature.ljust(2 * ROOM, b"0"), b">", after))


def _dated(pdf: bytes, start: int, end: int, at: datetime) -> bytes:
    """What follows the signature, with the extent of both parts and the time; nothing moves."""
    extent = RANGE % (start, end, len(pdf) - end)
    known = b" ".join((b"", extent.ljust(RANGE_WIDTH), _time(at)))
    return known + pdf[end + len(known) :]


def _time(at: datetime) -> bytes:
    return at.astimezone(UTC).strftime("/M (D:%Y%m%d%H%M%SZ)").encode()
