"""Training requests and nominations, for programs: the same gates and the same actions as the pages."""

import django_filters
from django.contrib.auth.models import AnonymousUser
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from courses.models import Course, Iteration
from enrollment import actions
from enrollment.models import Nomination, TrainingRequest
from enrollment.workflow import NominationState, RequestState
from interface.api import MoveRequest, ReadableViewSet, described, readable
from partners.models import Nation, Organisation, Person
from partners.models.sender import senders_of


class GatedField(serializers.PrimaryKeyRelatedField):
    """An id in a body, looked up only among what the signed-in user may see: a foreign id is an unknown id."""

    def __init__(self, visible, **kwargs) -> None:
        self.visible = visible
        super().__init__(queryset=visible(AnonymousUser()), **kwargs)

    def get_queryset(self):
        return self.visible(self.context["request"].user)


class SenderFields(serializers.ModelSerializer):
    nation = serializers.CharField(source="nation.code", read_only=True, allow_null=True, default=None)
    organisation = serializers.CharField(
        source="organisation.short_name", read_only=True, allow_null=True, default=None
    )


class TrainingRequestSerializer(SenderFields):
    course = serializers.CharField(source="course.slug", read_only=True, allow_null=True, default=None)
    plan = serializers.CharField(read_only=True, help_text="ITPP, DCB, DEEP, PCM, other or empty.")

    class Meta:
        model = TrainingRequest
        fields = [
            "id",
            "number",
            "nation",
            "organisation",
            "kind",
            "course",
            "people",
            "levels",
            "wanted_from",
            "wanted_to",
            "place",
            "language",
            "needs_interpretation",
            "purpose",
            "plan",
            "funding",
            "state",
            "decision_reason",
            "received_at",
            "created_at",
        ]
        read_only_fields = fields


class NewTrainingRequest(serializers.ModelSerializer):
    """A draft. The sender is the nation or organisation of your mandate; name it only if you hold several."""

    sender = serializers.CharField(
        max_length=40, required=False, help_text="A nation's code or an organisation's short name."
    )
    course = serializers.SlugRelatedField("slug", queryset=Course.objects.published(), required=False, allow_null=True)

    class Meta:
        model = TrainingRequest
        fields = [
            "sender",
            "kind",
            "course",
            "people",
            "levels",
            "wanted_from",
            "wanted_to",
            "place",
            "language",
            "needs_interpretation",
            "purpose",
            "plan",
            "funding",
        ]
        extra_kwargs = {"people": {"min_value": 1, "max_value": 9999}}

    def validate(self, values: dict) -> dict:
        first, last = values.get("wanted_from"), values.get("wanted_to")
        if first and last and last < first:
            raise serializers.ValidationError({"wanted_to": "The last day is before the first day."})
        values["sender"] = self._sender(values.get("sender"))
        return values

    def _sender(self, name: str | None) -> Nation | Organisation:
        senders = senders_of(self.context["request"].user)
        named = [
            each for each in senders if name in (None, getattr(each, "code", None), getattr(each, "short_name", None))
        ]
        if len(named) != 1:
            raise serializers.ValidationError(
                {"sender": "Name one nation or organisation for which you hold a mandate."}
            )
        return named[0]


class TrainingRequestFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=RequestState.choices)
    kind = django_filters.ChoiceFilter(choices=TrainingRequest.Kind.choices)

    class Meta:
        model = TrainingRequest
        fields: list[str] = []


