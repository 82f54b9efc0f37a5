"""Iterations around today in every state, with nominations from a dozen nations, and certificates of the last ones."""

from dataclasses import dataclass
from datetime import time, timedelta

from django.utils import timezone

from accounts.moves import Refused
from certificates import actions as certificates
from certificates.models import Certificate, IssueBatch
from certificates.tasks import make_certificates
from courses import actions as courses
from courses.models import Course, Iteration, Provision, Teaching, TimetableEntry
from delivery.models import Attendance
from enrollment import actions as enrollment
from enrollment.models import Completion, Nomination
from enrollment.models.evidence import findings_for
from enrollment.workflow import NominationState as N
from insights.demo import logins, people
from partners.models import Framework, Nation, Organisation, Person

NATIONS = ["JO", "UA", "GE", "MD", "BA", "RS", "TN", "MA", "AT", "IE", "KZ", "GR", "SE", "AU"]


@dataclass(frozen=True)
class Plan:
    """One iteration of the season: `weeks` from this Monday to its first day; `seats` and how many are nominated."""

    reference: str
    course: str
    weeks: int
    days: int
    state: str
    nominees: int = 0
    place: str = "Kungsängen"
    nation: str = "SE"
    format: str = Iteration.Format.RESIDENTIAL
    zone: str = "Europe/Stockholm"
    rest_days: str = "67"


PLANS = [
    Plan("D01", "KLS", 40, 2, "draft", place="Stockholm"),
    Plan("D02", "GENAD", 30, 12, "announced"),
    Plan("D03", "GFP", 24, 4, "announced", place="Sofia", nation="BG", zone="Europe/Sofia"),
    Plan("D04", "GToT", 14, 12, "nominations open", nominees=9),
    Plan("D05", "GENAD", 11, 12, "nominations open", nominees=26),
    Plan(
        "D06", "GFP", 10, 4, "nominations open", nominees=14, place="", nation="", format="online", zone="Europe/Sofia"
    ),
    Plan("D07", "COS", 9, 3, "nominations open", nominees=5, place="Stockholm"),
    Plan("D08", "GFP", 6, 4, "nominations closed", nominees=18, place="Sofia", nation="BG", zone="Europe/Sofia"),
    Plan(
        "D09",
        "GToT",
        4,
        12,
        "nominations closed",
        nominees=8,
        place="Tbilisi",
        nation="GE",
        format="mobile team",
        zone="Asia/Tbilisi",
    ),
    Plan("D10", "GENAD", 2, 12, "confirmed", nominees=22),
    Plan("D11", "GFP", 0, 4, "running", nominees=16, place="Sofia", nation="BG", zone="Europe/Sofia", rest_days=""),
    Plan("D12", "GENAD", -3, 12, "completed", nominees=20),
    Plan(
        "D13",
        "GToT",
        -8,
        12,
        "closed",
        nominees=18,
        place="Amman",
        nation="JO",
        format="mobile team",
        zone="Asia/Amman",
        rest_days="56",
    ),
    Plan(
        "D14",
        "GMO-MTT",
        -14,
        5,
        "closed",
        nominees=21,
        place="Rabat",
        nation="MA",
        format="mobile team",
        zone="Africa/Casablanca",
    ),
    Plan("D15", "COS", 5, 3, "cancelled", nominees=4, place="Stockholm"),
]


def make() -> None:
    if Iteration.objects.filter(reference=PLANS[0].reference).exists():
        return
    _sign_for_the_institutions()
    for plan in PLANS:
        iteration = _iteration(plan)
        _team(iteration)
        nominations = [_nominate(iteration, n) for n in range(plan.nominees)]
        WALKS.get(plan.state, _leave)(iteration, nominations)
    _place_of_the_trainee()
    _hold_seats()


def make_files() -> int:
    """Make the files that wait, as a worker would; says how many."""
    count = Certificate.objects.waiting().count()
    for batch in IssueBatch.objects.with_work():
        while Certificate.objects.waiting().filter(batch=batch).exists():
            make_certificates(batch.pk)
    return count


def _sign_for_the_institutions() -> None:
    """Invented signatories, so that the demo's certificates are signed by somebody."""
    for short_name, name in (("NCGM", "Colonel Märta Exempelström"), ("CMDR COE", "Colonel Petar Primerov")):
        organisation = Organisation.objects.get(short_name=short_name)
        if not organisation.signatory_name:
            organisation.signatory_name, organisation.signatory_function = name, "Commandant"
            organisation.save()


