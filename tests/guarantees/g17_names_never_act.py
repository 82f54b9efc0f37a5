"""G17: a name can never act, and a certificate is never made incomplete.

Every opened file and every socket of the rendering process is seen by Python's own audit events.
"""

import json
import sys
import tempfile
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.guarantees import Figure
from tests.support.site import site

CANARY = "the-canary-that-no-certificate-may-read"
PAYLOADS = [
    "<img src='file://{canary}'>",
    '<link rel="attachment" href="file://{canary}">',
    "<style>@import url(file://{canary})</style>",
    "<svg><image href='http://127.0.0.1:9/x.png'/></svg>",
    "<object data='file://{canary}'></object>",
    "</p><img src=http://127.0.0.1:9/a>",
    "<a href='file://{canary}'>x</a>",
    "<base href='http://127.0.0.1:9/'>",
    "url(file://{canary})",
    "{{{{ settings.SECRET_KEY }}}}",
    "{{% include 'file://{canary}' %}}",
    "&lt;img src=x&gt;&#60;script&#62;",
    "\u202eRobert\u202c Tables",
    "Robert'); DROP TABLE certificates;--",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "\u200b\u200bZero Width",
    "=HYPERLINK('http://127.0.0.1:9')",
    "../../../../etc/passwd",
    "data:text/html,<img src=file://{canary}>",
]


def prove(*, long: bool) -> Figure:
    count = 200 if long else 40
    with site("sqlite", web=False, worker=False, data=False) as perspective:
        out = perspective.python("-m", "tests.guarantees.g17_names_never_act", count, timeout=600)
    found = json.loads(out.splitlines()[-1])
    harmless = not found["sockets"] and not found["foreign"] and not found["leaked"] and not found["lost"]
    text = f"{found['tried']} hostile names: {found['printed']} printed literally, {found['refused']} refused, "
    text += f"{found['sockets']} sockets, {found['foreign']} foreign files opened, {found['leaked']} leaks, "
    text += f"{found['lost']} not as written"
    text += f"; control with WeasyPrint's own fetcher and no escaping: {'seen' if found['control'] else 'NOT SEEN'}"
    return Figure(harmless and found["control"], text)


class Watch:
    """Counts sockets and opened files that are not the program's own."""

    def __init__(self, own: list[str]) -> None:
        self.own = tuple(own)
        self.sockets: list[str] = []
        self.foreign: list[str] = []
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple) -> None:
        if event in ("socket.connect", "socket.getaddrinfo"):
            self.sockets.append(repr(arguments))
        elif event == "open" and isinstance(arguments[0], str) and not arguments[0].startswith(self.own):
            self.foreign.append(arguments[0])


def _inside(count: int) -> dict:
    from django.conf import settings

    from certificates.rendering import RenderingFailed, render

    with tempfile.TemporaryDirectory(prefix="perspective-canary-") as folder:
        canary = Path(folder) / "canary.txt"
        canary.write_text(CANARY, encoding="utf-8")
        render(_document("Rania Haddad"))  # what is loaded once is loaded now
        watch = Watch(
            [sys.prefix, sys.base_prefix, str(settings.BASE_DIR), str(settings.VAR_DIR), "/usr/share", "/etc/fonts"]
        )
        found = {"tried": 0, "printed": 0, "refused": 0, "leaked": 0, "lost": 0}
        for name in _names(count, str(canary)):
            found["tried"] += 1
            try:
                text = _text_of(render(_document(name)))
            except RenderingFailed as refusal:
                found["refused"] += 1
                found["lost"] += not str(refusal)
                continue
            found["printed"] += 1
            found["leaked"] += CANARY in text
            found["lost"] += _letters(name) not in _letters(text)
        found |= {"sockets": len(watch.sockets), "foreign": len(watch.foreign)}
        found["control"] = _control(watch, str(canary))
    return found


def _names(count: int, canary: str) -> list[str]:
    """`count` hostile names: each payload alone, before, after and inside a name of each script."""
    around = ["{0}", "Rania {0}", "{0} Олена", "Νίκος {0} Δ", "{0}{0}", "ნინო {0}", "Å{0}Ö", "A\n{0}", "'{0}'", '"{0}"']
    payloads = [payload.format(canary=canary) for payload in PAYLOADS]
    return [frame.format(payload)[:150] for frame in around for payload in payloads][:count]


def _document(name: str):
    from certificates.rendering import Document, Signatory

    return Document(
        kind="completion",
        heading="Certificate of Completion",
        printed_name=name,
        statement="has successfully completed the",
        course_title="Gender Training of Trainers Course",
        course_line="Level 300",
        dates="6–17 July 2026",
        place="Kungsängen, Sweden",
        objectives=("Apply the framework",),
        institutions=("Nordic Centre",),
        signatories=(Signatory(name="Colonel Example", function="Commandant"),),
        number="NCGM-2026-000001",
        issued_on="17 July 2026",
        issued_at=datetime(2026, 7, 17, tzinfo=UTC),
        check_url="https://perspective.example/verify/abc/",
        check_hint="perspective.example/verify · ABCD-EFGH-JKMN",
    )


def _text_of(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    attached = b"".join(part for parts in reader.attachments.values() for part in parts).decode("utf-8", "replace")
    return " ".join(page.extract_text() for page in reader.pages) + attached


def _letters(text: str) -> str:
    """What can be seen of a text: no white space, no direction marks."""
    return "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) != "Cf")


def _control(watch: Watch, canary: str) -> bool:
    """Without escaping and with the library's own fetcher, the same payload does open the file."""
    from weasyprint import HTML

    before = len(watch.foreign)
    document = replace(_document("x"), printed_name=f'<link rel="attachment" href="file://{canary}">')
    HTML(string=f"<!doctype html><title>x</title>{document.printed_name}").write_pdf()
    return any(path == canary for path in watch.foreign[before:])


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_inside(int(sys.argv[1]))))
