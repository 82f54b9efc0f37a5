"""Pieces that every app's endpoints share: how an unknown id, a refusal and a move are described."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets


class Problem(serializers.Serializer):
    """A sentence that says what happened and what to do."""

    detail = serializers.CharField()
    field = serializers.CharField(required=False, allow_null=True)


class MoveRequest(serializers.Serializer):
    """The name of a move, with the reason where the move needs one."""

    move = serializers.CharField(max_length=40)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


ANSWERS = {
    400: OpenApiResponse(description=_("Something in the request is not valid; each field says what.")),
    401: OpenApiResponse(Problem, description=_("Nobody is signed in.")),
    403: OpenApiResponse(Problem, description=_("This is not for you.")),
    404: OpenApiResponse(Problem, description=_("There is no such record, or it is not yours to see.")),
    409: OpenApiResponse(Problem, description=_("Refused, with the reason.")),
    415: OpenApiResponse(Problem, description=_("Send JSON.")),
}
# Read by config/once.py for every endpoint alike.
KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description=_(
        "Any text that is new for each deed. Sent again under the same key within 24 hours, the same request is "
        "answered as at first and not done again; another request under that key is refused with 409."
    ),
)


def described(answer, **options):
    """The schema of one operation with every answer that it can give, and for a deed its key."""
    status = options.pop("status", 200)
    keys = [KEY] if "request" in options else []
    return extend_schema(responses={status: answer, **ANSWERS}, parameters=keys, **options)


def readable(serializer: type[serializers.Serializer]):
    """Decorates a ReadableViewSet: the schema of its list and of one record."""
    return extend_schema_view(list=described(serializer(many=True)), retrieve=described(serializer))


class ReadableViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list by key, and one record by its id. Each kind says what its user may see in get_queryset()."""

    lookup_value_regex = r"\d{1,18}"
    key_ordering = ("-created_at", "-id")