def _iteration(plan: Plan) -> Iteration:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    starts_on = monday + timedelta(weeks=plan.weeks)
    course = Course.objects.select_related("institution").get(short_name=plan.course)
    iteration = Iteration(
        course=course,
        reference=plan.reference,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=plan.days - 1),
        time_zone=plan.zone,
        rest_days=plan.rest_days,
        format=plan.format,
        place=plan.place,
        nation=Nation.objects.filter(code=plan.nation).first(),
        host=course.institution,
        capacity=course.default_capacity,
        minimum=course.default_minimum,
        is_by_invitation=course.is_by_invitation,
        is_chatham_house=course.is_chatham_house,
        state="nominations open" if plan.nominees else plan.state,
        all_clear_at=timezone.now() if plan.state in WALKS else None,
    )
    courses.fill_in_the_clock(iteration)
    iteration.save()
    courses.furnish(iteration, by=logins.coordinator())
    Provision.objects.create(iteration=iteration, organisation=course.institution)
    return iteration


def _team(iteration: Iteration) -> None:
    Teaching.objects.create(iteration=iteration, person=logins.instructor(), part=Teaching.Part.DIRECTOR)
    for day in iteration.training_days():
        for hour, title in ((9, "Lesson"), (13, "Syndicate work")):
            TimetableEntry.objects.create(
                iteration=iteration, day=day, starts_at=time(hour), ends_at=time(hour + 3), title=title
            )


def _nominate(iteration: Iteration, n: int) -> Nomination:
    """A submitted nomination of an invented person of the next nation, written as of two months before the start."""
    nation = Nation.objects.get(code=NATIONS[(n + iteration.pk) % len(NATIONS)])
    person = people.enlist(nation, grade=_fitting_grade(iteration.course, n))
    if n % 6:
        _complete_what_is_required(person, iteration)
    return _submitted(person, iteration, n)


def _complete_what_is_required(person: Person, iteration: Iteration) -> None:
    for link in iteration.course.prerequisite_links.select_related("required"):
        Completion.objects.get_or_create(person=person, course=link.required, completed_on="2025-05-05")


def _submitted(person: Person, iteration: Iteration, n: int) -> Nomination:
    submitted_at = min(timezone.now() - timedelta(hours=n), _instant(iteration.starts_on - timedelta(days=60 - n % 3)))
    nomination = Nomination(
        person=person,
        iteration=iteration,
        nation=person.nation,
        nominated_by=people.liaison_of(person.nation),
        priority=1 + n // len(NATIONS),
        is_alternate=n >= len(NATIONS),
        state=N.SUBMITTED,
        submitted_at=submitted_at,
        created_at=submitted_at - timedelta(days=2),
    )
    nomination._history_user = nomination.nominated_by
    nomination._change_reason = "Submit"
    nomination.save()
    nomination.checks = [finding.as_dict() for finding in findings_for([nomination], iteration)[nomination.pk]]
    nomination.save_without_historical_record(update_fields=["checks"])
    return nomination


def _fitting_grade(course: Course, n: int) -> str:
    """Mostly a grade that the course asks for; now and then one that it does not."""
    low, high = course.officers_from or 2, course.officers_to or 5
    return "OR-7" if n % 10 == 7 else f"OF-{low + n % (high - low + 1)}"


def _instant(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))


def _leave(iteration: Iteration, nominations: list[Nomination]) -> None:
    """Some decided, most not yet: what a coordinator finds on the desk."""
    office = logins.coordinator()
    for n, nomination in enumerate(nominations):
        if n % 7 == 5:
            enrollment.return_for_completion(nomination, by=office, reason="Please add the language certificate.")
        elif n % 7 == 6:
            enrollment.waitlist(nomination, by=office)
        elif n % 7 == 1:
            _select(nomination, office)


def _select(nomination: Nomination, office) -> Nomination | None:
    try:
        return enrollment.select(nomination, by=office)
    except Refused as refusal:
        if Iteration.objects.get(pk=nomination.iteration_id).seats_free:
            enrollment.refuse(nomination, by=office, reason=refusal.sentence, code=Nomination.RefusalCode.CRITERIA)
        else:
            enrollment.waitlist(nomination, by=office)
        return None


def _decide_all(iteration: Iteration, nominations: list[Nomination], *, confirmed: bool = True) -> list[Nomination]:
    office = logins.coordinator()
    selected = [found for found in (_select(nomination, office) for nomination in nominations) if found]
    for n, nomination in enumerate(selected):
        if confirmed and n % 9 != 8:
            enrollment.confirm(nomination, by=nomination.nominated_by)
    return selected


