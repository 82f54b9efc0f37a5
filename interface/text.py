"""Text as searches see it: without accents, case or ligatures."""

import unicodedata

# Letters that do not decompose into a base letter and a mark.
LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """`text` for comparing: compatibility form, no marks, no case, single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("\x00", "").casefold())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(bare.translate(LETTERS).split())
