"""The public check by the file: the same bytes or not ours; nothing is kept, and nothing large is read."""

import io
import random
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import actions, badges, files, limits, signing, tasks, uploads
from certificates.models import Certificate
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def certificate(office):
    """One that was made and signed as any other."""
    iteration = make.running_iteration(make.course("GToT"), state="running")
    make.passed(make.person(printed_name="Rania Haddad"), iteration)
    batch = actions.issue(iteration, by=office)
    tasks.make_certificates(batch.pk)
    return batch.certificates.get()


@pytest.fixture
def pdf(certificate) -> bytes:
    return files.path_of(certificate.file_name).read_bytes()


def check(content: bytes, name: str = "certificate.pdf", client: Client | None = None, **more):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return (client or Client()).post(reverse("certificates:verify_file"), {"file": file}, **more)


def text(answer) -> str:
    return answer.content.decode()


def test_the_file_itself_says_valid_and_what_is_on_it(certificate, pdf):
    answer = check(pdf)

    assert answer.status_code == 200
    for words in ("This certificate is valid", "Rania Haddad", certificate.number, signing.subject()):
        assert words in text(answer)
    assert "development key" in text(answer)
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_the_badge_says_the_same(certificate):
    answer = check(certificate.badge.encode(), "badge.jwt")

    assert "This certificate is valid" in text(answer)
    assert certificate.number in text(answer)


@pytest.mark.parametrize("seed", range(40))
def test_a_file_that_differs_in_one_place_is_not_ours(pdf, seed):
    chance = random.Random(seed)
    at = chance.randrange(len(pdf))
    altered = chance.choice(
        [
            pdf[:at] + bytes([pdf[at] ^ (1 << chance.randrange(8))]) + pdf[at + 1 :],
            pdf[:at] + pdf[at + 1 :],
            pdf[:at] + b" " + pdf[at:],
            pdf + b"\n",
        ]
    )

    answer = check(altered)

    assert answer.status_code == 404
    assert "Not our file" in text(answer)
    assert "Rania Haddad" not in text(answer)


def test_a_badge_that_was_altered_or_signed_by_another_is_not_ours(certificate):
    head, body, signature = certificate.badge.split(".")

    for forged in (f"{head}.{body[:-4]}AAAA.{signature}", f"{head}.{body}.{signature[:-6]}AAAAAA", "a.b.c"):
        assert "Not our file" in text(check(forged.encode(), "badge.jwt")), forged


def test_after_revocation_the_file_says_revoked_at_once(certificate, pdf, office):
    actions.revoke(certificate, by=office, reason="Copied the test")

    for answer in (check(pdf), check(certificate.badge.encode(), "badge.jwt")):
        assert "This certificate has been revoked" in text(answer)
        assert "Copied the test" not in text(answer)


def test_both_ends_of_a_chain_name_each_other(certificate, pdf, office):
    new = actions.replace(certificate, by=office, reason="Name")
    tasks.make_certificates(new.batch_id)
    new.refresh_from_db()

    old_page, new_page = text(check(pdf)), text(check(files.path_of(new.file_name).read_bytes()))

    assert "This certificate has been replaced" in old_page
    assert new.number in old_page
    assert f"in the place of number {certificate.number}" in new_page
    assert new.code not in old_page


def test_after_its_last_day_it_says_expired(certificate, pdf):
    Certificate.objects.update(expires_on=timezone.localdate() - timedelta(days=1))

    assert "This certificate has expired" in text(check(pdf))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 a ZIP", "bomb.zip"),
        (b"%PDF-1.7 /Encrypt 1 0 R", "encrypted.pdf"),
        (b"\x00" * 1000, "zeros.pdf"),
        (b"GIF89a", "picture.gif"),
        (b'{"a": "b"}', "badge.json"),
        (b"\xff\xfe\x00", "x.jwt"),
    ],
)
def test_whatever_else_comes_is_not_ours(content, name):
    answer = check(content, name)

    assert answer.status_code == 404
    assert "Not our file" in text(answer)


def test_an_empty_file_and_none_are_told_so():
    assert "This file is empty." in text(check(b""))
    assert "Choose the file first." in text(Client().post(reverse("certificates:verify_file")))


def test_two_files_at_once_are_told_so(pdf):
    both = [io.BytesIO(pdf), io.BytesIO(pdf)]

    answer = Client().post(reverse("certificates:verify_file"), {"file": both})

    assert "Check one file at a time." in text(answer)


def test_a_file_that_is_too_large_is_refused_unread():
    answer = check(b"%PDF" + b"0" * (uploads.MOST_BYTES + uploads.WRAPPING))

    assert answer.status_code == 413
    assert "larger than 10 MB" in text(answer)


def test_what_is_not_ours_counts_as_a_miss():
    tries = 2 * limits.MISSES_PER_ADDRESS + 1  # in two windows at the most
    answers = [check(b"%PDF no", REMOTE_ADDR="198.51.100.7").status_code for _ in range(tries)]

    assert answers[:2] == [404, 404]
    assert 429 in answers


def test_the_address_of_the_form_leads_to_the_page(client):
    assert client.get(reverse("certificates:verify_file"))["Location"] == reverse("certificates:verify")


def test_it_works_while_the_queue_is_down(certificate, pdf, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert "This certificate is valid" in text(check(pdf))


def test_a_badge_names_the_certificate_that_it_belongs_to(certificate):
    assert badges.read(certificate.badge).code == certificate.code
