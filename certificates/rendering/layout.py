"""What stands where on the page, and how large. All lengths are points, from the upper left corner.

Each text takes the largest size at which it fits its box; the paragraphs of one box shrink together, and share what
room is left. Nothing is ever cut: a text that fits at no size is refused with a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import bidirectional

from certificates.rendering.document import Document, RenderingFailed, Signatory
from certificates.rendering.elements import BILINGUAL, PLACEHOLDER, SECOND, Design, Element, Paragraph
from certificates.rendering.fitting import broken, stack

MM = 72 / 25.4
DOT = " · "
EMPTY_DOTS = re.compile(r"(?:\s*·\s*){2,}")
OBJECTIVES = "{objectives}"
SCALES = [1 - step / 25 for step in range(16)]
# How far the gaps of a box may open, as a multiple of their least height; and the share of spare room that stays above.
OPENING, ABOVE = 2.6, 0.42
WIDEST_SIGNATURE, BETWEEN_SIGNATURES = 190.0, 16.0


@dataclass(frozen=True)
class Block:
    """Some lines of one text in one size, a rule, a picture or the code: where it stands."""

    role: str  # class in document.css
    lines: tuple[str, ...]
    size: float
    leading: float
    left: float
    top: float
    width: float
    direction: str = "ltr"
    height: float = 0
    align: str = "center"
    colour: str = ""
    tag: str = "p"
    image: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Set:
    """Lines that fit, not placed yet."""

    paragraph: Paragraph
    style: str
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

    paragraph: Paragraph
    text: str
    steps: tuple[tuple[float, int], ...]  # size, most lines
    inside_words_below: float = 0  # below this size a word without end is broken; better than cut

    def set(self, width: float, scale: float) -> Set | None:
        style = self._style()
        letters = stack(style)
        for size, most in ((size * scale, most) for size, most in self.steps):
            if lines := broken(self.text, letters, width / size, most, size < self.inside_words_below):
                # A dot that parts two texts parts nothing at the end or start of a line.
                lines = tuple(line.strip(DOT) for line in lines)
                leading = round(size * _leading(self.text), 2)
                gap = self.paragraph.gap * scale
                return Set(self.paragraph, style, lines, round(size, 2), leading, gap, _direction(self.text))
        return None

    def _style(self) -> str:
        """Italic is for texts that the italic face has in full: a slanted Arabic word is no italic."""
        style = self.paragraph.style
        return "regular" if style == "italic" and stack("italic").missing(self.text) else style


def page_of(document: Document) -> list[Block]:
    """Every block of the page. Raises RenderingFailed when a letter is in no typeface or the texts do not fit."""
    _refuse_missing_letters(document)
    return [block for element in design_of(document).elements for block in _drawn(element, document)]


def design_of(document: Document) -> Design:
    from certificates.design import templates

    return document.design or templates.standard()


def _drawn(element: Element, document: Document) -> list[Block]:
    match element.kind:
        case "text":
            return _text(element, document)
        case "signatures":
            return _signatures(element, document.signatories)
        case "rule":
            return [_plain(element, "rule", colour=element.colour)]
        case "qr":
            return [_plain(element, "qr", alt=document.check_url)]
        case "image":
            return _picture(element, element.image, element.alt, document)
    name = document.emblems[element.which - 1] if element.which <= len(document.emblems) else ""
    owner = document.institutions[element.which - 1] if element.which <= len(document.institutions) else ""
    return _picture(element, name, owner, document)


def _picture(element: Element, name: str, alt: str, document: Document) -> list[Block]:
    """Nothing for an institution that has no emblem; but what a design names must be there."""
    if not name:
        return []
    if name not in document.images:
        raise RenderingFailed(f"The picture {name[:12]}… of the design is missing.")
    return [_plain(element, "picture", image=name, alt=alt)]


def _plain(element: Element, role: str, **more) -> Block:
    left, top, width, height = _box(element)
    return Block(role, (), 0, 0, left, top, width, height=height, **more)


def _box(element: Element) -> tuple[float, float, float, float]:
    """Left, top, width and height in points."""
    return tuple(round(each * MM, 2) for each in (element.left, element.top, element.width, element.height))


def _text(element: Element, document: Document) -> list[Block]:
    left, top, width, height = _box(element)
    parts = [part for each in element.paragraphs for part in _parts(each, document, width)]
    if not parts:
        return []
    for scale in SCALES:
        if done := _fitted(parts, width, height, scale):
            return _placed(done, element, left, top, width, height)
    raise RenderingFailed(f"These words do not fit on the page: “{parts[0].text[:60]}”. Shorten them or those below.")


def _parts(paragraph: Paragraph, document: Document, width: float) -> list[Part]:
    if paragraph.text == OBJECTIVES:
        return _objectives(paragraph, document.objectives, width)
    text = _filled(paragraph.text, document.values)
    return [Part(paragraph, text, _ways(paragraph.size), _breaks_below(paragraph.size))] if text else []


def _filled(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled; empty when it has some and all of them are."""
    names = PLACEHOLDER.findall(text)
    if names and not any(values.get(name) for name in names):
        return ""
    filled = PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)
    return " ".join(EMPTY_DOTS.sub(DOT, filled).split()).strip(DOT)


def _ways(size: float) -> tuple[tuple[float, int], ...]:
    """One line as long as it stays large, then two, then three and more in ever smaller ones."""
    by = 1 if size > 12 else 0.5
    least = min(size, max(3.5, size * 0.2))
    return (
        *_down(size, 1, to=size * 0.73, by=by),
        *_down(size * 0.73, 2, to=size * 0.5, by=by),
        *_down(size * 0.55, 3, to=max(size * 0.34, least), by=0.5),
        *_down(max(size * 0.34, least), 5, to=least, by=0.5),
    )


