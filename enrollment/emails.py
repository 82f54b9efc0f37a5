"""What is said about requests and nominations, and to whom. The liaison is told first."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from courses.models import Iteration, Quota
from enrollment.models import Evidence, Nomination, TrainingRequest
from notifications import actions as notifications
from partners.models.sender import liaisons_of


def coordinators():
    return User.objects.filter(is_active=True, is_coordinator=True)


def tell_the_office(training_request: TrainingRequest, event: str) -> None:
    _tell_about_request(training_request, event, coordinators())


def tell_the_liaisons(training_request: TrainingRequest, event: str) -> None:
    _tell_about_request(training_request, event, liaisons_of(training_request.sender))


def _tell_about_request(training_request: TrainingRequest, event: str, users) -> None:
    turn = training_request.history.count()
    for user in users:
        notifications.tell(
            f"request.{event}",
            to=user,
            occasion=f"request:{training_request.pk}:{turn}",
            template=f"enrollment/emails/request_{event.replace(' ', '_')}.txt",
            context={"training_request": training_request},
            path=reverse("enrollment:request", args=[training_request.pk]),
        )


def tell_of_decision(nomination: Nomination, event: str, *, person_too: bool) -> None:
    """Tell the sender's liaisons of a decision at once, and the person later: see Nomination.person_told_at."""
    for user in liaisons_of(nomination.sender):
        _tell(nomination, event, user, reverse("enrollment:nomination", args=[nomination.pk]))
    if person_too and nomination.person.address:
        _tell(nomination, f"{event}_person", nomination.person.address, reverse("insights:me"), _told_later(nomination))


def call_back(nomination: Nomination) -> None:
    """What the person was to be told, and was not yet, is not told any more: say so before a newer decision."""
    if nomination.person_told_at is not None and nomination.person_told_at > timezone.now():
        notifications.call_back_beginning(prefix_of(nomination.pk))


def _told_later(nomination: Nomination):
    return nomination.person_told_at if nomination.is_under_embargo else None


def send_joining_instructions(nomination: Nomination) -> None:
    """To the participant, and to the liaisons, who see that it is done."""
    if nomination.person.address:
        _tell(nomination, "joining_person", nomination.person.address, reverse("insights:me"), _told_later(nomination))
    for user in liaisons_of(nomination.sender):
        _tell(nomination, "joining", user, reverse("enrollment:nomination", args=[nomination.pk]))


def warn_of_unnamed_seats(quota: Quota, count: int, iteration: Iteration) -> None:
    """A nation's or organisation's own liaisons; for a framework or a category, which have none, the office."""
    holder = quota.nation or quota.organisation
    for user in liaisons_of(holder) if holder else coordinators():
        facts = {"quota": quota, "count": count}
        _tell_of_iteration(iteration, "iteration.unnamed_seats", user, key=quota.key, **facts)


def tell_of_seats_turned_back(quota: Quota, count: int, by) -> None:
    for user in coordinators():
        facts = {"quota": quota, "count": count, "by": by}
        turn = f"{quota.key}:{quota.history.count()}"
        _tell_of_iteration(quota.iteration, "iteration.seats_turned_back", user, key=turn, **facts)


def remind_the_office(iteration: Iteration, step: str, **facts) -> None:
    """Of a step of the clock that needs a decision."""
    for user in coordinators():
        _tell_of_iteration(iteration, f"iteration.{step}", user, key=str(getattr(iteration, f"{step}_on")), **facts)


def _tell_of_iteration(iteration: Iteration, event: str, to, *, key: str, **facts) -> None:
    notifications.tell(
        event,
        to=to,
        occasion=f"iteration:{iteration.pk}:{key}",
        template=f"enrollment/emails/{event.replace('.', '_')}.txt",
        context={"iteration": iteration, **facts},
        path=reverse("courses:iteration", args=[iteration.pk]),
    )


def tell_of_evidence(evidence: Evidence, event: str) -> None:
    """Tell the sender's liaisons what became of a paper, and the person if she handed it in herself."""
    readers = list(liaisons_of(evidence.sender))
    if evidence.uploaded_by_id == evidence.person.user_id and evidence.uploaded_by not in readers:
        readers.append(evidence.uploaded_by)
    for user in readers:
        notifications.tell(
            f"evidence.{event}",
            to=user,
            occasion=f"evidence:{evidence.pk}",
            template=f"enrollment/emails/evidence_{event}.txt",
            context={"evidence": evidence},
            path=reverse("enrollment:evidence", args=[evidence.pk]),
        )


def tell_of_cancellation(iteration: Iteration) -> None:
    """Tell the team, and the partners whose request the iteration was to answer; nominees are told one by one."""
    for teaching in iteration.team.select_related("person__user"):
        _tell_of_cancellation(iteration, "iteration.cancelled_team", teaching.person.address)
    for training_request in iteration.training_requests.select_related("nation", "organisation"):
        for user in liaisons_of(training_request.sender):
            facts = {"training_request": training_request}
            _tell_of_cancellation(iteration, "iteration.cancelled_request", user, **facts)


def _tell_of_cancellation(iteration: Iteration, event: str, to, **facts) -> None:
    notifications.tell(
        event,
        to=to,
        occasion=f"iteration:{iteration.pk}:{event}:{facts.get('training_request', '')}",
        template=f"enrollment/emails/{event.replace('.', '_')}.txt",
        context={"iteration": iteration, **facts},
        path=reverse("courses:iteration", args=[iteration.pk]),
    )


def _tell(nomination: Nomination, event: str, to, path: str, due_at=None) -> None:
    notifications.tell(
        f"nomination.{event}",
        to=to,
        occasion=occasion_of(nomination),
        template=f"enrollment/emails/nomination_{event}.txt",
        context={"nomination": nomination, "iteration": nomination.iteration},
        path=path,
        due_at=due_at,
    )


def occasion_of(nomination: Nomination) -> str:
    """Each decision is an occasion of its own: a second selection after a return is told again."""
    decided_at = nomination.decided_at or nomination.created_at
    return f"{prefix_of(nomination.pk)}{decided_at:%Y%m%dT%H%M%S.%f}"


def prefix_of(pk: int) -> str:
    """How every occasion of a nomination begins."""
    return f"nomination:{pk}:"


def letter_to_the_liaison(nomination: Nomination, event: str) -> tuple[str, str]:
    """Subject and text as `tell_of_decision` would write them for this nomination as it stands; nothing is kept."""
    path = reverse("enrollment:nomination", args=[nomination.pk])
    facts = {"nomination": nomination, "iteration": nomination.iteration, "base_url": settings.BASE_URL, "path": path}
    with override(settings.LANGUAGE_CODE):
        text = render_to_string(f"enrollment/emails/nomination_{event}.txt", facts)
    subject, _break, body = text.strip().partition("\n")
    return subject, body.strip()
