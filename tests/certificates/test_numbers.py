"""Numbers and typed codes: what people type is understood, whatever the dashes."""

import pytest

from certificates import numbers
from certificates.models import new_typed_code


@pytest.mark.parametrize(
    "typed",
    [
        "NCGM-2026-000123",
        "ncgm-2026-000123",
        "  NCGM 2026 000123 ",
        "NCGM–2026—000123",
        "NCGM_2026_123",
        "NCGM -2026- 123",
        "ncgm\u2011 2026\u2212123",
    ],
)
def test_a_number_is_understood_as_it_was_meant(typed):
    assert numbers.key(typed) == numbers.key("NCGM-2026-000123")


def test_a_number_beyond_six_digits_stays_whole():
    assert numbers.number(numbers.STANDARD_FORMAT, "NCGM", 2026, 1000123) == "NCGM-2026-1000123"


@pytest.mark.parametrize("nonsense", ["", "-", "123", "NCGM", "NCGM-26-1", "%", "' OR 1=1 --", "NCGM-2026-" + "9" * 40])
def test_what_is_no_number_is_that_of_no_certificate(nonsense):
    assert numbers.key(nonsense) != numbers.key("NCGM-2026-000123")
    assert len(numbers.key(nonsense)) <= 60


@pytest.mark.parametrize(
    "typed", ["0123-4567-89AB", "0123 4567 89ab", "o123456789ab", "O I23-4567–89AB", " oL23456789Ab "]
)
def test_a_code_is_understood_with_letters_that_look_like_digits(typed):
    assert numbers.understood_code(typed) == "0123456789AB"


def test_u_is_read_as_the_v_that_it_looks_like():
    assert numbers.understood_code("UUUU-VVVV-WWWW") == "VVVVVVVVWWWW"


def test_every_code_that_we_give_is_understood_as_itself():
    for _ in range(200):
        code = new_typed_code()

        assert numbers.understood_code(numbers.grouped(code).lower()) == code


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("NCGM", "NCGM"),
        ("Jfc Naples", "JFC-NAPLES"),
        ("École", "ECOLE"),
        ("CMDR COE (Sofia)", "CMDR-COE-SOF"),
        ("  ", "CERT"),
        ("СОФ", "СОФ"),
    ],
)
def test_a_prefix_survives_being_typed(text, prefix):
    found = numbers.prefix_of(text)

    assert found == prefix
    made = numbers.number(numbers.STANDARD_FORMAT, found, 2026, 7)
    assert numbers.key(made.lower()) == numbers.key(made)


@pytest.mark.parametrize(
    "shape", ["{prefix}-{year}-{number}", "{year}/{prefix}/{number}", "GC {number}.{year} {prefix}"]
)
def test_an_institution_sets_the_form_of_its_numbers(shape):
    assert numbers.trouble_with(shape) == ""
    made = numbers.number(shape, "NCGM", 2026, 7, 4)
    assert "0007" in made
    assert numbers.key(made.lower().replace("-", " – ")) == numbers.key(made)


@pytest.mark.parametrize(
    "shape",
    [
        "",
        "{prefix}-{number}",
        "{prefix}{year}{number}",
        "{prefix}-{year}-{number}-{number}",
        "{prefix}-{year}-{number}}",
    ]
    + ["{prefix.__class__}-{year}-{number}", "{prefix}-{year}-{number!r}", "é{prefix}-{year}-{number}"],
)
def test_a_form_that_could_make_two_numbers_alike_is_refused_with_a_sentence(shape):
    assert numbers.trouble_with(shape).endswith(".")
