"""{% load courses %}: the tabs of an iteration's pages."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    url: str


EVERYBODY, DECIDING, TEACHING, OFFICE, SENDING = "everybody", "deciding", "teaching", "office", "sending"
TABS = (
    ("facts", _("Facts"), "courses:iteration", EVERYBODY),
    ("nominations", _("Nominations"), "enrollment:iteration_nominations", DECIDING),
    ("board", _("Selection board"), "enrollment:board", OFFICE),
    ("ranking", _("Our seats and order"), "enrollment:ranking", SENDING),
    ("seats", _("Seats"), "enrollment:seats", OFFICE),
    ("waiting", _("Waiting list"), "enrollment:waiting", OFFICE),
    ("letters", _("Letters"), "certificates:letters", DECIDING),
    ("participants", _("Participants"), "delivery:participants", TEACHING),
    ("attendance", _("Attendance"), "delivery:attendance", TEACHING),
    ("results", _("Results"), "delivery:results", TEACHING),
    ("certificates", _("Certificates"), "certificates:iteration", OFFICE),
)


@register.simple_tag
def tabs_of(iteration, user) -> list[Tab]:
    """{% tabs_of iteration user as tabs %}: the iteration's pages that `user` may open; none if there is only one."""
    circles = _circles_of(iteration, user)
    tabs = [
        Tab(name, label, reverse(route, args=[iteration.pk]))
        for name, label, route, circle in TABS
        if circle in circles
    ]
    return tabs if len(tabs) > 1 else []


def _circles_of(iteration, user) -> set[str]:
    if not user.is_authenticated:
        return {EVERYBODY}
    circles = {EVERYBODY}
    if user.is_coordinator:
        circles |= {DECIDING, TEACHING, OFFICE}
    if user.is_liaison:
        circles |= {DECIDING, SENDING}
    if iteration.is_taught_by(user):
        circles.add(TEACHING)
    return circles
