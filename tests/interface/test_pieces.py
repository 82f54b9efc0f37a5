"""The pieces that pages are made of: states, dates, icons, charts, histories."""

import re
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from certificates.workflow import CertificateState
from courses.models import Seat
from courses.workflow import IterationState
from enrollment.evidence_workflow import EvidenceState
from enrollment.models import Turn
from enrollment.workflow import NominationState, RequestState
from interface import charts, dates, icons, states
from interface.timeline import entry_of
from tests import make

EVERY_STATE = [
    *RequestState,
    *IterationState,
    *NominationState,
    *EvidenceState,
    *CertificateState,
    *Seat.State,
    *Turn.Outcome,
]


def drawn(template: str, **context) -> str:
    return Template(template).render(Context(context))


@pytest.mark.parametrize("state", EVERY_STATE, ids=lambda state: f"{type(state).__name__}-{state.value}")
def test_every_state_of_every_workflow_has_a_word_an_icon_and_a_tone(state):
    look = states.look_of(state)

    shown = drawn("{% state state %}", state=state)

    assert look is not states.UNKNOWN
    assert str(state.label) in shown
    assert icons.body(look.icon)
    assert f"state-{look.tone}" in shown


def test_a_state_that_nobody_drew_is_still_a_word():
    assert "Gone fishing" in drawn("{% state 'gone_fishing' %}")


def test_a_state_cannot_act():
    assert "<script>" not in drawn("{% state state %}", state="<script>alert(1)</script>")


@pytest.mark.django_db
def test_a_history_uses_the_same_word_as_the_record():
    nomination = make.nomination(state=NominationState.WAITLISTED)

    entry = entry_of(nomination.history.latest())

    assert entry.word == nomination.get_state_display() == "On the waiting list"


def test_an_icon_beside_a_word_is_hidden_from_readers_and_one_alone_has_a_name():
    assert 'aria-hidden="true"' in icons.svg("printer")
    assert 'role="img" aria-label="Print &amp; go"' in icons.svg("printer", "Print & go")


@pytest.mark.parametrize("name", ["no-such-icon", "../../../etc/passwd", "", "printer.svg"])
def test_an_unknown_icon_is_nothing(name):
    assert icons.body(name) == ""


@pytest.mark.parametrize(
    ("start", "end", "precision", "text"),
    [
        (date(2026, 7, 6), date(2026, 7, 17), "day", "6–17 July 2026"),
        (date(2026, 6, 29), date(2026, 7, 3), "day", "29 June – 3 July 2026"),
        (date(2026, 12, 28), date(2027, 1, 8), "day", "28 December 2026 – 8 January 2027"),
        (date(2026, 7, 6), date(2026, 7, 6), "day", "6 July 2026"),
        (date(2026, 7, 6), None, "day", "6 July 2026"),
        (date(2014, 7, 1), date(2014, 7, 31), "month", "July 2014"),
        (date(2014, 1, 1), None, "year", "2014"),
        (None, None, "day", "Dates to be announced"),
    ],
)
def test_days_are_said_once(start, end, precision, text):
    assert dates.day_range(start, end, precision) == text


def test_an_instant_names_its_zone_and_keeps_it_over_a_clock_change():
    before, after = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert dates.instant(before, "Europe/Stockholm") == "25 October 2026, 02:30 Stockholm time"
    assert dates.instant(after, "Europe/Stockholm") == "25 October 2026, 02:30 Stockholm time"
    assert dates.instant(after) == "25 October 2026, 01:30 UTC"
    assert "2026-10-25T01:30:00+00:00" in drawn("{% when at zone %}", at=after, zone="Pacific/Tongatapu")


@pytest.mark.parametrize(
    ("on", "text"),
    [(6, "today"), (7, "tomorrow"), (11, "in 5 days"), (5, "1 day ago"), (3, "3 days ago")],
)
def test_how_far_away_a_day_is(on, text):
    assert dates.days_away(date(2026, 7, on), date(2026, 7, 6)) == text


FIGURE = charts.Figure(
    "Participants",
    ("Women", "Men", "Not stated"),
    [charts.Bar("Jordan", (3, 1, 0)), charts.Bar("<b>Ukraine</b>", (0, 2, 2))],
    unit="Nation",
)


def test_a_chart_has_its_numbers_as_a_table_too():
    page = drawn("{% chart figure %}", figure=FIGURE)

    assert 'aria-label="Participants"' in page
    assert [int(cell) for cell in re.findall(r'<td class="num">(\d+)</td>', page)] == [
        3,
        1,
        0,
        4,
        0,
        2,
        2,
        4,
        3,
        3,
        2,
        8,
    ]


def test_the_layers_of_a_bar_follow_each_other_and_end_at_their_sum():
    drawing = charts.draw(FIGURE)

    layers = re.findall(r'class="series-(\d)" x="([\d.]+)" y="8" width="([\d.]+)"', drawing)

    (first, x, width), (second, next_x, next_width) = layers
    assert (first, second) == ("0", "1")
    assert float(next_x) == pytest.approx(float(x) + float(width))
    assert float(width) == pytest.approx(3 * float(next_width), rel=0.01)


def test_series_are_told_apart_without_colour():
    drawing = charts.draw(FIGURE)

    assert drawing.count('fill="url(#pattern-participants-1)"') == 2
    assert drawing.count('fill="url(#pattern-participants-2)"') == 1
    assert "Jordan, Women: 3" in drawing


def test_a_name_in_a_chart_cannot_act():
    assert "<b>" not in charts.draw(FIGURE)


def test_a_chart_of_nothing_draws_nothing():
    empty = charts.Figure("Participants", ("Women",))

    assert "<rect" not in charts.draw(empty)
    assert "Nothing to show" in drawn("{% chart figure %}", figure=empty)
