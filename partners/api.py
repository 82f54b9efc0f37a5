"""People, for programs: the ids that a nomination needs. Only the own nation's, as on the pages."""

import django_filters
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from interface.api import ReadableViewSet, readable
from partners.models import Person


class PersonSerializer(serializers.ModelSerializer):
    nation = serializers.CharField(source="nation.code", read_only=True, allow_null=True, default=None)
    organisation = serializers.CharField(
        source="organisation.short_name", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Person
        fields = [
            "id",
            "family_name",
            "given_names",
            "printed_name",
            "nation",
            "organisation",
            "category",
            "rank",
            "grade",
        ]
        read_only_fields = fields


class PersonFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", max_length=100)

    class Meta:
        model = Person
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        return queryset.search(value)


@readable(PersonSerializer)
class PersonViewSet(ReadableViewSet):
    """People on record whom you may see."""

    queryset = Person.objects.none()
    serializer_class = PersonSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = PersonFilter
    key_ordering = ("family_name", "id")

    def get_queryset(self):
        return Person.objects.visible_to(self.request.user).select_related("nation", "organisation")
