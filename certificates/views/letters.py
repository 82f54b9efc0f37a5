"""Letters: who gets which, ask for them, watch them being made, download one or all."""

import logging

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import liaison_or_coordinator, signed_in
from accounts.moves import Refused
from certificates.letters import actions
from certificates.models import Letter
from certificates.views.serving import FILE_LOST, attachment, file_name, whole_file, zipped
from courses.models import Iteration
from enrollment.models import Nomination
from interface.flash import refuse, tell
from interface.navigation import own_path

log = logging.getLogger(__name__)


@liaison_or_coordinator
@require_safe
def iteration(request, pk: int):
    """Who gets which kind, who has it, who gets none and why. htmx fetches what changes while files are being made."""
    found = _iteration(request, pk)
    lines = actions.lines_of(found, reader=request.user)
    current = [line.letter for line in lines if line.letter]
    context = {
        "iteration": found,
        "tab": "letters",
        "lines": [line for line in lines if line.kind],
        "without": [line for line in lines if not line.kind],
        "missing": sum(line.is_missing for line in lines),
        "total": len(current),
        "made": sum(letter.is_made for letter in current),
        "failed": [line for line in lines if line.letter and line.letter.state == "failed"],
    }
    context["is_done"] = context["total"] == context["made"] + len(context["failed"])
    return render(request, "certificates/_letters.html" if request.htmx else "certificates/letters.html", context)


@liaison_or_coordinator
@require_POST
def make_missing(request, pk: int):
    found = _iteration(request, pk)
    try:
        letters = actions.make_missing(found, by=request.user)
    except Refused as refusal:
        refuse(request, refusal.sentence)
    else:
        count = len(letters)
        sentence = ngettext("%(count)s letter is being made.", "%(count)s letters are being made.", count)
        tell(request, sentence % {"count": count} + " " + _("You may leave this page, it goes on."))
    return redirect("certificates:letters", pk)


@liaison_or_coordinator
@require_safe
def archive(request, pk: int):
    """All letters that hold today, in one ZIP."""
    found = _iteration(request, pk)
    lines = [line for line in actions.lines_of(found, reader=request.user) if line.letter and line.letter.is_made]
    if not lines:
        refuse(request, _("No letter is ready yet."))
        return redirect("certificates:letters", pk)
    stream = zipped({_file_name(line.letter): (line.letter.file_name, line.letter.sha256) for line in lines})
    if stream is None:
        refuse(request, FILE_LOST)
        return redirect("certificates:letters", pk)
    return attachment(stream, file_name("letters", found.course.short_name, f"{found.starts_on:%Y-%m}", kind="zip"))


@signed_in
@require_safe
def nomination(request, pk: int):
    """A page of its own, and a part of the nomination's page."""
    found = _nomination(request, pk)
    (line,) = actions.lines_about([found], reader=request.user)
    may_ask = request.user.is_coordinator or found.is_sent_by_those_of(request.user)
    context = {"nomination": found, "iteration": found.iteration, "line": line, "may_ask": may_ask}
    is_part = request.htmx and not request.htmx.boosted
    name = "certificates/_nomination_letters.html" if is_part else "certificates/nomination_letters.html"
    return render(request, name, context)


@liaison_or_coordinator
@require_POST
def make(request, pk: int):
    found = _nomination(request, pk)
    try:
        letter = actions.make(found, by=request.user)
    except Refused as refusal:
        refuse(request, refusal.sentence)
    else:
        tell(request, _("Letter %s is there.") % letter if letter.is_made else _being_made(letter))
    return redirect(_way_back(request, pk))


@liaison_or_coordinator
@require_POST
def retry(request, pk: int):
    found = _letter(request, pk)
    try:
        letter = actions.retry(found, by=request.user)
    except Refused as refusal:
        refuse(request, refusal.sentence)
    else:
        tell(request, _being_made(letter))
    return redirect(_way_back(request, found.nomination_id))


@signed_in
@require_safe
def download(request, pk: int):
    """The stored file, as it was written; an overtaken one as well."""
    found = _letter(request, pk)
    if not found.is_made:
        refuse(request, _("The file is not there yet: it is still being made. Come back in a minute."))
        return redirect("certificates:nomination_letters", found.nomination_id)
    path = whole_file(found.file_name, found.sha256)
    if path is None:
        log.error("The file of letter %s is missing or damaged.", found.pk)
        refuse(request, FILE_LOST)
        return redirect("certificates:nomination_letters", found.nomination_id)
    return attachment(path.open("rb"), _file_name(found))


def _iteration(request, pk: int) -> Iteration:
    seen = Iteration.objects.visible_to(request.user).for_lists().select_related("course__institution")
    return get_object_or_404(seen.prefetch_related("team__person"), pk=pk)


def _nomination(request, pk: int) -> Nomination:
    return get_object_or_404(Nomination.objects.visible_to(request.user).for_lists(), pk=pk)


def _letter(request, pk: int) -> Letter:
    return get_object_or_404(Letter.objects.visible_to(request.user).for_lists(), pk=pk)


def _being_made(letter: Letter) -> str:
    return _("Letter %s is being made. It is ready within a minute.") % letter


def _way_back(request, nomination_pk: int) -> str:
    """To where the button stood, if it says so and that is on this site."""
    wanted = own_path(request.POST.get("next", ""))
    return wanted or redirect("certificates:nomination_letters", nomination_pk).url


def _file_name(letter: Letter) -> str:
    """Kind, course, name and day; the reference makes it one of a kind."""
    about = letter.nomination
    words = (letter.kind, about.iteration.course.short_name, about.person.family_name, letter.reference)
    return file_name(*words)
