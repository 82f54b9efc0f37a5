"""A deed sent twice is done once. Why it is done like this: docs/decisions/0008-done-once.md."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Sending
from interface.once import FIELD

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
# Signing in and out keeps sessions and secrets, not deeds.
LEFT_OUT = ("/accounts/",)
AGAIN = "Idempotency-Replayed"
# The tokens of a form are other ones on each page, and say nothing of what is asked.
TOKENS = (FIELD, "csrfmiddlewaretoken")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
OTHER_CONTENT = gettext_lazy(
    "The first sending was done, with other content. What you sent now was not done: nothing was changed."
)
STILL_AT_WORK = gettext_lazy(
    "The same was sent a moment ago and is still being done. Wait a little, then see what came of it."
)


class DoneOnce:
    """A request that carries a form token or an `Idempotency-Key` is one transaction with the keeping of its answer.

    Hooked in where the view would be called: whatever may send a request away, such as the form's origin, comes before.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_a_question = getattr(view, "is_a_question", None)
        if is_a_question is not None and is_a_question(request):
            return None
        key = _key_of(request)
        return _once(request, key, lambda: view(request, *args, **kwargs)) if key else None


def _key_of(request) -> str:
    """Empty for what is done as often as it is sent: without a key, by nobody, or with files, see the decision."""
    if request.method not in WRITING or request.path_info.startswith(LEFT_OUT) or not request.user.is_authenticated:
        return ""
    key = request.headers.get("Idempotency-Key", "")
    if request.content_type not in FORMS:
        return key
    if _is_for_programs(request) or request.FILES:  # programs send JSON; a form of theirs is refused unread
        return ""
    return key or request.POST.get(FIELD, "")


def _is_for_programs(request) -> bool:
    return request.path_info.startswith("/api/")


def _once(request, key: str, deed: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the deed and keep its answer, or give the answer that is kept. What had no effect leaves no trace."""
    content = _hash_of_content(request)
    with transaction.atomic():
        try:
            sending, is_first = Sending.objects.claim(
                request.user, _hash(key.encode(errors="backslashreplace")), content
            )
        except OperationalError:  # the database's patience was shorter than the first one's work
            transaction.set_rollback(True)
            return _conflict(request, STILL_AT_WORK)
        if not is_first:
            return _answer_again(request, sending, content)
        with _effects() as had_an_effect:
            response = deed()
        if response.status_code >= 400 or not had_an_effect():
            transaction.set_rollback(True)
        elif response.streaming:
            sending.delete()
        else:
            _keep(sending, request, response)
        return response


@contextmanager
def _effects() -> Iterator[Callable[[], bool]]:
    """Yields a function that says whether a row was written since, and not taken back with a savepoint."""

    def mark() -> None:
        """Django forgets what waits for the commit when the savepoint around it is rolled back: so this counts."""

    def watch(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        found = WRITES.match(sql)
        if found and (found[1].upper() == "INSERT" or context["cursor"].rowcount):
            transaction.on_commit(mark)
        return done

    with connection.execute_wrapper(watch):
        yield lambda: any(waiting[1] is mark for waiting in connection.run_on_commit)


def _keep(sending: Sending, request, response) -> None:
    if hasattr(response, "render"):
        response.render()
    said = _said(request)
    for message in said:
        message._prepare()  # from a lazy translation to the words that this reader saw
    sending.status, sending.headers, sending.body = response.status_code, dict(response.items()), response.content
    sending.messages = said
    sending.save(update_fields=["status", "headers", "body", "messages"])


def _said(request) -> list:
    """The messages of this request: reading them in the public way would mark them as shown."""
    return list(getattr(messages.get_messages(request), "_queued_messages", []))


def _answer_again(request, sending: Sending, content: str) -> HttpResponse:
    if sending.content_hash != content:
        return _conflict(request, OTHER_CONTENT, sending.headers.get("Location", ""))
    for message in sending.messages:
        messages.add_message(request, message.level, message.message, extra_tags=message.extra_tags or "")
    response = HttpResponse(bytes(sending.body), status=sending.status, headers=sending.headers)
    response[AGAIN] = "true"
    return response


def _conflict(request, sentence: str, outcome: str = "") -> HttpResponse:
    """409 with the sentence; `outcome` is the address of what came of the first sending."""
    if _is_for_programs(request):
        return JsonResponse({"detail": _(str(sentence)), "field": None}, status=409)
    return render(request, "409.html", {"sentence": sentence, "outcome": outcome}, status=409)


def _hash_of_content(request) -> str:
    """Over method, address and body."""
    if request.content_type in FORMS:
        body = repr(sorted((name, values) for name, values in request.POST.lists() if name not in TOKENS)).encode()
    else:
        body = request.body
    return _hash(f"{request.method} {request.get_full_path()}\n".encode() + body)


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
