"""The gate of the API: it denies by default, pages by key, and turns refusals into answers."""

from rest_framework import authentication, pagination, permissions, status
from rest_framework.response import Response

from accounts.moves import Refused


class DenyAll(permissions.BasePermission):
    """The default: a view that names nobody lets nobody in."""

    def has_permission(self, request, view) -> bool:
        return False


class SessionAuthentication(authentication.SessionAuthentication):
    """The site's own session; answers 401 to the unknown, so that a client knows to sign in."""

    def authenticate_header(self, request) -> str:
        return "Session"


class KeyPagination(pagination.CursorPagination):
    """Pages by key, newest first; flat however long the list."""

    page_size = 50
    ordering = ("-created_at", "-id")


def refusals_as_answers(exc, context):
    """A refused deed is a 409 with its sentence; everything else is DRF's."""
    if isinstance(exc, Refused):
        return Response({"detail": exc.sentence, "field": exc.field}, status=status.HTTP_409_CONFLICT)
    from rest_framework.views import exception_handler  # views read the settings that name this function

    return exception_handler(exc, context)
