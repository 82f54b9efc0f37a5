"""What a page says after a deed on a nomination, and where the person goes next."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from enrollment.models import Nomination
from interface.navigation import own_path

SAID = {
    "draft": _("Draft saved: %(person)s for %(iteration)s. The office does not see it until you submit it."),
    "revise": _("Changes saved. Submit the nomination when it is ready."),
    "submit": _("Submitted: %(person)s for %(iteration)s. It is with the office, and not yet decided."),
    "withdraw": _("Withdrawn: %(person)s. A seat that was held is free again."),
    "confirm": _("Place confirmed: %(person)s. Below is what is still to do, and by when."),
    "decline": _("Place declined. The liaison is told."),
    "release": _("Seat taken back from %(person)s. The liaison and the person are told."),
    "select": _("Selected: %(person)s. The liaison is told, then the person, who has to confirm."),
    "waitlist": _("On the waiting list: %(person)s. The liaison is told."),
    "refuse": _("Refused: %(person)s. The liaison is told, with the reason."),
    "return": _("Returned: %(person)s. The liaison is told what is missing."),
    "offer": _("A seat is offered to %(person)s. The liaison is told."),
    "accept_offer": _("Offer accepted: %(person)s has a seat. The place has to be confirmed next."),
    "decline_offer": _("Offer declined. The seat goes to the next on the waiting list."),
    "lapse": _("The offer to %(person)s has lapsed. The seat goes to the next on the waiting list."),
    "waive": _("Waived for %(person)s, with your reason."),
}


def said(nomination: Nomination, deed: str) -> str:
    return SAID[deed] % {"person": nomination.person, "iteration": nomination.iteration}


def go_back(request, *default):
    """To the page of this site that the form named as `next`, else to `default`, given as to redirect()."""
    wanted = own_path(request.POST.get("next", ""))
    return HttpResponseRedirect(wanted) if wanted else redirect(*default)


def id_in(text: str | None) -> int | None:
    """The id that somebody sent as text; None when it is none. Longer numbers fit no database."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
