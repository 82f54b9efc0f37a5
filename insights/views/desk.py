"""The coordinator's desk: one page of what needs a decision today, each line a link to the act."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import coordinator_only
from certificates import workflow as certificate_states
from certificates.models import Certificate
from courses.models import Iteration
from courses.workflow import IterationState
from enrollment import workflow
from enrollment.models import Nomination, TrainingRequest
from enrollment.workflow import NominationState
from insights import desk as lines
from notifications.models import Notification
from partners.models import Mandate, Person

MOST = 10
ON_THE_WAY = {*IterationState} - {IterationState.CLOSED, IterationState.CANCELLED, IterationState.DRAFT}
STUCK_AFTER = timedelta(minutes=10)


@require_safe
@coordinator_only
def desk(request):
    iterations = list(_iterations(request.user))
    context = {
        "requests": TrainingRequest.objects.visible_to(request.user)
        .with_the_office()
        .for_lists()
        .order_by("received_at"),
        "to_decide": [each for each in iterations if each.undecided],
        "unconfirmed": [each for each in iterations if each.unconfirmed],
        "without_result": [each for each in iterations if each.without_result and each.today() > each.ends_on],
        "deadlines": lines.deadlines(iterations),
        "below_minimum": lines.below_minimum(iterations),
        "next_moves": lines.next_moves(iterations),
        "to_issue": _to_issue(request.user),
        "failed_certificates": Certificate.objects.visible_to(request.user).filter(state="failed").for_lists()[:MOST],
        "failed_messages": _failed_messages(request.user)[:MOST],
        "without_address": _without_address(request.user)[:MOST],
        "ending_mandates": _ending_mandates()[:MOST],
    }
    context["is_clear"] = not any(context.values())
    return render(request, "insights/desk.html", context)


def _iterations(user):
    """Every iteration on its way with the counts that the desk asks for; one query."""
    state = "nominations__state"
    return (
        Iteration.objects.visible_to(user)
        .filter(state__in=ON_THE_WAY)
        .for_lists()
        .annotate(
            undecided=Count("nominations", filter=Q(**{f"{state}__in": workflow.UNDECIDED})),
            unconfirmed=Count("nominations", filter=Q(**{state: NominationState.SELECTED})),
            without_result=Count("nominations", filter=Q(**{f"{state}__in": workflow.EXPECTED})),
        )
        .order_by("starts_on", "pk")
    )


def _to_issue(user):
    """Held iterations with people who passed or attended and have no live certificate."""
    live = Certificate.objects.filter(nomination=OuterRef("pk"), state__in=certificate_states.LIVE)
    waiting = Nomination.objects.filter(
        ~Exists(live),
        iteration=OuterRef("pk"),
        state__in=[NominationState.PASSED, NominationState.ATTENDED],
    )
    held = Iteration.objects.visible_to(user).filter(state__in=[IterationState.RUNNING, IterationState.COMPLETED])
    return held.filter(Exists(waiting)).for_lists().order_by("ends_on", "pk")[:MOST]


def _failed_messages(user):
    """Parked messages, and those that wait for longer than a worker needs."""
    late = Q(due_at__lt=timezone.now() - STUCK_AFTER)
    undone = Notification.objects.visible_to(user).filter(sent_at__isnull=True, cancelled_at__isnull=True)
    return undone.filter(Q(parked_at__isnull=False) | late).order_by("due_at")


def _without_address(user):
    """People with a place who cannot be told: neither account nor e-mail."""
    expected = Nomination.objects.filter(person=OuterRef("pk"), state__in=workflow.EXPECTED)
    return Person.objects.visible_to(user).filter(Exists(expected), email="", user__isnull=True)


def _ending_mandates():
    today = timezone.localdate()
    ending = Mandate.objects.in_force().filter(ends_on__lte=today + timedelta(days=30))
    return ending.select_related("user", "nation", "organisation").order_by("ends_on")
