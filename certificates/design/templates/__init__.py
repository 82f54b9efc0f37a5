"""The designs that come with the system, as files of the same form in which designs are exported."""

import json
from functools import cache
from pathlib import Path

from certificates.rendering.elements import Design, design_from

FOLDER = Path(__file__).parent
STANDARD = "engraved"


def packaged() -> dict[str, dict]:
    """Each packaged template by its key: its name, its kinds and its design, as in an exported file."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))}


@cache
def standard() -> Design:
    return design_from(packaged()[STANDARD]["design"])
