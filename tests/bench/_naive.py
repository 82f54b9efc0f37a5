"""The certificate as one would make it without thinking twice, and with ReportLab, which is the limit.

The same words, code and typefaces as ours: whole font files by @font-face, a flex layout, an emblem and the code as
SVG, one `HTML(string).write_pdf()` for each. Nothing is kept, signed or tagged. The emblem is a plain star of 48 rays:
with our engraving as SVG the naive way would be several times dearer still, and the comparison unfair.
"""

import io
from functools import cache
from html import escape
from math import cos, sin, tau
from pathlib import Path

from django.conf import settings

from certificates.rendering import Document

GARAMOND = Path(settings.BASE_DIR) / "node_modules/@expo-google-fonts/eb-garamond"
WEIGHTS = {"400": "400Regular/EBGaramond_400Regular.ttf", "500": "500Medium/EBGaramond_500Medium.ttf"}
ITALIC = "400Regular_Italic/EBGaramond_400Regular_Italic.ttf"
STYLE = """
@page { size: 297mm 210mm; margin: 0 }
body { margin: 0; width: 297mm; height: 210mm; position: relative; color: #1d3260; font-family: Whole;
       text-align: center }
.emblem { position: absolute; right: 28mm; bottom: 28mm; width: 26mm; height: 26mm }
main { position: absolute; left: 35mm; right: 35mm; top: 22mm; bottom: 15mm; display: flex; flex-direction: column;
       justify-content: space-between }
p { margin: 0 } .medium { font-weight: 500 }
.institution { font-size: 14.5pt; font-weight: 500 } h1 { margin: 0; font-size: 33pt; font-weight: 400 }
.name { font-size: 40pt } .title { font-size: 27pt; font-weight: 500 } .dates { font-size: 14pt }
.small { font-size: 10pt } .signatures { display: flex; justify-content: center; gap: 16pt }
.signatures div { width: 190pt; border-top: 0.5pt solid #8797b8 }
.qr { position: absolute; left: 30mm; top: 157.5mm; width: 23mm; height: 23mm }
"""


def page(document: Document, typefaces: str) -> str:
    import segno

    code = io.BytesIO()
    segno.make(document.check_url, error="m", micro=False).save(code, kind="svg", scale=1, border=0, xmldecl=False)
    words = [
        *(("institution", each) for each in document.institutions),
        ("name", document.printed_name),
        ("", document.statement),
        ("title", document.course_title),
        ("", document.course_line),
        ("dates", f"{document.dates} · {document.place}"),
        *(("small", each) for each in document.objectives),
    ]
    signed = "".join(f"<div>{escape(s.name)}<br><em>{escape(s.function)}</em></div>" for s in document.signatories)
    return f"""<!doctype html><html lang="en"><head><title>{escape(document.title)}</title>
<style>{typefaces}{STYLE}</style></head><body><div class="emblem">{emblem()}</div>
<main><h1>{escape(document.heading)}</h1>
{"".join(f'<p class="{role}">{escape(text)}</p>' for role, text in words)}<div class="signatures">{signed}</div>
<p class="small">{escape(document.number)} · {escape(document.issued_on)}<br>{escape(document.check_hint)}</p></main>
<div class="qr">{code.getvalue().decode()}</div></body></html>"""


@cache
def emblem() -> str:
    turns = (tau * ray / 48 for ray in range(48))
    rays = "".join(f'<path d="M50 50L{50 + 45 * cos(turn):.2f} {50 + 45 * sin(turn):.2f}"/>' for turn in turns)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" stroke="#8797b8">{rays}</svg>'


@cache
def whole_typefaces() -> str:
    """As TTF, straight from their package."""
    return _faces({name: (GARAMOND / name).as_uri() for name in (*WEIGHTS.values(), ITALIC)})


@cache
def packed_typefaces(folder: str) -> str:
    """The same as WOFF2."""
    from fontTools.ttLib import TTFont

    addresses = {}
    for name in (*WEIGHTS.values(), ITALIC):
        packed = Path(folder) / f"{Path(name).stem}.woff2"
        font = TTFont(GARAMOND / name)
        font.flavor = "woff2"
        font.save(packed)
        addresses[name] = packed.as_uri()
    return _faces(addresses)


def _faces(addresses: dict[str, str]) -> str:
    upright = "".join(
        f'@font-face {{ font-family: Whole; font-weight: {weight}; src: url("{addresses[name]}") }}'
        for weight, name in WEIGHTS.items()
    )
    return f'{upright}@font-face {{ font-family: Whole; font-style: italic; src: url("{addresses[ITALIC]}") }}'


def made(document: Document, typefaces: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    return HTML(string=page(document, typefaces)).write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/a-3u")


def by_reportlab(document: Document) -> bytes:
    """The limit: text at fixed places, no shaping, no layout, neither tagged nor PDF/A."""
    import segno
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfgen.canvas import Canvas

    _register_with_reportlab()
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=landscape(A4))
    width, height = landscape(A4)
    for ray in range(48):
        canvas.line(700, 100, 700 + 40 * cos(tau * ray / 48), 100 + 40 * sin(tau * ray / 48))
    lines = [(14, document.institutions[0]), (33, document.heading), (40, document.printed_name)]
    lines += [(15, document.statement), (27, document.course_title), (11, document.course_line)]
    lines += [(14, f"{document.dates} · {document.place}"), *((10, each) for each in document.objectives)]
    lines += [(11, f"{each.name}, {each.function}") for each in document.signatories]
    lines += [(10, f"{document.number} · {document.issued_on}"), (8, document.check_hint)]
    for row, (size, text) in enumerate(lines):
        canvas.setFont("Whole", size)
        canvas.drawCentredString(width / 2, height - 70 - 32 * row, text)
    matrix = segno.make(document.check_url, error="m", micro=False).matrix
    for row, modules in enumerate(matrix):
        for column, is_dark in enumerate(modules):
            if is_dark:
                canvas.rect(85 + column * 2, 140 - row * 2, 2, 2, stroke=0, fill=1)
    canvas.save()
    return content.getvalue()


@cache
def _register_with_reportlab() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Whole", str(GARAMOND / WEIGHTS["400"])))
