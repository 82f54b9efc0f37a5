"""How wide a text is, and where its lines break.

Widths are sums of the letters' own advances, without kerning or joined forms, which make a line shorter if anything; so
the answer depends on the fonts alone, never on the version of a shaping library, and errs to the safe side.
"""

import re
from functools import cache
from io import BytesIO

from certificates.rendering import fonts
from certificates.rendering.words import JOINERS, clusters, is_mark

# The few pairs that kerning draws apart.
SLACK = 1.01
# Words, and parts of words behind a hyphen or a slash; each with the space that follows it.
PIECE = re.compile(r"[^\s\-\u2010\u2013/]*[\-\u2010\u2013/]*\s*")


class Stack:
    """Faces in the order in which they are asked for a letter."""

    def __init__(self, *names: str):
        self.advances = [_advances(f"{name}.ttf") for name in names]
        self.plain = {letter for face in self.advances for letter in face if not is_mark(letter)}

    def width(self, text: str) -> float:
        """In ems."""
        return SLACK * (sum(self._advance(letter) for letter in text) + text.count(" ") * self._wider_spaces(text))

    def _wider_spaces(self, text: str) -> float:
        """Between words of another script stands that script's own space, which is wider than the first face's."""
        if all(letter in self.advances[0] for letter in text):
            return 0
        return max(face[" "] for face in self.advances) - self.advances[0][" "]

    def missing(self, text: str) -> str | None:
        """The first letter that no face has, or whose marks are in none of those that have it."""
        if self.plain.issuperset(text):
            return None
        for cluster in clusters(text):
            letters = [letter for letter in cluster if letter not in JOINERS]
            if not any(all(letter in face for letter in letters) for face in self.advances):
                return self._culprit(letters)
        return None

    def _culprit(self, letters: list[str]) -> str:
        return next((each for each in letters if not any(each in face for face in self.advances)), letters[-1])

    def _advance(self, letter: str) -> float:
        if is_mark(letter):
            return 0
        return next((face[letter] for face in self.advances if letter in face), 1)


@cache
def stack(style: str) -> Stack:
    """The faces of a style: "regular", "medium" or "italic". Only Serif has more than the regular one."""
    if style == "italic":
        return Stack("serif-italic")
    return Stack(f"serif-{style}", "arabic", "georgian", "armenian", "hebrew")


@cache
def _advances(file: str) -> dict[str, float]:
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(fonts.files()[file]), lazy=True)
    units, metrics = font["head"].unitsPerEm, font["hmtx"]
    return {chr(point): metrics[glyph][0] / units for point, glyph in font.getBestCmap().items()}


def broken(text: str, stack: Stack, width: float, most: int, inside_words: bool = False) -> list[str] | None:
    """At most `most` lines no wider than `width` ems, as even as they can be; None when it takes more."""
    pieces = [part for piece in PIECE.findall(text) if piece for part in _parts(piece, stack, width, inside_words)]
    measured = [(piece, stack.width(piece.rstrip()), stack.width(piece)) for piece in pieces]
    lines = _filled(measured, width)
    if lines is None or len(lines) > most:
        return None
    return _evened(measured, width, len(lines)) if len(lines) > 1 else lines


def _parts(piece: str, stack: Stack, width: float, inside_words: bool) -> list[str]:
    if not inside_words or stack.width(piece.rstrip()) <= width:
        return [piece]
    return clusters(piece)


def _filled(measured: list[tuple[str, float, float]], width: float) -> list[str] | None:
    """Lines filled one after the other; None when a piece alone is too wide."""
    lines, line, used = [], "", 0.0
    for piece, bare, whole in measured:
        if bare > width:
            return None
        if line and used + bare > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece
        used += whole
    return [*lines, line.rstrip()]


def _evened(measured: list[tuple[str, float, float]], width: float, count: int) -> list[str]:
    """As many lines as needed anyway, in the narrowest column that still holds them."""
    narrow, wide = width / 3, width
    for _ in range(12):
        middle = (narrow + wide) / 2
        lines = _filled(measured, middle)
        if lines and len(lines) <= count:
            wide = middle
        else:
            narrow = middle
    return _filled(measured, wide) or []
