"""What may be printed. Each text is brought into one clean form, or refused with a sentence that names it."""

import re
import unicodedata
from dataclasses import replace

from certificates.rendering.document import Document, RenderingFailed, Signatory

# Field, what a coordinator calls it, most letters, whether it must be there.
SINGLE = [
    ("heading", "heading", 80, True),
    ("printed_name", "printed name", 150, True),
    ("statement", "statement", 120, False),
    ("course_title", "course title", 200, True),
    ("course_line", "line below the course title", 200, False),
    ("dates", "dates", 80, False),
    ("place", "place", 120, False),
    ("number", "number", 40, True),
    ("issued_on", "day of issue", 40, False),
    ("check_hint", "note on checking", 200, False),
    ("latin_name", "name in Latin letters", 150, False),
    ("certification", "certification", 80, False),
    ("valid_until", "end of validity", 80, False),
    ("replaces", "note on the replaced certificate", 120, False),
    ("notice", "notice", 200, False),
]
MOST_IN_SECOND = 200
OBJECTIVE_LETTERS, ALL_OBJECTIVES_LETTERS = 400, 1500
INSTITUTION_LETTERS, SIGNATORY_LETTERS = 200, 150
MARKS_ON_A_LETTER = 4
ADDRESS = re.compile(r"https?://[!-~]{1,300}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

# Direction marks and overrides, soft hyphens and widthless spaces: nobody sees them, and they can turn a line around.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
JOINERS = "\u200c\u200d"
# The joiners shape Persian and Urdu words. Elsewhere they are invisible too.
STRAY_JOINER = re.compile("(?<![\u0620-\u08ff])[\u200c\u200d]|[\u200c\u200d](?![\u0620-\u08ff])")
# Letters of old character sets that already have the shape of their place in a word. As real letters they join again.
SHAPED = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")


def prepared(document: Document) -> Document:
    """The document with all its texts clean. Raises RenderingFailed."""
    texts = {field: clean(getattr(document, field), what, most, must) for field, what, most, must in SINGLE}
    _check_the_rest(document)
    return replace(
        document,
        **texts,
        second={
            name: clean(each, f"{name} in the second language", MOST_IN_SECOND, must=False)
            for name, each in document.second.items()
        },
        objectives=_objectives(document.objectives),
        institutions=tuple(clean(each, "institution", INSTITUTION_LETTERS) for each in document.institutions),
        signatories=tuple(_signatory(each) for each in document.signatories),
    )


def _check_the_rest(document: Document) -> None:
    if not 1 <= len(document.institutions) <= 2:
        raise RenderingFailed("A certificate names one or two institutions.")
    if len(document.signatories) > 3:
        raise RenderingFailed("A certificate has room for three signatories.")
    if not ADDRESS.fullmatch(document.check_url):
        raise RenderingFailed("The address for checking is not a web address.")
    if not all(LANGUAGE.fullmatch(each) for each in (document.language, document.second_language or "en")):
        raise RenderingFailed("The language is not a language code.")
    if document.issued_at.utcoffset() is None:
        raise RenderingFailed("The time of issue has no time zone.")


def _objectives(objectives: tuple[str, ...]) -> tuple[str, ...]:
    texts = tuple(clean(each, "learning objective", OBJECTIVE_LETTERS) for each in objectives)
    if sum(len(each) for each in texts) > ALL_OBJECTIVES_LETTERS:
        raise RenderingFailed(
            f"The learning objectives are too long for one page: at most {ALL_OBJECTIVES_LETTERS:,} letters in all."
        )
    return texts


def _signatory(signatory: Signatory) -> Signatory:
    return Signatory(
        name=clean(signatory.name, "name of a signatory", SIGNATORY_LETTERS),
        function=clean(signatory.function, "function of a signatory", SIGNATORY_LETTERS, must=False),
    )


def clean(text: str, what: str, most: int, must: bool = True) -> str:
    """The text in its one printable form. Raises RenderingFailed with a sentence that calls it `what`."""
    # Before anything else looks at it: whatever follows takes time that grows with the length.
    if len(text) > most * (1 + MARKS_ON_A_LETTER):
        raise RenderingFailed(f"The {what} is too long: {len(text):,} letters, at most {most}.")
    _refuse_unprintable(text, what)
    text = SHAPED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = " ".join(STRAY_JOINER.sub("", text).split())
    if must and not text:
        raise RenderingFailed(f"The {what} is empty.")
    _refuse_long_or_piled(text, what, most)
    return text


def _refuse_unprintable(text: str, what: str) -> None:
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace():
            raise RenderingFailed(
                f"The {what} contains a character that cannot be printed (U+{ord(letter):04X}). Type it anew."
            )


def _refuse_long_or_piled(text: str, what: str, most: int) -> None:
    for cluster in clusters(text):
        if is_mark(cluster[0]) or cluster[0] == " " != cluster:
            raise RenderingFailed(f"The {what} has a mark that stands on no letter.")
        if len(cluster) - 1 > MARKS_ON_A_LETTER:
            raise RenderingFailed(f"The {what} has more marks on one letter than can be printed.")
    letters = sum(not is_mark(letter) for letter in text)
    if letters > most:
        raise RenderingFailed(f"The {what} is too long: {letters} letters, at most {most}.")


def clusters(text: str) -> list[str]:
    """The letters of a text, each with the marks that stand on it."""
    found: list[str] = []
    for letter in text:
        if found and is_mark(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M" or letter in JOINERS
