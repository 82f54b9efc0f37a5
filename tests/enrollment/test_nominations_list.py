"""The list of nominations: whose, narrowed how, as a file, page by page."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enrollment.models import Nomination
from tests import make

pytestmark = pytest.mark.django_db
URL = "/nominations/"


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def office():
    return make.coordinator()


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def named(family_name: str, sender=None, **fields) -> Nomination:
    return make.nomination(make.person(sender, family_name=family_name), **fields)


def names_in(answer, *names: str) -> set[str]:
    page = text_of(answer)
    return {name for name in names if f"{name}, Given" in page}


def test_the_list_is_for_liaisons_and_coordinators(client, signed_in, liaison, office):
    nomination = make.nomination()
    users = (None, liaison, office, make.administrator(), make.trainee(nomination.person))

    answers = [(signed_in(user) if user else client).get(URL).status_code for user in users]

    assert answers == [302, 200, 200, 403, 403]
    assert reverse("enrollment:nominations") == URL


def test_a_liaison_lists_the_own_and_the_office_all_but_drafts(signed_in, liaison, office, jordan):
    named("Draft", jordan, state="draft")
    named("Ours", jordan)
    named("Theirs", make.nation("UA"))
    osce = make.organisation("OSCE")
    named("Organised", osce)

    everybody = ("Draft", "Ours", "Theirs", "Organised")

    assert names_in(signed_in(liaison).get(URL), *everybody) == {"Draft", "Ours"}
    assert names_in(signed_in(office).get(URL), *everybody) == {"Ours", "Theirs", "Organised"}
    assert names_in(signed_in(make.liaison(osce)).get(URL), *everybody) == {"Organised"}


def test_the_list_is_narrowed_by_state_course_iteration_lateness_sender_and_name(signed_in, office, jordan):
    genad = make.iteration(make.course("GENAD"))
    one = named("Åström", jordan, to=genad)
    two = named(
        "Haddad", make.nation("UA", "Ukraine"), to=make.iteration(make.course("GFP")), state="refused", is_late=True
    )
    osce = make.organisation("OSCE")
    named("Organised", osce, to=genad)
    everybody = ("Åström", "Haddad", "Organised")
    expected = {
        "?state=refused": {"Haddad"},
        f"?course={one.iteration.course_id}": {"Åström", "Organised"},
        f"?iteration={two.iteration_id}": {"Haddad"},
        "?late=1": {"Haddad"},
        f"?sender=nation-{jordan.pk}": {"Åström"},
        f"?sender=organisation-{osce.pk}": {"Organised"},
        "?q=astr": {"Åström"},
        f"?q=given&iteration={genad.pk}&state=submitted&sender=nation-{jordan.pk}": {"Åström"},
    }

    found = {query: names_in(signed_in(office).get(URL + query), *everybody) for query in expected}

    assert found == expected


def test_a_past_iteration_can_be_named_in_the_address_and_a_hidden_one_cannot(signed_in, liaison, jordan):
    past, hidden = make.iteration(state="closed"), make.iteration(make.course("HIDDEN"), state="draft")
    named("Then", jordan, to=past, state="passed")
    named("Now", jordan)

    assert names_in(signed_in(liaison).get(f"{URL}?iteration={past.pk}"), "Then", "Now") == {"Then"}
    assert "HIDDEN Course" not in text_of(signed_in(liaison).get(f"{URL}?iteration={hidden.pk}"))


@pytest.mark.parametrize(
    "query",
    [
        "?state=nonsense",
        "?course=x",
        "?iteration=" + "9" * 40,
        "?sender=nation-x",
        "?late=maybe",
        "?after=AAAA",
        "?sort=x",
    ],
)
def test_what_the_address_makes_up_is_passed_over(signed_in, office, query):
    named("Somebody")

    answer = signed_in(office).get(URL + query)

    assert names_in(answer, "Somebody") == {"Somebody"}


def test_a_liaison_is_not_offered_the_list_of_senders(signed_in, liaison):
    named("Theirs", make.nation("UA", "Ukraine"))

    assert "Ukraine" not in text_of(signed_in(liaison).get(URL))


def test_the_list_goes_on_page_by_page_and_shows_everybody_once(signed_in, office):
    iteration = make.iteration(capacity=200)
    for n in range(120):
        named(f"Person{n:03}", to=iteration)
    browser, address, seen = signed_in(office), URL, []

    while address:
        answer = browser.get(address)
        listing = answer.context["listing"]
        seen += [row.pk for row in listing.rows]
        address = URL + listing.next if listing.next else ""

    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


def test_an_empty_list_says_how_to_get_the_first_row(signed_in, liaison, office):
    assert "See open iterations" in text_of(signed_in(liaison).get(URL))
    assert "Nobody is nominated yet" in text_of(signed_in(office).get(URL))


def test_the_list_is_a_file_too_with_the_findings_and_no_formulas(signed_in, office, jordan):
    checks = [{"label": "Grade", "verdict": "not met", "waived": True}, {"label": "SLP", "verdict": "met"}]
    named("=HYPERLINK(1)", jordan, checks=checks)

    table = list(csv.reader(io.StringIO(signed_in(office).get(URL + "?format=csv").content.decode("utf-8-sig"))))

    row = dict(zip(table[0], table[1], strict=True))
    assert row["Name"] == "'=HYPERLINK(1), Given"
    assert row["Criteria when submitted"] == "Grade: waived; SLP: met"
    assert (row["Sent by"], row["State"]) == ("Jordan", "Submitted")
    assert signed_in(office).get(URL + "?format=xlsx").content.startswith(b"PK")


def test_a_liaisons_file_holds_the_own_nominations_only(signed_in, liaison, jordan):
    named("Ours", jordan)
    named("Theirs", make.nation("UA"))

    content = signed_in(liaison).get(URL + "?format=csv").content.decode()

    assert "Ours" in content
    assert "Theirs" not in content


@pytest.mark.parametrize("viewer", ["office", "liaison"])
def test_the_list_costs_at_most_ten_queries_for_1_3_and_300_rows(signed_in, office, liaison, jordan, viewer):
    browser, costs = signed_in(office if viewer == "office" else liaison), []
    iteration = make.iteration(capacity=400)
    for size in (1, 3, 300):
        for _n in range(size - Nomination.objects.count()):
            make.nomination(make.person(jordan), iteration)
        with CaptureQueriesContext(connection) as queries:
            browser.get(URL)
        costs.append(len(queries))

    assert max(costs) <= 10
    assert len(set(costs)) == 1
