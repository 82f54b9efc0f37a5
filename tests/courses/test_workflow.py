"""The table of an iteration's moves, and that the action follows it to the letter."""

import pytest

from accounts.moves import Refused
from courses import actions, workflow
from courses.models import Iteration
from courses.workflow import IterationState
from tests import make

MADE_HERE = {"announce", "open", "close_nominations", "confirm", "start", "close"}


def test_every_move_leads_from_known_states_to_a_known_state():
    for move in workflow.MOVES:
        assert move.sources <= set(IterationState), move.name
        assert move.target in set(IterationState), move.name
        assert move.target not in move.sources, move.name


def test_every_state_but_the_first_can_be_reached():
    reached = {move.target for move in workflow.MOVES}

    assert set(IterationState) - reached == {IterationState.DRAFT}


def test_nothing_leads_out_of_what_is_over():
    sources = set().union(*(move.sources for move in workflow.MOVES))

    assert sources.isdisjoint({IterationState.CLOSED, IterationState.CANCELLED})


def test_only_drafts_are_hidden_from_the_public():
    assert set(IterationState) - workflow.PUBLIC == {IterationState.DRAFT}


@pytest.mark.django_db
@pytest.mark.parametrize("state", IterationState.values)
@pytest.mark.parametrize("name", sorted(MADE_HERE))
def test_a_move_is_made_from_its_sources_and_refused_from_every_other_state(name, state):
    office, move = make.coordinator(), next(each for each in workflow.MOVES if each.name == name)
    iteration = make.iteration(state=state)

    if state in move.sources:
        moved = actions.make_move(iteration, name, by=office)

        assert moved.state == move.target
        assert Iteration.objects.get().history.first().history_user == office
    else:
        with pytest.raises(Refused, match="Somebody may have decided in the meantime"):
            actions.make_move(iteration, name, by=office)
        assert Iteration.objects.get().state == state


@pytest.mark.django_db
def test_an_instructor_starts_the_own_iteration_and_nothing_else():
    iteration = make.iteration(state="confirmed")
    teacher, stranger = make.instructor(iteration), make.user(name="Somebody Else")

    names = {move.name for move in iteration.moves_open_to(teacher)}

    assert names == {"start"}
    with pytest.raises(Refused, match="is not yours to do here"):
        actions.make_move(iteration, "start", by=stranger)


@pytest.mark.django_db
def test_a_move_on_a_stale_copy_is_refused():
    office, iteration = make.coordinator(), make.iteration(state="draft")
    stale = Iteration.objects.get()
    actions.make_move(iteration, "announce", by=office)

    with pytest.raises(Refused, match="the state is now “Announced”"):
        actions.make_move(stale, "announce", by=office)
