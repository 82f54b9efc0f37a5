"""The badge of a certificate for its holder; for everybody, what it takes to check one."""

import io
from functools import wraps

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from certificates import workflow
from certificates.badges import BadgeFailed, keys, publishing, status
from certificates.models import Certificate
from certificates.views.serving import attachment, file_name
from interface.flash import refuse
from partners.models import Organisation

TOKEN = "application/vc+jwt"
SECONDS_KEPT = 300  # of keys and profiles; a new key is seen soon enough


@signed_in
@require_safe
def download(request, pk: int):
    """The badge as it was signed when the certificate was made; for wallets."""
    found = get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk)
    if found.state not in workflow.CHECKABLE or not found.badge:
        refuse(request, _("This certificate has no badge, or it is still being made."))
        return redirect("certificates:certificate", pk)
    printed = found.printed
    name = file_name(printed["course_title"], printed["printed_name"], kind="jwt")
    return attachment(io.BytesIO(found.badge.encode()), name, content_type=TOKEN)


def published(seconds: int):
    """For programs of other sites: fetched by GET alone, kept for so long, readable from every page."""

    def decorate(view):
        @require_safe
        @wraps(view)
        def answer(request, *args, **kwargs):
            try:
                response = view(request, *args, **kwargs)
            except BadgeFailed:  # the sentence is the administrator's, not everybody's
                response = HttpResponse(_("Badges cannot be checked at the moment."), "text/plain", status=503)
            response["Access-Control-Allow-Origin"] = "*"
            response["Cache-Control"] = f"public, max-age={seconds}" if response.status_code == 200 else "no-store"
            return response

        return answer

    return decorate


@published(SECONDS_KEPT)
def jwks(request):
    return JsonResponse(publishing.jwks(), content_type="application/jwk-set+json")


@published(SECONDS_KEPT)
def did(request):
    return JsonResponse(publishing.did_document(), content_type="application/did+json")


@published(SECONDS_KEPT)
def key(request, thumbprint: str):
    found = keys.published().get(thumbprint)
    if found is None:
        raise Http404
    return JsonResponse(publishing.jwk(found), content_type="application/jwk+json")


@published(SECONDS_KEPT)
def issuer(request, pk: int):
    return JsonResponse(publishing.profile(_issuer(pk)), content_type="application/ld+json")


@published(status.SECONDS_KEPT)
def status_list(request, pk: int, number: int):
    return HttpResponse(publishing.status_list(_issuer(pk), number), TOKEN)


def _issuer(pk: int) -> Organisation:
    """Institutions that have issued something; nobody needs to know of the others."""
    return get_object_or_404(Organisation.objects.filter(pk__in=Certificate.objects.values("issuer")), pk=pk)
