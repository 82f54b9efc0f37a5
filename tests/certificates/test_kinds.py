"""Every kind of certificate, in one language or two: who gets it, what stands on it, how an act of issuing waits."""

import io
import subprocess
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.moves import Refused
from certificates import actions, badges, files, signing, tasks, wording
from certificates.actions import Act
from certificates.design import languages
from certificates.models import Certificate, CourseTitle, IssueBatch, Issuer, Language
from courses.models import Teaching
from notifications.models import Notification
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def iteration():
    return make.running_iteration(make.course("GToT"), state="running")


def issued(iteration, act: Act, office) -> list[Certificate]:
    batch = actions.issue(iteration, act, by=office)
    tasks.make_certificates(batch.pk)
    return list(batch.certificates.order_by("pk"))


def pdf_of(certificate: Certificate) -> bytes:
    return files.path_of(certificate.file_name).read_bytes()


def text_of(certificate: Certificate) -> str:
    return " ".join(PdfReader(io.BytesIO(pdf_of(certificate))).pages[0].extract_text().split())


# Kinds


def test_an_instructor_gets_one_for_teaching_and_no_second(office, iteration):
    teacher = make.person(family_name="Ek", given_names="Ida")
    Teaching.objects.create(iteration=iteration, person=teacher)

    (certificate,) = issued(iteration, Act(instructors=[teacher]), office)

    assert (certificate.kind, certificate.person, certificate.nomination) == ("instructor", teacher, None)
    assert "Certificate of Instruction" in text_of(certificate)
    assert "taught on the" in text_of(certificate)
    with pytest.raises(Refused, match="nobody"):
        actions.issue(iteration, Act(instructors=[teacher]), by=office)


def test_who_is_not_on_the_team_gets_none(office, iteration):
    with pytest.raises(Refused, match="nobody"):
        actions.issue(iteration, Act(instructors=[make.person()]), by=office)


def test_a_host_institution_gets_one_in_its_own_name(office, iteration):
    iteration.host = make.organisation("RACVIAC", name="RACVIAC Centre for Security Cooperation")
    iteration.save()

    (certificate,) = issued(iteration, Act(for_host=True), office)

    assert (certificate.kind, certificate.host, certificate.person) == ("host", iteration.host, None)
    assert "RACVIAC Centre for Security Cooperation" in text_of(certificate)


def test_numbers_go_on_through_the_kinds_and_holders_are_told_only_when_asked(office, iteration):
    teacher = make.person(email="ida@example.org")
    Teaching.objects.create(iteration=iteration, person=teacher)
    make.passed(make.person(email="rania@example.org"), iteration)

    numbers = [each.number[-3:] for each in issued(iteration, Act(instructors=[teacher]), office)]

    assert numbers == ["001", "002"]
    assert not Notification.objects.filter(event="certificate.issued").exists()


def test_a_holder_sees_her_own_as_an_instructor_and_a_stranger_does_not(office, iteration, signed_in):
    teacher = make.person()
    Teaching.objects.create(iteration=iteration, person=teacher)
    (certificate,) = issued(iteration, Act(instructors=[teacher]), office)
    url = reverse("certificates:certificate", args=[certificate.pk])

    assert signed_in(make.trainee(teacher)).get(url).status_code == 200
    assert signed_in(make.trainee(make.person())).get(url).status_code == 404


def test_a_replacement_says_what_it_replaces(office, iteration):
    make.passed(to=iteration)
    (old,) = issued(iteration, Act(), office)

    new = actions.replace(old, by=office, reason="A name was wrong.")
    tasks.make_certificates(new.batch_id)

    new.refresh_from_db()
    assert f"Replaces certificate {old.number}" in text_of(new)
    assert Certificate.objects.get(pk=old.pk).replaced_by == new


# Languages


@pytest.mark.parametrize("code", ["fr", "uk", "ar"])
def test_a_second_language_that_comes_with_the_system_has_all_words(code):
    second = Language.objects.get(code=code)

    assert second.words.keys() == languages.english().keys()


def test_a_language_can_be_added_as_data(office, iteration):
    words = {**languages.english(), "heading.completion": "Курс завршен", "statement.completion": "успешно завршила"}
    serbian = Language.objects.create(code="xx-sr", name="Serbian", words=words)
    CourseTitle.objects.create(course=iteration.course, language=serbian, title="Обука предавача")
    make.passed(to=iteration)

    (certificate,) = issued(iteration, Act(second=serbian), office)

    second = certificate.printed["second"]
    assert (second["heading"], second["course_title"]) == ("Курс завршен", "Обука предавача")
    assert second["dates"] == f"{iteration.starts_on.isoformat()} – {iteration.ends_on.isoformat()}"


def test_the_words_of_the_day_stay_whatever_changes_later(office, iteration):
    make.passed(to=iteration)
    (certificate,) = issued(iteration, Act(second=Language.objects.get(code="uk")), office)
    before = certificate.printed
    iteration.course.title, iteration.course.certification = "Another title", "Listed"
    iteration.course.save()
    Language.objects.update(words={})

    assert Certificate.objects.get(pk=certificate.pk).printed == before
    assert before["course_version"] >= 1


# Validity and numbers


