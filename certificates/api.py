"""Certificates, for programs: what was issued, to those who may see it."""

import django_filters
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from certificates.models import Certificate
from certificates.workflow import CertificateState
from interface.api import ReadableViewSet, readable


class CertificateSerializer(serializers.ModelSerializer):
    printed_name = serializers.CharField(source="printed.printed_name", read_only=True)
    course_title = serializers.CharField(source="printed.course_title", read_only=True)

    class Meta:
        model = Certificate
        fields = [
            "id",
            "number",
            "kind",
            "nomination",
            "printed_name",
            "course_title",
            "state",
            "queued_at",
            "issued_at",
            "sha256",
            "revoked_at",
        ]
        read_only_fields = fields


class CertificateFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=CertificateState.choices)
    number = django_filters.CharFilter(field_name="number", max_length=30)

    class Meta:
        model = Certificate
        fields: list[str] = []


@readable(CertificateSerializer)
class CertificateViewSet(ReadableViewSet):
    """What people left with."""

    queryset = Certificate.objects.none()
    serializer_class = CertificateSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = CertificateFilter
    key_ordering = ("-queued_at", "-id")

    def get_queryset(self):
        return Certificate.objects.visible_to(self.request.user).for_lists()
