from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from certificates.models import Certificate, IssueBatch, Letter, NumberSeries
from interface.admin import RecordAdmin


@admin.register(Certificate)
class CertificateAdmin(SimpleHistoryAdmin, RecordAdmin):
    """The secret codes are not shown: they are on the paper."""

    list_display = ["number", "holder", "kind", "state", "queued_at", "issued_at"]
    list_filter = ["state", "kind", "issuer"]
    list_select_related = ["person", "host", "iteration__course", "issuer"]
    search_fields = ["number", "person__search_text"]
    date_hierarchy = "queued_at"
    exclude = ["code", "typed_code", "lease_until", "fence", "badge"]


@admin.register(IssueBatch)
class IssueBatchAdmin(RecordAdmin):
    list_display = ["iteration", "started_by", "started_at", "tells_trainees"]
    list_select_related = ["iteration__course", "started_by"]


@admin.register(Letter)
class LetterAdmin(RecordAdmin):
    list_display = ["reference", "nomination", "kind", "requested_by", "requested_at", "made_at"]
    list_filter = ["kind"]
    list_select_related = ["nomination__person", "nomination__iteration__course", "requested_by"]
    search_fields = ["reference", "nomination__person__search_text"]
    date_hierarchy = "requested_at"
    exclude = ["lease_until", "fence"]


@admin.register(NumberSeries)
class NumberSeriesAdmin(RecordAdmin):
    list_display = ["prefix", "year", "last"]
    list_filter = ["year"]