def _close(iteration: Iteration, nominations: list[Nomination]) -> None:
    _decide_all(iteration, nominations)
    courses.make_move(iteration, "close_nominations", by=logins.coordinator())


def _confirm(iteration: Iteration, nominations: list[Nomination]) -> None:
    _close(iteration, nominations)
    courses.make_move(iteration, "confirm", by=logins.coordinator())


def _run(iteration: Iteration, nominations: list[Nomination]) -> None:
    _confirm(iteration, nominations)
    courses.make_move(iteration, "start", by=logins.coordinator())
    _attend(iteration)


def _finish(iteration: Iteration, nominations: list[Nomination]) -> None:
    _run(iteration, nominations)
    outcome = "record_passed" if iteration.course.is_assessed else "record_attended"
    for n, nomination in enumerate(_expected(iteration)):
        if nomination.state == N.SELECTED:
            enrollment.withdraw(nomination, by=nomination.nominated_by, reason="Needed at home.")
        else:
            # Whoever signs in to see her certificate has one.
            deed = outcome if nomination.person.user_id else _outcome(n, outcome)
            enrollment.record_outcome(nomination, deed, by=logins.coordinator())
    courses.make_move(iteration, "complete", by=logins.coordinator())


def _finish_with_certificates(iteration: Iteration, nominations: list[Nomination]) -> None:
    if iteration.nation and iteration.nation.code == "JO":
        nominations = [*nominations, _nomination_of_the_trainee(iteration)]
    _finish(iteration, nominations)
    certificates.issue(iteration, by=logins.coordinator())
    courses.make_move(iteration, "close", by=logins.coordinator())


def _cancel(iteration: Iteration, nominations: list[Nomination]) -> None:
    other = Iteration.objects.filter(course=iteration.course, state="nominations open").exclude(pk=iteration.pk).first()
    enrollment.cancel_iteration(
        iteration, by=logins.coordinator(), reason="The venue is not available.", carry_to=other
    )


WALKS = {
    "nominations closed": _close,
    "confirmed": _confirm,
    "running": _run,
    "completed": _finish,
    "closed": _finish_with_certificates,
    "cancelled": _cancel,
}


def _outcome(n: int, usual: str) -> str:
    if n % 11 == 7:
        return "record_no_show"
    return "record_failed" if n % 13 == 9 and usual == "record_passed" else usual


def _expected(iteration: Iteration) -> list[Nomination]:
    return list(Nomination.objects.filter(iteration=iteration, state__in=[N.SELECTED, N.CONFIRMED]).order_by("pk"))


def _attend(iteration: Iteration) -> None:
    """Everybody was there on the days so far, but for one in eight who missed the first."""
    office, today = logins.coordinator(), timezone.localdate()
    days = [day for day in iteration.training_days() if day <= today]
    for n, nomination in enumerate(_expected(iteration)):
        for day in days:
            is_present = not (n % 8 == 5 and day == days[0])
            Attendance.objects.create(nomination=nomination, day=day, is_present=is_present, marked_by=office)


def _nomination_of_the_trainee(iteration: Iteration) -> Nomination:
    trainee: Person = logins.trainee()
    _complete_what_is_required(trainee, iteration)
    trainee.language_tests.get_or_create(profile="3333", tested_on="2025-03-03")
    return _submitted(trainee, iteration, 0)


def _place_of_the_trainee() -> None:
    """The demo's trainee is selected for the next open GENAD, and has to answer."""
    iteration = Iteration.objects.get(reference="D05")
    selected = enrollment.select(_nomination_of_the_trainee(iteration), by=logins.coordinator())
    Nomination.objects.filter(pk=selected.pk).update(person_told_at=timezone.now())


def _hold_seats() -> None:
    """Aims of the office, and quotas that overlap: Jordan's seats count for its dialogue, and civilians for all."""
    jordan, dialogue = Nation.objects.get(code="JO"), Framework.objects.get(code="MD")
    wishes = [
        enrollment.Wish(jordan, floor=3, ceiling=5),
        enrollment.Wish(dialogue, floor=5),
        enrollment.Wish(Nation.objects.get(code="UA"), floor=2, ceiling=4),
        enrollment.Wish("civilian", floor=2),
    ]
    aims = [enrollment.Goal("women", 40, is_share=True), enrollment.Goal("nations", 12)]
    for reference in ("D04", "D05"):
        iteration = Iteration.objects.get(reference=reference)
        enrollment.set_quotas(iteration, wishes, by=logins.coordinator())
        enrollment.set_aims(iteration, aims, by=logins.coordinator())
