"""A reason as one sentence. Facts are stored; words are made when they are shown, in the reader's language."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enrollment.allocation.outcome import Step
from enrollment.allocation.reasons import Code, Reason


def say(reason: Reason) -> str:
    """Why in or why not, in one sentence."""
    return SENTENCES[reason.code](reason.facts)


def _guaranteed(facts) -> str:
    floors = _and([_floor(name, floor) for name, floor in facts["floors"]])
    return _("Seated: %(choice)s, which fills %(floors)s.") % {"choice": _choice(facts), "floors": floors}


def _floor(name: str, floor: int) -> str:
    if floor == 1:
        return _("the guaranteed seat for %(rule)s") % {"rule": name}
    return _("one of the %(floor)s guaranteed seats for %(rule)s") % {"floor": floor, "rule": name}


def _unrivalled(facts) -> str:
    return _("Seated: %(choice)s; nobody left out could have this seat instead.") % {"choice": _choice(facts)}


def _ahead(facts) -> str:
    by = {
        Step.RANK: _("by rank"),
        Step.PREFERENCE: _("by the order of preference"),
        Step.SPREAD: _("by the spread over senders"),
        Step.TIME: _("by earlier submission"),
    }[facts["step"]]
    sentence = ngettext(
        "Seated: %(choice)s; goes before one other who could have this seat, %(by)s.",
        "Seated: %(choice)s; goes before %(others)s others who could have this seat, before the nearest %(by)s.",
        facts["others"],
    )
    return sentence % {"choice": _choice(facts), "others": facts["others"], "by": by}


def _choice(facts) -> str:
    if facts["is_alternate"]:
        named = {1: _("first alternate of %(sender)s"), 2: _("second alternate of %(sender)s")}
        return named.get(facts["rank"], _("alternate %(rank)s of %(sender)s")) % facts
    named = {1: _("first choice of %(sender)s"), 2: _("second choice of %(sender)s")}
    return named.get(facts["rank"], _("choice %(rank)s of %(sender)s")) % facts


def _twice(facts) -> str:
    return _("Not seated: this person is seated here by the nomination of %(sender)s.") % facts


def _elsewhere(facts) -> str:
    there = _preference(facts)
    why = {
        "ceiling": lambda: _reached(facts["ceilings"]),
        "full": lambda: _("all seats here are taken"),
        "floors": lambda: _("a guaranteed seat is filled there"),
        "rank": lambda: _("the rank is higher there"),
    }
    if not facts["here"]:
        return _("Not seated here: seated on %(board)s, %(preference)s.") % {**facts, "preference": there}
    words = {**facts, "preference": there, "why": why[facts["here"]]()}
    return _("Not seated here: seated on %(board)s, %(preference)s; %(why)s.") % words


def _preference(facts) -> str:
    named = {1: _("the first preference of %(sender)s"), 2: _("the second preference of %(sender)s")}
    return named.get(facts["preference"], _("preference %(preference)s of %(sender)s")) % facts


def _no_seat(facts) -> str:
    return _("Not seated: no seat is free.")


def _ceiling_taken(facts) -> str:
    name, ceiling = facts["ceilings"][0]
    if ceiling == 0:
        return _("Not seated: the ceiling for %(rule)s is 0.") % {"rule": name}
    return _("Not seated: the ceiling of %(ceiling)s for %(rule)s is reached by those already seated.") % {
        "ceiling": ceiling,
        "rule": name,
    }


def _ceiling(facts) -> str:
    return _not_seated(_reached(facts["ceilings"]), facts)


def _reached(ceilings) -> str:
    named = [_("the ceiling of %(ceiling)s for %(rule)s") % {"ceiling": most, "rule": name} for name, most in ceilings]
    return ngettext("%(ceilings)s is reached", "%(ceilings)s are reached", len(named)) % {"ceilings": _and(named)}


def _full(facts) -> str:
    taken = ngettext("the one free seat is taken", "all %(seats)s free seats are taken", facts["seats"])
    return _not_seated(taken % facts, facts)


def _not_seated(what: str, facts) -> str:
    return _("Not seated: %(what)s %(who)s.") % {"what": what, "who": _who_is_ahead(facts)}


def _who_is_ahead(facts) -> str:
    """True of all who are in the way: each of them is ahead at `step` or at an earlier one."""
    if facts["all_rank_before"]:
        return _("by nominees ranked before")
    return {
        Step.FLOORS: _("by nominees who fill guaranteed seats"),
        Step.SEATS: _("and making room would cost more than one seat"),
        Step.RANK: _("by nominees ranked before or needed for guaranteed seats"),
        Step.PREFERENCE: _("and the nearest nominee has the same rank, but a higher preference for this iteration"),
        Step.SPREAD: _("and the nearest nominee has the same rank, but a sender with fewer seats here"),
        Step.TIME: _("and the nearest nominee is equal in all else, but was submitted earlier"),
    }[facts["step"]]


def _and(parts: list[str]) -> str:
    return get_text_list(parts, _("and"))


SENTENCES = {
    Code.GUARANTEED: _guaranteed,
    Code.UNRIVALLED: _unrivalled,
    Code.AHEAD: _ahead,
    Code.TWICE: _twice,
    Code.ELSEWHERE: _elsewhere,
    Code.NO_SEAT: _no_seat,
    Code.CEILING_TAKEN: _ceiling_taken,
    Code.CEILING: _ceiling,
    Code.FULL: _full,
}
