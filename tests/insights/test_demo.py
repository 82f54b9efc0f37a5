"""The field data and the demo: published totals add up, repeating adds nothing, no demo login works elsewhere."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts import demo as switch
from accounts.models import User
from certificates.models import Certificate
from courses.models import Course
from enrollment.models import Nomination, TrainingRequest
from enrollment.workflow import RequestState
from insights import figures
from insights.demo import past
from partners.models import Nation
from tests import make
from tests.support.digest import digest

pytestmark = pytest.mark.django_db
PUBLISHED = Path(past.DATA)
YEAR_2014 = figures.Period(date(2014, 1, 1), date(2014, 12, 31))


@pytest.fixture
def _field_data():
    call_command("load_field_data", verbosity=0)


@pytest.fixture
def _demo_is_on(settings):
    settings.DEBUG = settings.DEMO = True


def published(year: int) -> list[dict]:
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["start"].startswith(str(year))]


@pytest.mark.usefixtures("_field_data")
def test_the_real_iterations_of_2014_add_up_on_the_page_with_sweden_as_pfp(signed_in):
    past.make()
    rows = published(2014)

    page = signed_in(make.coordinator()).get("/insights/?by=framework&first=2014-01-01&last=2014-12-31")
    total = sum(int(row["participants"]) for row in rows)
    participants = page.context["participants"]
    bars = {bar.name: bar.total for bar in participants.bars}
    swedes = Nomination.objects.filter(nation__code="SE", iteration__starts_on__year=2014)
    partners = Nation.objects.filter(memberships__framework__code="PFP").exclude(code="SE")
    others = Nomination.objects.filter(nation__in=partners, iteration__starts_on__year=2014)

    assert total == 84
    assert participants.total == total == sum(bars.values())
    assert swedes.exists()
    assert bars["Partnership for Peace"] == swedes.count() + others.count()


@pytest.mark.usefixtures("_field_data")
def test_each_past_iteration_has_its_published_participants_and_nations():
    past.make()

    for row in published(2014) + published(2016):
        there = Nomination.objects.who_were_there().filter(iteration__reference=row["ref"])
        assert there.count() == int(row["participants"])
        if row["nations"]:
            assert there.values("nation").distinct().count() == int(row["nations"])


@pytest.mark.usefixtures("_demo_is_on")
def test_the_demo_has_requests_in_every_state_and_a_dozen_nations_and_repeating_it_adds_nothing(tmp_path):
    call_command("demo", verbosity=0)
    before = digest()

    assert {request.state for request in TrainingRequest.objects.all()} == set(RequestState)
    assert Nomination.objects.filter(state="submitted").values("nation").distinct().count() >= 12
    call_command("demo", verbosity=0)
    assert digest() == before


@pytest.mark.usefixtures("_demo_is_on")
def test_the_trainee_of_the_demo_has_a_certificate_to_download():
    call_command("demo", verbosity=0)

    held = Certificate.objects.of_person(User.objects.get(email="trainee@example.org"))

    assert [each.state for each in held] == ["issued"]


def test_the_demo_is_not_made_where_debug_is_off():
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo")


def test_no_demo_login_works_while_the_demo_is_off(settings, rf, signed_in):
    for _label, email in switch.LOGINS:
        make.user(email, password=switch.PASSWORD)

    for _label, email in switch.LOGINS:
        assert authenticate(rf.post("/"), email=email, password=switch.PASSWORD) is None

    settings.DEBUG = settings.DEMO = True
    assert authenticate(rf.post("/"), email="coordinator@example.org", password=switch.PASSWORD) is not None


def test_a_session_of_the_demo_ends_with_it(signed_in, settings):
    settings.DEBUG = settings.DEMO = True
    client = signed_in(make.coordinator(email="coordinator@example.org"))
    assert client.get("/desk/").status_code == 200

    settings.DEBUG = settings.DEMO = False

    assert client.get("/desk/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.usefixtures("_field_data")
def test_loading_the_field_data_again_keeps_what_people_edited():
    course = Course.objects.get(short_name="GENAD")
    course.title, course.default_capacity = "Gender Adviser Course, revised", 40
    course.save()
    Nation.objects.filter(code="SE").update(name="Kingdom of Sweden")
    before = digest()

    call_command("load_field_data", verbosity=0)

    after = Course.objects.get(short_name="GENAD")
    assert (after.title, after.default_capacity) == ("Gender Adviser Course, revised", 40)
    assert Nation.objects.get(code="SE").name == "Kingdom of Sweden"
    assert Nation.objects.count() == 249
    assert digest() == before