def test_a_course_says_how_long_its_certificates_hold(office, iteration):
    iteration.course.certificate_valid_months = 36
    iteration.course.save()
    make.passed(to=iteration)

    (certificate,) = issued(iteration, Act(), office)

    assert certificate.expires_on == wording.months_later(iteration.ends_on, 36)
    assert "Valid until" in text_of(certificate)
    assert not certificate.is_expired_on(certificate.expires_on)
    assert certificate.is_expired_on(date(certificate.expires_on.year + 1, 1, 1))


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 12, 1), 1, date(2028, 1, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_end_with_the_month(on, months, then):
    assert wording.months_later(on, months) == then


def test_an_institution_has_its_own_form_of_numbers(office, iteration):
    Issuer.objects.create(
        organisation=iteration.course.institution, number_format="{year}/{prefix}/{number}", number_digits=4
    )
    make.passed(to=iteration)

    (certificate,) = issued(iteration, Act(), office)

    assert certificate.number == f"{iteration.today().year}/NCGM/0001"
    assert Certificate.objects.numbered(f"{iteration.today().year} ncgm 1").get() == certificate


# The signature and the badge


def test_every_file_is_signed_and_holds_the_badge_that_is_offered(office, iteration, tmp_path):
    make.passed(to=iteration)
    (certificate,) = issued(iteration, Act(), office)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf_of(certificate))

    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)

    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert checked.returncode == 0, checked.stdout
    assert badges.read(file.read_bytes()).code == certificate.code
    assert badges.read(certificate.badge).number == certificate.number
    assert certificate.has_development_signature
    assert "Signed with a development key: made for trial only" in text_of(certificate)
    assert certificate.signed_by == signing.subject()


def test_without_a_key_nothing_is_issued_and_no_number_is_used(office, iteration, settings):
    settings.SIGNING_WITH_DEVELOPMENT_KEY = False
    make.passed(to=iteration)

    with pytest.raises(Refused, match="SIGNING_PKCS12"):
        actions.issue(iteration, by=office)

    settings.SIGNING_WITH_DEVELOPMENT_KEY = True
    assert issued(iteration, Act(), office)[0].number.endswith("-000001")


def test_a_key_that_is_lost_in_between_pauses_the_issue_until_it_is_there_again(office, iteration, settings):
    make.passed(to=iteration)
    batch = actions.issue(iteration, by=office)
    settings.SIGNING_PKCS12 = "/nowhere/key.p12"

    tasks.make_certificates(batch.pk)

    batch.refresh_from_db()
    waiting = batch.certificates.get()
    assert "/nowhere/key.p12" in batch.paused_why
    assert (waiting.state, waiting.attempts, waiting.lease_until) == ("queued", 0, None)
    assert Notification.objects.get(event="certificates.paused").recipient == office
    with pytest.raises(Refused, match="/nowhere/key.p12"):
        actions.resume(batch, by=office)
    settings.SIGNING_PKCS12 = ""
    actions.resume(batch, by=office)
    tasks.make_certificates(batch.pk)
    assert batch.certificates.get().state == "issued"


# Pausing, and taking everything along


def test_a_paused_issue_waits_and_goes_on_where_it_was(office, iteration, signed_in):
    make.passed(to=iteration)
    batch = actions.issue(iteration, by=office)
    browser = signed_in(office)

    browser.post(reverse("certificates:batch_pause", args=[batch.pk]))
    tasks.make_certificates(batch.pk)
    page = browser.get(reverse("certificates:batch", args=[batch.pk])).content.decode()
    assert batch.certificates.get().state == "queued"
    assert "Paused." in page
    assert "hx-get" not in page.partition('id="progress"')[2].partition(">")[0]

    browser.post(reverse("certificates:batch_resume", args=[batch.pk]))
    tasks.make_certificates(batch.pk)
    assert batch.certificates.get().state == "issued"


def test_pausing_twice_is_refused(office, iteration):
    make.passed(to=iteration)
    batch = actions.pause(actions.issue(iteration, by=office), by=office)

    with pytest.raises(Refused, match="already"):
        actions.pause(batch, by=office)


def test_all_files_of_an_issue_come_in_one_archive_with_telling_names(office, iteration, signed_in):
    for name in ("Åberg", "Öman"):
        make.passed(make.person(family_name=name, given_names="Eva"), iteration)
    made = issued(iteration, Act(), office)

    answer = signed_in(office).get(reverse("certificates:batch_zip", args=[made[0].batch_id]))

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    year = iteration.today().year
    assert archive.namelist() == [f"ncgm-{year}-000001-aberg-eva.pdf", f"ncgm-{year}-000002-oman-eva.pdf"]
    assert archive.read(archive.namelist()[0]) == pdf_of(made[0])


def test_an_archive_of_nothing_is_refused_with_a_sentence(office, iteration, signed_in):
    make.passed(to=iteration)
    batch = actions.issue(iteration, by=office)

    answer = signed_in(office).get(reverse("certificates:batch_zip", args=[batch.pk]), follow=True)

    assert "No certificate is ready yet." in answer.content.decode()


def test_the_form_offers_the_team_the_host_and_the_languages(office, iteration, signed_in):
    teacher = make.person(family_name="Ek", given_names="Ida")
    Teaching.objects.create(iteration=iteration, person=teacher)
    iteration.host = make.organisation("RACVIAC")
    iteration.save()
    browser, ukrainian = signed_in(office), Language.objects.get(code="uk")

    page = browser.get(reverse("certificates:iteration", args=[iteration.pk])).content.decode()
    chosen = {"instructors": [teacher.pk], "for_host": "on", "second": ukrainian.pk}
    browser.post(reverse("certificates:issue", args=[iteration.pk]), chosen)

    assert "Ek, Ida" in page
    assert "host institution" in page
    assert "Ukrainian" in page
    assert {each.kind for each in IssueBatch.objects.get().certificates.all()} == {"instructor", "host"}
    assert Certificate.objects.first().printed["second_language"] == "uk"
