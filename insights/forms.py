from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from insights.figures import Period

GROUPINGS = [("month", _("Month")), ("nation", _("Nation")), ("framework", _("Framework"))]


class PeriodForm(forms.Form):
    """A period and a grouping, kept in the address. What cannot be read falls back to three years by nation."""

    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ChoiceField(label=_("By"), required=False, choices=GROUPINGS)

    def clean(self) -> dict:
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first day."))
        return values

    def period(self) -> Period:
        today = timezone.localdate()
        self.is_valid()
        first = self.cleaned_data.get("first") or today.replace(year=today.year - 3, month=1, day=1)
        last = self.cleaned_data.get("last") or today.replace(month=12, day=31)
        return Period(first, max(first, last))

    def grouping(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("by") or "nation"
