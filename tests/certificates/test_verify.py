"""The public check: what a stranger learns, and what nobody learns."""

import re
import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import limits, numbers
from certificates.models import Certificate
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    person = make.person(
        make.nation("JO", "Hashemite Kingdom"),
        family_name="Haddad",
        printed_name="رانيا حداد",
        rank="Lieutenant-Commander",
        email="rania@example.org",
    )
    iteration = make.running_iteration(make.course("GToT"), state="running")
    return make.certificate(make.passed(person, iteration))


@pytest.fixture(autouse=True)
def _early_in_a_window(monkeypatch):
    """No test straddles two windows."""
    set_clock(monkeypatch, 1_000_000)


def set_clock(monkeypatch, window: int) -> None:
    """Five seconds into the `window`th minute, for the limits alone."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: window * limits.WINDOW_SECONDS + 5.0))


def by_code(code: str, client: Client | None = None, **more):
    return (client or Client()).get(reverse("certificates:check", args=[code]), **more)


def by_hand(number: str, code: str, client: Client | None = None, **more):
    return (client or Client()).post(reverse("certificates:verify"), {"number": number, "code": code}, **more)


def text(answer) -> str:
    return answer.content.decode()


def bare(answer) -> str:
    """Without what differs in every answer: tokens, nonces, the mark in the menu, and what was typed into the form."""
    own = r'"X-CSRFToken": "\w+"|csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"|aria-current="\w+"'
    page = re.sub(own, "", text(answer))
    return re.sub(r'(<input type="text" name="(?:number|code)")[^>]*>', r"\1>", page)


# What a stranger learns


def test_the_code_of_the_paper_says_valid_and_what_must_stand_on_it(certificate):
    answer = by_code(certificate.code)

    assert answer.status_code == 200
    page = text(answer)
    assert "This certificate is valid" in page
    for shown in ("رانيا حداد", "GToT Course", certificate.printed["dates"], "NCGM in full", certificate.number):
        assert shown in page
    assert certificate.printed["issued_on"] in page


def test_number_and_typed_code_say_the_same(certificate):
    assert bare(by_hand(certificate.number, certificate.typed_code)) == bare(by_code(certificate.code))


def test_nothing_is_shown_that_is_not_on_the_paper(certificate):
    page = text(by_code(certificate.code))

    hidden = ("Hashemite Kingdom", "Lieutenant-Commander", "rania@example.org", "OF-3", "Haddad", "Passed", "100 %")
    for secret in (*hidden, certificate.typed_code, certificate.grouped_typed_code, certificate.sha256):
        assert secret not in page


@pytest.mark.parametrize("way", ["lower", "spaces", "letters", "dashes"])
def test_what_is_typed_may_look_otherwise(certificate, way):
    code = certificate.grouped_typed_code
    typed = {
        "lower": code.lower(),
        "spaces": code.replace("-", " "),
        "letters": code.replace("0", "O").replace("1", "I"),
        "dashes": code.replace("-", "–"),
    }[way]

    answer = by_hand(f" {certificate.number.lower().replace('-', ' ')} ", typed)

    assert "This certificate is valid" in text(answer)


def test_a_revoked_certificate_says_since_when_and_not_why(certificate):
    Certificate.objects.update(state="revoked", revoked_at=timezone.now(), revocation_reason="Copied the test")

    page = text(by_code(certificate.code))

    assert "This certificate has been revoked" in page
    assert f"{timezone.now():%Y}" in page
    assert "Copied the test" not in page


def test_a_replaced_certificate_names_the_number_in_its_place(certificate, signed_in):
    office = signed_in(make.coordinator())
    office.post(reverse("certificates:certificate_move", args=[certificate.pk]), {"move": "replace", "reason": "Name"})

    page = text(by_code(certificate.code))

    assert "This certificate has been replaced" in page
    assert Certificate.objects.get(state="queued").number in page


def test_a_later_change_of_the_record_changes_nothing_here(certificate):
    before = bare(by_code(certificate.code))
    person, course = certificate.nomination.person, certificate.nomination.iteration.course
    person.printed_name, course.title = "Somebody Else", "Another Course"
    person.save()
    course.save()

    assert bare(by_code(certificate.code)) == before


# What nobody learns


def test_unknown_mistyped_and_unfinished_are_the_same_answer(certificate):
    queued = make.certificate(make.passed(to=certificate.nomination.iteration), state="queued")
    unknown = [
        by_hand("NCGM-1999-000001", certificate.typed_code),
        by_hand(certificate.number, "0000-0000-0000"),
        by_hand(certificate.number, "0"),
        by_hand(queued.number, queued.typed_code),
        by_hand("x", "y"),
        by_code("A" * 22),
        by_code("x"),
        by_code(certificate.code.swapcase()),
        by_code(queued.code),
        by_code(certificate.typed_code),
        by_code(certificate.number),
    ]

    assert {answer.status_code for answer in unknown} == {404}
    assert len({bare(answer) for answer in unknown}) == 1
    assert "No such certificate" in text(unknown[0])


def test_what_was_typed_is_kept(certificate):
    page = text(by_hand("NCGM-1999-7", "abcd"))

    assert 'value="NCGM-1999-7"' in page
    assert 'value="abcd"' in page


@pytest.mark.parametrize(
    ("number", "code"), [("", ""), ("", "0123456789AB"), ("NCGM-2026-000001", ""), ("x" * 500, "y")]
)
def test_a_form_that_is_not_filled_in_says_what_is_missing(number, code):
    answer = by_hand(number, code)

    assert answer.status_code == 200
    assert "Please mend this first" in text(answer)


@pytest.mark.parametrize("nonsense", ["%", "'", "<script>", "é" * 22, "0" * 4000, "٠١٢", "\U0001f600"])
def test_no_input_is_a_fault(nonsense):
    assert by_code(nonsense).status_code == 404
    assert by_hand(nonsense[:60], nonsense[:60]).status_code == 404


@pytest.mark.parametrize("state", ["valid", "unknown", "form", "limited"])
def test_every_answer_is_kept_from_searches_caches_and_other_sites(certificate, state):
    if state == "limited":
        exhaust("127.0.0.1")
    answer = {
        "valid": lambda: by_code(certificate.code),
        "unknown": lambda: by_code("x"),
        "form": lambda: Client().get(reverse("certificates:verify")),
        "limited": lambda: by_code("x"),
    }[state]()

    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex' in text(answer)


def test_signed_in_people_are_answered_under_the_same_rules(certificate, signed_in):
    answer = by_code(certificate.code, signed_in(make.coordinator()))

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_asking_needs_no_token_of_a_form(certificate):
    strict = Client(enforce_csrf_checks=True)

    assert "This certificate is valid" in text(by_hand(certificate.number, certificate.typed_code, strict))


def test_asking_costs_few_queries(certificate, django_assert_max_num_queries):
    client = Client()
    for ask in (
        lambda: by_code(certificate.code, client),
        lambda: by_hand(certificate.number, certificate.typed_code, client),
    ):
        with django_assert_max_num_queries(6):
            ask()


# Limits


def exhaust(address: str) -> None:
    for _ in range(limits.MISSES_PER_ADDRESS):
        by_code("x", REMOTE_ADDR=address)


def test_after_too_many_misses_an_address_has_to_wait(certificate):
    exhaust("192.0.2.1")

    answer = by_code("x", REMOTE_ADDR="192.0.2.1")

    assert answer.status_code == 429
    assert answer["Retry-After"] == "56"
    assert "Please wait 56 seconds" in text(answer)
    assert by_code(certificate.code, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert by_hand(certificate.number, certificate.typed_code, REMOTE_ADDR="192.0.2.1").status_code == 429


def test_exactly_so_many_misses_are_answered():
    answers = [by_code(f"x{n}", REMOTE_ADDR="192.0.2.1").status_code for n in range(limits.MISSES_PER_ADDRESS + 5)]

    assert answers.count(404) == limits.MISSES_PER_ADDRESS
    assert answers[-5:] == [429] * 5


def test_good_papers_are_never_slowed_down(certificate):
    answers = {by_code(certificate.code).status_code for _ in range(3 * limits.MISSES_PER_ADDRESS)}

    assert answers == {200}


def test_others_go_on_asking(certificate):
    exhaust("192.0.2.1")

    assert by_code("x", REMOTE_ADDR="192.0.2.2").status_code == 404
    assert by_code(certificate.code, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_the_wait_ends_with_the_window(monkeypatch):
    exhaust("192.0.2.1")
    set_clock(monkeypatch, 1_000_001)

    assert by_code("x", REMOTE_ADDR="192.0.2.1").status_code == 404


def test_a_whole_ipv6_network_counts_as_one_asker():
    exhaust("2001:db8:1:2:aaaa::1")

    assert by_code("x", REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429
    assert by_code("x", REMOTE_ADDR="2001:db8:1:3::1").status_code == 404


def test_all_together_may_miss_only_so_often_yet_the_code_of_a_paper_is_still_answered(certificate, monkeypatch):
    monkeypatch.setattr(limits, "MISSES_OF_ALL", 5)
    for n in range(5):
        by_code("x", REMOTE_ADDR=f"192.0.2.{n}")

    assert by_code("x", REMOTE_ADDR="198.51.100.1").status_code == 429
    assert by_hand(certificate.number, certificate.typed_code, REMOTE_ADDR="198.51.100.1").status_code == 429
    assert by_code(certificate.code, REMOTE_ADDR="198.51.100.1").status_code == 200


def test_no_address_is_kept(monkeypatch):
    keys = []
    monkeypatch.setattr(cache, "add", lambda key, *_args, **_options: keys.append(key) or True)

    by_code("x", REMOTE_ADDR="192.0.2.77")

    assert keys
    assert not any("192.0.2.77" in key for key in keys)


def test_limits_can_be_switched_off_for_measuring(settings):
    settings.VERIFY_LIMITS_ENABLED = False

    answers = {by_code("x").status_code for _ in range(limits.MISSES_PER_ADDRESS + 5)}

    assert answers == {404}


@pytest.mark.slow
def test_a_wrong_code_takes_as_long_as_a_wrong_number(certificate, settings):
    settings.VERIFY_LIMITS_ENABLED = False
    client, wrong_code, wrong_number = Client(), [], []
    for _ in range(60):
        for number, times in ((certificate.number, wrong_code), ("NCGM-1999-000001", wrong_number)):
            start = time.perf_counter()
            by_hand(number, "0" * numbers.LENGTH, client)
            times.append(time.perf_counter() - start)

    assert abs(sorted(wrong_code)[30] - sorted(wrong_number)[30]) < 0.005
