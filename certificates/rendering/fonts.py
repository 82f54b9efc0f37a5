"""The typefaces: taken from npm packages, cut to the scripts served, and kept in VAR_DIR.

WeasyPrint unpacks WOFF2 in Python and carries whole fonts through every document; both are done here, once. The folder
is named after all that shapes its files, so that another version of a package or of fontTools makes another folder.
Why these and not others: docs/decisions/0005-certificate-fonts.md.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings

from certificates.rendering.document import RenderingFailed

EUROPEAN = "20-7E A0-52F 1C80-1C88 1D00-1FFF 2002-200A 200C-200D 2010-2027 202F-205E 2070-209F 20A0-20BF 2100-214F"
ARABIC = "20 200C-200D 600-6FF 750-77F 8A0-8FF"
GEORGIAN = "20 10A0-10FF 1C90-1CBF 2D00-2D2F"
ARMENIAN = "20 530-58F"
HEBREW = "20 590-5FF"

# For all scripts; for Arabic; figures. Nothing ornamental.
FEATURES = [
    *("calt", "ccmp", "clig", "kern", "liga", "locl", "mark", "mkmk", "rlig"),
    *("init", "medi", "fina", "isol", "cswh", "mset", "rclt"),
    *("lnum", "onum", "pnum", "tnum"),
]


@dataclass(frozen=True)
class Face:
    name: str
    family: str
    weight: int
    style: str
    source: str  # below node_modules
    letters: str  # ranges of code points

    @property
    def file(self) -> str:
        return f"{self.name}.ttf"


GARAMOND = "@expo-google-fonts/eb-garamond"
FACES = [
    Face("serif-regular", "Serif", 400, "normal", f"{GARAMOND}/400Regular/EBGaramond_400Regular.ttf", EUROPEAN),
    Face("serif-medium", "Serif", 500, "normal", f"{GARAMOND}/500Medium/EBGaramond_500Medium.ttf", EUROPEAN),
    Face(
        "serif-italic",
        "Serif",
        400,
        "italic",
        f"{GARAMOND}/400Regular_Italic/EBGaramond_400Regular_Italic.ttf",
        EUROPEAN,
    ),
    Face("arabic", "Arabic", 400, "normal", "@expo-google-fonts/amiri/400Regular/Amiri_400Regular.ttf", ARABIC),
    *(
        Face(
            script,
            script.title(),
            400,
            "normal",
            f"@fontsource/noto-serif-{script}/files/noto-serif-{script}-{script}-400-normal.woff2",
            letters,
        )
        for script, letters in [("georgian", GEORGIAN), ("armenian", ARMENIAN), ("hebrew", HEBREW)]
    ),
]


@cache
def files() -> dict[str, bytes]:
    """Every face by the name of its file, as TTF. The first call on a machine cuts them, in a few seconds.

    Raises RenderingFailed when a package is not installed.
    """
    originals = {face: _original(face) for face in FACES}
    folder = Path(settings.VAR_DIR) / "certificate-fonts" / _edition(originals)
    folder.mkdir(parents=True, exist_ok=True)
    return {face.file: _kept(folder / face.file, face, original) for face, original in originals.items()}


def _original(face: Face) -> bytes:
    try:
        return (Path(settings.BASE_DIR) / "node_modules" / face.source).read_bytes()
    except FileNotFoundError:
        raise RenderingFailed(
            f"The typeface {face.source} is not installed. Ask the administrator to run: npm ci"
        ) from None


def _edition(originals: dict[Face, bytes]) -> str:
    from fontTools import version

    digest = hashlib.sha256(repr((version, FEATURES)).encode())
    for face, original in originals.items():
        digest.update(repr(face).encode() + hashlib.sha256(original).digest())
    return digest.hexdigest()[:16]


def _kept(file: Path, face: Face, original: bytes) -> bytes:
    """The file's content; made first where it is missing. Two processes that make it at once make the same."""
    if file.exists():
        return file.read_bytes()
    content = _cut(original, face)
    handle, part = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    os.chmod(part, 0o644)
    os.replace(part, file)
    return content


def _cut(original: bytes, face: Face) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(original), recalcTimestamp=False)
    font.flavor = None
    subsetter = Subsetter(Options(hinting=False, layout_features=FEATURES, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]))
    subsetter.populate(unicodes=_code_points(face.letters))
    subsetter.subset(font)
    content = BytesIO()
    font.save(content)
    return content.getvalue()


def _code_points(ranges: str) -> set[int]:
    points: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        points |= set(range(int(first, 16), int(last or first, 16) + 1))
    return points
