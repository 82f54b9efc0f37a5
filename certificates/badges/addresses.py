"""Where the public parts of badges are found. They stand in every badge, for good."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse


def issuer(pk: int) -> str:
    return settings.BASE_URL + reverse("certificates:badge_issuer", args=[pk])


def status_list(issuer_pk: int, number: int) -> str:
    return settings.BASE_URL + reverse("certificates:badge_status", args=[issuer_pk, number])


def key(thumbprint: str) -> str:
    return settings.BASE_URL + reverse("certificates:badge_key", args=[thumbprint])


def did() -> str:
    """The site as a did:web; a port's colon is escaped there."""
    return "did:web:" + quote(settings.BASE_URL.partition("://")[2], safe="")
