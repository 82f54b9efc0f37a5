"""What stands where on the page, and how large. All lengths are points, from the upper left corner.

The heading, the signatures and the foot have fixed places. Between heading and signatures stands a column whose parts
take the largest size at which they fit, and share what room is left.
"""

from dataclasses import dataclass
from unicodedata import bidirectional

from certificates.rendering.document import Document, RenderingFailed, Signatory
from certificates.rendering.fitting import broken, stack

MM = 72 / 25.4
PAGE_WIDTH = 297 * MM
COLUMN = 640.0
SIGNED_AT, SIGNATURE_HEIGHT = 466, 44
DOT = " · "
SCALES = [1 - step / 25 for step in range(16)]
# How far the gaps of a column may open, as a multiple of their least height.
OPENING = 2.6


@dataclass(frozen=True)
class Block:
    """Some lines of one text in one size, where they stand."""

    role: str  # class in document.css
    lines: tuple[str, ...]
    size: float
    leading: float
    left: float
    top: float
    width: float
    direction: str = "ltr"


@dataclass(frozen=True)
class Set:
    """Lines that fit, not placed yet."""

    role: str
    lines: tuple[str, ...]
    size: float
    leading: float
    gap: float  # the least above it
    direction: str

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)


@dataclass(frozen=True)
class Part:
    """A text to be set, and the ways to set it, best first."""

    role: str
    text: str
    steps: tuple[tuple[float, int], ...]  # size, most lines
    style: str = "regular"
    gap: float = 0
    inside_words_below: float = 0  # below this size a word without end is broken; better than cut

    def set(self, width: float, scale: float) -> Set | None:
        style = self._style()
        letters = stack(style)
        for size, most in ((size * scale, most) for size, most in self.steps):
            if lines := broken(self.text, letters, width / size, most, size < self.inside_words_below):
                role = f"{self.role} {style}"
                # A dot that parts two texts parts nothing at the end or start of a line.
                lines = tuple(line.strip(DOT) for line in lines)
                leading = round(size * _leading(self.text), 2)
                return Set(role, lines, round(size, 2), leading, self.gap * scale, _direction(self.text))
        return None

    def _style(self) -> str:
        """Italic is for texts that the italic face has in full: a slanted Arabic word is no italic."""
        return "regular" if self.style == "italic" and stack("italic").missing(self.text) else self.style


def page_of(document: Document) -> list[Block]:
    """Every block of the page. Raises RenderingFailed when a letter is in no typeface or the texts do not fit."""
    _refuse_missing_letters(document)
    return [
        *_column(_institutions(document), top=62, height=42, spread=0.5),
        *_column([_heading(document)], top=110, height=42, spread=0.5),
        *_column(_middle(document), top=176, height=246, spread=0.4),
        *_signatures(document.signatories),
        *_column(_foot(document), top=515, height=26, spread=0),
    ]


def _institutions(document: Document) -> list[Part]:
    steps = ((14.5, 1), (13, 1), (11.5, 1), (11.5, 2), (10, 2), (8, 2))
    return [Part("institution", name, steps, "medium", 1, inside_words_below=9) for name in document.institutions]


def _heading(document: Document) -> Part:
    return Part("heading", document.heading, (*_down(33, 1, to=16), *_down(20, 2, to=9)), inside_words_below=12)


def _middle(document: Document) -> list[Part]:
    name = (*_down(40, 1, to=29), *_down(29, 2, to=20), *_down(22, 3, to=8, by=0.5))
    statement = (*_down(15, 1, to=10), *_down(11, 2, to=7))
    title = (*_down(27, 1, to=22), *_down(25, 2, to=21), *_down(22, 3, to=8, by=0.5))
    course_line = (*_down(11, 1, to=7, by=0.5), *_down(8, 2, to=5, by=0.5))
    dates = (*_down(14, 1, to=9), *_down(10, 2, to=6))
    when_and_where = DOT.join(part for part in (document.dates, document.place) if part)
    parts = [
        Part("name", document.printed_name, name, inside_words_below=16),
        Part("statement", document.statement, statement, "italic", 12, inside_words_below=8),
        Part("title", document.course_title, title, "medium", 8, inside_words_below=14),
        Part("course-line", document.course_line, course_line, gap=6, inside_words_below=6),
        Part("dates", when_and_where, dates, gap=10, inside_words_below=7),
        *_objectives(document.objectives),
    ]
    return [part for part in parts if part.text]


def _objectives(objectives: tuple[str, ...]) -> list[Part]:
    """Each on a line of its own where they are few and short, otherwise one run of text."""
    each = [
        Part("objective", text, ((10.5, 1), (10, 1), (9.5, 1)), "italic", 0 if index else 14)
        for index, text in enumerate(objectives)
    ]
    if len(each) <= 5 and all(part.set(COLUMN, 1) for part in each):
        return each
    steps = ((10, 3), (9.5, 4), (9, 5), (8.5, 6), (8, 14))
    return [Part("objective", DOT.join(objectives), steps, gap=14, inside_words_below=9)]


