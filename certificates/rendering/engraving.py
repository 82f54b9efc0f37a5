"""The engraving as drawing operators of a PDF page, to be compressed once for all certificates.

Drawn by WeasyPrint from the SVG it would cost as much as the rest of the page, each time. The SVG is our own (see
certificates/design/engraving.py), so only what it uses is understood here: absolute M, C, H, V and Z in whole numbers.
"""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
COMMAND = re.compile(r"([MCHVZ])([^MCHVZ]*)")


def operators(svg: str) -> bytes:
    """It is decoration: marked so, programs that read aloud pass over it."""
    return f"/Artifact BMC q {_content(svg)} Q EMC".encode("ascii")


def _content(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    width = float(root.get("viewBox", "").split()[2])
    points = float(root.get("width", "").removesuffix("mm")) * 72 / 25.4
    height = float(root.get("height", "").removesuffix("mm")) * 72 / 25.4
    scale = points / width
    paths = "\n".join(_path(element) for element in root.iter(f"{SVG}path"))
    return f"{scale:.8f} 0 0 {-scale:.8f} 0 {height:.4f} cm\n{paths}"


def _path(element: ElementTree.Element) -> str:
    fill, stroke = element.get("fill", "none"), element.get("stroke", "")
    colours = f"{_rgb(stroke)} RG {element.get('stroke-width')} w"
    if fill == "none":
        return f"{colours}\n{_operators(element.get('d', ''))}\nS"
    return f"{colours} {_rgb(fill)} rg\n{_operators(element.get('d', ''))}\nB"


def _operators(d: str) -> str:
    done, x, y = [], "0", "0"
    for command, rest in COMMAND.findall(d):
        numbers = re.findall(r"-?\d+", rest)
        if command == "Z":
            done.append("h")
            continue
        x = x if command == "V" else numbers[-1 if command == "H" else -2]
        y = y if command == "H" else numbers[-1]
        done.append(f"{' '.join(numbers)} c" if command == "C" else f"{x} {y} {'m' if command == 'M' else 'l'}")
    return "\n".join(done)


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
