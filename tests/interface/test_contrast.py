"""The colours of the style sheet against WCAG 2.2 AA, in both modes: text 4.5 to 1, the bounds of a control 3 to 1."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEET = (Path(settings.BASE_DIR) / "static/css/perspective.css").read_text(encoding="utf-8")
LIGHT, DARK = re.findall(r":root \{\s+color-scheme: (?:light|dark);(.*?)\}", SHEET, re.DOTALL)
GROUNDS = ("paper", "sheet", "quiet-ground")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "act", "act-strong", "bad", "good") for ground in GROUNDS[:2]),
    *((tone, f"{tone}-ground") for tone in ("good", "wait", "bad", "open")),
    ("ink-soft", "quiet-ground"),
    ("ink", "quiet-ground"),
]
ON_FILL = ("act-fill", "act-fill-strong", "bad-fill", "bad-fill-strong")
BOUNDS = [
    *((line, ground) for line in ("edge-line", "act") for ground in GROUNDS[:2]),
    *((f"series-{number}", "paper") for number in range(3)),
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


MODES = {"light": colours(LIGHT), "dark": colours(DARK)}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_knows_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


def test_both_modes_name_the_same_colours():
    assert MODES["light"].keys() == MODES["dark"].keys()


@pytest.mark.parametrize("mode", MODES)
def test_text_can_be_read(mode):
    poor = {f"{ink} on {ground}" for ink, ground in TEXT if contrast(MODES[mode][ink], MODES[mode][ground]) < 4.5}

    assert poor == set()


@pytest.mark.parametrize("mode", MODES)
def test_white_can_be_read_on_buttons(mode):
    assert {fill for fill in ON_FILL if contrast("#ffffff", MODES[mode][fill]) < 4.5} == set()


@pytest.mark.parametrize("mode", MODES)
def test_controls_and_bars_stand_out_from_the_page(mode):
    faint = {f"{line} on {ground}" for line, ground in BOUNDS if contrast(MODES[mode][line], MODES[mode][ground]) < 3}

    assert faint == set()
