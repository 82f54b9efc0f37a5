"""The main menu: what each role finds where. Addresses are those of docs/interface.md and do not change."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    label: str
    path: str
    is_for: Callable[[object], bool]
    also: str = ""  # where pages of this section stand too


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool
    is_section: bool


def everyone(user) -> bool:
    return True


def coordinator(user) -> bool:
    return user.is_coordinator


def liaison(user) -> bool:
    return user.is_liaison


def liaison_or_coordinator(user) -> bool:
    return user.is_coordinator or user.is_liaison


def instructor(user) -> bool:
    return user.is_instructor


def trainee(user) -> bool:
    return user.is_trainee


def reads_figures(user) -> bool:
    return user.is_coordinator or getattr(user, "may_read_figures", False)


def administrator(user) -> bool:
    return user.is_staff


FOR_MEMBERS = (
    Entry(_("Desk"), "desk/", coordinator),
    Entry(_("Nation"), "nation/", liaison),
    Entry(_("Teaching"), "teaching/", instructor),
    Entry(_("My training"), "me/", trainee),
    Entry(_("Courses"), "courses/", everyone, also="iterations/"),
    Entry(_("Calendar"), "calendar/", everyone),
    Entry(_("Requests"), "requests/", liaison_or_coordinator),
    Entry(_("Nominations"), "nominations/", liaison_or_coordinator),
    Entry(_("People"), "people/", liaison_or_coordinator),
    Entry(_("Figures"), "insights/", reads_figures),
    Entry(_("Outbox"), "outbox/", coordinator),
    Entry(_("Admin"), "admin/", administrator),
)
FOR_VISITORS = (
    Entry(_("Courses"), "courses/", everyone, also="iterations/"),
    Entry(_("Calendar"), "calendar/", everyone),
    Entry(_("Check a certificate"), "verify/", everyone),
)


def own_path(wanted: str) -> str:
    """An address that a form named as the way on, if it is a path of this site; else nothing."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""


def menu_for(request) -> list[Link]:
    """The entries that this person may open, with the one that the page belongs to marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return [link(entry, request.path) for entry in FOR_VISITORS]
    return [link(entry, request.path) for entry in FOR_MEMBERS if entry.is_for(user)]


def link(entry: Entry, path: str) -> Link:
    url = get_script_prefix() + entry.path
    sections = tuple(get_script_prefix() + each for each in (entry.path, entry.also) if each)
    return Link(entry.label, url, is_current=path == url, is_section=path.startswith(sections))
