"""A nation's own order on an iteration: seats held, nominees as principals and alternates, what each lacks, by when."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import liaison_only
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions, workflow
from enrollment.missing import Dates, Missing, what_is_missing
from enrollment.models import Nomination
from enrollment.models.evidence import findings_for
from enrollment.models.holding import Holding, holding_of, quotas_of
from enrollment.models.own_clock import own_clock
from enrollment.models.standing import with_standings
from enrollment.ordering import Order, moved
from enrollment.views.answers import id_in
from interface import flash
from partners.models import Nation, Organisation
from partners.models.sender import senders_of

RANKED = workflow.IN_LINE | workflow.WITH_THE_LIAISON


@dataclass
class Nominee:
    """One line: the nomination, and what is missing for it."""

    nomination: Nomination
    missing: list[Missing]


@dataclass
class Board:
    """One sender's seats and order."""

    sender: Nation | Organisation
    holding: Holding
    principals: list[Nominee] = field(default_factory=list)
    alternates: list[Nominee] = field(default_factory=list)

    @property
    def lists(self) -> list[tuple[str, list[Nominee]]]:
        return [("principals", self.principals), ("alternates", self.alternates)]


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def ranking(request, pk: int):
    iteration = _iteration(request.user, pk)
    if request.method != "POST":
        return _page(request, iteration)
    order = _order_in(request.POST)
    try:
        ranked = actions.rank(iteration, order.principals, order.alternates, by=request.user)
    except Refused as refusal:
        return _page(request, iteration, typed=order, refusal=refusal.sentence)
    flash.tell(request, _said(ranked))
    return redirect("enrollment:ranking", pk)


@require_POST
@liaison_only
def preference(request, pk: int):
    """In which order the nation likes several iterations of the course for one person."""
    iteration = _iteration(request.user, pk)
    order = _order_in(request.POST)
    try:
        liked = actions.prefer(order.principals, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        facts = {"person": liked[0].person, "iteration": liked[0].iteration}
        flash.tell(request, _("Order saved: for %(person)s you like %(iteration)s best.") % facts)
    return redirect(reverse("enrollment:ranking", args=[iteration.pk]) + "#preferences")


def _iteration(user, pk: int) -> Iteration:
    return get_object_or_404(Iteration.objects.visible_to(user).for_lists(), pk=pk)


def _order_in(data) -> Order:
    """The two lists as the form holds them, with the move of the button that was pressed, if one was."""
    lists = ([id_in(text) for text in data.getlist(name)] for name in ("principals", "alternates"))
    deed, _space, pk = data.get("move", "").partition(" ")
    return moved(Order(*lists), deed, id_in(pk))


def _said(ranked: list[Nomination]) -> str:
    principals = sum(not each.is_alternate for each in ranked)
    sentence = ngettext(
        "Order saved: %(principals)s principal, %(alternates)s as alternates. Only you and the office see it.",
        "Order saved: %(principals)s principals, %(alternates)s as alternates. Only you and the office see it.",
        principals,
    )
    return sentence % {"principals": principals, "alternates": len(ranked) - principals}


def _page(request, iteration: Iteration, *, typed: Order | None = None, refusal: str = ""):
    senders = senders_of(request.user)
    rows = _own_on_the_course(iteration, request.user)
    context = {
        "iteration": iteration,
        "boards": _boards(iteration, senders, _nominated_here(iteration, rows), typed),
        "acts_for_several": len(senders) > 1,
        "refusal": refusal,
        "preferences": _preferences(rows),
        "clock_steps": own_clock(iteration, senders),
    }
    return render(request, "enrollment/ranking.html", context, status=409 if refusal else 200)


def _own_on_the_course(iteration: Iteration, user) -> list[Nomination]:
    """All that is in line for those nominated here, on this and on other iterations of the course, in nation order."""
    own = Nomination.objects.sent_by_those_of(user).filter(state__in=RANKED)
    here = own.filter(iteration=iteration).order_by().values("person")
    rows = own.filter(iteration__course=iteration.course_id, person__in=here).in_nation_order()
    return list(rows.for_lists())


def _nominated_here(iteration: Iteration, rows: list[Nomination]) -> list[Nomination]:
    """With the iteration's one object on each."""
    here = [row for row in rows if row.iteration_id == iteration.pk]
    for row in here:
        row.iteration = iteration
    return with_standings(here)


def _boards(
    iteration: Iteration, senders: list[Nation | Organisation], rows: list[Nomination], typed: Order | None
) -> list[Board]:
    quotas = list(quotas_of(senders).filter(iteration=iteration))
    findings, dates = findings_for(rows, iteration) if rows else {}, _dates(iteration)
    boards = []
    for sender in senders:
        own = [row for row in rows if row.sender == sender]
        nominees = [Nominee(row, what_is_missing(row.state, findings[row.pk], dates, row.answer_by)) for row in own]
        boards.append(_arranged(Board(sender, holding_of(sender, quotas, own)), nominees, typed))
    return boards


def _arranged(board: Board, nominees: list[Nominee], typed: Order | None) -> Board:
    """As it stands; after a refusal as it was sent, as far as those people are still there."""
    places = typed.places() if typed else {}
    for each in sorted(nominees, key=lambda each: places.get(each.nomination.pk, (0, 0))):
        was_sent_as = places.get(each.nomination.pk)
        is_alternate = each.nomination.is_alternate if was_sent_as is None else bool(was_sent_as[0])
        (board.alternates if is_alternate else board.principals).append(each)
    return board


def _dates(iteration: Iteration) -> Dates:
    return Dates(
        today=iteration.today(),
        starts_on=iteration.starts_on,
        nominations_close_on=iteration.nominations_close_on,
        notification_on=iteration.notification_on,
        go_no_go_on=iteration.go_no_go_on,
    )


def _preferences(rows: list[Nomination]) -> list[list[Nomination]]:
    """For each person who is in line for several iterations of the course: all of hers, the best liked first."""
    lists = defaultdict(list)
    for each in sorted(rows, key=lambda row: (row.preference, row.pk)):
        lists[(each.person_id, each.nation_id, each.organisation_id)].append(each)
    return sorted((rows for rows in lists.values() if len(rows) > 1), key=lambda rows: rows[0].person.list_name)
