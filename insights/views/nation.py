"""The home of a liaison: what needs an answer, dates, open iterations, nominees, requests, results. Only the own."""

from collections import defaultdict
from datetime import timedelta
from itertools import groupby

from django.db.models import F, Prefetch, Q, prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import liaison_only
from certificates.models import Certificate
from courses.models import Iteration
from courses.workflow import UPCOMING
from enrollment import workflow
from enrollment.actions import obstacles
from enrollment.models import Nomination, TrainingRequest
from enrollment.models.holding import unnamed_seats_of
from enrollment.models.standing import with_standings
from enrollment.workflow import NominationState, RequestState
from insights import deadlines
from partners.models import Nation, Organisation
from partners.models.sender import mandates_of, senders_of

MOST = 12
MOST_DATES = 6
MOST_NOMINATIONS = 300
ON_THE_WAY = workflow.LIVE - workflow.WERE_THERE - {NominationState.NO_SHOW}
NOT_COMING = workflow.ENDED_EARLY | {NominationState.REFUSED, NominationState.LAPSED}
RANKED = workflow.TO_DECIDE | workflow.WITH_THE_LIAISON  # whom an order still helps
OUTCOMES = workflow.WERE_THERE | {NominationState.NO_SHOW}
OVER = {RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.DECLINED}
AHEAD = timedelta(days=60)
ENDS_SOON = timedelta(days=30)
NEWS = timedelta(days=90)


@require_safe
@liaison_only
def nation(request):
    user, senders = request.user, senders_of(request.user)
    suspended = _suspended(senders)
    able = [each for each in senders if each not in suspended]
    nominees = with_standings(_nominees(user))
    requests = list(_requests(user))
    is_under = {state: [each for each in nominees if each.state == state] for state in NominationState}
    context = {
        "senders": senders,
        "acts_for_several": len(senders) > 1,
        "suspended": suspended,
        "may_ask": bool(able),
        "ending_mandates": _ending_mandates(user),
        "questions": [each for each in requests if each.state == RequestState.INFORMATION_ASKED],
        "offered": sorted(is_under[NominationState.OFFERED], key=lambda each: each.answer_by),
        "unnamed": list(unnamed_seats_of(senders)),
        "unranked": _unranked(nominees),
        "returned": is_under[NominationState.RETURNED],
        "selected": is_under[NominationState.SELECTED],
        "drafts": is_under[NominationState.DRAFT],
        "deadlines": deadlines.coming(_iterations_of(nominees), within=AHEAD)[:MOST_DATES],
        "open_iterations": _open_iterations(user, able),
        "groups": [(iteration, list(rows)) for iteration, rows in groupby(nominees, lambda each: each.iteration)],
        "requests": requests,
        "results": _results(user),
    }
    return render(request, "insights/nation.html", context)


def _suspended(senders: list[Nation | Organisation]) -> list[Nation]:
    nations = [each for each in senders if isinstance(each, Nation)]
    prefetch_related_objects(nations, "memberships")
    return [each for each in nations if each.is_suspended_on()]


def _nominees(user):
    """Who is on the way, and who will not come to an iteration that is still ahead; by iteration, in the own order."""
    ahead = Q(state__in=NOT_COMING, iteration__starts_on__gte=timezone.localdate())
    own = Nomination.objects.sent_by_those_of(user).filter(Q(state__in=ON_THE_WAY) | ahead)
    in_order = own.order_by("iteration__starts_on", "iteration_id", "is_alternate", "priority", "pk")
    return in_order.for_lists()[:MOST_NOMINATIONS]


def _unranked(nominees: list[Nomination]) -> list[tuple[Iteration, int]]:
    """Iterations where two of one sender's nominees share a rank, so that no order is clear; with how many."""
    lists = defaultdict(list)
    for each in nominees:
        if each.state in RANKED and each.iteration.state in UPCOMING:
            lists[(each.iteration, each.nation_id, each.organisation_id)].append((each.is_alternate, each.priority))
    unclear = [(key[0], len(ranks)) for key, ranks in lists.items() if len(set(ranks)) < len(ranks)]
    return sorted(unclear, key=lambda line: (line[0].nominations_close_on or line[0].starts_on, line[0].pk))


def _iterations_of(nominees: list[Nomination]) -> list[Iteration]:
    """Each iteration to which somebody is on the way, once."""
    return list({each.iteration_id: each.iteration for each in nominees if each.state in ON_THE_WAY}.values())


def _open_iterations(user, senders: list[Nation | Organisation]) -> list[Iteration]:
    """Where one of `senders` can still nominate: invited, and not too late by the iteration's own policy."""
    if not senders:
        return []
    found = Iteration.objects.visible_to(user).open_for_nominations().filter(_invites_one_of(senders))
    now = timezone.now()
    return [each for each in found.for_lists()[:MOST] if not obstacles.is_too_late(each, now)]


def _invites_one_of(senders: list[Nation | Organisation]) -> Q:
    nations = [each.pk for each in senders if isinstance(each, Nation)]
    organisations = [each.pk for each in senders if isinstance(each, Organisation)]
    asked = Q(invited_nations__in=nations) | Q(invited_organisations__in=organisations)
    return Q(is_by_invitation=False) | Q(pk__in=Iteration.objects.filter(asked).values("pk"))


def _requests(user):
    """What is under way, and what was declined lately."""
    news = Q(state=RequestState.DECLINED, decided_at__gte=timezone.now() - NEWS)
    own = TrainingRequest.objects.sent_by_those_of(user).filter(~Q(state__in=OVER) | news)
    return own.for_lists().order_by(F("received_at").desc(nulls_first=True), "-pk")[:MOST]


def _results(user):
    """The last outcomes, each with its certificates as `papers`."""
    papers = Certificate.objects.visible_to(user).checkable().order_by("pk")
    own = Nomination.objects.sent_by_those_of(user).filter(state__in=OUTCOMES).order_by("-iteration__starts_on", "-pk")
    return own.for_lists().prefetch_related(Prefetch("certificates", papers, to_attr="papers"))[:MOST]


def _ending_mandates(user):
    soon = timezone.localdate() + ENDS_SOON
    return [each for each in mandates_of(user) if each.ends_on and each.ends_on <= soon]