@readable(TrainingRequestSerializer)
class TrainingRequestViewSet(ReadableViewSet):
    """What partners ask for."""

    queryset = TrainingRequest.objects.none()
    serializer_class = TrainingRequestSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = TrainingRequestFilter

    def get_queryset(self):
        return TrainingRequest.objects.visible_to(self.request.user).for_lists()

    @described(TrainingRequestSerializer, request=NewTrainingRequest, status=201)
    def create(self, request, *args, **kwargs):
        """File a draft."""
        form = NewTrainingRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        sender = form.validated_data.pop("sender")
        draft = TrainingRequest(**form.validated_data, **{type(sender).__name__.lower(): sender})
        filed = actions.file_request(draft, by=request.user)
        return Response(self.get_serializer(filed).data, status=201)

    @described(TrainingRequestSerializer, request=MoveRequest)
    @action(detail=True, methods=["post"], filterset_class=None)
    def move(self, request, pk=None):
        """submit, answer or withdraw by the liaison; review, ask, approve, decline, deliver or close by the office."""
        training_request = self.get_object()
        asked = MoveRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        words = {"reason": asked.validated_data["reason"]}
        moved = actions.make_request_move(training_request, asked.validated_data["move"], by=request.user, **words)
        return Response(self.get_serializer(moved).data)


class NominationSerializer(SenderFields):
    """`priority` and `decision_reason` are between the nation and the office: empty for the person."""

    person = serializers.PrimaryKeyRelatedField(read_only=True)
    person_name = serializers.CharField(source="person.list_name", read_only=True)
    iteration = serializers.PrimaryKeyRelatedField(read_only=True)
    priority = serializers.SerializerMethodField()
    decision_reason = serializers.SerializerMethodField()

    class Meta:
        model = Nomination
        fields = [
            "id",
            "person",
            "person_name",
            "iteration",
            "nation",
            "organisation",
            "priority",
            "is_alternate",
            "state",
            "decision_reason",
            "is_late",
            "submitted_at",
            "created_at",
        ]
        read_only_fields = fields

    def get_priority(self, nomination: Nomination) -> int | None:
        return nomination.priority if self._is_for_insiders(nomination) else None

    def get_decision_reason(self, nomination: Nomination) -> str:
        return nomination.decision_reason if self._is_for_insiders(nomination) else ""

    def _is_for_insiders(self, nomination: Nomination) -> bool:
        user = self.context["request"].user
        return user.is_office or nomination.is_sent_by_those_of(user)


class NewNomination(serializers.Serializer):
    """A draft nomination."""

    person = GatedField(lambda user: Person.objects.visible_to(user), help_text="The id of one of your people.")
    iteration = GatedField(lambda user: Iteration.objects.visible_to(user), help_text="The id of an iteration.")
    priority = serializers.IntegerField(min_value=1, max_value=999, default=1)
    is_alternate = serializers.BooleanField(default=False)
    remarks = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NominationMove(MoveRequest):
    code = serializers.ChoiceField(Nomination.RefusalCode.choices, required=False, allow_blank=True, default="")


class NominationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=NominationState.choices)
    iteration = django_filters.NumberFilter(field_name="iteration_id", min_value=1, max_value=2**53)

    class Meta:
        model = Nomination
        fields: list[str] = []


@readable(NominationSerializer)
class NominationViewSet(ReadableViewSet):
    """Who is put forward."""

    queryset = Nomination.objects.none()
    serializer_class = NominationSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = NominationFilter

    def get_queryset(self):
        return Nomination.objects.visible_to(self.request.user).for_lists()

    @described(NominationSerializer, request=NewNomination, status=201)
    def create(self, request, *args, **kwargs):
        """Draft a nomination of one of your people."""
        form = NewNomination(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        made = actions.nominate(by=request.user, **form.validated_data)
        return Response(self.get_serializer(made).data, status=201)

    @described(NominationSerializer, request=NominationMove)
    @action(detail=True, methods=["post"], filterset_class=None)
    def move(self, request, pk=None):
        """submit or withdraw for the liaison; select, waitlist, refuse or return for the office; confirm or decline."""
        nomination = self.get_object()
        asked = NominationMove(data=request.data)
        asked.is_valid(raise_exception=True)
        words = dict(asked.validated_data)
        moved = actions.make_nomination_move(nomination, words.pop("move"), by=request.user, **words)
        return Response(self.get_serializer(moved).data)
