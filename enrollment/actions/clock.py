"""What the system does when a step of a seat clock is due: once, late if it has to be, and saying what it did."""

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.actions import carry_out, only_coordinators
from accounts.moves import Refused
from courses import actions as courses
from courses.models import ClockStep, Iteration, Quota
from courses.workflow import GO, NO_LONGER_OPEN, ON_THE_CLOCK, IterationState
from enrollment import emails
from enrollment.actions import offers, quotas
from enrollment.models import Nomination
from enrollment.workflow import NominationState
from notifications import actions as notifications

Step = ClockStep.Step


@transaction.atomic
def take_step(step: ClockStep) -> bool:
    """Do what a due step stands for and write its report; False when another worker has taken it since."""
    iteration = courses.lock(step.iteration)
    held = ClockStep.objects.held(step)
    if held is None:
        return False
    with override(settings.LANGUAGE_CODE):
        report = DEEDS[step.step](iteration)
    return step.finish(done_at=timezone.now(), report=report, failure="")


@transaction.atomic
def give_all_clear(iteration: Iteration, *, by) -> int:
    """Tell every candidate now what only the liaisons know; later decisions at once. Says how many were told."""
    only_coordinators(by, _("Only a training coordinator may give the all clear."))
    row = courses.lock(iteration)
    now = timezone.now()
    waiting = Nomination.objects.filter(iteration=row, person_told_at__gt=now)
    occasions = [emails.prefix_of(pk) for pk in waiting.values_list("pk", flat=True)]
    told = notifications.send_now(occasions)
    waiting.update(person_told_at=now)
    row.all_clear_at = now
    row.save(update_fields=["all_clear_at"])
    return told


@transaction.atomic
def try_again(step: ClockStep, *, by) -> None:
    """Put a step that was set aside after too many faults back on the work list, with fresh attempts.

    Refuses when it is not set aside any more, or when its iteration is over.
    """
    only_coordinators(by, _("Only a training coordinator may try a step of the clock again."))
    iteration = courses.lock(step.iteration)
    if iteration.state not in ON_THE_CLOCK:
        raise Refused(_("The clock of %s stands still: nothing of it is done any more.") % iteration)
    fresh = {"parked_at": None, "attempts": 0, "failure": "", "lease_until": None, "due_at": timezone.now()}
    if not ClockStep.objects.parked().filter(pk=step.pk, done_at__isnull=True).update(**fresh):
        raise Refused(_("This step is not set aside any more: look at the clock again."))


def _close_nominations(iteration: Iteration) -> str:
    if iteration.state in NO_LONGER_OPEN:
        return _("Nominations were closed already.")
    if iteration.state != IterationState.OPEN:
        return _("Nominations were never opened: there was nothing to close.")
    carry_out(iteration, "close_nominations", by=None)
    undecided = Nomination.objects.undecided().filter(iteration=iteration).count()
    offers.pass_on(iteration)
    return ngettext(
        "Nominations closed. %(count)s is undecided.", "Nominations closed. %(count)s are undecided.", undecided
    ) % {"count": undecided}


def _warn_holders(iteration: Iteration) -> str:
    held = Counter(seat.quota for seat in iteration.seats.held().select_related("quota__nation", "quota__organisation"))
    for quota, count in held.items():
        emails.warn_of_unnamed_seats(quota, count, iteration)
    if not held:
        return _("No seat is without a name.")
    return _("Holders warned: %s.") % ", ".join(f"{quota.holder_name} ({count})" for quota, count in held.items())


def _tell_the_office_of_undecided(iteration: Iteration) -> str:
    undecided = Nomination.objects.undecided().filter(iteration=iteration).count()
    if undecided:
        emails.remind_the_office(iteration, "notification", undecided=undecided)
    return _("%(count)s nominations undecided on the day on which decisions are told.") % {"count": undecided}


def _take_back(iteration: Iteration) -> str:
    unreleased = list(iteration.quotas.filter(released_at__isnull=True).with_holders())
    named = Counter(seat.quota.holder_name for seat in iteration.seats.held().select_related(*QUOTA_HOLDERS))
    freed = quotas.release_all(iteration, unreleased, by=None)
    offered = offers.pass_on(iteration)
    report = [_("%(count)s unnamed seats taken back.") % {"count": freed}]
    if named:
        report.append(_("They were held for: %s.") % ", ".join(f"{name} ({count})" for name, count in named.items()))
    report.append(_("%(count)s offered to the waiting list.") % {"count": len(offered)})
    return " ".join(report)


def _ask_for_go_or_no_go(iteration: Iteration) -> str:
    if iteration.state in GO:
        return _("It was confirmed already: nobody was asked.")
    emails.remind_the_office(iteration, "go_no_go")
    facts = {"seated": iteration.seats_taken, "minimum": iteration.minimum}
    return _("The office was asked to decide: %(seated)s seated, the minimum is %(minimum)s.") % facts


def _send_joining_instructions(iteration: Iteration) -> str:
    if iteration.state not in GO:
        emails.remind_the_office(iteration, "joining_instructions")
        return _("Not sent: the iteration is not confirmed. The office was told.")
    rows = Nomination.objects.filter(iteration=iteration, state=NominationState.CONFIRMED)
    count = 0
    for nomination in rows.select_related("person__user", "nation", "organisation"):
        nomination.iteration = iteration
        emails.send_joining_instructions(nomination)
        count += 1
    return _("Joining instructions sent to %(count)s participants.") % {"count": count}


def _end_substitutions(iteration: Iteration) -> str:
    return _("Nobody can be substituted any more, and no offer is made.")


QUOTA_HOLDERS = tuple(f"quota__{holder}" for holder in Quota.HOLDERS)
DEEDS = {
    Step.NOMINATIONS_CLOSE: _close_nominations,
    Step.WARN_HOLDERS: _warn_holders,
    Step.NOTIFICATION: _tell_the_office_of_undecided,
    Step.TAKE_BACK: _take_back,
    Step.GO_NO_GO: _ask_for_go_or_no_go,
    Step.JOINING_INSTRUCTIONS: _send_joining_instructions,
    Step.LAST_SUBSTITUTION: _end_substitutions,
}
