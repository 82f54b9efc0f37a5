"""Anybody who has the paper may ask whether it is good. Nobody learns what is not on it, or which papers there are."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from certificates import checks, limits, uploads
from certificates.forms import CheckForm, FileForm
from certificates.views.serving import untraced
from interface.once import asks_only


def public_check(view):
    """Every answer leaves no trace; whoever missed too often is told how long to wait."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        try:
            return untraced(view(request, *args, **kwargs))
        except limits.TooManyMisses as too_many:
            return untraced(_too_many(request, too_many.seconds))

    return checked


@csrf_exempt  # asking changes nothing, and a page without a referrer has no origin to compare
@require_http_methods(["GET", "HEAD", "POST"])
@public_check
def verify(request):
    """By number and typed code. Asked by POST, since addresses end up in logs and histories."""
    form = CheckForm(request.POST) if request.method == "POST" else CheckForm()
    if not form.is_valid():
        return _ways(request, "certificates/verify.html", form=form)
    who = limits.asker(request)
    limits.refuse_who_must_wait(who, is_typed=True)
    return _say(request, checks.by_number(form.cleaned_data["number"], form.cleaned_data["code"]), who, form=form)


@csrf_exempt
@asks_only(lambda request: True)  # so that nobody reads the file before this view says how
@require_http_methods(["GET", "HEAD", "POST"])
@public_check
def verify_file(request):
    """By the file. It is read once, for its hash, and kept nowhere."""
    if request.method != "POST":
        return redirect("certificates:verify")
    who = limits.asker(request)
    limits.refuse_who_must_wait(who)
    uploads.only_fingerprints(request)
    form = FileForm(files=request.FILES)
    if form.is_valid():
        return _say(request, checks.by_file(form.cleaned_data["file"]), who, file_form=form)
    if request.FILES:
        limits.count_a_miss(who)
    status = 413 if form.is_too_large else 200
    return _ways(request, "certificates/verify.html", status=status, file_form=form)


@require_safe
@public_check
def check(request, code: str):
    """By the secret of the QR code, so the limit of all together does not bind here."""
    who = limits.asker(request)
    limits.refuse_who_must_wait(who)
    return _say(request, checks.by_code(code), who)


def _say(request, answer: checks.Answer, who: str, **forms) -> HttpResponse:
    if answer.certificate is not None:
        return render(request, "certificates/check.html", {"answer": answer, "certificate": answer.certificate})
    limits.count_a_miss(who)
    return _ways(request, "certificates/unknown.html", status=404, answer=answer, **forms)


def _ways(request, template: str, *, status: int = 200, form=None, file_form=None, **context) -> HttpResponse:
    """A page with all ways to ask."""
    forms = {"form": form or CheckForm(), "file_form": file_form or FileForm()}
    return render(request, template, {**forms, **context}, status=status)


def _too_many(request, seconds: int) -> HttpResponse:
    response = render(request, "certificates/too_many.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response
