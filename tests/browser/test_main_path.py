"""From an empty database with field data to a certificate that a stranger checks, clicked through in Chromium."""

import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from tests.support.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.timeout(600),
]
OFFICE, LIAISON, NOMINEE = "office@example.org", "liaison@example.org", "rania@example.org"
PRINTED = "رانيا حداد"
TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_from_a_request_to_a_certificate_that_anyone_can_check(kind, people, request):
    site: Site = request.getfixturevalue(f"{kind}_site")

    the_administrator_lets_people_in(people(site, "administrator"), site)
    liaison, office = people(site, "liaison"), people(site, "coordinator")
    number = a_nation_asks(liaison)
    iteration = the_office_schedules(office, number)
    the_nation_nominates(liaison, iteration)
    the_office_selects(office, iteration)
    trainee = people(site, "trainee", width=390)
    she_confirms(trainee)
    it_is_held(office, iteration)
    the_office_issues(office, iteration)
    pdf = she_downloads(trainee)
    a_stranger_checks(people(site, "stranger"), pdf, site)


def the_administrator_lets_people_in(administrator, site: Site) -> None:
    site.shell(
        "from accounts.models import User\n"
        "from accounts.invitations import account_for\n"
        "user = account_for('admin.one@example.org', 'Ada Administrator')\n"
        "user.is_staff = user.is_superuser = True\n"
        "user.set_password('a-long-enough-password')\n"
        "user.save()"
    )
    page = administrator.page
    administrator.sign_in_with_password("admin.one@example.org", "a-long-enough-password")
    for email, name, is_coordinator in ((OFFICE, "Karin Coordinator", True), (LIAISON, "Leila Liaison", False)):
        page.goto(f"{site.address}/admin/accounts/user/add/")
        page.fill("#id_email", email)
        page.fill("#id_name", name)
        page.set_checked("#id_is_coordinator", is_coordinator)
        page.click('input[name="_save"]')
    page.goto(f"{site.address}/admin/partners/mandate/add/")
    for field, typed in (("user", "liaison@"), ("nation", "Jordan")):
        page.click(f".field-{field} .select2-selection")
        page.locator(".select2-search__field").press_sequentially(typed, delay=30)
        page.locator(".select2-results__option", has_text=re.compile("Leila Liaison|Jordan")).first.click()
    page.click('input[name="_save"]')
    page.get_by_text("added successfully").wait_for()


def a_nation_asks(liaison) -> str:
    liaison.sign_in_with_code(LIAISON)
    liaison.sees("Jordan")
    liaison.click("New training request")
    liaison.page.locator('input[name="kind"][value="seats"]').check()
    liaison.choose(course="Gender Training of Trainers Course")
    liaison.fill(people="2", purpose="Trainers for the services' schools")
    liaison.click(re.compile("^(Save and submit|Submit)"), exact=False)
    liaison.sees("Submitted")
    return re.search(r"TR-\d{4}-\d+", liaison.page.locator("main").inner_text()).group(0)


def the_office_schedules(office, number: str) -> int:
    """Approve the request, answer it by an iteration that begins tomorrow, open the call. Returns its id."""
    office.sign_in_with_code(OFFICE)
    office.click(number)
    office.make("approve")
    office.click(re.compile("^Schedule"), exact=False)
    today, tomorrow = TODAY.isoformat(), (TODAY + timedelta(days=1)).isoformat()
    office.fill(starts_on=tomorrow, ends_on=tomorrow, time_zone="UTC", place="Kungsängen", capacity="2", minimum="1")
    office.fill(nominations_close_on=today, notification_on=today, go_no_go_on=today)
    office.fill(joining_instructions_on=today, last_substitution_on=today)
    press_until_saved(office)
    office.sees("Scheduled")
    found = json.loads(office.site.shell(ITERATION))
    office.open(f"/iterations/{found}/")
    office.click("Announce")
    office.click("Open nominations")
    office.sees("Nominations open")
    return found


ITERATION = "import json\nfrom courses.models import Iteration\nprint(json.dumps(Iteration.objects.latest('pk').pk))"


