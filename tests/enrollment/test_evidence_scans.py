"""Uploads are inert: what is not plainly a PDF, a PNG or a JPEG is refused with a sentence, whatever it is called."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from accounts.moves import Refused
from enrollment.scans import LARGEST, scan_of
from tests import make

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def picture(kind: str, **options) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((120, 90), 80).convert("RGB").save(kept, kind, **options)
    return kept.getvalue()


def archive() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("index.html", HTML)
    return kept.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds nothing."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IEND", b"")]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


PNG, JPEG = picture("PNG"), picture("JPEG")
HOSTILE = {
    "html called pdf": ("certificate.pdf", HTML),
    "html called png": ("certificate.png", HTML),
    "html called jpg": ("certificate.jpg", HTML),
    "html under its own name": ("certificate.html", HTML),
    "svg under its own name": ("certificate.svg", SVG),
    "svg called png": ("certificate.png", SVG),
    "svg called pdf": ("certificate.pdf", SVG),
    "a script": ("certificate.js", b"alert(1)"),
    "a program": ("certificate.exe", b"MZ\x90\x00"),
    "a program called pdf": ("certificate.pdf", b"MZ\x90\x00"),
    "two extensions": ("certificate.pdf.html", make.PDF),
    "no extension": ("certificate", make.PDF),
    "a dot alone": (".pdf", HTML),
    "an archive": ("certificate.zip", archive()),
    "an archive called pdf": ("certificate.pdf", archive()),
    "an archive called png": ("certificate.png", archive()),
    "a document with macros": ("certificate.docm", archive()),
    "nothing at all": ("certificate.pdf", b""),
    "6 MB": ("certificate.pdf", make.PDF + b" " * (6 * 1024 * 1024)),
    "one byte too many": (
        "certificate.pdf",
        make.PDF.replace(b"%%EOF", b" " * (LARGEST - len(make.PDF) + 1) + b"%%EOF"),
    ),
    "a pdf called png": ("certificate.png", make.PDF),
    "a png called pdf": ("certificate.pdf", PNG),
    "a png called jpg": ("certificate.jpg", PNG),
    "a jpeg called png": ("certificate.png", JPEG),
    "a gif called png": ("certificate.png", picture("GIF")),
    "html before the pdf": ("certificate.pdf", HTML + make.PDF),
    "html behind the pdf": ("certificate.pdf", make.PDF + HTML),
    "an archive behind the pdf": ("certificate.pdf", make.PDF + archive()),
    "only the head of a pdf": ("certificate.pdf", b"%PDF-1.7\n" + HTML),
    "head and foot of a pdf, nothing it points to": ("certificate.pdf", b"%PDF-1.7\n" + HTML + b"\n%%EOF"),
    "only the head of a png": ("certificate.png", PNG[:8] + HTML),
    "a png with a wrong sum": ("certificate.png", PNG[:40] + b"\x00" + PNG[41:]),
    "half a png": ("certificate.png", PNG[: len(PNG) // 2]),
    "a png of a hundred thousand pixels squared": ("certificate.png", png_header(100_000, 100_000)),
    "a png without a pixel": ("certificate.png", png_header(0, 10)),
    "only the head of a jpeg": ("certificate.jpg", b"\xff\xd8\xff\xe0" + HTML),
    "half a jpeg": ("certificate.jpg", JPEG[: len(JPEG) // 2]),
    "a jpeg without a picture": ("certificate.jpg", b"\xff\xd8\xff\xfe\x00\x04ab\xff\xd9"),
    "a jpeg whose segment runs over the end": (
        "certificate.jpg",
        b"\xff\xd8\xff\xe0\xff\xff" + b"a" * 50 + b"\xff\xd9",
    ),
    "a jpeg of 65,535 pixels squared": ("certificate.jpg", JPEG.replace(b"\x00\x5a\x00\x78", b"\xff\xff\xff\xff")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_plainly_a_paper_is_refused_with_a_sentence(name):
    with pytest.raises(Refused) as refusal:
        scan_of(*HOSTILE[name])

    assert refusal.value.field == "file"
    assert refusal.value.sentence.endswith("Bring a PDF, a PNG or a JPEG of at most 5 MB.")


def test_there_are_at_least_forty_of_them():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("scan.pdf", make.PDF, "application/pdf"),
        ("SCAN.PDF", make.PDF.rstrip(), "application/pdf"),
        ("scan.png", PNG, "image/png"),
        ("scan.jpg", JPEG, "image/jpeg"),
        ("scan.JPEG", picture("JPEG", progressive=True), "image/jpeg"),
        ("scan.jpg", picture("JPEG", restart_marker_blocks=2), "image/jpeg"),
    ],
)
def test_a_paper_comes_through_byte_by_byte(name, content, content_type):
    scan = scan_of(name, content)

    assert (scan.content_type, scan.content) == (content_type, content)


@pytest.mark.parametrize(("name", "whole"), [("scan.png", PNG), ("scan.jpg", JPEG)])
@pytest.mark.parametrize("appended", [archive(), HTML, make.PDF, b"\xff\xd9"], ids=["archive", "html", "pdf", "marker"])
def test_what_is_appended_to_a_picture_is_cut_off(name, whole, appended):
    assert scan_of(name, whole + appended).content == whole


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\system.pdf", "system.pdf"),
        ("/absolute/path.pdf", "path.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("certificate\u202efdp.exe.pdf", "certificate fdp.exe.pdf"),
        ("zero\u200bwidth\ufeff.pdf", "zero width.pdf"),
        ("nul\x00byte.pdf", "nul byte.pdf"),
        ('quote"; filename="evil.html.pdf', "quote filename= evil.html.pdf"),
        ("....pdf", "file.pdf"),
        ("   .pdf", "file.pdf"),
        ("Attestation de réussite – Ščepanović.pdf", "Attestation de réussite – Ščepanović.pdf"),
        ("شهادة.pdf", "شهادة.pdf"),
    ],
)
def test_a_name_is_made_harmless_and_stays_readable(name, kept):
    assert scan_of(name, make.PDF).name == kept


def test_a_name_of_any_length_fits():
    assert len(scan_of("x" * 4000 + ".pdf", make.PDF).name) <= 120
