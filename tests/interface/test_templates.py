"""What holds for every template and style sheet, read as files."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from interface import icons

ROOT = Path(settings.BASE_DIR)
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
ICON = re.compile(r'{%\s*icon\s+"([^"]+)"')
ACTS_INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)[^>]*>|javascript:""")
PHYSICAL = re.compile(
    r"[{;]\s*((?:margin|padding|border)-(?:left|right|top|bottom)|left|right|text-align:\s*(?:left|right)|float:\s*(?:left|right))"
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


def test_every_icon_is_in_the_package():
    asked = {(named(path), name) for path in PAGES for name in ICON.findall(path.read_text(encoding="utf-8"))}

    assert len(asked) > 20
    assert {(path, name) for path, name in asked if not icons.body(name)} == set()


def test_no_template_needs_a_looser_content_policy():
    assert [named(path) for path in PAGES if ACTS_INLINE.search(path.read_text(encoding="utf-8"))] == []


def test_no_tag_is_parted_from_its_bracket():
    """A formatter once wrote "<", a line break and the tag's name: browsers show that as text."""
    assert [named(path) for path in PAGES if re.search(r"</?\s*(\n|\{%|$)", _without_off(path), re.MULTILINE)] == []


def _without_off(path: Path) -> str:
    return re.sub(r"\{# djlint:off #\}.*\{# djlint:on #\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_style_sheets_know_start_and_end_but_no_left_and_right(path):
    assert PHYSICAL.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_style_sheets_ask_nothing_of_another_site(path):
    assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)]*", path.read_text(encoding="utf-8")) == []


def test_every_font_of_the_style_sheet_is_in_a_package():
    fonts = re.findall(
        r'url\("\.\./(fonts/[^"]+)"\)', (ROOT / "static/css/perspective.css").read_text(encoding="utf-8")
    )

    assert len(fonts) > 5
    assert [font for font in fonts if not finders.find(font)] == []
