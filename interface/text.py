"""Text for searching: without accents, without case, the same for what is stored and for what is asked."""

import unicodedata

# Letters that carry no detachable accent, in the Latin form that people type instead.
PLAIN_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "ə": "e",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ĸ": "k",
        "ʼ": "'",
        "ʻ": "'",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "ـ": None,  # Arabic tatweel only stretches a word
    }
)


def fold(text: str) -> str:
    """The searchable form of a text: no accents, no case, single spaces.

    >>> fold("  Ødegård-Straße  ĐOKOVIĆ ")
    'odegard-strasse dokovic'

    Cyrillic, Greek, Arabic and Georgian keep their script, without case and marks. Folding twice changes nothing.
    """
    folded = "".join(_without_marks(text).translate(PLAIN_LETTERS).split("\x00"))
    return " ".join(_without_marks(folded).split())


def _without_marks(text: str) -> str:
    """Compatibility form in lower case, combining marks dropped; lone surrogates and format characters go too."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in decomposed if unicodedata.category(letter) not in {"Mn", "Me", "Cf", "Cs"})


def words(text: str, limit: int = 8) -> list[str]:
    """The folded words of a search text; more than `limit` are not looked for."""
    return fold(text[:200]).split()[:limit]
