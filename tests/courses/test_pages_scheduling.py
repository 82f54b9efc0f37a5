"""Planning an iteration: the form, what it derives, what it warns of, what it refuses."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from courses.forms import IterationForm
from courses.models import Course, Iteration, TimetableEntry
from partners.models import Person
from tests import make

pytestmark = pytest.mark.django_db

START = date(2027, 3, 1)  # a Monday
SCHEDULE = "courses:schedule"


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


@pytest.fixture
def course():
    return make.course("GENAD", title="Gender Advisor Course", default_capacity=30, default_minimum=15)


def typed(course: Course, /, **changes) -> dict:
    """What the form sends: three days, which the course takes."""
    fields = {
        "course": course.pk,
        "starts_on": START,
        "ends_on": START + timedelta(days=2),
        "time_zone": "Europe/Stockholm",
        "rest_days": "67",
        "format": "residential",
        "place": "Kungsängen",
        "late_policy": "coordinator decides",
        "language": "English",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def errors_of(page) -> dict:
    assert page.status_code == 200
    return page.context["form"].errors


# Who


@pytest.mark.parametrize("who", ["trainee", "liaison", "administrator"])
def test_only_the_office_plans(who, course, client, signed_in):
    iteration = make.iteration(course)
    somebody = signed_in(getattr(make, who)())

    for name, args in (
        (SCHEDULE, []),
        ("courses:iteration_edit", [iteration.pk]),
        ("courses:duplicate", [iteration.pk]),
    ):
        assert somebody.get(reverse(name, args=args)).status_code == 403
        assert somebody.post(reverse(name, args=args), typed(course)).status_code == 403
        assert client.get(reverse(name, args=args)).status_code == 302
    assert Iteration.objects.count() == 1


def test_an_iteration_that_is_not_there_is_not_found(office):
    for name in ("courses:iteration_edit", "courses:duplicate"):
        assert office.get(reverse(name, args=[10**17])).status_code == 404


# A new one


def test_the_form_begins_with_what_the_course_says(office, course):
    course.is_by_invitation, course.fee = True, "EUR 100"
    course.save()

    form = office.get(reverse(SCHEDULE), {"course": "genad"}).context["form"]

    assert form["capacity"].value() == 30
    assert form["minimum"].value() == 15
    assert form["is_by_invitation"].value() is True
    assert form["fee"].value() == "EUR 100"


@pytest.mark.parametrize("slug", ["none", "adl", "old", "x" * 300])
def test_a_course_that_has_no_iterations_is_passed_over(slug, office):
    make.course("ADL", kind="e-learning")
    make.course("OLD", active_until=date(2015, 1, 1))

    page = office.get(reverse(SCHEDULE), {"course": slug})

    assert page.status_code == 200
    assert list(page.context["form"].fields["course"].queryset) == []


def test_what_is_left_empty_comes_from_the_course(office, course):
    answer = office.post(reverse(SCHEDULE), typed(course))

    iteration = Iteration.objects.get()
    assert answer.url == reverse("courses:iteration", args=[iteration.pk])
    assert (iteration.state, iteration.capacity, iteration.minimum) == ("draft", 30, 15)
    assert iteration.nominations_close_on == START - timedelta(days=56)
    assert iteration.last_substitution_on == START - timedelta(days=14)
    assert [row.organisation for row in iteration.provisions.all()] == [course.institution]


def test_everybody_who_takes_part_is_kept(office, course):
    schools = [make.organisation(name) for name in ("RACVIAC", "PSOTC", "NATO")]
    director, instructor = (make.person(make.organisation("NCGM")) for _ in range(2))
    jordan, un = make.nation("JO"), make.organisation("UN")

    office.post(
        reverse(SCHEDULE),
        typed(
            course,
            provider=schools[0].pk,
            co_providers=[schools[1].pk],
            mentors=[schools[2].pk],
            host=schools[1].pk,
            director=director.pk,
            instructors=[instructor.pk],
            is_by_invitation="on",
            invited_nations=[jordan.pk],
            invited_organisations=[un.pk],
            is_chatham_house="on",
            capacity="12",
            minimum="6",
            go_no_go_on=date(2027, 2, 2),
        ),
    )

    iteration = Iteration.objects.get()
    assert [(str(row), row.part) for row in iteration.provisions.all()] == [
        ("RACVIAC", "delivers"),
        ("PSOTC", "delivers"),
        ("NATO", "mentors"),
    ]
    assert {row.person: row.part for row in iteration.team.all()} == {director: "director", instructor: "instructor"}
    assert list(iteration.invited_nations.all()) == [jordan]
    assert list(iteration.invited_organisations.all()) == [un]
    assert (iteration.capacity, iteration.minimum, iteration.go_no_go_on) == (12, 6, date(2027, 2, 2))
    assert iteration.is_chatham_house


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"course": None}, "course", "This field is required."),
        ({"course": 999}, "course", "Select a valid choice."),
        ({"starts_on": "yesterday"}, "starts_on", "Enter a valid date."),
        ({"starts_on": "0001-01-01"}, "starts_on", "Write a year between"),
        ({"ends_on": START - timedelta(days=1)}, "ends_on", "The last day is before the first day."),
        ({"ends_on": START + timedelta(days=400)}, "ends_on", "An iteration lasts a year at most."),
        ({"time_zone": "Middle/Earth"}, "time_zone", "“Middle/Earth” is not a time zone."),
        ({"capacity": "5", "minimum": "6"}, "minimum", "The minimum is above the capacity."),
        ({"capacity": "40000"}, "capacity", "less than or equal to 32767"),
        ({"nominations_close_on": "2027-03-02"}, "nominations_close_on", "is after the first day"),
        (
            {"go_no_go_on": "2026-12-01", "notification_on": "2026-12-02"},
            "go_no_go_on",
            "is before “unnamed seats taken back on”",
        ),
        ({"director": 999}, "director", "Select a valid choice."),
        ({"invited_nations": ["abc"]}, "invited_nations", "is not a valid value"),
    ],
)
def test_a_mistake_gets_its_sentence_and_loses_nothing_of_what_was_typed(office, course, changes, field, sentence):
    page = office.post(reverse(SCHEDULE), typed(course, **{"notes": "To be kept", **changes}))

    assert sentence in " ".join(errors_of(page)[field])
    assert "To be kept" in page.content.decode()
    assert not Iteration.objects.exists()


def test_a_late_deadline_takes_the_empty_steps_after_it_along(office, course):
    office.post(reverse(SCHEDULE), typed(course, nominations_close_on="2027-02-20"))

    iteration = Iteration.objects.get()
    assert iteration.notification_on == iteration.go_no_go_on == iteration.last_substitution_on == date(2027, 2, 20)


def test_people_who_cannot_teach_are_no_choice(office, course, signed_in):
    nominee = make.person(make.nation("JO"))
    trainer = make.person(make.nation("UA"), gender_function=Person.GenderFunction.TRAINER)
    taught = make.instructor(make.iteration()).person

    offered = office.get(reverse(SCHEDULE)).context["form"].fields["director"].queryset

    assert {trainer, taught} <= set(offered)
    assert nominee not in offered


# Clashes


def test_clashes_are_shown_once_with_all_that_was_typed_and_then_not_in_the_way(office, course):
    make.iteration(course, starts_on=START, place="Kungsangen")

    first = office.post(reverse(SCHEDULE), typed(course, notes="To be kept"))

    assert Iteration.objects.count() == 1
    assert "Kungsängen is taken by GENAD" in first.content.decode()
    assert "Not saved yet:" in first.content.decode()
    assert "To be kept" in first.content.decode()
    seen = " ".join(clash.key for clash in first.context["form"].clashes)
    assert office.post(reverse(SCHEDULE), typed(course, seen=seen)).status_code == 302
    assert Iteration.objects.count() == 2


def test_a_clash_that_came_up_meanwhile_is_shown_too(office, course):
    ten_days = typed(course, ends_on=START + timedelta(days=11))
    first = office.post(reverse(SCHEDULE), ten_days)
    seen = " ".join(clash.key for clash in first.context["form"].clashes)
    make.iteration(course, starts_on=START, place="Kungsängen")

    second = office.post(reverse(SCHEDULE), {**ten_days, "seen": seen})

    assert second.status_code == 200
    assert "is taken by" in second.content.decode()


def test_the_same_instructor_and_a_wrong_length_and_a_past_deadline_are_named(office, course):
    other = make.iteration(course, starts_on=START, place="Oslo")
    teacher = make.instructor(other).person

    page = office.post(
        reverse(SCHEDULE),
        typed(course, ends_on=START + timedelta(days=4), instructors=[teacher.pk], nominations_close_on="2020-01-01"),
    ).content.decode()

    assert "Instructor, Ingrid also teaches GENAD" in page
    assert "The dates give 5 training days, the course takes 3." in page
    assert "The nomination deadline, 1 January 2020, is in the past" in page


def test_a_cancelled_iteration_clashes_with_nothing(office, course):
    make.iteration(course, starts_on=START, place="Kungsängen", state="cancelled")

    assert office.post(reverse(SCHEDULE), typed(course)).status_code == 302


# While somebody types


def follow(client, address: str, **typed_so_far) -> str:
    response = client.get(address, typed_so_far, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def test_the_dates_that_follow_are_shown_while_somebody_types(office, course):
    page = follow(office, reverse(SCHEDULE), course=course.pk, starts_on="2027-03-01", rest_days="67")

    assert "4 January 2027" in page  # the deadline
    assert "15 February 2027" in page  # the last substitution
    assert "3 March 2027" in page  # three training days
    assert "<form" not in page


def test_clashes_are_shown_while_somebody_types_and_remembered(office, course):
    other = make.iteration(course, starts_on=START, place="Kungsängen")

    page = follow(office, reverse(SCHEDULE), **typed(course))

    assert "Kungsängen is taken by GENAD" in page
    assert f'name="seen" value="place:{other.pk} "' in page


def test_an_iteration_does_not_clash_with_itself_while_it_is_changed(office, course):
    iteration = make.iteration(course, starts_on=START, place="Kungsängen")

    page = follow(office, reverse("courses:iteration_edit", args=[iteration.pk]), **typed(course))

    assert "is taken by" not in page


@pytest.mark.parametrize("half", [{}, {"course": "abc"}, {"starts_on": "2027-02-31"}, {"ends_on": "0000-00-00"}])
def test_a_half_filled_form_leads_to_nothing_and_breaks_nothing(half, office, course):
    assert "Left empty" not in follow(office, reverse(SCHEDULE), **half)


# Changing


def test_derived_steps_are_shown_empty_and_move_along_with_the_first_day(office, course):
    office.post(reverse(SCHEDULE), typed(course, go_no_go_on="2027-02-02"))
    iteration = Iteration.objects.get()
    address = reverse("courses:iteration_edit", args=[iteration.pk])

    form = office.get(address).context["form"]
    assert form["nominations_close_on"].value() is None
    assert form["go_no_go_on"].value() == date(2027, 2, 2)
    later = {"starts_on": START + timedelta(days=7), "ends_on": START + timedelta(days=9), "go_no_go_on": "2027-02-02"}
    office.post(address, typed(course, **later))

    iteration.refresh_from_db()
    assert iteration.nominations_close_on == START + timedelta(days=7) - timedelta(days=56)
    assert iteration.go_no_go_on == date(2027, 2, 2)


def test_saving_the_form_as_it_came_changes_nothing(office, course):
    iteration = make.iteration(course, starts_on=START, state="announced", host=make.organisation("RACVIAC"))
    make.provision(iteration, make.organisation("NCGM"))
    make.provision(iteration, make.organisation("UN"), part="mentors", position=1)
    teacher = make.instructor(iteration).person
    iteration.invited_nations.add(make.nation("JO"))
    address = reverse("courses:iteration_edit", args=[iteration.pk])
    before = Iteration.objects.filter(pk=iteration.pk).values().get()

    form = office.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}
    answer = office.post(address, sent)

    assert answer.status_code == 302, answer.context["form"].errors
    assert Iteration.objects.filter(pk=iteration.pk).values().get() == before
    assert [(str(row), row.part) for row in iteration.provisions.all()] == [("NCGM", "delivers"), ("UN", "mentors")]
    assert iteration.team.get().person == teacher
    assert iteration.invited_nations.get().code == "JO"


def test_a_capacity_below_the_seats_taken_is_refused_beside_its_field(office, course):
    iteration = make.iteration(course, starts_on=START, capacity=10, seats_taken=4)

    page = office.post(reverse("courses:iteration_edit", args=[iteration.pk]), typed(course, capacity="3", minimum="1"))

    assert errors_of(page)["capacity"] == ["4 seats are taken already: the capacity cannot be below that."]


def test_a_seat_taken_between_the_page_and_the_deed_is_refused_beside_its_field(course):
    by, iteration = make.coordinator(), make.iteration(course, starts_on=START, capacity=10, minimum=1)
    form = IterationForm(typed(course, capacity="3", minimum="1"), instance=Iteration.objects.get(), user=by)
    assert form.is_valid()
    Iteration.objects.update(seats_taken=5)

    with pytest.raises(Exception, match="below the seats that are already taken") as refusal:
        form.schedule(by=by)
    form.refuse(refusal.value)

    assert "capacity" in form.errors
    iteration.refresh_from_db()
    assert (iteration.capacity, iteration.seats_taken) == (10, 5)


def test_an_announced_iteration_keeps_its_course(office, course):
    iteration, other = make.iteration(course, starts_on=START, state="announced"), make.course("GFP")

    office.post(reverse("courses:iteration_edit", args=[iteration.pk]), typed(other))

    iteration.refresh_from_db()
    assert iteration.course == course


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_what_is_over_is_not_changed_and_says_so(state, office, course):
    iteration = make.iteration(course, starts_on=START, state=state)

    page = office.post(reverse("courses:iteration_edit", args=[iteration.pk]), typed(course, place="Oslo"))

    assert "can no longer be changed" in page.content.decode()
    assert Iteration.objects.get().place == "Kungsängen"


def test_who_saves_over_a_colleague_is_told_once(office, course):
    iteration = make.iteration(course, starts_on=START)
    address = reverse("courses:iteration_edit", args=[iteration.pk])
    seen = office.get(address).context["form"]["version"].value()
    iteration.place = "Written meanwhile"
    iteration.save()

    page = office.post(address, typed(course, place="Mine", version=seen))

    assert "changed this record while you were writing" in page.content.decode()
    assert Iteration.objects.get().place == "Written meanwhile"


def test_a_coordinator_can_change_what_a_place_or_institution_that_left_still_holds(office, course):
    closed = make.organisation("CLOSED", is_active=False)
    iteration = make.iteration(course, starts_on=START, host=closed)

    form = office.get(reverse("courses:iteration_edit", args=[iteration.pk])).context["form"]

    assert closed in form.fields["host"].queryset


# Another like it


def test_another_like_it_takes_over_everything_but_its_days(office, course):
    model = make.iteration(course, starts_on=START, reference="2027-01", place="Oslo", capacity=12)
    make.provision(model, make.organisation("RACVIAC"))
    teacher = make.instructor(model).person

    form = office.get(reverse("courses:duplicate", args=[model.pk])).context["form"]

    assert form["place"].value() == "Oslo"
    assert form["capacity"].value() == 12
    assert form["provider"].value() == make.organisation("RACVIAC").pk
    assert form["instructors"].value() == [teacher.pk]
    for name in ("reference", "starts_on", "ends_on", "nominations_close_on"):
        assert not form[name].value()


@pytest.mark.parametrize(("sent", "entries"), [({"copy_programme": "on"}, 1), ({}, 0)])
def test_its_programme_comes_along_if_wished(office, course, sent, entries):
    model = make.iteration(course, starts_on=START)
    TimetableEntry.objects.create(iteration=model, day=START, starts_at=time(9), ends_at=time(10), title="Opening")
    later = {"starts_on": date(2028, 3, 6), "ends_on": date(2028, 3, 8)}

    office.post(reverse("courses:duplicate", args=[model.pk]), typed(course, **later, **sent))

    made = Iteration.objects.get(starts_on__year=2028)
    assert made.state == "draft"
    assert [entry.day for entry in made.timetable.all()] == [date(2028, 3, 6)] * entries
    assert model.timetable.count() == 1


# Cost


@pytest.mark.parametrize("name", [SCHEDULE, "courses:iteration_edit", "courses:duplicate"])
def test_the_forms_cost_the_same_number_of_queries_however_much_there_is_to_choose(
    name, office, course, django_assert_max_num_queries
):
    iteration, counts = make.iteration(course, starts_on=START), []
    args = [] if name == SCHEDULE else [iteration.pk]
    for more in (1, 2):
        for n in range(more):
            make.provision(iteration, make.organisation(f"School {more}{n}"))
            iteration.invited_nations.add(make.nation(f"{more}{n}"))
            make.instructor(iteration)
            make.course()
        with django_assert_max_num_queries(13) as queries:
            office.get(reverse(name, args=args))
        counts.append(len(queries))

    assert counts[0] == counts[1]
