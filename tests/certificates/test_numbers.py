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
    assert numbers.understood_number(typed) == "NCGM-2026-000123"


def test_a_number_beyond_six_digits_stays_whole():
    assert numbers.understood_number("NCGM-2026-1000123") == numbers.number("NCGM", 2026, 1000123)


@pytest.mark.parametrize("nonsense", ["", "-", "123", "NCGM", "NCGM-26-1", "%", "' OR 1=1 --", "NCGM-2026-" + "9" * 40])
def test_what_is_no_number_is_left_alone(nonsense):
    numbers.understood_number(nonsense)


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
    assert numbers.understood_number(numbers.number(found, 2026, 7).lower()) == numbers.number(found, 2026, 7)
