"""What the record says about a person beside the entry criteria: earlier courses, no-shows, what to think about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Iteration
from enrollment import workflow
from enrollment.models.completion import Completion
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState
from partners.models import Person

REPEAT_YEARS = 2  # the same course within 24 months (rule 5.3)


@dataclass
class Background:
    """`earlier` are places and completions in words, the latest first; `cautions` warn and never refuse."""

    earlier: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    no_shows: int = 0


def backgrounds_for(people: Iterable[Person], iteration: Iteration, *, among) -> dict[int, Background]:
    """Each person's background for `iteration`, by person id: two queries for any number of people.

    `among` are the nominations that the reader may see: Nomination.objects.visible_to(user).
    """
    ids = [person.pk for person in people]
    found = {pk: Background() for pk in ids}
    others = among.filter(person__in=ids).exclude(iteration=iteration)
    for other in others.select_related("iteration__course").order_by("-iteration__starts_on", "pk"):
        _add_place(found[other.person_id], other, iteration)
    elsewhere = Completion.objects.filter(person__in=ids, course=iteration.course_id)
    for completion in elsewhere.select_related("course"):
        _add_completion(found[completion.person_id], completion, iteration)
    for background in found.values():
        _add_no_shows(background)
    return found


def _add_place(background: Background, other: Nomination, iteration: Iteration) -> None:
    if other.state in workflow.WERE_THERE:
        background.earlier.append(f"{other.iteration.course.short_name} {other.iteration.starts_on.year}")
    if other.state == NominationState.NO_SHOW:
        background.no_shows += 1
    elif other.state in workflow.LIVE:
        background.cautions += [*_same_course(other, iteration), *_same_days(other, iteration)]


def _same_course(other: Nomination, iteration: Iteration) -> list[str]:
    if other.iteration.course_id != iteration.course_id:
        return []
    if other.state not in workflow.WERE_THERE:
        sentence = _("Nominated for another iteration of the same course too: %(iteration)s (%(state)s).")
        return [sentence % {"iteration": other.iteration, "state": other.get_state_display()}]
    if other.iteration.ends_on < _years_before(iteration.starts_on):
        return []
    return [_("Was on the same course within 24 months: %s.") % other.iteration]


def _same_days(other: Nomination, iteration: Iteration) -> list[str]:
    if other.iteration.starts_on > iteration.ends_on or other.iteration.ends_on < iteration.starts_on:
        return []
    sentence = _("Overlaps with %(iteration)s, %(first)s to %(last)s (%(state)s).")
    days = {"first": _day(other.iteration.starts_on), "last": _day(other.iteration.ends_on)}
    return [sentence % {"iteration": other.iteration.name, "state": other.get_state_display(), **days}]


def _add_completion(background: Background, completion: Completion, iteration: Iteration) -> None:
    background.earlier.append(f"{completion.course.short_name} {completion.completed_on.year}")
    if completion.completed_on >= _years_before(iteration.starts_on):
        sentence = _("Completed the same course elsewhere within 24 months, on %s.")
        background.cautions.append(sentence % _day(completion.completed_on))


def _add_no_shows(background: Background) -> None:
    if background.no_shows:
        sentence = ngettext(
            "Did not come to %(count)s earlier iteration.",
            "Did not come to %(count)s earlier iterations.",
            background.no_shows,
        )
        background.cautions.append(sentence % {"count": background.no_shows})


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - REPEAT_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year - REPEAT_YEARS, day=28)
