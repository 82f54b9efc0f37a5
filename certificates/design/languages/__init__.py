"""The languages that come with the system: English, which is always there, and the first second ones."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def packaged() -> dict[str, dict]:
    """Name and words of each by its code."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))}


def english() -> dict[str, str]:
    """Its keys are those that every language must have."""
    return packaged()["en"]["words"]
