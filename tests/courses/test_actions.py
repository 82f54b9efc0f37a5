"""What the office does with courses and iterations: what it changes, what it records, what it refuses."""

from datetime import date, time, timedelta

import pytest

from accounts.moves import Refused
from courses import actions
from courses.actions import Contents, Parties
from courses.models import Course, Iteration, Teaching, TimetableEntry, Topic
from tests import make

pytestmark = pytest.mark.django_db

START = date(2027, 3, 1)


def unsaved(course: Course | None = None, **fields) -> Iteration:
    dates = {"starts_on": START, "ends_on": START + timedelta(days=2)}
    return Iteration(course=course or make.course(), **{**dates, "capacity": 10, "minimum": 2, **fields})


def test_scheduling_makes_a_draft_with_a_derived_clock_and_says_who_did_it():
    office = make.coordinator()

    iteration = actions.save_iteration(unsaved(), by=office)

    assert iteration.state == "draft"
    assert iteration.nominations_close_on == date(2027, 1, 4)
    assert iteration.last_substitution_on == date(2027, 2, 15)
    row = iteration.history.get()
    assert (row.history_user, row.history_change_reason) == (office, "Scheduled")


def test_scheduling_brings_together_who_takes_part():
    ncgm, racviac, un = (make.organisation(name) for name in ("NCGM", "RACVIAC", "UN"))
    director, instructor = make.person(ncgm), make.person(ncgm)
    parties = Parties(
        providers=[racviac, ncgm],
        mentors=[un],
        director=director,
        instructors=[instructor, director],
        invited_nations=[make.nation("JO")],
        invited_organisations=[un],
    )

    iteration = actions.save_iteration(unsaved(), by=make.coordinator(), parties=parties)

    assert [(row.organisation, row.part) for row in iteration.provisions.all()] == [
        (racviac, "delivers"),
        (ncgm, "delivers"),
        (un, "mentors"),
    ]
    assert {row.person: row.part for row in iteration.team.all()} == {director: "director", instructor: "instructor"}
    assert [nation.code for nation in iteration.invited_nations.all()] == ["JO"]
    assert list(iteration.invited_organisations.all()) == [un]


def test_saving_again_replaces_who_takes_part_and_leaves_them_alone_when_not_said():
    office, teacher = make.coordinator(), make.person(make.organisation())
    iteration = actions.save_iteration(unsaved(), by=office, parties=Parties(director=teacher))

    actions.save_iteration(iteration, by=office)
    assert iteration.team.get().part == Teaching.Part.DIRECTOR
    actions.save_iteration(iteration, by=office, parties=Parties(instructors=[teacher]))
    assert iteration.team.get().part == Teaching.Part.INSTRUCTOR
    actions.save_iteration(iteration, by=office, parties=Parties())
    assert not iteration.team.exists()


