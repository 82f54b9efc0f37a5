"""States and moves of a training request and of a nomination, as in field.md, section 6. Read first."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.moves import Role, move

OFFICE = {Role.COORDINATOR}
SENDER = {Role.LIAISON}
PERSON = {Role.TRAINEE}
SYSTEM = {Role.SYSTEM}
TEACHERS = {Role.COORDINATOR, Role.INSTRUCTOR}


class RequestState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under review", _("Under review")
    INFORMATION_ASKED = "information asked", _("Information asked")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    DELIVERED = "delivered", _("Delivered")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


R = RequestState
REQUEST_WITH_THE_OFFICE = {R.SUBMITTED, R.UNDER_REVIEW}
REQUEST_EDITABLE = {R.DRAFT}
REQUEST_WITHDRAWABLE = {R.DRAFT, R.SUBMITTED, R.UNDER_REVIEW, R.INFORMATION_ASKED, R.APPROVED}

REQUEST_MOVES = (
    move("submit", _("Submit"), SENDER, {R.DRAFT}, R.SUBMITTED),
    move("review", _("Take into review"), OFFICE, {R.SUBMITTED}, R.UNDER_REVIEW),
    move("ask", _("Ask a question"), OFFICE, {R.SUBMITTED, R.UNDER_REVIEW}, R.INFORMATION_ASKED, needs_reason=True),
    move("answer", _("Answer"), SENDER, {R.INFORMATION_ASKED}, R.UNDER_REVIEW, needs_reason=True),
    move("approve", _("Approve"), OFFICE, {R.SUBMITTED, R.UNDER_REVIEW}, R.APPROVED),
    move(
        "decline",
        _("Decline"),
        OFFICE,
        {R.SUBMITTED, R.UNDER_REVIEW, R.INFORMATION_ASKED, R.APPROVED},
        R.DECLINED,
        needs_reason=True,
        is_danger=True,
    ),
    move("schedule", _("Schedule"), OFFICE, {R.APPROVED, R.SCHEDULED}, R.SCHEDULED),
    move("deliver", _("Mark as delivered"), OFFICE, {R.SCHEDULED}, R.DELIVERED),
    move("close", _("Close"), OFFICE, {R.DELIVERED}, R.CLOSED),
    move("withdraw", _("Withdraw"), SENDER, REQUEST_WITHDRAWABLE, R.WITHDRAWN, needs_reason=True, is_danger=True),
)


class NominationState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    SELECTED = "selected", _("Selected")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Offered a seat")
    LAPSED = "lapsed", _("Offer lapsed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUBSTITUTED = "substituted", _("Substituted")
    CANCELLED = "cancelled", _("Iteration cancelled")
    ATTENDED = "attended", _("Attended")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    NO_SHOW = "no-show", _("No-show")


N = NominationState
HAS_A_SEAT = {N.SELECTED, N.CONFIRMED, N.ATTENDED, N.PASSED, N.FAILED, N.NO_SHOW}
KEEPS_A_SEAT = HAS_A_SEAT | {N.OFFERED}  # an offer keeps its seat from all others until it is answered
LIVE = {N.DRAFT, N.SUBMITTED, N.RETURNED, N.WAITLISTED} | KEEPS_A_SEAT
WITH_THE_LIAISON = {N.DRAFT, N.RETURNED}
UNDECIDED = {N.SUBMITTED}
TO_DECIDE = {N.SUBMITTED, N.WAITLISTED}
EXPECTED = {N.SELECTED, N.CONFIRMED}  # holds a place, has not come yet
WITHDRAWABLE = {N.DRAFT, N.SUBMITTED, N.RETURNED, N.SELECTED, N.CONFIRMED, N.WAITLISTED, N.OFFERED}
IN_LINE = {N.SUBMITTED, N.WAITLISTED, N.OFFERED} | EXPECTED  # where a nation's order still matters
WERE_THERE = {N.ATTENDED, N.PASSED, N.FAILED}
REGISTER = {N.CONFIRMED, N.NO_SHOW} | WERE_THERE  # on the attendance sheet
KNOWN_TO_THE_PERSON = set(N) - WITH_THE_LIAISON
WAIVABLE = {N.SUBMITTED, N.RETURNED, N.WAITLISTED, N.OFFERED, N.SELECTED, N.CONFIRMED}
WAS_ON_THE_LIST = {N.WAITLISTED, N.OFFERED, N.LAPSED}  # the turns on the waiting list are still of interest
ENDED_EARLY = {N.WITHDRAWN, N.CANCELLED}
# To the candidate: the liaison is first. What the liaison answers meanwhile would give the decision away.
DECISIONS_TOLD_LATER = {N.SELECTED, N.WAITLISTED, N.OFFERED, N.REFUSED, N.CONFIRMED, N.LAPSED}
TRANSFERABLE = TO_DECIDE | EXPECTED

NOMINATION_MOVES = (
    move("submit", _("Submit"), SENDER, WITH_THE_LIAISON, N.SUBMITTED),
    move("return", _("Return for completion"), OFFICE, {N.SUBMITTED}, N.RETURNED, needs_reason=True),
    move("select", _("Select"), OFFICE, TO_DECIDE, N.SELECTED),
    move("waitlist", _("Put on the waiting list"), OFFICE, {N.SUBMITTED}, N.WAITLISTED),
    move("offer", _("Offer a seat"), OFFICE | SYSTEM, {N.WAITLISTED}, N.OFFERED),
    move("accept_offer", _("Accept the offer"), PERSON | SENDER, {N.OFFERED}, N.SELECTED),
    move(
        "decline_offer",
        _("Decline the offer"),
        PERSON | SENDER,
        {N.OFFERED},
        N.LAPSED,
        needs_reason=True,
        is_danger=True,
    ),
    move("lapse", _("Let the offer lapse"), OFFICE | SYSTEM, {N.OFFERED}, N.LAPSED, is_danger=True),
    move("substitute", _("Substitute"), SENDER, EXPECTED, N.SUBSTITUTED),
    move("transfer", _("Move to another iteration"), OFFICE, TRANSFERABLE, N.WITHDRAWN),
    move("refuse", _("Refuse"), OFFICE, TO_DECIDE, N.REFUSED, needs_reason=True, is_danger=True),
    move("confirm", _("Confirm the place"), PERSON | SENDER, {N.SELECTED}, N.CONFIRMED),
    move("decline", _("Decline the place"), PERSON, EXPECTED, N.WITHDRAWN, needs_reason=True, is_danger=True),
    move("withdraw", _("Withdraw"), SENDER, WITHDRAWABLE, N.WITHDRAWN, needs_reason=True, is_danger=True),
    move("release", _("Take the seat back"), OFFICE, EXPECTED, N.WITHDRAWN, needs_reason=True, is_danger=True),
    move("cancel", _("Cancel with the iteration"), OFFICE, LIVE - WERE_THERE - {N.NO_SHOW}, N.CANCELLED),
    move("record_attended", _("Attended"), TEACHERS, REGISTER, N.ATTENDED),
    move("record_passed", _("Passed"), TEACHERS, REGISTER, N.PASSED),
    move("record_failed", _("Failed"), TEACHERS, REGISTER, N.FAILED),
    move("record_no_show", _("No-show"), TEACHERS, REGISTER, N.NO_SHOW),
)
