"""The moves of the workflow tables by name: what every door calls with the name that a button or a program sends."""

from django.utils.translation import gettext_lazy as _

from accounts.moves import Refused
from enrollment.actions import nominations, offers, selection
from enrollment.actions import training_requests as requests
from enrollment.models import Nomination, TrainingRequest

NO_SUCH_MOVE = _("There is no such move here.")

# Scheduling needs an iteration, and results come from delivery: those moves have pages of their own.
REQUEST_DEEDS = {
    "submit": lambda row, by, words: requests.submit_request(row, by=by),
    "review": lambda row, by, words: requests.review(row, by=by),
    "ask": lambda row, by, words: requests.ask_question(row, by=by, question=words["reason"]),
    "answer": lambda row, by, words: requests.answer_question(row, by=by, answer=words["reason"]),
    "approve": lambda row, by, words: requests.approve(row, by=by, reason=words["reason"]),
    "decline": lambda row, by, words: requests.decline_request(row, by=by, reason=words["reason"]),
    "deliver": lambda row, by, words: requests.deliver_request(row, by=by),
    "close": lambda row, by, words: requests.close_request(row, by=by),
    "withdraw": lambda row, by, words: requests.withdraw_request(row, by=by, reason=words["reason"]),
}
NOMINATION_DEEDS = {
    "submit": lambda row, by, words: nominations.submit(row, by=by),
    "confirm": lambda row, by, words: nominations.confirm(row, by=by),
    "decline": lambda row, by, words: nominations.decline(row, by=by, reason=words["reason"]),
    "withdraw": lambda row, by, words: nominations.withdraw(row, by=by, reason=words["reason"]),
    "release": lambda row, by, words: nominations.release(row, by=by, reason=words["reason"]),
    "select": lambda row, by, words: selection.select(row, by=by),
    "waitlist": lambda row, by, words: selection.waitlist(row, by=by, reason=words["reason"]),
    "offer": lambda row, by, words: offers.offer(row, by=by),
    "accept_offer": lambda row, by, words: offers.accept_offer(row, by=by),
    "decline_offer": lambda row, by, words: offers.decline_offer(row, by=by, reason=words["reason"]),
    "lapse": lambda row, by, words: offers.lapse(row, by=by),
    "refuse": lambda row, by, words: selection.refuse(row, by=by, **words),
    "return": lambda row, by, words: selection.return_for_completion(row, by=by, reason=words["reason"]),
}


def make_request_move(training_request: TrainingRequest, name: str, *, by, reason: str = "") -> TrainingRequest:
    """Make the move `name` of the request's table; refuses a name that has a page of its own."""
    return _deed(REQUEST_DEEDS, name)(training_request, by, {"reason": reason})


def make_nomination_move(nomination: Nomination, name: str, *, by, reason: str = "", code: str = "") -> Nomination:
    """Make the move `name` of the nomination's table; `code` is a Nomination.RefusalCode, for a refusal only."""
    words = {"reason": reason}
    if name == "refuse":
        words["code"] = code or Nomination.RefusalCode.OTHER
    return _deed(NOMINATION_DEEDS, name)(nomination, by, words)


def _deed(deeds: dict, name: str):
    if name not in deeds:
        raise Refused(NO_SUCH_MOVE, field="move")
    return deeds[name]
