"""More of the past, for load: finished iterations with participants, written in bulk and without history."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from courses.models import Course, Iteration, Seat
from enrollment import workflow
from enrollment.models import Nomination
from insights.demo import people
from interface.text import fold
from partners.models import Nation, Person

ITERATIONS, PARTICIPANTS = 15, 22  # of one step of the scale: about what scale 1 has
REFERENCE = "L"
# In turn, so that 15 of the 22 held a seat.
STATES = ("passed", "passed", "passed", "failed", "no-show", "withdrawn", "refused", "waitlisted")


def make(scale: int) -> None:
    """Bring the archive to `scale` - 1 steps; each step adds 15 iterations with 22 nominations."""
    wanted = (scale - 1) * ITERATIONS
    there = Iteration.objects.filter(reference__startswith=REFERENCE).count()
    if wanted <= there:
        return
    courses = list(Course.objects.filter(kind="course"))
    nations = [
        (nation, people.liaison_of(nation)) for nation in Nation.objects.filter(memberships__isnull=False).distinct()
    ]
    for start in range(there, wanted, 150):
        _write(range(start, min(start + 150, wanted)), courses, nations)


def _write(numbers: range, courses: list[Course], nations: list) -> None:
    iterations = Iteration.objects.bulk_create([_iteration(n, courses[n % len(courses)]) for n in numbers])
    pairs = [(iteration, n) for iteration in iterations for n in range(PARTICIPANTS)]
    seats = _seats_of(iterations)
    persons = Person.objects.bulk_create([_person(nations[(i.pk + n) % len(nations)][0]) for i, n in pairs])
    Nomination.objects.bulk_create(
        [
            _nomination(iteration, n, person, nations[(iteration.pk + n) % len(nations)], seats[iteration.pk][n])
            for (iteration, n), person in zip(pairs, persons, strict=True)
        ],
        batch_size=1000,
    )


def _seats_of(iterations: list[Iteration]) -> dict[int, list[Seat]]:
    """A seat for each nomination, taken by whom it was held."""
    seats = Seat.objects.bulk_create(
        [
            Seat(iteration=iteration, number=n + 1, state="confirmed" if _is_seated(n) else "free")
            for iteration in iterations
            for n in range(PARTICIPANTS)
        ]
    )
    return {each.pk: seats[n * PARTICIPANTS : (n + 1) * PARTICIPANTS] for n, each in enumerate(iterations)}


def _is_seated(n: int) -> bool:
    return STATES[n % len(STATES)] in workflow.HAS_A_SEAT


def _iteration(n: int, course: Course) -> Iteration:
    starts_on = timezone.localdate() - timedelta(days=60 + n % 3650)
    return Iteration(
        course=course,
        reference=f"{REFERENCE}{n:05d}",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=4),
        capacity=PARTICIPANTS,
        seats_taken=15,
        place="Example Barracks",
        state="closed",
        search_text=fold(f"{course.short_name} {course.title} {REFERENCE}{n:05d} example barracks {starts_on}"),
    )


def _person(nation: Nation) -> Person:
    person = people.invent(nation)
    person.search_text = fold(f"{person.family_name} {person.given_names} {person.printed_name} {person.email}")
    return person


def _nomination(iteration: Iteration, n: int, person: Person, sender: tuple, seat: Seat) -> Nomination:
    noon = timezone.make_aware(datetime.combine(iteration.starts_on - timedelta(days=70), time(12)))
    created_at = noon + timedelta(seconds=97 * n)
    nation, liaison = sender
    return Nomination(
        person=person,
        iteration=iteration,
        nation=nation,
        nominated_by=liaison,
        state=STATES[n % len(STATES)],
        seat=seat if _is_seated(n) else None,
        submitted_at=created_at,
        created_at=created_at,
    )
