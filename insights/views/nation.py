"""The home of a liaison: what needs an answer, deadlines, open iterations, nominees, requests, results."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import liaison_only
from certificates.models import Certificate
from courses.models import Iteration
from enrollment import workflow
from enrollment.models import Nomination, TrainingRequest
from enrollment.workflow import NominationState, RequestState
from partners.models import Nation
from partners.models.sender import senders_of

MOST = 12
STILL_RUNNING = {*RequestState} - {RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.DECLINED}


@require_safe
@liaison_only
def nation(request):
    user = request.user
    own = Nomination.objects.sent_by_those_of(user).for_lists()
    live = list(own.filter(state__in=workflow.LIVE - workflow.WERE_THERE).order_by("iteration__starts_on", "pk"))
    requests = list(TrainingRequest.objects.sent_by_those_of(user).for_lists().filter(state__in=STILL_RUNNING)[:MOST])
    context = {
        "senders": senders_of(user),
        "suspended": [each for each in senders_of(user) if isinstance(each, Nation) and each.is_suspended_on()],
        "questions": [each for each in requests if each.state == RequestState.INFORMATION_ASKED],
        "to_answer": [each for each in live if each.state in (NominationState.RETURNED, NominationState.SELECTED)],
        "drafts": [each for each in live if each.state == NominationState.DRAFT],
        "nominees": [each for each in live if each.state not in workflow.WITH_THE_LIAISON],
        "requests": requests,
        "open_iterations": Iteration.objects.visible_to(user).open_for_nominations().for_lists()[:MOST],
        "certificates": _certificates(user)[:MOST],
    }
    return render(request, "insights/nation.html", context)


def _certificates(user):
    own = Nomination.objects.sent_by_those_of(user)
    return Certificate.objects.visible_to(user).filter(nomination__in=own.values("pk")).checkable().for_lists()