def press_until_saved(office) -> None:
    """Planning clashes are shown once before they are accepted: the same button again goes on."""
    here = office.page.url
    for _turn in range(2):
        office.page.locator('main form[method="post"] button.btn-primary').last.click()
        office.look()
        if office.page.url != here:
            return
    raise AssertionError(f"Not saved:\n{office.page.locator('main').inner_text()[:4000]}")


def the_nation_nominates(liaison, iteration: int) -> None:
    liaison.open("/people/new/")
    liaison.fill(family_name="Haddad", given_names="Rania", printed_name=PRINTED, rank="Major", email=NOMINEE)
    liaison.choose(grade="OF-3")
    liaison.click("Save")
    liaison.page.locator("details:has(form[action*='language-tests']) > summary").click()
    liaison.fill(profile="3333", tested_on="2025-05-05")
    liaison.page.locator('form[action*="language-tests"] button').click()
    liaison.look()
    liaison.open(f"/iterations/{iteration}/nominate/")
    liaison.click("Haddad, Rania")
    liaison.page.get_by_text("No completion on record").first.wait_for()
    liaison.sees("Not proven")
    liaison.sees("Met")
    liaison.fill(priority="1")
    liaison.click("Submit")
    liaison.sees("Submitted")


def the_office_selects(office, iteration: int) -> None:
    office.open("/desk/")
    office.open(f"/iterations/{iteration}/nominations/")
    office.page.get_by_role("button", name="Select: Haddad, Rania").click()
    office.look()
    office.sees("Selected")
    office.page.get_by_text("All clear: 1 candidate is still to be told").click()
    office.click("Tell 1 candidate now")
    office.sees("All clear since")


def she_confirms(trainee) -> None:
    trainee.sign_in_with_code(NOMINEE)
    trainee.sees("Selected")
    trainee.click("Confirm the place")
    trainee.sees("Confirmed")
    trainee.sees("Still to do")


def it_is_held(office, iteration: int) -> None:
    """The dates are moved to today, so that the register can be kept."""
    office.open(f"/iterations/{iteration}/")
    office.click("Close nominations")
    office.click("Confirm: it will be held")
    office.open(f"/iterations/{iteration}/edit/")
    office.fill(starts_on=TODAY.isoformat(), ends_on=TODAY.isoformat())
    press_until_saved(office)
    office.open(f"/iterations/{iteration}/attendance/?day={TODAY}")
    office.page.locator('main input[name="present"]').first.check()
    office.page.locator("main form.sheet button.btn-primary").last.click()
    office.look()
    office.sees("Saved")
    office.open(f"/iterations/{iteration}/results/")
    office.page.locator("main form select").first.select_option(label="Passed")
    office.page.locator('main form[method="post"] button.btn-primary').last.click()
    office.look()
    office.open(f"/iterations/{iteration}/")
    office.click("Complete")
    office.sees("Completed")


def the_office_issues(office, iteration: int) -> None:
    office.open(f"/iterations/{iteration}/certificates/")
    office.sees("1 certificate to issue")
    office.click("Issue certificates")
    office.page.get_by_text("All are made.").wait_for(timeout=60000)
    office.look()


def she_downloads(trainee) -> bytes:
    trainee.open("/me/")
    with trainee.page.expect_download() as download:
        trainee.page.get_by_role("link", name="Download the PDF").click()
    return download.value.path().read_bytes()


def a_stranger_checks(stranger, pdf: bytes, site: Site) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    text = " ".join(reader.pages[0].extract_text().split())
    code, number, typed = json.loads(site.shell(CODES))

    assert len(reader.pages) == 1
    assert "Gender Training of Trainers Course" in text
    assert number in text
    assert str(TODAY.year) in text
    assert typed[:4] in text
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in text)

    stranger.open(f"/verify/{code}/")
    stranger.sees("Valid")
    stranger.sees(PRINTED)
    stranger.sees(number)
    stranger.open("/verify/")
    stranger.fill(number=number.lower(), code=typed.lower())
    stranger.page.locator("main form button").first.click()
    stranger.look()
    stranger.sees("Valid")
    stranger.open("/verify/no-such-code-at-all/")
    assert "Valid" not in stranger.page.locator("main").inner_text()


CODES = """
import json
from certificates.models import Certificate
row = Certificate.objects.get()
print(json.dumps([row.code, row.number, row.typed_code]))
"""
