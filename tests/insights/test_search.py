"""Find anything: the palette's JSON and the page, through the same gates as the pages themselves."""

import pytest

from enrollment import actions
from tests import make

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def found(client, query: str) -> list[dict]:
    return client.get("/search/", {"q": query}, headers=JSON).json()


def labels(client, query: str) -> list[str]:
    return [each["label"] for each in found(client, query)]


def test_a_line_has_label_kind_and_address(signed_in):
    person = make.person(make.nation("JO", "Jordan"), family_name="Zębala")

    [line] = found(signed_in(make.coordinator()), "zebala")

    assert line == {"label": "Zębala, Given", "kind": "Person · Jordan", "url": f"/people/{person.pk}/"}


def test_the_office_finds_every_kind(signed_in):
    jordan = make.nation("JO", "Jordan")
    course = make.course("XYZZY")
    nomination = make.passed(make.person(jordan, family_name="Xyzzy"), make.running_iteration(course, state="running"))
    certificate = make.certificate(nomination)
    request = make.training_request(jordan, course=course)
    actions.submit_request(request, by=request.liaison)

    urls = {each["url"] for each in found(signed_in(make.coordinator()), "xyzzy")}

    assert urls == {
        "/courses/xyzzy/",
        f"/iterations/{nomination.iteration_id}/",
        f"/people/{nomination.person_id}/",
        f"/requests/{request.pk}/",
        f"/nominations/{nomination.pk}/",
        f"/certificates/{certificate.pk}/",
    }


def test_a_certificate_is_found_by_its_number(signed_in):
    certificate = make.certificate()

    assert labels(signed_in(make.coordinator()), certificate.number.lower()) == [certificate.number]


def test_pages_of_the_own_menu_are_found(signed_in, client):
    assert {"label": "Outbox", "kind": "Page", "url": "/outbox/"} in found(signed_in(make.coordinator()), "outb")
    assert found(signed_in(make.liaison()), "outb") == []
    assert found(client, "outb") == []


def test_a_liaison_finds_only_the_own_nations(signed_in):
    jordan, ukraine = make.nation("JO", "Jordan"), make.nation("UA", "Ukraine")
    for sender, name in ((jordan, "Zebala Ourown"), (ukraine, "Zebala Theirs")):
        make.certificate(make.passed(make.person(sender, family_name=name)))
        make.training_request(sender, purpose=name)

    lines = found(signed_in(make.liaison(jordan)), "zebala")

    assert {each["kind"].split(" · ")[0] for each in lines} == {
        "Person",
        "Nomination",
        "Certificate",
        "Training request",
    }
    assert "Theirs" not in str(lines)
    assert "Ukraine" not in str(lines)


def test_a_visitor_finds_what_is_public_and_nothing_else(client):
    make.iteration(make.course("XYZZY"))
    make.iteration(make.course("XYZZY2", is_published=False), state="draft")
    make.nomination(make.person(family_name="Xyzzy"))

    assert {each["kind"] for each in found(client, "xyzzy")} == {"Course", "Iteration"}
    assert len(found(client, "xyzzy")) == 2


def test_at_most_eight_of_a_kind_are_shown(signed_in):
    for _each in range(10):
        make.person(family_name="Xyzzy")

    assert len(found(signed_in(make.coordinator()), "xyzzy")) == 8


@pytest.mark.parametrize("query", ["", "   ", "\u0301", "%", "_", "'\"<script>", "a" * 5000, "\U0001f600"])
def test_any_text_can_be_asked_for(signed_in, query):
    make.person(family_name="Someone")
    client = signed_in(make.coordinator())

    assert found(client, query) == []
    assert client.get("/search/", {"q": query}).status_code == 200


def test_without_script_the_same_search_is_a_page(signed_in):
    person = make.person(family_name="Xyzzy")
    client = signed_in(make.coordinator())

    page = client.get("/search/", {"q": "xyzzy"})

    assert f'href="/people/{person.pk}/"' in page.content.decode()
    assert 'value="xyzzy"' in page.content.decode()
    assert "Accept" in page.headers["Vary"]
    assert "Nothing is found" in client.get("/search/", {"q": "plugh"}).content.decode()


def test_three_finds_take_as_many_queries_as_one(signed_in, django_assert_max_num_queries):
    client, counts = signed_in(make.coordinator()), []
    for number in (1, 2):
        for each in range(number):
            course = make.course(f"XYZZY{number}{each}")
            person = make.person(family_name="Xyzzy")
            make.certificate(make.passed(person, make.running_iteration(course, state="running")))
            request = make.training_request(course=course)
            actions.submit_request(request, by=request.liaison)
        found(client, "xyzzy")
        with django_assert_max_num_queries(10) as captured:
            found(client, "xyzzy")
        counts.append(len(captured))

    assert counts[0] == counts[1]
