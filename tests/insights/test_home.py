"""The first page, and where signing in leads."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_home_shows_what_takes_nominations_and_hides_drafts(client):
    make.iteration(make.course("OPEN"))
    make.iteration(make.course("HIDDEN"), state="draft")
    make.iteration(make.course("LATER"), state="announced")

    page = client.get("/").content.decode()

    assert "OPEN Course" in page
    assert page.count("/iterations/") == 1


def test_home_offers_published_courses_that_are_still_given(client):
    make.course("GIVEN")
    make.course("UNPUBLISHED", is_published=False)
    make.course("ENDED", active_until="2015-12-31")

    page = client.get("/").content.decode()

    assert "GIVEN Course" in page
    assert "UNPUBLISHED Course" not in page
    assert "ENDED Course" not in page


def test_a_certificate_can_be_checked_from_the_first_page(client):
    certificate = make.certificate()

    page = client.get("/").content.decode()
    answer = client.post("/verify/", {"number": certificate.number, "code": certificate.typed_code})

    assert 'action="/verify/"' in page
    assert 'name="number"' in page
    assert 'name="code"' in page
    assert answer.status_code == 200


def test_whoever_is_signed_in_gets_one_line_to_the_own_page(client, signed_in):
    assert "/welcome/" not in client.get("/").content.decode()
    assert signed_in(make.user()).get("/").content.decode().count("/welcome/") == 1


def test_a_liaison_is_led_to_the_request(signed_in):
    assert "/requests/new/" in signed_in(make.liaison()).get("/").content.decode()
    assert "/requests/new/" not in signed_in(make.trainee()).get("/").content.decode()


@pytest.mark.parametrize("who", [None, "liaison", "coordinator"])
def test_home_takes_the_same_few_queries_for_one_and_three_iterations(
    client, signed_in, django_assert_max_num_queries, who
):
    client, counts = signed_in(getattr(make, who)()) if who else client, []
    for number in (1, 2):
        for _each in range(number):
            make.iteration()
        client.get("/")
        with django_assert_max_num_queries(6) as captured:
            client.get("/")
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("who", "page"),
    [("coordinator", "/desk/"), ("liaison", "/nation/"), ("trainee", "/me/"), ("administrator", "/admin/")],
)
def test_signing_in_leads_to_the_own_page(signed_in, who, page):
    response = signed_in(getattr(make, who)()).get("/welcome/")

    assert response.headers["Location"] == page


def test_an_instructor_an_analyst_and_somebody_without_a_role_have_a_page_too(signed_in):
    instructor = make.instructor(make.iteration())

    assert signed_in(instructor).get("/welcome/").headers["Location"] == "/teaching/"
    assert signed_in(make.user(is_analyst=True)).get("/welcome/").headers["Location"] == "/insights/"
    assert signed_in(make.user()).get("/welcome/").headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/desk/", "/nation/", "/me/", "/insights/", "/insights/rows/", "/welcome/"])
def test_an_unknown_visitor_is_asked_to_sign_in(client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["/desk/", "/nation/", "/me/", "/insights/", "/insights/rows/"])
def test_a_page_of_another_role_says_whom_it_is_for(signed_in, path):
    response = signed_in(make.user()).get(path)

    assert response.status_code == 403
    assert "This page is for" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/search/", "/welcome/", "/desk/", "/nation/", "/me/", "/insights/"])
def test_the_pages_only_show(signed_in, path):
    assert signed_in(make.coordinator()).post(path).status_code in (403, 405)
