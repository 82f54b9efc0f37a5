"""The catalogue and its iterations, for programs. Reading is for everybody, as on the pages; moves are the office's."""

from collections import Counter

import django_filters
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response

from accounts.moves import Refused
from courses import actions
from courses.models import Course, Iteration, Quota, Seat
from courses.workflow import IterationState
from interface.api import MoveRequest, ReadableViewSet, described, readable

# Cancelling reaches nominations and completing reaches results: upper floors have endpoints for those.
MOVES = {"announce", "open", "close_nominations", "confirm", "start", "close"}


class CourseSerializer(serializers.ModelSerializer):
    institution = serializers.CharField(source="institution.short_name", read_only=True)
    objectives = serializers.ListField(source="objective_list", child=serializers.CharField(), read_only=True)
    topics = serializers.SlugRelatedField("name", many=True, read_only=True)
    certification = serializers.CharField(read_only=True, help_text="Approved, Selected, Listed or empty.")

    class Meta:
        model = Course
        fields = [
            "slug",
            "short_name",
            "title",
            "kind",
            "institution",
            "level",
            "certification",
            "code",
            "aim",
            "objectives",
            "topics",
            "languages",
            "duration_days",
            "slp_minimum",
            "certificate_kind",
            "active_until",
            "updated_at",
        ]
        read_only_fields = fields


class CourseFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Course.Kind.choices)
    level = django_filters.ChoiceFilter(choices=Course.Level.choices)
    search = django_filters.CharFilter(method="by_words", max_length=100)

    class Meta:
        model = Course
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        return queryset.search(value)


@readable(CourseSerializer)
class CourseViewSet(ReadableViewSet):
    """What is taught."""

    queryset = Course.objects.none()
    serializer_class = CourseSerializer
    permission_classes = [AllowAny]
    filterset_class = CourseFilter
    lookup_field = "slug"
    lookup_value_regex = r"[-\w]{1,60}"
    key_ordering = ("slug",)

    def get_queryset(self):
        return Course.objects.visible_to(self.request.user).select_related("institution").prefetch_related("topics")


class IterationSerializer(serializers.ModelSerializer):
    course = serializers.CharField(source="course.slug", read_only=True)
    title = serializers.CharField(source="name", read_only=True)
    nation = serializers.CharField(source="nation.code", read_only=True, allow_null=True, default=None)
    host = serializers.CharField(source="host.short_name", read_only=True, allow_null=True, default=None)
    seats_free = serializers.IntegerField(read_only=True)

    class Meta:
        model = Iteration
        fields = [
            "id",
            "course",
            "title",
            "reference",
            "starts_on",
            "ends_on",
            "time_zone",
            "format",
            "place",
            "nation",
            "host",
            "capacity",
            "seats_free",
            "nominations_close_on",
            "late_policy",
            "is_by_invitation",
            "language",
            "state",
        ]
        read_only_fields = fields


class IterationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=IterationState.choices)
    course = django_filters.CharFilter(field_name="course__slug", max_length=60)
    starts_after = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte")

    class Meta:
        model = Iteration
        fields: list[str] = []


class QuotaSerializer(serializers.ModelSerializer):
    """A quota; `held` counts the seats that are kept for it without a name."""

    holder = serializers.CharField(source="holder_name", read_only=True)
    held = serializers.IntegerField(read_only=True)

    class Meta:
        model = Quota
        fields = ["holder", "floor", "ceiling", "keeps_ceiling", "released_at", "held"]
        read_only_fields = fields


class SeatsSerializer(serializers.Serializer):
    """An iteration's seats by state, which add up to its capacity, and its quotas."""

    capacity = serializers.IntegerField(read_only=True)
    seats = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    quotas = QuotaSerializer(many=True, read_only=True)


@readable(IterationSerializer)
class IterationViewSet(ReadableViewSet):
    """When and where it is taught."""

    queryset = Iteration.objects.none()
    serializer_class = IterationSerializer
    permission_classes = [AllowAny]
    filterset_class = IterationFilter
    key_ordering = ("-starts_on", "-id")

    def get_queryset(self):
        return Iteration.objects.visible_to(self.request.user).for_lists()

    @described(SeatsSerializer)
    @action(detail=True, permission_classes=[IsAuthenticated], filterset_class=None, pagination_class=None)
    def seats(self, request, pk=None):
        """Seats by state and quotas, for coordinators."""
        if not request.user.is_coordinator:
            raise PermissionDenied(_("Seats and quotas are for training coordinators."))
        iteration = self.get_object()
        counted = Counter(iteration.seats.values_list("state", flat=True))
        held = Count("seats", filter=Q(seats__state=Seat.State.HELD))
        answer = {
            "capacity": iteration.capacity,
            "seats": {state: counted[state] for state in Seat.State.values},
            "quotas": iteration.quotas.with_holders().annotate(held=held).order_by("pk"),
        }
        return Response(SeatsSerializer(answer).data)

    @described(IterationSerializer, request=MoveRequest)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated], filterset_class=None)
    def move(self, request, pk=None):
        """Announce, open, close_nominations, confirm, start or close."""
        iteration = self.get_object()
        asked = MoveRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        name = asked.validated_data["move"]
        if name not in MOVES:
            raise Refused(_("There is no such move here."), field="move")
        moved = actions.make_move(iteration, name, by=request.user, reason=asked.validated_data["reason"])
        return Response(self.get_serializer(moved).data)
