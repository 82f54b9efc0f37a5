"""Anybody who has the paper may ask whether it is good. Nobody learns what is not on it, or which papers there are."""

import secrets

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from certificates import limits, numbers
from certificates.forms import CheckForm
from certificates.models import Certificate

# Compared with when there is no such number, so that both ways take as long.
NO_CODE = "0" * numbers.LENGTH


@csrf_exempt  # asking changes nothing, and a page without a referrer has no origin to compare
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """By number and typed code. Asked by POST, since addresses end up in logs and histories."""
    if request.method != "POST":
        return _private(render(request, "certificates/verify.html", {"form": CheckForm()}))
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _private(render(request, "certificates/verify.html", {"form": form}))
    who = limits.asker(request)
    seconds = limits.wait_for_asker(who) or limits.wait_for_everybody()
    if seconds:
        return _too_many(request, seconds, form)
    found = _by_typed_code(form.cleaned_data["number"], form.cleaned_data["code"])
    return _answer(request, found, who, form)


@require_safe
def check(request, code: str):
    """By the secret of the QR code: 128 bits, which nobody guesses, so the limit of all together does not bind here."""
    who = limits.asker(request)
    seconds = limits.wait_for_asker(who)
    if seconds:
        return _too_many(request, seconds, CheckForm())
    return _answer(
        request, Certificate.objects.checkable().with_successor().filter(code=code).first(), who, CheckForm()
    )


def _by_typed_code(number: str, code: str) -> Certificate | None:
    certificates = Certificate.objects.checkable().with_successor()
    found = certificates.numbered(number).first()
    expected = found.typed_code if found else NO_CODE
    typed = numbers.understood_code(code)
    is_same = secrets.compare_digest(typed.encode(), expected.encode())
    return found if found and is_same else None


def _answer(request, found: Certificate | None, who: str, form: CheckForm) -> HttpResponse:
    if found is not None:
        return _private(render(request, "certificates/check.html", {"certificate": found}))
    seconds = limits.count_a_miss(who)
    if seconds:
        return _too_many(request, seconds, form)
    return _private(render(request, "certificates/unknown.html", {"form": form}, status=404))


def _too_many(request, seconds: int, form: CheckForm) -> HttpResponse:
    context = {"form": form, "seconds": seconds}
    response = _private(render(request, "certificates/too_many.html", context, status=429))
    response["Retry-After"] = str(seconds)
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """Found by no search engine, kept by no cache, told to no other site."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
