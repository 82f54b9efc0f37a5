"""A partner's training request: filed and answered by the liaison, triaged by the office, linked to its outcome."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from courses import actions as courses
from courses import workflow as iterations
from courses.actions import Parties
from courses.models import Iteration
from enrollment import emails, workflow
from enrollment.models import RequestMessage, TrainingRequest
from partners.models import Nation


def refuse_the_suspended(sender) -> None:
    """A suspended nation makes no new requests or nominations; what it did before stays (rule 5.9)."""
    if isinstance(sender, Nation) and sender.is_suspended_on():
        raise Refused(_("%(nation)s's partnership is suspended: no new requests or nominations.") % {"nation": sender})


@transaction.atomic
def file_request(training_request: TrainingRequest, *, by, topics=()) -> TrainingRequest:
    """Keep a new draft for a sender for whom `by` acts; gives it its number."""
    if not training_request.is_sent_by_those_of(by):
        raise Refused(_("You have no mandate for this nation or organisation."))
    refuse_the_suspended(training_request.sender)
    training_request.liaison = by
    training_request.number = uuid.uuid4().hex[:20]  # until the row has its own
    keep_history(training_request, by=by, reason=gettext_noop("Drafted"))
    training_request.save()
    training_request.number = f"TR-{training_request.created_at:%Y}-{training_request.pk:04d}"
    training_request.save_without_historical_record()
    training_request.history.update(number=training_request.number)
    training_request.topics.set(topics)
    return training_request


@transaction.atomic
def revise_request(training_request: TrainingRequest, *, by, topics=()) -> TrainingRequest:
    """Change a draft. Refuses once it was submitted: from then on both sides rely on what was asked."""
    row = _lock(training_request)
    if not (row.is_sent_by_those_of(by) and training_request.is_sent_by_those_of(by)):
        raise Refused(_("You have no mandate for this nation or organisation."))
    if row.state not in workflow.REQUEST_EDITABLE:
        raise Refused(_("%(number)s was submitted and can no longer be changed.") % {"number": row.number})
    training_request.state, training_request.number = row.state, row.number
    keep_history(training_request, by=by, reason=gettext_noop("Changed"))
    training_request.save()
    training_request.topics.set(topics)
    return training_request


@transaction.atomic
def submit_request(training_request: TrainingRequest, *, by) -> TrainingRequest:
    """Hand a draft to the office, which is told."""
    row = _lock(training_request)
    refuse_the_suspended(row.sender)
    carry_out(row, "submit", by=by, received_at=timezone.now())
    emails.tell_the_office(row, "submitted")
    return row


@transaction.atomic
def review(training_request: TrainingRequest, *, by) -> TrainingRequest:
    """Take a request into review, so that others see that somebody looks at it."""
    row = _lock(training_request)
    carry_out(row, "review", by=by)
    return row


@transaction.atomic
def ask_question(training_request: TrainingRequest, *, by, question: str) -> TrainingRequest:
    """Ask the liaison something; the request waits for the answer."""
    row = _lock(training_request)
    carry_out(row, "ask", by=by, reason=question)
    RequestMessage.objects.create(training_request=row, author=by, is_from_the_office=True, text=question.strip())
    emails.tell_the_liaisons(row, "question")
    return row


@transaction.atomic
def answer_question(training_request: TrainingRequest, *, by, answer: str) -> TrainingRequest:
    """Answer the office's question; the request goes back into review."""
    row = _lock(training_request)
    carry_out(row, "answer", by=by, reason=answer)
    RequestMessage.objects.create(training_request=row, author=by, is_from_the_office=False, text=answer.strip())
    emails.tell_the_office(row, "answer")
    return row


@transaction.atomic
def approve(training_request: TrainingRequest, *, by, reason: str = "") -> TrainingRequest:
    return _decide(training_request, "approve", "approved", by, reason)


@transaction.atomic
def decline_request(training_request: TrainingRequest, *, by, reason: str) -> TrainingRequest:
    """Decline with a reason, which the liaison reads."""
    return _decide(training_request, "decline", "declined", by, reason)


@transaction.atomic
def schedule_request(
    training_request: TrainingRequest, iteration: Iteration, *, by, parties: Parties | None = None
) -> TrainingRequest:
    """Answer an approved request by an iteration: saves it if it is new, and links the two for good.

    `parties` are those of a new iteration. Refuses one that is cancelled or linked already.
    """
    row = _lock(training_request)
    row.guard("schedule", by)
    if iteration.pk is None:
        courses.save_iteration(iteration, by=by, parties=parties)
    else:
        _refuse_as_answer(row, courses.lock(iteration))
    reason = gettext_noop("answered by %(iteration)s") % {"iteration": iteration}
    carry_out(row, "schedule", by=by, reason=reason, decided_by=by, decided_at=timezone.now())
    row.iterations.add(iteration)
    emails.tell_the_liaisons(row, "scheduled")
    return row


def _refuse_as_answer(training_request: TrainingRequest, iteration: Iteration) -> None:
    if iteration.state == iterations.IterationState.CANCELLED:
        raise Refused(_("%(iteration)s is cancelled.") % {"iteration": iteration}, field="iteration")
    if training_request.iterations.filter(pk=iteration.pk).exists():
        sentence = _("%(iteration)s is linked to %(number)s already.")
        raise Refused(sentence % {"iteration": iteration, "number": training_request}, field="iteration")


@transaction.atomic
def deliver_request(training_request: TrainingRequest, *, by) -> TrainingRequest:
    """Say that what was asked for has been delivered. Refuses while a linked iteration is still ahead."""
    row = _lock(training_request)
    if row.iterations.filter(state__in=iterations.BEFORE_COMPLETED).exists():
        raise Refused(_("An iteration of this request has not been held yet."))
    carry_out(row, "deliver", by=by)
    return row


@transaction.atomic
def close_request(training_request: TrainingRequest, *, by) -> TrainingRequest:
    row = _lock(training_request)
    carry_out(row, "close", by=by)
    return row


@transaction.atomic
def withdraw_request(training_request: TrainingRequest, *, by, reason: str) -> TrainingRequest:
    """The sender takes the request back; the office is told if it had received it."""
    row = _lock(training_request)
    carry_out(row, "withdraw", by=by, reason=reason, decision_reason=reason.strip())
    if row.received_at:
        emails.tell_the_office(row, "withdrawn")
    return row


def _decide(training_request: TrainingRequest, move: str, event: str, by, reason: str) -> TrainingRequest:
    row = _lock(training_request)
    decision = {"decision_reason": reason.strip(), "decided_by": by, "decided_at": timezone.now()}
    carry_out(row, move, by=by, reason=reason, **decision)
    emails.tell_the_liaisons(row, event)
    return row


def _lock(training_request: TrainingRequest) -> TrainingRequest:
    rows = TrainingRequest.objects.select_for_update(of=("self",))
    return rows.select_related("nation", "organisation", "course").get(pk=training_request.pk)
