"""What a design is: elements with a place and a size on one page, texts with placeholders. Plain values, checked.

A design comes from people: from the editor, or from a file of another system. So it holds no language of its own, no
address and no path: kinds, styles, colours and placeholders are closed lists, and everything else is refused.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0  # millimetres: A4, landscape
MOST_ELEMENTS, MOST_PARAGRAPHS, MOST_LETTERS = 60, 12, 600
SMALLEST, LARGEST = 4.0, 80.0  # points

BACKGROUNDS = ("engraving", "none")
KINDS = ("text", "signatures", "rule", "image", "emblem", "qr")
STYLES = ("regular", "medium", "italic")
ALIGNMENTS = ("start", "center", "end")
ANCHORS = ("top", "middle", "bottom")
INK = "#1d3260"

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
IMAGE = re.compile(r"[0-9a-f]{64}\.(png|jpg|svg)")

SECOND = "_2"  # ends the name of what is said in the second language
BILINGUAL = (
    "heading",
    "statement",
    "course_title",
    "course_line",
    "dates",
    "place",
    "issued_on",
    "valid_until",
    "replaces",
)
PLACEHOLDERS = (
    "printed_name",
    "latin_name",
    *BILINGUAL,
    "certification",
    "objectives",
    "institution_1",
    "institution_2",
    "number",
    "check_hint",
    "notice",
    *(f"{name}{SECOND}" for name in BILINGUAL),
)


class DesignFault(Exception):
    """This design cannot be used; the message is a sentence for whoever made it."""


@dataclass(frozen=True)
class Paragraph:
    """A text in one size: `size` in points is the largest, a long text takes a smaller one. `gap` is above it."""

    text: str
    size: float = 12.0
    style: str = "regular"
    colour: str = INK
    gap: float = 0.0
    is_heading: bool = False


@dataclass(frozen=True)
class Element:
    """A box, from the page's upper left corner in millimetres, and what stands in it.

    `image` names a stored picture by its hash; `which` says whose emblem: that of institution 1 or 2.
    """

    kind: str
    left: float
    top: float
    width: float
    height: float
    paragraphs: tuple[Paragraph, ...] = ()
    align: str = "center"
    anchor: str = "middle"
    colour: str = INK
    image: str = ""
    which: int = 1
    alt: str = ""


@dataclass(frozen=True)
class Design:
    """One page. The order of its elements is the order in which they are read aloud."""

    elements: tuple[Element, ...]
    background: str = "none"

    @property
    def placeholders(self) -> set[str]:
        """The names of all that is filled in."""
        texts = [paragraph.text for element in self.elements for paragraph in element.paragraphs]
        return {name for text in texts for name in PLACEHOLDER.findall(text)}

    @property
    def images(self) -> set[str]:
        return {element.image for element in self.elements if element.image}


def design_from(data) -> Design:
    """The design that `data` (JSON, the shape of `Design`) describes. Raises DesignFault with a sentence."""
    if not isinstance(data, dict) or not isinstance(data.get("elements"), list):
        raise DesignFault(_("This is not a design: it has no list of elements."))
    if len(data["elements"]) > MOST_ELEMENTS:
        raise DesignFault(_("A page has room for %s elements.") % MOST_ELEMENTS)
    background = _one_of(data.get("background", "none"), BACKGROUNDS, _("background"), _("the page"))
    elements = tuple(_element(each, place) for place, each in enumerate(data["elements"], start=1))
    _refuse_what_cannot_be_checked(elements)
    return Design(elements, background)


def _element(data, place: int) -> Element:
    where = _("element %s") % place
    if not isinstance(data, dict):
        raise DesignFault(_("%s is not an element.") % where.capitalize())
    _refuse_others(data, Element, where)
    kind = _one_of(data.get("kind"), KINDS, _("kind"), where)
    left, top = (_number(data.get(name), 0, most, name, where) for name, most in (("left", 297), ("top", 210)))
    width = _number(data.get("width"), 1, PAGE_WIDTH - left, "width", where)
    height = _number(data.get("height"), 0.1, PAGE_HEIGHT - top, "height", where)
    return Element(
        kind,
        left,
        top,
        width,
        height,
        paragraphs=_paragraphs(data.get("paragraphs") or [], kind, where),
        align=_one_of(data.get("align", "center"), ALIGNMENTS, _("alignment"), where),
        anchor=_one_of(data.get("anchor", "middle"), ANCHORS, _("anchor"), where),
        colour=_colour(data.get("colour", INK), where),
        image=_image(data.get("image") or "", kind, where),
        which=_one_of(data.get("which", 1), (1, 2), _("institution"), where),
        alt=_text(data.get("alt") or "", 200, where),
    )


def _paragraphs(data, kind: str, where: str) -> tuple[Paragraph, ...]:
    if not isinstance(data, list) or len(data) > MOST_PARAGRAPHS:
        raise DesignFault(_("%(where)s: at most %(most)s paragraphs.") % {"where": where, "most": MOST_PARAGRAPHS})
    if bool(data) != (kind == "text"):
        raise DesignFault(_("%s: a text has paragraphs, and nothing else has.") % where)
    return tuple(_paragraph(each, where) for each in data)


def _paragraph(data, where: str) -> Paragraph:
    if not isinstance(data, dict):
        raise DesignFault(_("%s: this is not a paragraph.") % where)
    _refuse_others(data, Paragraph, where)
    text = _text(data.get("text"), MOST_LETTERS, where)
    for name in PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            raise DesignFault(_("%(where)s: there is no placeholder {%(name)s}.") % {"where": where, "name": name[:40]})
    return Paragraph(
        text,
        size=_number(data.get("size", 12), SMALLEST, LARGEST, "size", where),
        style=_one_of(data.get("style", "regular"), STYLES, _("style"), where),
        colour=_colour(data.get("colour", INK), where),
        gap=_number(data.get("gap", 0), 0, 200, "gap", where),
        is_heading=bool(data.get("is_heading", False)),
    )


def _refuse_others(data: dict, shape: type, where: str) -> None:
    unknown = sorted(set(map(str, data)) - set(shape.__dataclass_fields__))
    if unknown:
        raise DesignFault(_("%(where)s: nobody knows “%(name)s”.") % {"where": where, "name": unknown[0][:40]})


def _refuse_what_cannot_be_checked(elements: tuple[Element, ...]) -> None:
    codes = [each for each in elements if each.kind == "qr"]
    if len(codes) != 1:
        raise DesignFault(
            _("A certificate needs one square code, by which it is checked; this design has %s.") % len(codes)
        )
    if min(codes[0].width, codes[0].height) < 16:
        raise DesignFault(_("The square code is too small for a telephone: at least 16 by 16 mm."))
    named = Design(elements).placeholders
    for needed in ("printed_name", "number", "check_hint"):
        if needed not in named:
            raise DesignFault(_("The design does not show {%s}, without which nobody can check the paper.") % needed)


def _one_of(value, allowed: tuple, what: str, where: str):
    if value not in allowed or isinstance(value, bool):
        known = ", ".join(map(str, allowed))
        raise DesignFault(
            _("%(where)s: the %(what)s is one of %(known)s.") % {"where": where, "what": what, "known": known}
        )
    return value


def _number(value, least: float, most: float, name: str, where: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most + 0.001:
        words = {"where": where, "name": name, "least": least, "most": round(most, 1)}
        raise DesignFault(_("%(where)s: %(name)s is a number from %(least)s to %(most)s.") % words)
    return round(float(value), 2)


def _colour(value, where: str) -> str:
    if not isinstance(value, str) or not COLOUR.fullmatch(value.lower()):
        raise DesignFault(_("%s: a colour looks like #1d3260.") % where)
    return value.lower()


def _image(value, kind: str, where: str) -> str:
    if kind != "image":
        return ""
    if not isinstance(value, str) or not IMAGE.fullmatch(value):
        raise DesignFault(_("%s: choose one of the stored pictures. Addresses and paths are not taken.") % where)
    return value


def _text(value, most: int, where: str) -> str:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise DesignFault(_("%(where)s: a text has at most %(most)s letters.") % {"where": where, "most": most})
    return " ".join(value.split())
