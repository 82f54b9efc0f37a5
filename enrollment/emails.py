"""What is said about requests and nominations, and to whom. The liaison is told first."""

from django.urls import reverse

from accounts.models import User
from courses.models import Iteration
from enrollment.models import Nomination, TrainingRequest
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
    """Tell the sender's liaisons of a decision, then the person where it concerns her directly."""
    for user in liaisons_of(nomination.sender):
        _tell(nomination, event, user, reverse("enrollment:nomination", args=[nomination.pk]))
    if person_too and nomination.person.address:
        _tell(nomination, f"{event}_person", nomination.person.address, reverse("insights:me"))


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


def _tell(nomination: Nomination, event: str, to, path: str) -> None:
    notifications.tell(
        f"nomination.{event}",
        to=to,
        occasion=occasion_of(nomination),
        template=f"enrollment/emails/nomination_{event}.txt",
        context={"nomination": nomination, "iteration": nomination.iteration},
        path=path,
    )


def occasion_of(nomination: Nomination) -> str:
    """Each decision is an occasion of its own: a second selection after a return is told again."""
    return f"nomination:{nomination.pk}:{nomination.history.count()}"
