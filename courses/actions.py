"""What the office does with courses and iterations. The deed that reaches nominations too stands in enrollment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from simple_history.utils import bulk_create_with_history

from accounts.actions import carry_out, keep_history, only_coordinators
from accounts.moves import Refused
from courses import clock, workflow
from courses.models import (
    ClockStep,
    Course,
    Iteration,
    Prerequisite,
    Provision,
    Reference,
    Seat,
    Teaching,
    TimetableEntry,
    Topic,
)
from courses.workflow import IterationState
from partners.models import Nation, Organisation, Person


@dataclass(frozen=True)
class Contents:
    """What hangs on a catalogue entry beside its own fields."""

    topics: Sequence[Topic] = ()
    references: Sequence[Reference] = ()
    required: Sequence[Course] = ()
    recommended: Sequence[Course] = ()


@dataclass(frozen=True)
class Parties:
    """Who takes part in an iteration: who delivers it (in order) and who mentors them, the team, and who is invited."""

    providers: Sequence[Organisation] = ()
    mentors: Sequence[Organisation] = ()
    director: Person | None = None
    instructors: Sequence[Person] = ()
    invited_nations: Sequence[Nation] = ()
    invited_organisations: Sequence[Organisation] = ()


@transaction.atomic
def save_course(course: Course, *, by, contents: Contents | None = None) -> Course:
    """Create or change a catalogue entry; with `contents`, its topics, references and prerequisites too."""
    only_coordinators(by, _("Only a training coordinator may change courses and iterations."))
    _refuse_a_circle_of_predecessors(course)
    keep_history(course, by=by, reason=gettext_noop("Changed") if course.pk else gettext_noop("Created"))
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError as broken:
        raise _twice(course) or _broken_rule(broken, Course) from broken
    if contents is not None:
        course.topics.set(contents.topics)
        course.references.set(contents.references)
        _require(course, contents)
    return course


def _twice(course: Course) -> Refused | None:
    """Said when somebody else took the short name, or the address made from it, a moment ago."""
    namesakes = Course.objects.exclude(pk=course.pk).filter(Q(short_name=course.short_name) | Q(slug=course.slug))
    if not namesakes.exists():
        return None
    return Refused(_("There is a course of this short name already. Choose another one."), field="short_name")


def _require(course: Course, contents: Contents) -> None:
    wanted = dict.fromkeys(contents.recommended, False) | dict.fromkeys(contents.required, True)
    links = Prerequisite.objects.exclude(course=course).values_list("course_id", "required_id")
    if _leads_to(course.pk, [each.pk for each in wanted], links):
        raise Refused(_("A course cannot be asked for before itself, not even by way of another."), field="required")
    course.prerequisite_links.exclude(required__in=wanted).delete()
    for required, is_mandatory in wanted.items():
        Prerequisite.objects.update_or_create(course=course, required=required, defaults={"is_mandatory": is_mandatory})


def _refuse_a_circle_of_predecessors(course: Course) -> None:
    if course.pk is None or course.predecessor_id is None:
        return
    links = Course.objects.exclude(pk=course.pk).filter(predecessor__isnull=False).values_list("pk", "predecessor_id")
    if _leads_to(course.pk, [course.predecessor_id], links):
        raise Refused(_("A course cannot come before itself, not even by way of another."), field="predecessor")


def _leads_to(end: int, starts: list[int], links: Iterable[tuple[int, int]]) -> bool:
    """True when following `links` from one of `starts` arrives at `end`."""
    onward = defaultdict(list)
    for here, there in links:
        onward[here].append(there)
    seen, ahead = set(), list(starts)
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += onward[here]
    return end in seen


def save_iteration(
    iteration: Iteration, *, by, parties: Parties | None = None, programme_of: Iteration | None = None
) -> Iteration:
    """Create or change an iteration. Steps of the clock left empty are derived from the course.

    `parties`, where given, replace who takes part; `programme_of` is an iteration whose programme is copied, its days
    moved along. Refuses steps out of order, a capacity below the seats that are taken, also when they were taken a
    moment ago, and any change of what is closed or cancelled.
    """
    only_coordinators(by, _("Only a training coordinator may change courses and iterations."))
    fill_in_the_clock(iteration)
    _refuse_disorder(iteration)
    try:
        with transaction.atomic():
            _keep_what_others_wrote(iteration)
            keep_history(
                iteration, by=by, reason=gettext_noop("Changed") if iteration.pk else gettext_noop("Scheduled")
            )
            iteration.save()
            furnish(iteration, by=by)
            if parties is not None:
                _bring_together(iteration, parties)
            if programme_of is not None:
                _copy_programme(programme_of, iteration)
    except IntegrityError as broken:
        raise _broken_rule(broken, Iteration) from broken
    return iteration


def fill_in_the_clock(iteration: Iteration) -> None:
    """Derive the steps that have no date from the course's offsets, and keep them in order with those that have one."""
    given = {step: getattr(iteration, step) for step in clock.STEPS}
    for step, day in clock.dates_for(iteration.starts_on, iteration.course.clock_offsets, given).items():
        setattr(iteration, step, day)


ALREADY_OVER = gettext_noop("Over before it was planned: nothing was done.")


def furnish(iteration: Iteration, *, by=None) -> None:
    """Give the iteration a seat for each place of its capacity and a row for each dated step of its clock."""
    _set_up_seats(iteration, by)
    _set_up_clock(iteration)


def _set_up_seats(iteration: Iteration, by) -> None:
    numbers = set(iteration.seats.values_list("number", flat=True))
    missing = [number for number in range(1, iteration.capacity + 1) if number not in numbers]
    missing = missing[: max(0, iteration.capacity - len(numbers))]
    added = [Seat(iteration=iteration, number=number) for number in missing]
    bulk_create_with_history(added, Seat, default_user=by, default_change_reason=gettext_noop("Capacity"))
    surplus = len(numbers) - iteration.capacity
    if surplus > 0:
        _take_away_seats(iteration, surplus, by)


