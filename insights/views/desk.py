"""The coordinator's desk: one page of what needs a decision today, each line a link to the act."""

from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import coordinator_only
from certificates.models import Certificate
from certificates.workflow import CertificateState
from courses.models import ClockStep, Iteration, Seat
from courses.models.clock_step import A_WORKERS_TIME
from courses.workflow import ON_THE_CLOCK, IterationState
from enrollment import workflow
from enrollment.models import Evidence, Nomination, TrainingRequest
from enrollment.workflow import NominationState, RequestState
from insights import deadlines
from insights import desk as lines
from notifications.models import Notification
from partners.models import Mandate, Person

MOST = 10
MOST_REQUESTS = 50
ON_THE_WAY = {*IterationState} - {IterationState.CLOSED, IterationState.CANCELLED, IterationState.DRAFT}
Kind = Certificate.Kind
STUCK_AFTER = timedelta(minutes=10)
ENDS_SOON = timedelta(days=30)


@require_safe
@coordinator_only
def desk(request):
    iterations, requests = list(_iterations(request.user)), list(_requests(request.user))
    context = {
        "to_answer": [each for each in requests if each.state in workflow.REQUEST_WITH_THE_OFFICE],
        "to_schedule": [each for each in requests if each.state == RequestState.APPROVED],
        "to_decide": [each for each in iterations if each.undecided],
        "to_check": Evidence.objects.visible_to(request.user)
        .to_check()
        .for_lists()
        .order_by("uploaded_at", "pk")[:MOST],
        "unconfirmed": [each for each in iterations if each.unconfirmed],
        "without_result": [each for each in iterations if each.without_result and each.today() > each.ends_on],
        "deadlines": deadlines.coming(iterations, within=lines.WEEK),
        "clock_in_trouble": _clock_in_trouble(request.user),
        "offers": [each for each in iterations if each.offered],
        "waiting": lines.waiting_beside_free_seats(iterations),
        "unnamed": lines.unnamed(iterations),
        "below_minimum": lines.below_minimum(iterations),
        "next_moves": lines.next_moves(iterations),
        "to_issue": _to_issue(request.user)[:MOST],
        "certificates": _certificates_in_trouble(request.user)[:MOST],
        "messages_in_trouble": _messages_in_trouble(request.user)[:MOST],
        "without_address": _without_address(request.user)[:MOST],
        "ending_mandates": _ending_mandates()[:MOST],
    }
    context["is_clear"] = not any(context.values())
    return render(request, "insights/desk.html", context)


def _requests(user):
    """What the office owes an answer, or an iteration; the oldest first."""
    states = workflow.REQUEST_WITH_THE_OFFICE | {RequestState.APPROVED}
    owed = TrainingRequest.objects.visible_to(user).filter(state__in=states)
    return owed.for_lists().order_by("received_at", "pk")[:MOST_REQUESTS]


def _iterations(user):
    """Every iteration on its way with the counts that the desk asks for; one query."""
    state = "nominations__state"
    offers = Q(**{state: NominationState.OFFERED})
    return (
        Iteration.objects.visible_to(user)
        .filter(state__in=ON_THE_WAY)
        .for_lists()
        .annotate(
            undecided=Count("nominations", filter=Q(**{f"{state}__in": workflow.UNDECIDED})),
            unconfirmed=Count("nominations", filter=Q(**{state: NominationState.SELECTED})),
            waiting=Count("nominations", filter=Q(**{state: NominationState.WAITLISTED})),
            offered=Count("nominations", filter=offers),
            next_answer_by=Min("nominations__answer_by", filter=offers),
            held=_seats(Seat.State.HELD),
            open_seats=_seats(*Seat.OPEN),
            without_result=Count("nominations", filter=Q(**{f"{state}__in": workflow.EXPECTED})),
        )
        .order_by("starts_on", "pk")
    )


def _seats(*states: str) -> Coalesce:
    """How many seats of an iteration are in one of these states; counted apart, for a join would multiply them."""
    found = Seat.objects.filter(iteration=OuterRef("pk"), state__in=states).order_by().values("iteration")
    return Coalesce(Subquery(found.annotate(found=Count("pk")).values("found")), 0)


def _clock_in_trouble(user) -> list[ClockStep]:
    """Steps that were set aside, and those that wait for longer than a worker needs; the longest first."""
    over = timezone.now() - A_WORKERS_TIME
    steps = ClockStep.objects.filter(iteration__in=Iteration.objects.visible_to(user), done_at__isnull=True)
    steps = steps.filter(Q(parked_at__isnull=False) | Q(due_at__lt=over), iteration__state__in=ON_THE_CLOCK)
    return list(steps.select_related("iteration__course").order_by("due_at", "pk")[:MOST])


def _to_issue(user):
    """Held iterations with how many have earned a certificate, as far as results say, and have none yet."""
    has_one = Exists(Certificate.objects.live_or_revoked().filter(nomination=OuterRef("nominations__pk")))
    passed = Q(course__certificate_kind=Kind.COMPLETION, nominations__state=NominationState.PASSED)
    attended = Q(course__certificate_kind=Kind.ATTENDANCE, nominations__state__in=workflow.WERE_THERE)
    held = Iteration.objects.visible_to(user).filter(state__in=[IterationState.RUNNING, IterationState.COMPLETED])
    counted = held.for_lists().annotate(to_issue=Count("nominations", filter=(passed | attended) & ~has_one))
    return counted.filter(to_issue__gt=0).order_by("ends_on", "pk")


def _certificates_in_trouble(user):
    """Those that could not be made, and those that wait for longer than a worker needs."""
    waits = Q(state=CertificateState.QUEUED, queued_at__lt=timezone.now() - STUCK_AFTER)
    found = Certificate.objects.visible_to(user).filter(Q(state=CertificateState.FAILED) | waits)
    return found.for_lists().order_by("queued_at", "pk")


def _messages_in_trouble(user):
    """Parked messages, and those that wait for longer than a worker needs."""
    waits = Q(due_at__lt=timezone.now() - STUCK_AFTER)
    undone = Notification.objects.visible_to(user).filter(sent_at__isnull=True, cancelled_at__isnull=True)
    return undone.filter(Q(parked_at__isnull=False) | waits).order_by("due_at", "pk")


def _without_address(user):
    """People with a place who cannot be told: neither account nor e-mail."""
    expected = Nomination.objects.filter(person=OuterRef("pk"), state__in=workflow.EXPECTED)
    return Person.objects.visible_to(user).filter(Exists(expected), email="", user__isnull=True)


def _ending_mandates():
    ending = Mandate.objects.in_force().filter(ends_on__lte=timezone.localdate() + ENDS_SOON)
    return ending.select_related("user", "nation", "organisation").order_by("ends_on", "pk")
