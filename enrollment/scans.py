"""What an uploaded paper really is: its type by name and by content, its name made harmless. Bytes in, bytes out."""

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.moves import Refused

LARGEST = 5 * 1024 * 1024
MOST_PIXELS = 60_000_000  # an A4 page at 800 dots an inch; what is larger is a picture made to burst a viewer
LONGEST_NAME = 100
PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
ACCEPTED = ".pdf,.png,.jpg,.jpeg"
WHAT_TO_BRING = gettext_lazy("Bring a PDF, a PNG or a JPEG of at most 5 MB.")


@dataclass(frozen=True)
class Scan:
    """A paper that was looked at: a harmless name, its type, and its bytes without what was appended to them."""

    name: str
    content_type: str
    content: bytes


def scan_of(name: str, content: bytes) -> Scan:
    """Refuses with a sentence what is empty, too large, of another type, or not what its name says."""
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if extension not in TYPES:
        raise _refused(_("A file of this type is not accepted."))
    if not content:
        raise _refused(_("The file is empty: nothing arrived."))
    refuse_too_large(len(content))
    content_type, read = TYPES[extension]
    whole = read(content)
    if whole is None:
        sentence = _("“%s” is not what its name says, or it is damaged: scan or export it anew.")
        raise _refused(sentence % harmless(name, extension))
    return Scan(harmless(name, extension), content_type, whole)


def refuse_too_large(size: int) -> None:
    if size > LARGEST:
        raise _refused(_("The file is too large: it has %s MB.") % f"{size / 1024 / 1024:.1f}")


def harmless(name: str, extension: str) -> str:
    """The last part of a path in letters that show what they are: no control, direction or joining characters."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    shown = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in stem)
    words = " ".join(shown.translate(str.maketrans('<>:"|?*;', "        ")).split()).strip(". ")
    return f"{words[:LONGEST_NAME].rstrip('. ') or 'file'}{extension}"


def _refused(sentence: str) -> Refused:
    return Refused(f"{sentence} {WHAT_TO_BRING}", field="file")


def _pdf(content: bytes) -> bytes | None:
    """A document from the first byte to the last: what stands before or behind it makes it something else as well."""
    tail = content[-2048:].rstrip(b"\x00\x1a")
    return content if PDF_HEAD.match(content) and PDF_END.search(tail) else None


def _png(content: bytes) -> bytes | None:
    """Chunk by chunk with their sums, from the header to the end; cut off behind it."""
    if not content.startswith(PNG_HEAD):
        return None
    place = len(PNG_HEAD)
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content) or not _sum_is_right(content, place, end):
            return None
        if place == len(PNG_HEAD) and not _is_a_fitting_header(kind, content[place + 8 : end - 4]):
            return None
        if kind == b"IEND":
            return content[:end]
        place = end
    return None


def _sum_is_right(content: bytes, place: int, end: int) -> bool:
    return zlib.crc32(content[place + 4 : end - 4]) == struct.unpack_from(">I", content, end - 4)[0]


def _is_a_fitting_header(kind: bytes, data: bytes) -> bool:
    return kind == b"IHDR" and len(data) == 13 and _fits(*struct.unpack_from(">II", data))


def _fits(width: int, height: int) -> bool:
    return 0 < width * height <= MOST_PIXELS


def _jpeg(content: bytes) -> bytes | None:
    """Segment by segment to the end of the picture; cut off behind it, where telephones and attackers append things."""
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    place, has_a_frame, has_a_scan = 2, False, False
    while place + 4 <= len(content) + 2 and content[place : place + 1] == b"\xff":
        marker = content[place + 1 : place + 2]
        if marker == b"\xff":  # fill bytes may stand before a marker
            place += 1
        elif marker == b"\xd9":
            return content[: place + 2] if has_a_frame and has_a_scan else None
        else:
            segment = _segment(content, place)
            if segment is None:
                return None
            if marker in FRAMES:
                has_a_frame = len(segment) >= 5 and _fits(*struct.unpack_from(">HH", segment, 1))
                if not has_a_frame:
                    return None
            place += 4 + len(segment)
            if marker == b"\xda":
                has_a_scan, place = True, _behind_the_scan(content, place)
    return None


def _segment(content: bytes, place: int) -> bytes | None:
    """What a segment holds behind its marker and its length; None when it is cut off."""
    if place + 4 > len(content):
        return None
    length = struct.unpack_from(">H", content, place + 2)[0]
    end = place + 2 + length
    return content[place + 4 : end] if length >= 2 and end <= len(content) else None


def _behind_the_scan(content: bytes, place: int) -> int:
    """The place of the next marker: in a scan, FF stands only before 00 and before the marks of a restart."""
    found = NEXT_MARKER.search(content, place)
    return found.start() if found else len(content)


FRAMES = {bytes([code]) for code in (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))}
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
TYPES: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
    ".pdf": ("application/pdf", _pdf),
    ".png": ("image/png", _png),
    ".jpg": ("image/jpeg", _jpeg),
    ".jpeg": ("image/jpeg", _jpeg),
}
