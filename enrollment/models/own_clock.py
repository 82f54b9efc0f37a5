"""The seat clock as a liaison reads it: dates and what was done, with nothing that tells of other holders."""

import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ClockStep, Iteration
from courses.models.clock_lines import ClockLine, clock_lines
from partners.models import Nation, Organisation

Step = ClockStep.Step
# The report of a step is written for the office and names holders; these are its words for everybody else.
DONE = {
    Step.NOMINATIONS_CLOSE: gettext_lazy("Nominations are closed."),
    Step.WARN_HOLDERS: gettext_lazy("Holders of seats without a name were warned."),
    Step.NOTIFICATION: gettext_lazy("The office was reminded of what is not yet decided."),
    Step.TAKE_BACK: gettext_lazy("Seats without a name were taken back, and offered to the waiting list first."),
    Step.GO_NO_GO: gettext_lazy("The office was asked to decide whether it is held."),
    Step.JOINING_INSTRUCTIONS: gettext_lazy("Joining instructions are due for those who are confirmed."),
    Step.LAST_SUBSTITUTION: gettext_lazy("Nobody can be substituted any more, and no offer is made."),
}
NAMES_HOLDERS = {Step.WARN_HOLDERS, Step.TAKE_BACK}


def own_clock(iteration: Iteration, senders: Iterable[Nation | Organisation]) -> list[ClockLine]:
    """The lines of the clock, each report in words that speak of `senders` or of nobody; one query."""
    names = [str(sender) for sender in senders]
    lines = clock_lines(iteration, tells_reports=True)
    return [replace(line, report=_neutral(line, names) if line.done_at else "", failure="") for line in lines]


def _neutral(line: ClockLine, names: list[str]) -> str:
    own = [_own_part(line.report, name) for name in names] if line.step in NAMES_HOLDERS else []
    return " ".join([str(DONE[line.step]), *filter(None, own)])


def _own_part(report: str, name: str) -> str:
    """This holder's own number in a list such as "Holders warned: Jordan (2), Ukraine (1)."; "" where it has none."""
    found = re.search(rf"(?:: |\), ){re.escape(name)} \((\d+)\)", report)
    return _("%(name)s: %(count)s.") % {"name": name, "count": found[1]} if found else ""
