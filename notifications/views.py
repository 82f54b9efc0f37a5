"""The outbox of the office, and everybody's own messages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from interface.flash import refuse, tell
from interface.listing import Column, Filter, Listing, Sort
from notifications import actions
from notifications.models import Notification, NotificationQuerySet


@dataclass(frozen=True)
class Tab:
    """One part of the outbox; `sentence` is said when it is empty."""

    name: str
    label: str
    sentence: str
    of: Callable


TABS = [
    Tab(
        "waiting",
        gettext_lazy("Waiting"),
        gettext_lazy("Nothing waits: every message has gone out."),
        NotificationQuerySet.undone,
    ),
    Tab("sent", gettext_lazy("Sent"), gettext_lazy("Nothing has been sent yet."), NotificationQuerySet.sent),
    Tab("parked", gettext_lazy("Could not be sent"), gettext_lazy("Nothing is stuck."), NotificationQuerySet.parked),
    Tab("cancelled", gettext_lazy("Cancelled"), gettext_lazy("Nothing was cancelled."), NotificationQuerySet.cancelled),
]
SORTS = [
    Sort("newest", gettext_lazy("Newest first"), "-created_at", "-id"),
    Sort("oldest", gettext_lazy("Oldest first"), "created_at", "id"),
]
COLUMNS = [
    Column(gettext_lazy("To"), lambda row: row.email),
    Column(gettext_lazy("Subject"), lambda row: row.subject),
    Column(gettext_lazy("Event"), lambda row: row.event),
    Column(gettext_lazy("Written"), lambda row: row.created_at),
    Column(gettext_lazy("Sent"), lambda row: row.sent_at),
    Column(gettext_lazy("Attempts"), lambda row: row.attempts),
    Column(gettext_lazy("Cause"), lambda row: row.failure),
]


PARTS = Filter(
    "state",
    gettext_lazy("Part"),
    [(tab.name, tab.label) for tab in TABS],
    apply=lambda found, name: next(tab for tab in TABS if tab.name == name).of(found),
)


@dataclass(frozen=True)
class Deed:
    """What a button does, and what is said when it was done, or when it was too late for it."""

    act: Callable
    done: str
    too_late: str


DEEDS = {
    "send_again": Deed(
        actions.send_again,
        gettext_lazy("Back in the queue: it goes out within a minute."),
        gettext_lazy("It is not stuck any more: look at the page again."),
    ),
    "discard": Deed(
        actions.discard,
        gettext_lazy("Discarded: it does not go out."),
        gettext_lazy("Too late: it has gone out, or is going out at this moment."),
    ),
}


def coordinator_only(view):
    """As accounts.access has it, which stands above this app."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_coordinator:
            raise PermissionDenied(_("This page is for training coordinators."))
        return view(request, *args, **kwargs)

    return guarded


@coordinator_only
@require_safe
def outbox(request):
    """What will be, was, and could not be sent; one tab for each."""
    seen = Notification.objects.visible_to(request.user)
    chosen = next((tab for tab in TABS if tab.name == request.GET.get("state")), None)
    listing = Listing(
        request, seen if chosen else seen.undone(), name="outbox", filters=[PARTS], sorts=SORTS, columns=COLUMNS
    )
    context = {"listing": listing, "tabs": TABS, "chosen": chosen or TABS[0]}
    return listing.file() or render(request, "notifications/outbox.html", context)


@login_required
@require_safe
def message(request, pk: int):
    found = get_object_or_404(Notification.objects.visible_to(request.user).select_related("recipient"), pk=pk)
    return render(request, "notifications/message.html", {"notification": found})


@coordinator_only
@require_POST
def move(request, pk: int):
    """Send again what is stuck, or discard what has not gone out."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    deed = DEEDS.get(request.POST.get("move", ""))
    if deed is None:
        refuse(request, _("There is no such move here."))
    elif deed.act(found, by=request.user):
        tell(request, deed.done)
    else:
        refuse(request, deed.too_late)
    return redirect("notifications:message", pk)


@login_required
@require_safe
def messages(request):
    """What was written to the person who is signed in, newest first."""
    own = Notification.objects.addressed_to(request.user)
    listing = Listing(request, own, name="messages", sorts=SORTS[:1])
    return render(request, "notifications/messages.html", {"listing": listing})
