"""What a person's record says beside the entry criteria: earlier courses, no-shows, and what to think about."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Iteration
from enrollment import workflow
from enrollment.models.dossier import GOT_THROUGH, Dossier, Stage
from enrollment.workflow import NominationState
from interface import dates
from partners.models.sender import mandates_of

REPEAT_YEARS = 2  # the same course within 24 months (rule 5.3)
WERE_ON_IT = GOT_THROUGH | workflow.WERE_THERE  # also those who failed


@dataclass(frozen=True)
class Background:
    """`earlier` are courses in short, the latest first; `cautions` are sentences that warn and never refuse."""

    earlier: list[str]
    no_shows: int
    cautions: list[str]


def background_of(dossier: Dossier, iteration: Iteration, *, reader) -> Background:
    """The background of one person for `iteration`, as far as the user `reader` may know it.

    A liaison reads nothing of what another nation did with the person (rule 5.5); completions are the person's own.
    """
    others = [each for each in dossier.stages if each.iteration_id != iteration.pk and _may_know(each, reader)]
    no_shows = sum(each.state == NominationState.NO_SHOW for each in others)
    return Background(
        earlier=[f"{each.course} {each.starts_on.year}" for each in others if each.state in GOT_THROUGH],
        no_shows=no_shows,
        cautions=[
            *(sentence for each in others for sentence in _same_course(each, iteration)),
            *(sentence for each in others for sentence in _same_days(each, iteration)),
            *_say_no_shows(no_shows),
        ],
    )


def is_live_on(dossier: Dossier, iteration: Iteration) -> bool:
    """True when the person is already nominated for `iteration` (rule 5.3)."""
    return any(each.iteration_id == iteration.pk and each.state in workflow.LIVE for each in dossier.stages)


def _may_know(stage: Stage, reader) -> bool:
    if reader.is_office:
        return stage.state != NominationState.DRAFT
    own = {(each.nation_id, each.organisation_id) for each in mandates_of(reader)}
    return not stage.iteration_id or stage.sender in own


def _same_course(stage: Stage, iteration: Iteration) -> list[str]:
    if stage.course_id != iteration.course_id:
        return []
    days = dates.day_range(stage.starts_on, stage.ends_on)
    if stage.state in WERE_ON_IT and stage.ends_on >= years_before(iteration.starts_on):
        return [_("Was on the same course within 24 months: %(days)s.") % {"days": days}]
    if stage.state in workflow.LIVE - workflow.WERE_THERE - {NominationState.NO_SHOW}:
        return [_("Also nominated for another iteration of the same course: %(days)s.") % {"days": days}]
    return []


def _same_days(stage: Stage, iteration: Iteration) -> list[str]:
    is_ahead = stage.state in workflow.LIVE and stage.state not in workflow.WERE_THERE
    if not is_ahead or stage.starts_on > iteration.ends_on or stage.ends_on < iteration.starts_on:
        return []
    facts = {"course": stage.title, "days": dates.day_range(stage.starts_on, stage.ends_on)}
    return [_("Overlaps with another nomination: %(course)s, %(days)s.") % facts]


def _say_no_shows(count: int) -> list[str]:
    if not count:
        return []
    sentence = ngettext(
        "Did not come to %(count)s earlier iteration.", "Did not come to %(count)s earlier iterations.", count
    )
    return [sentence % {"count": count}]


def years_before(day: date, years: int = REPEAT_YEARS) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