def _down(size: float, lines: int, *, to: float, by: float) -> tuple[tuple[float, int], ...]:
    return tuple((size - step * by, lines) for step in range(int((size - to) / by) + 1))


def _breaks_below(size: float) -> float:
    return max(6.0, size * 0.45)


def _objectives(paragraph: Paragraph, objectives: tuple[str, ...], width: float) -> list[Part]:
    """Each on a line of its own where they are few and short, otherwise one run of text."""
    size = paragraph.size
    following = Paragraph(paragraph.text, size, "italic", paragraph.colour)
    first = Paragraph(paragraph.text, size, "italic", paragraph.colour, paragraph.gap)
    one_line = tuple((size * share, 1) for share in (1, 0.95, 0.9))
    each = [Part(following if place else first, text, one_line) for place, text in enumerate(objectives)]
    if len(each) <= 5 and all(part.set(width, 1) for part in each):
        return each
    steps = ((0.95, 3), (0.9, 4), (0.86, 5), (0.81, 6), (0.76, 14))
    run = Part(paragraph, DOT.join(objectives), tuple((size * share, most) for share, most in steps), size * 0.86)
    return [run]


def _signatures(element: Element, signatories: tuple[Signatory, ...]) -> list[Block]:
    """Side by side below their lines."""
    if not signatories:
        return []
    left, top, whole, height = _box(element)
    gaps = BETWEEN_SIGNATURES * (len(signatories) - 1)
    width = min(WIDEST_SIGNATURE, (whole - gaps) / len(signatories))
    start = left + (whole - width * len(signatories) - gaps) / 2
    blocks = []
    for index, texts in enumerate(_signed(signatories, element, width, height - 4)):
        at = start + index * (width + BETWEEN_SIGNATURES)
        blocks.append(Block("rule", (), 0, 0, round(at, 2), top, width, height=0.5, colour="#8797b8"))
        blocks += _stacked(texts, element, at, top + 4, width)
    return blocks


def _signed(signatories: tuple[Signatory, ...], element: Element, width: float, height: float) -> list[list[Set]]:
    """Names and functions, in the same sizes for all."""
    sizes = (11.5, 1), (10.5, 1), (10.5, 2), (9.5, 2), (8.5, 2), (7.5, 3), (6.5, 3), (5.5, 4), (4.8, 4), (3.9, 5)
    for size, lines in sizes:
        done = [_fitted(_signature(each, element, size, lines), width, height, 1) for each in signatories]
        if all(done):
            return done
    raise RenderingFailed("The names and functions of the signatories do not fit below their lines. Shorten them.")


def _signature(signatory: Signatory, element: Element, size: float, lines: int) -> list[Part]:
    name, function = Paragraph("", size, colour=element.colour), Paragraph("", size, "italic", "#3c4c70")
    parts = [
        Part(name, signatory.name, ((size, lines),), 8),
        Part(function, signatory.function, ((size * 0.86, lines),), 7),
    ]
    return [part for part in parts if part.text]


def _fitted(parts: list[Part], width: float, height: float, scale: float) -> list[Set] | None:
    done = [part.set(width, scale) for part in parts]
    return done if all(done) and _least(done) <= height else None


def _least(done: list[Set]) -> float:
    return sum(each.height for each in done) + sum(each.gap for each in done[1:])


def _placed(done: list[Set], element: Element, left: float, top: float, width: float, height: float) -> list[Block]:
    """In the middle of a box the gaps open as far as there is room; at its top or bottom they stay as they are."""
    gaps = sum(each.gap for each in done[1:])
    spare = height - _least(done)
    opened = min(spare, gaps * (OPENING - 1)) if element.anchor == "middle" else 0
    above = {"top": 0, "middle": ABOVE, "bottom": 1}[element.anchor]
    stretch = 1 + opened / gaps if gaps else 1
    return _stacked(done, element, left, top + (spare - opened) * above, width, stretch)


def _stacked(
    done: list[Set], element: Element, left: float, top: float, width: float, stretch: float = 1
) -> list[Block]:
    blocks = []
    for index, each in enumerate(done):
        top += each.gap * stretch if index else 0
        blocks.append(_block(each, element, left, top, width))
        top += each.height
    return blocks


def _block(each: Set, element: Element, left: float, top: float, width: float) -> Block:
    return Block(
        each.style,
        each.lines,
        each.size,
        each.leading,
        round(left, 2),
        round(top, 2),
        width,
        each.direction,
        height=round(each.height, 2),
        align=element.align,
        colour=each.paragraph.colour,
        tag="h1" if each.paragraph.is_heading else "p",
    )


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


CALLED = {
    "printed_name": "the name",
    "latin_name": "the name in Latin letters",
    "heading": "the heading",
    "statement": "the words",
    "course_title": "the course title",
    "course_line": "the line",
    "dates": "the dates",
    "place": "the place",
    "number": "the number",
    "issued_on": "the day of issue",
    "check_hint": "the note on checking",
    "institution_1": "the institution",
    "institution_2": "the second institution",
    "certification": "the certification",
    "valid_until": "the end of validity",
    "replaces": "the note on the replaced certificate",
    "notice": "the notice",
}
CALLED |= {f"{name}{SECOND}": f"{CALLED[name]} in the second language" for name in BILINGUAL}


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every text on the page with what a coordinator calls it; those of the design itself come last."""
    for name, text in document.values.items():
        yield CALLED.get(name, name), text
    yield from (("the learning objective", each) for each in document.objectives)
    yield from (("the signatory", each.name) for each in document.signatories)
    yield from (("the function", each.function) for each in document.signatories)
    for element in design_of(document).elements:
        yield from (("the template", PLACEHOLDER.sub("", each.text)) for each in element.paragraphs)
