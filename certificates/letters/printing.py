"""A letter's frozen facts as the document that is laid out. Every text is cleaned, or refused with its name."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates.letters.kinds import LetterKind
from certificates.models import Letter
from certificates.rendering import LetterDocument
from certificates.rendering.words import clean

# Facts with the most letters that they may have; any other is one of our own words.
LIMITS = {
    "name": 150,
    "latin_name": 170,
    "person": 240,
    "sender": 160,
    "issuer": 200,
    "course": 200,
    "course_line": 200,
    "iteration": 40,
    "dates": 80,
    "place": 200,
    "language": 80,
    "carried_to": 300,
}
# What somebody who reads the refusal calls them.
WHAT = {"name": "printed name", "latin_name": "name in Latin letters", "person": "rank and name"}
REASON_LETTERS = 2000
LINE_LETTERS = 300


def document_of(letter: Letter) -> LetterDocument:
    """The letter as HTML in its own language, ready to be laid out. Raises RenderingFailed with a sentence."""
    facts = prepared(letter.printed)
    with override(letter.language):
        title = f"{LetterKind(letter.kind).label}: {facts['course']}, {facts['person']}"
        context = {**facts, "title": title, "lang": letter.language}
        html = render_to_string(f"certificates/letters/{letter.kind.replace('-', '_')}.html", context)
        subject = _("Letter %s") % letter.reference
    return LetterDocument(
        html=html,
        title=title,
        author=facts["issuer"],
        subject=subject,
        reference=letter.reference,
        issued_at=letter.requested_at,
        language=letter.language,
    )


def prepared(printed: dict) -> dict:
    """The facts with all texts of the record clean; the reason as paragraphs."""
    facts = dict(printed)
    for name, most in LIMITS.items():
        facts[name] = clean(facts[name], WHAT.get(name, name.replace("_", " ")), most, must=False)
    facts["to"] = [clean(line, "address", LINE_LETTERS, must=False) for line in facts["to"]]
    facts["reason"] = _paragraphs(facts["reason"])
    return facts


def _paragraphs(reason: str) -> list[str]:
    lines = [clean(line, "reason", REASON_LETTERS, must=False) for line in reason.splitlines()]
    return [line for line in lines if line]
