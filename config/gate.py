"""The gate of the API: it denies by default, pages by key, and turns refusals into answers."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions, pagination, permissions, status
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
    cursor_query_description = "The page's key, as given in `next` and `previous`."

    def get_ordering(self, request, queryset, view) -> tuple[str, ...]:
        """A closed order per endpoint, ending in a unique column."""
        return view.key_ordering

    def paginate_queryset(self, queryset, request, view=None):
        """A cursor that was made up is an unknown page, never a fault."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, OverflowError) as made_up:
            raise exceptions.NotFound(_("There is no such page. Start again without a cursor.")) from made_up


def refusals_as_answers(exc, context):
    """A refused deed is a 409 with its sentence; everything else is DRF's."""
    if isinstance(exc, Refused):
        return Response({"detail": exc.sentence, "field": exc.field}, status=status.HTTP_409_CONFLICT)
    from rest_framework.views import exception_handler  # views read the settings that name this function

    return exception_handler(exc, context)
