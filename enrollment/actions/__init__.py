"""What people do with requests and nominations. Use as `actions.select(nomination, by=user)`."""

from enrollment.actions.iterations import cancel_iteration
from enrollment.actions.moves import NOMINATION_DEEDS, REQUEST_DEEDS, make_nomination_move, make_request_move
from enrollment.actions.nominations import confirm, decline, nominate, revise, submit, tick, withdraw
from enrollment.actions.selection import (
    decide_many,
    grant_waiver,
    record_outcome,
    refuse,
    return_for_completion,
    select,
    waitlist,
)
from enrollment.actions.training_requests import (
    answer_question,
    approve,
    ask_question,
    close_request,
    decline_request,
    deliver_request,
    file_request,
    review,
    revise_request,
    schedule_request,
    submit_request,
    withdraw_request,
)

__all__ = [
    "NOMINATION_DEEDS",
    "REQUEST_DEEDS",
    "answer_question",
    "approve",
    "ask_question",
    "cancel_iteration",
    "close_request",
    "confirm",
    "decide_many",
    "decline",
    "decline_request",
    "deliver_request",
    "file_request",
    "grant_waiver",
    "make_nomination_move",
    "make_request_move",
    "nominate",
    "record_outcome",
    "refuse",
    "return_for_completion",
    "review",
    "revise",
    "revise_request",
    "schedule_request",
    "select",
    "submit",
    "submit_request",
    "tick",
    "waitlist",
    "withdraw",
    "withdraw_request",
]
