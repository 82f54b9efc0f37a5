"""The French of the site: the catalogue is whole, and pages speak it to those who ask for it."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from tests import make

CATALOGUE = Path(django_settings.BASE_DIR) / "locale/fr/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")


def entries() -> list[dict[str, str]]:
    """The entries below the header: each with its `flags` and its texts by keyword."""
    blocks = CATALOGUE.read_text().strip().split("\n\n")
    return [_entry(block) for block in blocks[1:]]


def _entry(block: str) -> dict[str, str]:
    found, keyword = {"flags": ""}, ""
    for line in block.splitlines():
        if line.startswith("#"):
            found["flags"] += line
            continue
        named = re.fullmatch(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")', line)
        keyword = named[1] if named else keyword
        found[keyword] = found.get(keyword, "") + ast.literal_eval(named[2] if named else line)
    return found


def pairs(entry: dict[str, str]) -> list[tuple[str, str]]:
    """Each French text with the English that it stands for."""
    if "msgid_plural" in entry:
        return [(entry["msgid"], entry["msgstr[0]"]), (entry["msgid_plural"], entry["msgstr[1]"])]
    return [(entry["msgid"], entry["msgstr"])]


@pytest.fixture
def in_french(settings, tmp_path):
    """The catalogue compiled as it stands, whatever .mo file lies about."""
    if shutil.which("msgfmt") is None:
        pytest.fail("GNU gettext is not installed. To add it: sudo apt-get install -y gettext")
    compiled = tmp_path / "fr/LC_MESSAGES/django.mo"
    compiled.parent.mkdir(parents=True)
    subprocess.run(["msgfmt", "--check-format", "-o", compiled, CATALOGUE], check=True)
    settings.LOCALE_PATHS = [tmp_path]


def test_everything_in_the_catalogue_is_translated_and_no_guess_is_left():
    found = entries()

    assert len(found) > 1000
    assert [each["msgid"] for each in found if "fuzzy" in each["flags"]] == []
    assert [each["msgid"] for each in found for _english, french in pairs(each) if not french.strip()] == []


def test_the_french_names_the_same_facts_as_the_english():
    odd = [
        (english, french)
        for each in entries()
        for english, french in pairs(each)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(french))
    ]

    assert odd == []


def test_lines_break_where_the_english_breaks():
    """The first line of a mail is its subject, so a break too many or too few would move it."""
    odd = [
        english for each in entries() for english, french in pairs(each) if english.count("\n") != french.count("\n")
    ]

    assert odd == []


def test_iterations_keep_natos_word():
    assert [
        french for each in entries() for english, french in pairs(each) if _calls_it_a_session(english, french)
    ] == []


def _calls_it_a_session(english: str, french: str) -> bool:
    return "iteration" in english.lower() and "session" in french.lower()


@pytest.mark.django_db
def test_a_visitor_who_asks_for_french_reads_french(in_french):
    page = Client().get("/", headers={"accept-language": "fr"}).content.decode()

    assert '<html lang="fr"' in page
    assert "Formation à la perspective de genre pour l’OTAN et ses partenaires" in page
    assert "Comment demander une formation" in page


@pytest.mark.django_db
def test_a_visitor_who_asks_for_nothing_or_for_another_language_reads_english(in_french):
    plain = Client().get("/").content.decode()
    other = Client().get("/", headers={"accept-language": "ka"}).content.decode()

    assert all('<html lang="en"' in page and "How to ask for training" in page for page in (plain, other))


@pytest.mark.django_db
def test_a_decision_made_in_french_is_kept_and_mailed_in_english_and_shown_in_french(in_french, signed_in):
    nomination = make.nomination()
    client = signed_in(make.coordinator())
    client.cookies["django_language"] = "fr"
    move = reverse("enrollment:nomination_move", args=[nomination.pk])

    page = client.post(move, {"move": "select"}, follow=True).content.decode()

    assert nomination.history.latest().history_change_reason == "Select"
    assert "Sélectionner" in page[page.index('class="timeline') :]
    subjects = list(Notification.objects.values_list("subject", flat=True))
    assert subjects
    assert all(subject.startswith(("Selected: ", "You are selected")) for subject in subjects)