def _take_away_seats(iteration: Iteration, surplus: int, by) -> None:
    seats = list(iteration.seats.filter(state__in=Seat.OPEN).order_by("-number")[:surplus])
    if len(seats) < surplus:
        sentence = _("The capacity cannot be below the seats that are taken or guaranteed. Change those first.")
        raise Refused(sentence, field="capacity")
    for seat in seats:
        keep_history(seat, by=by, reason=gettext_noop("Capacity"))
        seat.delete()


def _set_up_clock(iteration: Iteration) -> None:
    """A step follows its date. What was over when it was planned is left; what was done is done anew if ahead."""
    rows, now = {row.step: row for row in iteration.clock_steps.all()}, timezone.now()
    for step in clock.STEPS:
        day = getattr(iteration, step)
        if day is None:
            continue
        due_at = clock.due_at(step, day, iteration.time_zone)
        row = rows.get(step) or ClockStep(iteration=iteration, step=step)
        if (row.due_on, row.due_at) == (day, due_at):
            continue
        row.due_on, row.due_at = day, due_at
        if due_at > now:
            row.done_at, row.attempts, row.parked_at, row.report = None, 0, None, ""
        elif row.pk is None:
            row.done_at, row.report = now, ALREADY_OVER
        row.save()


def _refuse_disorder(iteration: Iteration) -> None:
    dates = {step: getattr(iteration, step) for step in clock.STEPS}
    if found := clock.out_of_order(dates, iteration.starts_on):
        raise Refused(iteration.say_disorder(*found), field=found[0])


def _keep_what_others_wrote(iteration: Iteration) -> None:
    """A form never writes state or seats: under lock, take them from the row."""
    if not iteration.pk:
        return
    row = Iteration.objects.select_for_update(of=("self",)).get(pk=iteration.pk)
    if row.state not in workflow.EDITABLE:
        sentence = _("%(iteration)s is “%(state)s” and can no longer be changed.")
        raise Refused(sentence % {"iteration": row, "state": row.get_state_display()})
    if row.course_id != iteration.course_id and row.state != IterationState.DRAFT:
        raise Refused(_("The course can be changed while the iteration is a draft only."), field="course")
    iteration.state, iteration.seats_taken = row.state, row.seats_taken
    iteration.cancellation_reason, iteration.all_clear_at = row.cancellation_reason, row.all_clear_at


FIELD_OF_RULE = {
    "course_minimum_fits_its_capacity": "default_minimum",
    "minimum_attendance_is_a_percentage": "minimum_attendance",
    "iteration_ends_after_it_begins": "ends_on",
    "iteration_minimum_fits_its_capacity": "minimum",
    "no_more_seats_taken_than_the_capacity": "capacity",
    "nominations_close_before_the_start": "nominations_close_on",
}


def _broken_rule(broken: IntegrityError, model: type) -> Refused:
    for constraint in model._meta.constraints:
        if constraint.name in str(broken):
            return Refused(str(constraint.violation_error_message), field=FIELD_OF_RULE[constraint.name])
    raise broken


def _bring_together(iteration: Iteration, parties: Parties) -> None:
    _provide(iteration, parties.providers, parties.mentors)
    _teach(iteration, parties.director, parties.instructors)
    iteration.invited_nations.set(parties.invited_nations)
    iteration.invited_organisations.set(parties.invited_organisations)


def _provide(iteration: Iteration, providers: Sequence[Organisation], mentors: Sequence[Organisation]) -> None:
    parts = dict.fromkeys(providers, Provision.Part.DELIVERS) | dict.fromkeys(mentors, Provision.Part.MENTORS)
    iteration.provisions.exclude(organisation__in=parts).delete()
    for position, (organisation, part) in enumerate(parts.items()):
        wanted = {"part": part, "position": position}
        Provision.objects.update_or_create(iteration=iteration, organisation=organisation, defaults=wanted)


def _teach(iteration: Iteration, director: Person | None, instructors: Sequence[Person]) -> None:
    parts = dict.fromkeys(instructors, Teaching.Part.INSTRUCTOR)
    if director is not None:
        parts[director] = Teaching.Part.DIRECTOR
    iteration.team.exclude(person__in=parts).delete()
    for person, part in parts.items():
        Teaching.objects.update_or_create(iteration=iteration, person=person, defaults={"part": part})


def _copy_programme(source: Iteration, iteration: Iteration) -> None:
    """The periods of `source` on the days of `iteration`, first day to first day; what falls behind its end is left."""
    shift = iteration.starts_on - source.starts_on
    fields = ("starts_at", "ends_at", "title", "room", "instructor_id")
    TimetableEntry.objects.bulk_create(
        TimetableEntry(iteration=iteration, day=entry.day + shift, **{name: getattr(entry, name) for name in fields})
        for entry in source.timetable.all()
        if iteration.starts_on <= entry.day + shift <= iteration.ends_on
    )


@transaction.atomic
def make_move(iteration: Iteration, name: str, *, by, reason: str = "") -> Iteration:
    """Announce, open, close nominations, confirm, start, complete or close an iteration; see the table of moves."""
    locked = lock(iteration)
    carry_out(locked, name, by=by, reason=reason)
    return locked


def lock(iteration: Iteration) -> Iteration:
    """The iteration's row, fresh and locked to the end of the transaction: the first lock of every deed with seats."""
    return Iteration.objects.select_for_update(of=("self",)).select_related("course").get(pk=iteration.pk)