def _foot(document: Document) -> list[Part]:
    number = DOT.join(part for part in (document.number, document.issued_on) if part)
    hint = (*_down(8.5, 1, to=6, by=0.5), *_down(5.5, 2, to=3.5, by=0.5))
    parts = [
        Part("number", number, _down(10, 1, to=5)),
        Part("hint", document.check_hint, hint, gap=2, inside_words_below=6),
    ]
    return [part for part in parts if part.text]


def _signatures(signatories: tuple[Signatory, ...]) -> list[Block]:
    """Side by side below their lines, between the QR code and the seal."""
    if not signatories:
        return []
    left, right, between = 60 * MM, 237 * MM, 16.0
    width = min(190.0, (right - left - between * (len(signatories) - 1)) / len(signatories))
    used = width * len(signatories) + between * (len(signatories) - 1)
    start = (left + right - used) / 2
    blocks = []
    for index, texts in enumerate(_signed(signatories, width)):
        at = start + index * (width + between)
        blocks.append(Block("line", (), 0, 0, at, SIGNED_AT, width))
        blocks += _placed(texts, width, at, SIGNED_AT + 4, SIGNATURE_HEIGHT, spread=0)
    return blocks


def _signed(signatories: tuple[Signatory, ...], width: float) -> list[list[Set]]:
    """Names and functions, in the same sizes for all."""
    for size, lines in (
        (11.5, 1),
        (10.5, 1),
        (10.5, 2),
        (9.5, 2),
        (8.5, 2),
        (7.5, 3),
        (6.5, 3),
        (5.5, 4),
        (4.8, 4),
        (3.9, 5),
    ):
        done = [_fitted(_signature(each, size, lines), width, SIGNATURE_HEIGHT, 1) for each in signatories]
        if all(done):
            return done
    raise RenderingFailed("The names and functions of the signatories do not fit below their lines. Shorten them.")


def _signature(signatory: Signatory, size: float, lines: int) -> list[Part]:
    parts = [
        Part("signatory", signatory.name, ((size, lines),), inside_words_below=8),
        Part("function", signatory.function, ((size * 0.86, lines),), "italic", inside_words_below=7),
    ]
    return [part for part in parts if part.text]


def _column(parts: list[Part], *, top: float, height: float, spread: float) -> list[Block]:
    """The parts below each other at the largest scale at which all fit; `spread` is the share of spare room above."""
    for scale in SCALES:
        if done := _fitted(parts, COLUMN, height, scale):
            return _placed(done, COLUMN, (PAGE_WIDTH - COLUMN) / 2, top, height, spread)
    raise RenderingFailed(f"These words do not fit on the page: “{parts[0].text[:60]}”. Shorten them or those below.")


def _fitted(parts: list[Part], width: float, height: float, scale: float) -> list[Set] | None:
    done = [part.set(width, scale) for part in parts]
    return done if all(done) and _least(done) <= height else None


def _least(done: list[Set]) -> float:
    return sum(each.height for each in done) + sum(each.gap for each in done[1:])


def _placed(done: list[Set], width: float, left: float, top: float, height: float, spread: float) -> list[Block]:
    gaps = sum(each.gap for each in done[1:])
    spare = height - _least(done)
    opened = min(spare, gaps * (OPENING - 1)) if spread else 0
    stretch = 1 + opened / gaps if gaps else 1
    at = top + (spare - opened) * spread
    blocks = []
    for index, each in enumerate(done):
        at += each.gap * stretch if index else 0
        blocks.append(Block(each.role, each.lines, each.size, each.leading, left, round(at, 2), width, each.direction))
        at += each.height
    return blocks


def _down(size: float, lines: int, *, to: float, by: float = 1) -> tuple[tuple[float, int], ...]:
    return tuple((size - step * by, lines) for step in range(int((size - to) / by) + 1))


def _leading(text: str) -> float:
    """Arabic stands higher and hangs lower than the European scripts."""
    return 1.5 if any("\u0600" <= letter <= "\u08ff" for letter in text) else 1.2


def _direction(text: str) -> str:
    """That of the first letter that has one."""
    first = next((way for way in map(bidirectional, text) if way in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def _refuse_missing_letters(document: Document) -> None:
    for what, text in _texts(document):
        if letter := stack("regular").missing(text) or stack("medium").missing(text):
            raise RenderingFailed(
                f"No typeface of the certificates has the letter “{letter}” (U+{ord(letter):04X}), "
                f"which is in {what} “{text[:80]}”."
            )


def _texts(document: Document) -> list[tuple[str, str]]:
    return [
        ("the name", document.printed_name),
        ("the heading", document.heading),
        ("the words", document.statement),
        ("the course title", document.course_title),
        ("the line", document.course_line),
        ("the dates", document.dates),
        ("the place", document.place),
        ("the number", document.number),
        ("the day of issue", document.issued_on),
        ("the note on checking", document.check_hint),
        *(("the learning objective", each) for each in document.objectives),
        *(("the institution", each) for each in document.institutions),
        *(("the signatory", each.name) for each in document.signatories),
        *(("the function", each.function) for each in document.signatories),
    ]
