"""What every request passes: an id for the log, its instant, no text that a database refuses, no private page kept."""

import logging
import uuid
from contextvars import ContextVar

from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from accounts import moment

current_request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


def request_id(get_response):
    """Give each request an id, in the log and in the answer's headers."""

    def middleware(request):
        request.id = uuid.uuid4().hex
        current_request_id.set(request.id)
        response = get_response(request)
        response["X-Request-ID"] = request.id
        return response

    return middleware


def note_the_arrival(get_response):
    """Deadlines ask when a request arrived, not how long it then waited for a lock."""

    def middleware(request):
        with moment.of_arrival():
            return get_response(request)

    return middleware


def refuse_unstorable_text(get_response):
    """NUL and unpaired surrogates in path, query or form: PostgreSQL takes neither, so nobody gets that far."""

    def middleware(request):
        if _is_unstorable(request):
            return _refusal(request)
        return get_response(request)

    return middleware


def _refusal(request):
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": _("The address has a character that cannot be stored.")}, status=400)
    return HttpResponseBadRequest(render(request, "400.html"))


def keep_private_pages_private(get_response):
    """What a signed-in person sees stays out of shared caches and of the browser's back button."""

    def middleware(request):
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware


def _is_unstorable(request) -> bool:
    values = [request.path_info, *request.GET.keys()]
    values += [value for _key, each in request.GET.lists() for value in each]
    return any("\x00" in value or _has_surrogate(value) for value in values)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
