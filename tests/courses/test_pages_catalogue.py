"""The catalogue: what everybody finds in it, and how the office keeps it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Reference, Topic
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


def listed(client, **query) -> list[str]:
    """The short names on the page, in order."""
    response = client.get(reverse("courses:list"), query)
    assert response.status_code == 200
    return [course.short_name for course in response.context["listing"].rows]


def typed(course: Course | None = None, **changes) -> dict:
    """What the course form sends for a course as it stands, with changes."""
    institution = course.institution if course else make.organisation()
    fields = {
        "short_name": "GFP",
        "title": "Gender Focal Point Course",
        "kind": "course",
        "institution": institution.pk,
        "discipline": "Gender in Military Operations",
        "is_published": "on",
        "languages": "English",
        "duration_days": "4",
        "default_capacity": "24",
        "default_minimum": "10",
        "assessment": "formative",
        "certificate_kind": "completion",
        "minimum_attendance": "80",
        "refresher_reminder_days": "90",
        "nomination_deadline_days": "56",
        "warn_holders_days": "49",
        "notification_days": "42",
        "take_back_days": "42",
        "go_no_go_days": "28",
        "joining_instructions_days": "15",
        "last_substitution_days": "14",
    }
    return {**fields, **changes}


# Finding


def test_everybody_finds_the_courses_in_the_order_of_their_titles(client):
    make.course("B", title="Beta")
    make.course("A", title="Alpha")

    assert listed(client) == ["A", "B"]


@pytest.mark.parametrize("words", ["operations genad", "kungsangen", "ÅTGÄRD", "gen-go-1"])
def test_search_looks_at_every_word_and_ignores_accents_and_case(client, words):
    make.course("GENAD", title="Åtgärd in Operations", code="GEN-GO-1", aim="As taught in Kungsängen")
    make.course("GFP")

    assert listed(client, q=words) == ["GENAD"]


def test_each_filter_narrows_and_stays_in_the_address_as_a_pill_that_can_be_removed(client):
    topic, school = Topic.objects.create(name="Human Rights"), make.organisation("RACVIAC")
    wanted = make.course("KLS", kind="seminar", level=200, institution=school)
    wanted.topics.add(topic)
    for n, fields in enumerate(
        [{"kind": "course"}, {"level": 300}, {"institution": make.organisation("NCGM")}, {"topics": None}]
    ):
        other = make.course(
            f"X{n}", **{"kind": "seminar", "level": 200, "institution": school, **_without_topics(fields)}
        )
        if "topics" not in fields:
            other.topics.add(topic)

    query = {"kind": "seminar", "topic": topic.pk, "level": 200, "institution": school.pk}
    page = client.get(reverse("courses:list"), query)

    assert listed(client, **query) == ["KLS"]
    assert {pill.label for pill in page.context["listing"].pills} == {"Kind", "Topic", "Level", "Institution"}
    assert listed(client, **{**query, "level": ""}) == ["KLS", "X1"]
    assert f'href="?kind=seminar&amp;topic={topic.pk}&amp;institution={school.pk}"' in page.content.decode()


def _without_topics(fields: dict) -> dict:
    return {name: value for name, value in fields.items() if name != "topics"}


@pytest.mark.parametrize("query", ["kind=dance", "topic=abc", "topic=999999999999999999999", "level=-1", "after=zzz"])
def test_a_filter_that_does_not_exist_is_passed_over_with_a_word(client, query):
    make.course("GENAD")

    page = client.get(reverse("courses:list") + "?" + query)

    assert page.status_code == 200
    assert [course.short_name for course in page.context["listing"].rows] == ["GENAD"]
    assert page.context["listing"].notices


def test_a_course_shows_its_next_iteration_only(client):
    course = make.course("GENAD")
    make.iteration(course, starts_on=timezone.localdate() + timedelta(days=200), place="Later")
    make.iteration(course, starts_on=timezone.localdate() + timedelta(days=100), place="Sooner")
    make.iteration(course, starts_on=timezone.localdate() + timedelta(days=50), place="Secret", state="draft")

    page = client.get(reverse("courses:list")).content.decode()

    assert "Sooner" in page
    assert "Later" not in page
    assert "Secret" not in page


def test_an_empty_catalogue_and_a_search_without_result_say_what_to_do(client):
    assert "A coordinator adds the first course" in client.get(reverse("courses:list")).content.decode()
    make.course("GENAD")
    assert "Remove a filter" in client.get(reverse("courses:list"), {"q": "nothing"}).content.decode()


def test_the_list_costs_the_same_number_of_queries_however_long(client, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            course = make.course()
            course.topics.add(Topic.objects.create(name=course.short_name))
            make.iteration(course)
        with django_assert_max_num_queries(6) as queries:
            client.get(reverse("courses:list"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# One course


def test_a_course_page_says_what_is_taught_to_whom_and_when(client):
    adl, old = make.course("ADL 169", title="Improving Effectiveness"), make.course("GFA", title="Field Advisor")
    course = make.course(
        "GENAD",
        aim="Prepare advisers.",
        objectives="Advise commanders\n\nAnalyse an area",
        slp_minimum="3+232",
        enlisted_by_waiver_from=7,
        predecessor=old,
    )
    course.topics.add(Topic.objects.create(name="Human Rights"))
    course.references.add(Reference.objects.create(code="UNSCR 1325"))
    make.prerequisite(course, adl)
    iteration = make.iteration(course, capacity=20, seats_taken=3)

    page = client.get(reverse("courses:detail", args=["genad"])).content.decode()

    assert "Prepare advisers." in page
    assert "<li>Advise commanders</li><li>Analyse an area</li>" in page
    assert "Officers from OF-2 to OF-5." in page
    assert "Other ranks from OR-7 by waiver of the coordinator." in page
    assert "English at SLP 3+232 or better: listening 3+, speaking 2, reading 3, writing 2." in page
    assert "Improving Effectiveness completed before the first day." in page
    assert "UNSCR 1325" in page
    assert "Human Rights" in page
    assert reverse("courses:detail", args=["gfa"]) in page
    assert reverse("courses:iteration", args=[iteration.pk]) in page
    assert "17 seats free" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"officers_from": None, "officers_to": None}, "Any military grade is admitted."),
        ({"officers_from": 4, "officers_to": 4}, "Officers of grade OF-4."),
        ({"officers_from": 4, "officers_to": None}, "Officers from OF-4."),
        ({"officers_from": None, "officers_to": 5}, "Officers from OF-1 to OF-5."),
        ({"warrant_officers": True}, "Warrant officers."),
        ({"enlisted_from": 6}, "Other ranks from OR-6."),
        ({"admits_civilians": False}, "No civilians."),
        ({"admits_civilians": True}, "Civilians of an equivalent grade."),
    ],
)
def test_entry_criteria_are_plain_words(client, fields, sentence):
    make.course("GENAD", **fields)

    assert f"<li>{sentence}</li>" in client.get(reverse("courses:detail", args=["genad"])).content.decode()


def test_what_is_no_longer_taught_leads_to_what_followed_it(client):
    old = make.course("GFA", active_until=date(2015, 12, 31))
    make.course("GENAD", predecessor=old)

    page = client.get(reverse("courses:detail", args=["gfa"])).content.decode()

    assert "No longer taught since" in page
    assert reverse("courses:detail", args=["genad"]) in page


def test_what_is_not_published_is_for_the_office_alone(client, office, signed_in):
    hidden = make.course("HIDDEN", is_published=False)
    make.course("GENAD", predecessor=hidden)
    make.prerequisite(Course.objects.get(short_name="GENAD"), hidden)
    address = reverse("courses:detail", args=["hidden"])

    for stranger in (client, signed_in(make.liaison()), signed_in(make.trainee())):
        assert stranger.get(address).status_code == 404
        assert listed(stranger) == ["GENAD"]
        assert address not in stranger.get(reverse("courses:detail", args=["genad"])).content.decode()
    assert office.get(address).status_code == 200


def test_a_course_page_costs_the_same_number_of_queries_however_much_it_holds(client, django_assert_max_num_queries):
    course, counts = make.course("GENAD", predecessor=make.course("GFA")), []
    for more in (1, 2):
        for _n in range(more):
            course.topics.add(Topic.objects.create(name=f"Topic {Topic.objects.count()}"))
            course.references.add(Reference.objects.create(code=f"R {Reference.objects.count()}"))
            make.prerequisite(course, make.course())
            make.course(predecessor=course)
            make.iteration(course)
        with django_assert_max_num_queries(6) as queries:
            client.get(reverse("courses:detail", args=["genad"]))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Keeping it


@pytest.mark.parametrize("who", ["trainee", "liaison", "administrator"])
def test_only_the_office_opens_the_form(who, client, signed_in):
    make.course("GENAD")
    somebody = signed_in(getattr(make, who)())

    for address in (reverse("courses:new"), reverse("courses:edit", args=["genad"])):
        assert somebody.get(address).status_code == 403
        assert somebody.post(address, typed()).status_code == 403
        assert client.get(address).status_code == 302
    assert Course.objects.count() == 1


def test_the_office_adds_a_course_with_its_topics_and_prerequisites(office):
    topic, adl = Topic.objects.create(name="Human Rights"), make.course("ADL 169")

    answer = office.post(
        reverse("courses:new"),
        typed(short_name="GENAD 2", topics=[topic.pk], required=[adl.pk], officers_from="2", objectives="One\nTwo"),
    )

    course = Course.objects.get(short_name="GENAD 2")
    assert answer.url == reverse("courses:detail", args=["genad-2"])
    assert list(course.topics.all()) == [topic]
    assert course.prerequisite_links.get().required == adl
    assert (course.officers_from, course.officers_to) == (2, None)
    assert course.history.get().history_user.is_coordinator


def test_a_changed_course_keeps_its_address(office):
    course = make.course("GENAD")

    answer = office.post(reverse("courses:edit", args=["genad"]), typed(course, short_name="GENAD II", title="New"))

    course.refresh_from_db()
    assert answer.url == reverse("courses:detail", args=["genad"])
    assert (course.slug, course.short_name, course.title) == ("genad", "GENAD II", "New")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "This field is required."),
        ({"short_name": "genad"}, "short_name", "There is a page “genad” already. Choose another short name."),
        ({"short_name": "New"}, "short_name", "There is a page “new” already."),
        ({"short_name": "курс"}, "short_name", "Use at least one Latin letter or digit"),
        ({"officers_from": "5", "officers_to": "2"}, "officers_to", "The highest grade is below the lowest."),
        ({"officers_from": "11"}, "officers_from", "Select a valid choice."),
        ({"slp_minimum": "9999"}, "slp_minimum", "Write four levels in the order"),
        ({"default_minimum": "25"}, None, "The minimum is above the capacity."),
        ({"minimum_attendance": "101"}, None, "Minimum attendance is a percentage"),
        ({"duration_days": "0"}, "duration_days", "greater than or equal to 0.5"),
        ({"notification_days": "60"}, "notification_days", "has to be no more days than"),
        ({"institution": "99"}, "institution", "Select a valid choice."),
        ({"certified_on": "0001-01-01"}, "certified_on", "Write a year between"),
        ({"required": ["99999"]}, "required", "is not one of the available choices"),
    ],
)
def test_a_mistake_gets_its_sentence_and_loses_nothing_of_what_was_typed(office, changes, field, sentence):
    make.course("GENAD")

    page = office.post(reverse("courses:new"), typed(**{"aim": "To be kept", **changes}))

    errors = page.context["form"].errors
    assert page.status_code == 200
    assert sentence in " ".join(errors[field or "__all__"])
    assert "To be kept" in page.content.decode()
    assert Course.objects.count() == 1


def test_a_circle_of_prerequisites_is_refused_beside_its_field(office):
    first, second = make.course("A"), make.course("B")
    make.prerequisite(second, first)

    page = office.post(reverse("courses:edit", args=["a"]), typed(first, short_name="A", required=[second.pk]))

    assert "before itself" in page.context["form"].errors["required"][0]
    assert not first.prerequisite_links.exists()


def test_who_saves_over_a_colleague_is_told_once_and_keeps_what_was_typed(office):
    course = make.course("GENAD")
    address = reverse("courses:edit", args=["genad"])
    seen = office.get(address).context["form"].initial["version"]
    course.title = "Written meanwhile"
    course.save()

    first = office.post(address, typed(course, short_name="GENAD", title="Mine", version=seen))
    again = first.context["form"]["version"].value()

    assert "changed this record while you were writing" in first.content.decode()
    assert 'value="Mine"' in first.content.decode()
    assert office.post(address, typed(course, short_name="GENAD", title="Mine", version=again)).status_code == 302
    course.refresh_from_db()
    assert course.title == "Mine"


def test_an_unknown_course_is_not_found(client, office):
    assert client.get(reverse("courses:detail", args=["none"])).status_code == 404
    assert office.get(reverse("courses:edit", args=["none"])).status_code == 404
