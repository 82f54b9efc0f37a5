"""How each state looks: one icon and one tone per word, everywhere. The word itself comes from the workflow."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Look:
    """Tones: quiet (nothing to do), open (under way), wait (somebody must act), good, bad, off (over, no blame)."""

    tone: str
    icon: str
    label: str


LOOKS = {
    # requests
    "draft": Look("quiet", "pencil", _("Draft")),
    "submitted": Look("wait", "send", _("Submitted")),
    "under_review": Look("wait", "search", _("Under review")),
    "information_asked": Look("wait", "question-circle", _("Information asked")),
    "approved": Look("good", "check-lg", _("Approved")),
    "scheduled": Look("good", "calendar-check", _("Scheduled")),
    "delivered": Look("good", "check2-all", _("Delivered")),
    "closed": Look("off", "archive", _("Closed")),
    "declined": Look("bad", "x-circle", _("Declined")),
    "withdrawn": Look("off", "arrow-return-left", _("Withdrawn")),
    # iterations
    "announced": Look("open", "megaphone", _("Announced")),
    "nominations_open": Look("open", "door-open", _("Nominations open")),
    "nominations_closed": Look("quiet", "door-closed", _("Nominations closed")),
    "confirmed": Look("good", "check-circle", _("Confirmed")),
    "running": Look("open", "play-circle", _("Running")),
    "completed": Look("good", "check2-all", _("Completed")),
    "cancelled": Look("bad", "slash-circle", _("Cancelled")),
    # nominations
    "returned": Look("wait", "reply", _("Returned")),
    "selected": Look("good", "person-check", _("Selected")),
    "waitlisted": Look("wait", "hourglass-split", _("Waitlisted")),
    "offered": Look("wait", "envelope-open", _("Offered")),
    "lapsed": Look("off", "clock-history", _("Lapsed")),
    "refused": Look("bad", "x-circle", _("Refused")),
    "substituted": Look("off", "arrow-left-right", _("Substituted")),
    "attended": Look("good", "person-fill-check", _("Attended")),
    "passed": Look("good", "award", _("Passed")),
    "failed": Look("bad", "x-octagon", _("Failed")),
    "no_show": Look("bad", "person-x", _("No-show")),
    # evidence
    "checked": Look("good", "patch-check", _("Checked")),
    "rejected": Look("bad", "x-circle", _("Rejected")),
    # seats
    "free": Look("quiet", "circle", _("Free")),
    "held": Look("open", "bookmark", _("Held")),
    "named": Look("good", "person-check", _("Named")),
    "turned_back": Look("quiet", "arrow-return-left", _("Turned back")),
    # steps of the seat clock, and turns on a waiting list
    "done": Look("good", "check-lg", _("Done")),
    "done_by_hand": Look("good", "hand-index", _("Done by hand")),
    "done_late": Look("wait", "clock-history", _("Done late")),
    "overdue": Look("bad", "alarm", _("Overdue")),
    "not_taken": Look("off", "dash-circle", _("Not taken")),
    "passed_over": Look("quiet", "skip-forward", _("Passed over")),
    "late": Look("wait", "alarm", _("Late")),
    # certificates and other jobs
    "queued": Look("wait", "hourglass-split", _("Queued")),
    "made": Look("good", "check-lg", _("Made")),
    "overtaken": Look("off", "arrow-repeat", _("Overtaken")),
    "issued": Look("good", "patch-check", _("Issued")),
    "valid": Look("good", "patch-check", _("Valid")),
    "revoked": Look("bad", "slash-circle", _("Revoked")),
    "replaced": Look("off", "arrow-repeat", _("Replaced")),
    "expired": Look("off", "hourglass-bottom", _("Expired")),
    "recorded": Look("quiet", "archive", _("Recorded")),
    "not_ours": Look("bad", "file-earmark-x", _("Not our file")),
    "unknown": Look("bad", "x-circle-fill", _("Not found")),
    # notifications
    "waiting": Look("wait", "hourglass-split", _("Waiting")),
    "planned": Look("quiet", "calendar-event", _("Planned")),
    "sending": Look("open", "send", _("Sending")),
    "sent": Look("good", "check-lg", _("Sent")),
    "discarded": Look("off", "trash", _("Discarded")),
    "parked": Look("bad", "exclamation-octagon", _("Could not be sent")),
    # imports
    "reading": Look("open", "hourglass-split", _("Being read")),
    "preview": Look("wait", "question-circle", _("To confirm")),
    "imported": Look("good", "check2-all", _("Imported")),
    "undone": Look("off", "arrow-return-left", _("Undone")),
    "unreadable": Look("bad", "x-octagon", _("Not readable")),
    "new": Look("open", "person-plus", _("New person")),
    "known": Look("good", "person-check", _("Known person")),
    "alike": Look("wait", "question-circle", _("Possibly known")),
    "error": Look("bad", "x-circle", _("Error")),
    "left_out": Look("off", "slash-circle", _("Passed over")),
    # criteria
    "met": Look("good", "check-circle-fill", _("Met")),
    "not_met": Look("bad", "x-circle-fill", _("Not met")),
    "not_proven": Look("wait", "question-circle-fill", _("Not proven")),
    "waived": Look("open", "shield-check", _("Waived")),
}
UNKNOWN = Look("quiet", "circle", "")


def look_of(state: str) -> Look:
    return LOOKS.get(str(state).lower().replace("-", "_").replace(" ", "_"), UNKNOWN)
