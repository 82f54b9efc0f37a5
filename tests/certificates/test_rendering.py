"""The certificate as a file: what is on it, what it is made of, what it refuses to print. With real WeasyPrint."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import segno
from django.utils import translation
from pypdf import PdfReader

from certificates.design import engraving
from certificates.rendering import Document, RenderingFailed, Signatory, fonts, press, render, render_many

# WeasyPrint leaves its colour profile open.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

A4_LANDSCAPE = (841.89, 595.28)
INSIDE_THE_BORDER = 49.0  # points

NAMES = {
    "Latin": "Åsa Öström-Žižek Øvergård",
    "Turkish and Romanian": "İpek Ğüneş Țepeș-Șerban Dănăilă ǎ",
    "Hungarian and Vietnamese": "Őrsi Űrhegyi Nguyễn Thị Ngọc Ẩn",
    "Greek": "Αικατερίνη Παπαδοπούλου-Ξενάκη",
    "Cyrillic": "Їванна Ґалаґанівна Ўладзіміраўна Ђурђевић",
    "Georgian": "ნინო ჯავახიშვილი-წერეთელი",
    "Armenian": "Անահիտ Տեր-Պետրոսյան",
}
RIGHT_TO_LEFT = {
    "Arabic": "محمد عبد الرحمن بن خالد الهاشمي",
    "Persian": "زهرا گل\u200cمحمدی",
    "Hebrew": "נועה דוד",
}
TITLE_OF_200 = (
    "Improving Operational Effectiveness by Integrating the Gender Perspective into the Planning, Conduct and "
    "Assessment of Multinational Crisis Response Operations for Senior Staff Officers and Civilian."
)
NAME_OF_70 = "Maria-Magdalena Åström von und zu Hohenlohe-Waldenburg-Schillingsfürst"
NAME_OF_150 = f"{NAME_OF_70} {NAME_OF_70}".ljust(150, "é")


def sample(**changes) -> Document:
    document = Document(
        kind="completion",
        heading="Certificate of Completion",
        printed_name="Åsa Öström",
        statement="has successfully completed the",
        course_title="Gender Training of Trainers Course",
        course_line="Level 300 · NATO Approved · GEN-GO-35433",
        dates="6–17 July 2026",
        place="Kungsängen, Sweden",
        objectives=("Plan education with a gender perspective", "Conduct education with a gender perspective"),
        institutions=("Nordic Centre for Gender in Military Operations",),
        signatories=(Signatory("Anna Bergström", "Course director"),),
        number="NCGM-2026-000123",
        issued_on="17 July 2026",
        issued_at=datetime(2026, 7, 17, 12, 0, tzinfo=UTC),
        check_url="https://perspective.example/verify/q3Zr8vT1mKx0Wb7Jc5LhNg/",
        check_hint="perspective.example/verify/ · NCGM-2026-000123 · ABCD-EFGH-JKLM",
    )
    return replace(document, **changes)


def page(pdf: bytes):
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return pages[0]


def text(pdf: bytes) -> str:
    return " ".join(page(pdf).extract_text().split())


def starts_of_lines(pdf: bytes) -> list[float]:
    """Where each centred line begins: as far from the left edge as its end is from the right one."""
    found = []

    def note(printed, matrix, text_matrix, _font, _size):
        if printed.strip():
            found.append(text_matrix[4] * matrix[0] + matrix[4])

    page(pdf).extract_text(visitor_text=note)
    return found


def letters(words: str) -> str:
    return "".join(unicodedata.normalize("NFC", words).split())


def fonts_of(pdf: bytes) -> list:
    faces = page(pdf)["/Resources"]["/Font"].values()
    return [face.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for face in faces]


class TestTheFile:
    def test_is_one_page_of_a4_landscape(self):
        size = page(render(sample())).mediabox

        assert (float(size.width), float(size.height)) == pytest.approx(A4_LANDSCAPE, abs=0.01)

    def test_says_that_it_is_pdf_a_3a_and_pdf_ua_1_and_carries_its_colour_profile(self):
        catalog = PdfReader(io.BytesIO(render(sample()))).trailer["/Root"]

        description = catalog["/Metadata"].get_object().get_data().decode()
        assert 'pdfaid:part="3"' in description
        assert 'pdfaid:conformance="A"' in description
        assert 'pdfuaid:part="1"' in description
        assert catalog["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
        assert catalog["/Lang"] == "en"

    def test_names_person_institution_course_and_number_in_its_metadata(self):
        about = PdfReader(io.BytesIO(render(sample(institutions=("First Centre", "Second Centre"))))).metadata

        assert about.title == "Certificate of Completion: Åsa Öström"
        assert about.author == "First Centre, Second Centre"
        assert about.subject == "Gender Training of Trainers Course, 6–17 July 2026"
        assert about["/Keywords"] == "NCGM-2026-000123"
        assert about.creation_date == datetime(2026, 7, 17, 12, 0, tzinfo=UTC)

    def test_says_its_number_and_where_it_is_checked_to_programs_that_read_no_pdf(self):
        document = sample(check_url="https://perspective.example/verify/q3?a=1&b=2")

        pdf = render(document)

        assert b"<dc:identifier>NCGM-2026-000123</dc:identifier>" in pdf
        assert b"<rdf:li>https://perspective.example/verify/q3?a=1&amp;b=2</rdf:li>" in pdf

    def test_holds_every_typeface_that_it_uses_and_none_of_the_machine(self):
        used = fonts_of(render(sample(printed_name="Anna محمد ნინო")))

        assert all("/FontFile2" in face for face in used)
        assert all("+Certificate-" in face["/FontName"] for face in used)
        assert len(used) == 5

    def test_shows_the_address_for_checking_as_a_code_pixel_for_pixel(self):
        document = sample()

        picture = page(render(document)).images[0].image.convert("L")
        code = segno.make(document.check_url, error="m", mask=4, boost_error=False)
        wanted = [[0 if module else 255 for module in row] for row in code.matrix]
        width, height = picture.size
        assert [[picture.getpixel((x, y)) for x in range(width)] for y in range(height)] == wanted

    def test_contains_what_people_search_for(self):
        found = text(render(sample()))

        for words in ("Åsa Öström", "Gender Training of Trainers Course", "6–17 July 2026", "NCGM-2026-000123"):
            assert words in found


class TestNames:
    @pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
    def test_stand_in_their_own_script(self, name):
        pdf = render(sample(printed_name=name))

        assert letters(name) in letters(text(pdf))

    @pytest.mark.parametrize("name", RIGHT_TO_LEFT.values(), ids=RIGHT_TO_LEFT)
    def test_that_run_from_right_to_left_begin_at_the_right(self, name):
        pdf = render(sample(printed_name=name, heading="X"))

        visual = letters(page(pdf).extract_text(extraction_mode="plain"))
        logical = letters(name).replace("\u200c", "")
        assert logical in visual or logical[::-1] in visual

    @pytest.mark.parametrize(
        "name",
        [
            NAME_OF_70,
            "Wolfeschlegelsteinhausen" * 2 + "bergerdorffvoralternware",
            NAME_OF_150,
            "W" * 150,
            "Щ " * 75,
            "م" * 150,
        ],
        ids=["70 letters", "one word of 72", "150 letters", "150 wide ones", "150 of them apart", "150 Arabic ones"],
    )
    def test_of_any_length_stay_whole_and_inside_the_border(self, name):
        pdf = render(sample(printed_name=name))

        assert letters(name) in letters(text(pdf)) or letters(name)[::-1] in letters(text(pdf))
        assert min(starts_of_lines(pdf)) > INSIDE_THE_BORDER

    def test_of_seventy_letters_are_still_printed_large(self):
        from certificates.rendering.layout import page_of

        block = next(block for block in page_of(sample(printed_name=NAME_OF_70)) if "".join(block.lines)[:5] == "Maria")

        assert block.size >= 24
        assert len(block.lines) == 2

    @pytest.mark.parametrize(
        "name",
        [
            "<img src=file:///etc/passwd>",
            "</p><script>alert(1)</script>",
            '" style="background:url(http://127.0.0.1/)',
            "{{ title }} {% include 'x' %}",
            "&lt;b&gt; &amp; url(file:///etc/hosts)",
            "(Robert) \\ Tables >> endobj",
        ],
    )
    def test_that_look_like_code_are_printed_as_they_are_written(self, name):
        pdf = render(sample(printed_name=name))

        assert letters(name) in letters(text(pdf))
        assert PdfReader(io.BytesIO(pdf)).metadata.title == f"Certificate of Completion: {name}"

    def test_lose_marks_that_turn_a_line_around_and_spaces_that_nobody_sees(self):
        plain = render(sample(printed_name="Anna Smith"))

        assert render(sample(printed_name="\u202e Anna\u200b \t\n Smith\ufeff\u2069 ")) == plain

    def test_are_the_same_however_their_accents_were_typed(self):
        composed, apart = "Åsa Öström", unicodedata.normalize("NFD", "Åsa Öström")

        assert render(sample(printed_name=apart)) == render(sample(printed_name=composed))

    def test_in_letters_of_old_arabic_character_sets_join_again(self):
        assert render(sample(printed_name="ﻣﺤﻤﺪ")) == render(sample(printed_name="محمد"))


class TestFullPages:
    def test_two_institutions_three_signatories_and_a_title_of_three_lines_fit(self):
        institution = (
            "Crisis Management and Disaster Response Centre of Excellence, Department of Education and Training"
        )
        signatory = Signatory(
            "Brigadier General Maria-Magdalena von Hohenlohe", "Head of the Department of Education and Training"
        )
        document = sample(
            printed_name=NAME_OF_150,
            course_title=TITLE_OF_200,
            institutions=(institution, institution),
            signatories=(signatory,) * 3,
            objectives=("Plan and conduct education, training and exercises with a gender perspective",) * 8,
        )

        pdf = render(document)

        found = letters(text(pdf))
        assert found.count(letters(institution)) == 2
        assert found.count(letters(signatory.name)) == 3
        assert letters(TITLE_OF_200) in found
        assert min(starts_of_lines(pdf)) > INSIDE_THE_BORDER

    def test_nothing_but_the_needful_fits_too(self):
        document = sample(
            statement="", course_line="", dates="", place="", objectives=(), signatories=(), check_hint=""
        )

        assert "Gender Training of Trainers Course" in text(render(document))


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            (
                "Anna 😀",
                "No typeface of the certificates has the letter “😀” (U+1F600), which is in the name “Anna 😀”.",
            ),
            ("王小明", "the letter “王” (U+738B)"),
            ("Anna \ue000", "(U+E000)"),
            ("نور\u0301", "(U+0301)"),
            ("", "The printed name is empty."),
            (" \u200b ", "The printed name is empty."),
            ("Anna\x00", "The printed name contains a character that cannot be printed (U+0000)."),
            ("Anna\x1b[31m", "(U+001B)"),
            ("Anna\ud800", "(U+D800)"),
            ("A" * 151, "The printed name is too long: 151 letters, at most 150."),
            ("A" + "\u0301" * 9, "more marks on one letter"),
            ("Anna \u0301", "a mark that stands on no letter"),
        ],
    )
    def test_tell_the_coordinator_in_a_sentence_what_is_wrong(self, name, sentence):
        with pytest.raises(RenderingFailed) as refused:
            render(sample(printed_name=name))

        assert sentence in str(refused.value)

    def test_name_the_text_that_the_letter_stands_in(self):
        in_second = sample(second_language="ar", second={"heading": "王"})

        with pytest.raises(RenderingFailed, match="which is in the second institution “Centre 王”"):
            render(sample(institutions=("First Centre", "Centre 王")))
        with pytest.raises(RenderingFailed, match="which is in the heading in the second language “王”"):
            render(in_second)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("course_title", "A" * 201),
            ("institutions", ()),
            ("institutions", ("A", "B", "C")),
            ("signatories", (Signatory("A", "B"),) * 4),
            ("objectives", ("A" * 300,) * 6),
            ("check_url", "javascript:alert(1)"),
            ("check_url", "https://perspective.example/" + "a" * 400),
            ("language", 'en"><script>'),
            ("issued_at", datetime(2026, 7, 17)),  # noqa: DTZ001
        ],
    )
    def test_cover_every_value(self, field, value):
        with pytest.raises(RenderingFailed):
            render(sample(**{field: value}))

    @pytest.mark.parametrize("name", ["A" * 100_000, "A" + "\u0301" * 100_000, "م" * 100_000])
    def test_of_endless_texts_take_no_time(self, name):
        began = time.monotonic()

        with pytest.raises(RenderingFailed, match="too long"):
            render(sample(printed_name=name))

        assert time.monotonic() - began < 0.1

    def test_of_one_document_leave_the_next_unharmed(self):
        before = render(sample())

        first, refused, last = render_many([sample(), sample(printed_name="Anna 😀"), sample()])

        assert (first, last) == (before, before)
        assert isinstance(refused, RenderingFailed)
        assert "U+1F600" in str(refused)
        assert render(sample()) == before


class TestSameness:
    def test_the_same_document_gives_the_same_bytes_in_another_process_under_another_language(self):
        code = (
            "import django, hashlib; django.setup()\n"
            "from django.utils import translation\n"
            "from tests.certificates.test_rendering import render, sample\n"
            "with translation.override('fr'): print(hashlib.sha256(render(sample())).hexdigest())"
        )
        environment = {**os.environ, "PYTHONHASHSEED": "77", "DJANGO_SETTINGS_MODULE": "config.settings_test"}

        elsewhere = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)

        assert elsewhere.stdout.strip() == hashlib.sha256(render(sample())).hexdigest(), elsewhere.stderr

    def test_the_active_language_changes_nothing(self):
        with translation.override("fr"):
            french = render(sample())

        assert french == render(sample())

    def test_many_together_are_the_same_files_as_one_by_one(self):
        documents = [
            sample(printed_name=name, number=f"NCGM-2026-{index:06}", check_url=f"https://perspective.example/{index}")
            for index, name in enumerate([*NAMES.values(), *RIGHT_TO_LEFT.values()] * 3)
        ]

        together = render_many(documents)

        assert together[::7] == [render(document) for document in documents[::7]]
        titles = [PdfReader(io.BytesIO(pdf)).metadata.title for pdf in together]
        assert titles == [f"Certificate of Completion: {document.printed_name}" for document in documents]

    def test_none_together_are_none(self):
        assert render_many([]) == []


class TestAssets:
    @pytest.fixture
    def design(self, tmp_path, monkeypatch):
        """A copy of the design that a test may spoil."""
        copy = tmp_path / "design"
        shutil.copytree(press.DESIGN, copy)
        monkeypatch.setattr(press, "DESIGN", copy)
        press.kept.cache_clear()
        yield copy
        press.kept.cache_clear()

    @pytest.mark.parametrize(
        "address",
        [
            "file:///etc/passwd",
            "http://127.0.0.1:1/",
            "https://perspective.example/logo.png",
            "data:image/png;base64,AAAA",
            "ftp://perspective.example/",
            "certificate:../document.css",
            "art.svg",
        ],
    )
    def test_a_page_that_asks_for_anything_else_is_not_made(self, design, address):
        html = design / "document.html"
        html.write_text(html.read_text().replace("</section>", f'<img src="{address}"></section>'))

        with pytest.raises(RenderingFailed, match="something that it may not have"):
            render(sample())

    def test_a_style_sheet_that_asks_for_a_foreign_typeface_is_not_used(self, design):
        css = design / "document.css"
        css.write_text(css.read_text().replace("certificate:arabic.ttf", "file:///usr/share/fonts/any.ttf"))

        with pytest.raises(RenderingFailed, match="something that it may not have"):
            render(sample())

    @pytest.mark.parametrize("name", ["document.html", "document.css", "art.svg"])
    def test_a_design_without_one_of_its_files_is_named(self, design, name):
        (design / name).unlink()

        with pytest.raises(RenderingFailed, match=name):
            render(sample())

    def test_the_engraving_is_what_its_program_draws(self):
        assert engraving.ART.read_text(encoding="utf-8") == engraving.drawing()


class TestTypefaces:
    @pytest.fixture(autouse=True)
    def _cut_anew(self):
        fonts.files.cache_clear()
        yield
        fonts.files.cache_clear()

    def test_are_cut_at_the_first_use_to_the_same_bytes_as_ever_and_then_kept(self, settings, tmp_path):
        known = fonts.files()
        fonts.files.cache_clear()
        settings.VAR_DIR = tmp_path

        first = fonts.files()
        fonts.files.cache_clear()
        began = time.monotonic()
        second = fonts.files()

        assert first == second == known
        assert time.monotonic() - began < 0.5
        assert not list(tmp_path.rglob("*.part"))

    def test_that_are_not_installed_are_named_with_the_command_that_helps(self, settings, tmp_path):
        settings.BASE_DIR = tmp_path

        with pytest.raises(RenderingFailed, match="npm ci"):
            fonts.files()


def test_a_process_that_shows_pages_never_loads_the_printing_libraries():
    code = (
        "import django, sys; django.setup(); import certificates.rendering\n"
        "print([name for name in ('weasyprint', 'fontTools', 'pydyf', 'segno') if name in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"}

    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)

    assert answer.stdout.strip() == "[]", answer.stderr
