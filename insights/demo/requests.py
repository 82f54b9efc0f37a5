"""Training requests in every state, modelled on real situations (insights/data/requests.yaml)."""

from datetime import timedelta
from pathlib import Path

import yaml
from django.utils import timezone

from courses.models import Course, Iteration
from enrollment import actions as enrollment
from enrollment.models import TrainingRequest
from enrollment.workflow import RequestState
from insights.demo import logins, people
from partners.models import Nation

DATA = Path(__file__).parent.parent / "data" / "requests.yaml"
REASON = "Two seats were found on the next iteration; six people are on its waiting list."
MORE = [
    {
        "nation": "UA",
        "kind": "mobile team",
        "course": "GFP",
        "people": 24,
        "place": "Lviv",
        "state": "information asked",
        "plan": "ITPP",
        "purpose": "focal points for the brigades of two commands",
    },
    {
        "nation": "JO",
        "kind": "seats",
        "course": "GENAD",
        "people": 3,
        "state": "submitted",
        "plan": "DCB",
        "purpose": "advisers for the General Headquarters",
    },
    {
        "nation": "JO",
        "kind": "seminar",
        "course": "KLS",
        "people": 12,
        "state": "draft",
        "place": "Amman",
        "purpose": "a first meeting of commanders with the subject",
    },
    {
        "nation": "GE",
        "kind": "advice",
        "course": None,
        "people": 4,
        "state": "submitted",
        "purpose": "a gender annex to the national training plan",
    },
    {
        "nation": "MD",
        "kind": "seats",
        "course": "GFP",
        "people": 4,
        "state": "scheduled",
        "plan": "DCB",
        "purpose": "focal points for the general staff",
    },
    {
        "nation": "BA",
        "kind": "tailored course",
        "course": "GToT",
        "people": 16,
        "state": "closed",
        "place": "Sarajevo",
        "purpose": "trainers for the peace support operations centre",
    },
    {
        "nation": "JP",
        "kind": "e-learning",
        "course": "ADL 169",
        "people": 40,
        "state": "withdrawn",
        "purpose": "preparation of a staff college class",
    },
]


def make() -> None:
    if TrainingRequest.objects.exists():
        return
    rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    for row in rows:
        _request({**row, "state": _state(row["outcome"])}, _received(row))
    for age, row in enumerate(MORE):
        _request(row, timezone.now() - timedelta(days=4 + 5 * age))


def _state(outcome: str) -> str:
    return outcome if outcome in RequestState.values else RequestState.DECLINED


def _received(row: dict):
    """Some months before the dates wished, or some weeks ago."""
    wanted = row.get("wanted")
    if not wanted or wanted[0] > timezone.localdate():
        return timezone.now() - timedelta(days=40)
    return timezone.make_aware(timezone.datetime(wanted[0].year, wanted[0].month, 1)) - timedelta(days=150)


def _request(row: dict, received_at) -> None:
    nation = Nation.objects.get(code=row["nation"])
    liaison = people.liaison_of(nation)
    wanted = row.get("wanted", (None, None))
    draft = TrainingRequest(
        nation=nation,
        kind=row["kind"],
        course=Course.objects.filter(short_name=row["course"]).first(),
        people=row["people"],
        wanted_from=wanted[0],
        wanted_to=wanted[1],
        place=row.get("place", ""),
        language={"fr": "French"}.get(row.get("language"), "English"),
        needs_interpretation=row.get("interpretation", False),
        purpose=row["purpose"].capitalize() + ".",
        plan=row.get("plan", ""),
        created_at=received_at,
    )
    _bring_to(row["state"], enrollment.file_request(draft, by=liaison), liaison, received_at)


def _bring_to(state: str, request: TrainingRequest, liaison, received_at) -> None:
    """Walk a draft to its state by the same actions that people use."""
    office = logins.coordinator()
    if state == RequestState.DRAFT:
        return
    request = enrollment.submit_request(request, by=liaison)
    request.received_at = received_at
    request.save_without_historical_record(update_fields=["received_at"])
    if state == RequestState.WITHDRAWN:
        enrollment.withdraw_request(request, by=liaison, reason="The class was postponed.")
    elif state == RequestState.INFORMATION_ASKED:
        enrollment.ask_question(request, by=office, question="Which languages do the participants speak?")
    elif state == RequestState.UNDER_REVIEW:
        enrollment.review(request, by=office)
    elif state == RequestState.DECLINED:
        enrollment.decline_request(request, by=office, reason=REASON)
    elif state != RequestState.SUBMITTED:
        _deliver(state, enrollment.approve(request, by=office), office)


def _deliver(state: str, request: TrainingRequest, office) -> None:
    if state == RequestState.APPROVED:
        return
    answers = Iteration.objects.filter(course=request.course)
    if state != RequestState.SCHEDULED:
        answers = answers.filter(state="closed")
    request = enrollment.schedule_request(request, answers.first() or _an_old_one(request), by=office)
    if state == RequestState.SCHEDULED:
        return
    request = enrollment.deliver_request(request, by=office)
    if state == RequestState.CLOSED:
        enrollment.close_request(request, by=office)


def _an_old_one(request: TrainingRequest) -> Iteration:
    """A past iteration that answered a delivered request for which none is published."""
    starts_on = request.wanted_from or (request.created_at + timedelta(days=120)).date()
    return Iteration.objects.create(
        course=request.course,
        starts_on=starts_on,
        ends_on=request.wanted_to or starts_on + timedelta(days=4),
        capacity=request.people,
        nation=request.nation,
        place=request.place,
        format=Iteration.Format.MOBILE_TEAM,
        state="closed",
    )
