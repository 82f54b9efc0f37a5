"""The real iterations of insights/data/iterations.csv, with invented participants who add up to the totals."""

import csv
import re
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from django.utils import timezone

from courses import actions as courses
from courses.models import Course, Iteration, Provision, Seat
from courses.workflow import IterationState
from enrollment.models import Nomination
from enrollment.workflow import NominationState
from insights.demo import people
from partners.models import Nation, Organisation, Person

DATA = Path(__file__).parent.parent / "data" / "iterations.csv"
# Which nations came is published in part only; these fill the row up to its published number of nations.
OTHERS = "SE NO DE NL AT IE CH UA GE BA RS MK ME IT FI DK FR CA ES PT PL EE LV LT".split()  # noqa: SIM905


def make() -> None:
    with DATA.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not Iteration.objects.filter(reference=row["ref"]).exists():
                _iteration(row)


def _iteration(row: dict) -> None:
    participants = int(row["participants"] or 0)
    iteration = Iteration.objects.create(
        course=Course.objects.get(short_name=row["course"]),
        reference=row["ref"],
        starts_on=date.fromisoformat(row["start"]),
        ends_on=date.fromisoformat(row["end"]),
        precision=row["precision"],
        place=row["place"].replace("online", ""),
        nation=Nation.objects.filter(code=row["nation"]).first(),
        format=row["format"],
        host=Organisation.objects.get(short_name=row["host"]),
        capacity=max(participants, 1),
        state=IterationState.CANCELLED if row["state"] == "cancelled" else IterationState.CLOSED,
        cancellation_reason="As published." if row["state"] == "cancelled" else "",
        seats_taken=participants,
        notes=row["note"],
    )
    for position, short_name in enumerate(row["delivered_by"].split(";")):
        organisation = Organisation.objects.get(short_name=short_name)
        Provision.objects.create(iteration=iteration, organisation=organisation, position=position)
    courses.furnish(iteration)
    for nation, seat in zip(_nations(row, participants), iteration.seats.all(), strict=False):
        _participant(nation, iteration, seat)


def _nations(row: dict, participants: int) -> list[Nation]:
    """A nation for each participant: as the note counts them, else the named and then other nations in turn."""
    counted = re.findall(r"([A-Z]{2}) (\d+)", row["note"])
    if counted:
        return [Nation.objects.get(code=code) for code, number in counted for _each in range(int(number))]
    named = re.findall(r"\b([A-Z]{2})\b", row["note"])
    wanted = int(row["nations"] or 5)
    codes = (named + [code for code in OTHERS if code not in named])[:wanted]
    nations = {nation.code: nation for nation in Nation.objects.filter(code__in=codes)}
    return [nations[code] for code in islice(cycle(codes), participants)]


def _participant(nation: Nation, iteration: Iteration, seat: Seat) -> None:
    # The sex of participants is not published for these iterations, so it is not stated.
    person = people.invent(nation, sex=Person.Sex.NOT_STATED)
    person.save_without_historical_record()
    seat.state = Seat.State.CONFIRMED
    seat.save_without_historical_record()
    Nomination(
        person=person,
        iteration=iteration,
        nation=nation,
        nominated_by=people.liaison_of(nation),
        seat=seat,
        state=NominationState.PASSED if iteration.course.is_assessed else NominationState.ATTENDED,
        submitted_at=timezone.make_aware(timezone.datetime(iteration.starts_on.year, 1, 1)),
        created_at=timezone.make_aware(timezone.datetime(iteration.starts_on.year, 1, 1)),
    ).save_without_historical_record()