@pytest.mark.parametrize("somebody", [make.user, make.liaison, make.administrator])
def test_only_a_coordinator_schedules_and_changes_the_catalogue(somebody):
    by = somebody()

    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.save_iteration(unsaved(), by=by)
    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.save_course(make.course(), by=by)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"ends_on": START - timedelta(days=1)}, "ends_on", "The last day is before the first day."),
        ({"minimum": 11}, "minimum", "The minimum is above the capacity."),
        ({"nominations_close_on": date(2027, 3, 2)}, "nominations_close_on", "is after the first day"),
        (
            {"go_no_go_on": date(2027, 1, 5), "notification_on": date(2027, 1, 6)},
            "go_no_go_on",
            "“go / no-go on” (5 January 2027) is before “unnamed seats taken back on” (6 January 2027).",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_kept(fields, field, sentence):
    with pytest.raises(Refused) as refusal:
        actions.save_iteration(unsaved(**fields), by=make.coordinator())

    assert sentence in refusal.value.sentence
    assert refusal.value.field == field
    assert not Iteration.objects.exists()


def test_a_capacity_below_seats_taken_a_moment_ago_is_refused():
    office, iteration = make.coordinator(), make.iteration(capacity=5, minimum=1)
    in_the_form = Iteration.objects.get()
    Iteration.objects.update(seats_taken=3)
    in_the_form.capacity = 2

    with pytest.raises(Refused, match="below the seats that are already taken") as refusal:
        actions.save_iteration(in_the_form, by=office)

    iteration.refresh_from_db()
    assert refusal.value.field == "capacity"
    assert (iteration.capacity, iteration.seats_taken) == (5, 3)


def test_saving_a_form_never_writes_state_or_seats():
    office, iteration = make.coordinator(), make.iteration(state="announced")
    in_the_form = Iteration.objects.get()
    actions.make_move(iteration, "open", by=office)
    Iteration.objects.update(seats_taken=3)

    saved = actions.save_iteration(in_the_form, by=office)

    assert (saved.state, saved.seats_taken) == ("nominations open", 3)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_what_is_closed_or_cancelled_stays_as_it_was(state):
    iteration = make.iteration(state=state)

    with pytest.raises(Refused, match="can no longer be changed"):
        actions.save_iteration(iteration, by=make.coordinator())


def test_the_course_is_fixed_once_the_iteration_is_announced():
    office, draft, announced = make.coordinator(), make.iteration(state="draft"), make.iteration(state="announced")
    draft.course = announced.course = make.course("Other")

    assert actions.save_iteration(draft, by=office).course.short_name == "Other"
    with pytest.raises(Refused, match="while the iteration is a draft only"):
        actions.save_iteration(announced, by=office)


def test_a_copied_programme_moves_along_and_what_falls_behind_the_end_is_left():
    office, model = make.coordinator(), make.iteration()
    for day in range(3):
        TimetableEntry.objects.create(
            iteration=model,
            day=model.starts_on + timedelta(days=day),
            starts_at=time(9),
            ends_at=time(12),
            title=f"Lesson {day}",
        )

    shorter = unsaved(model.course, ends_on=START + timedelta(days=1))
    shorter = actions.save_iteration(shorter, by=office, programme_of=model)

    assert [(row.day, row.title) for row in shorter.timetable.all()] == [
        (START, "Lesson 0"),
        (START + timedelta(days=1), "Lesson 1"),
    ]
    assert model.timetable.count() == 3


def test_a_course_is_kept_with_its_contents_and_a_line_of_history():
    office, adl, gfp = make.coordinator(), make.course("ADL 169"), make.course("GFP")
    topic = Topic.objects.create(name="Human Rights")
    course = make.course("GENAD")

    actions.save_course(course, by=office, contents=Contents(topics=[topic], required=[adl], recommended=[gfp, adl]))

    assert list(course.topics.all()) == [topic]
    links = {link.required.short_name: link.is_mandatory for link in course.prerequisite_links.all()}
    assert links == {"ADL 169": True, "GFP": False}
    assert course.history.first().history_user == office


def test_prerequisites_are_replaced_and_keep_their_kind():
    office, adl, gfp, course = make.coordinator(), make.course("ADL"), make.course("GFP"), make.course("GENAD")
    actions.save_course(course, by=office, contents=Contents(required=[adl]))

    actions.save_course(course, by=office, contents=Contents(recommended=[gfp]))

    assert [(link.required, link.is_mandatory) for link in course.prerequisite_links.all()] == [(gfp, False)]


def test_a_course_is_never_asked_for_before_itself():
    office, first, second, third = make.coordinator(), make.course("A"), make.course("B"), make.course("C")
    actions.save_course(second, by=office, contents=Contents(required=[first]))
    actions.save_course(third, by=office, contents=Contents(required=[second]))

    with pytest.raises(Refused, match="before itself") as refusal:
        actions.save_course(first, by=office, contents=Contents(required=[third]))

    assert refusal.value.field == "required"
    assert not first.prerequisite_links.exists()


def test_predecessors_form_no_circle():
    office, old = make.coordinator(), make.course("GFA")
    new = make.course("GENAD", predecessor=old)
    old.predecessor = new

    with pytest.raises(Refused, match="come before itself") as refusal:
        actions.save_course(old, by=office)

    assert refusal.value.field == "predecessor"
