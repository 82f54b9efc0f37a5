from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from insights.figures import FRAMEWORK, MONTH, NATION, Period

GROUPINGS = [(MONTH, _("Month")), (NATION, _("Nation")), (FRAMEWORK, _("Framework"))]


class PeriodForm(forms.Form):
    """A period and a grouping, kept in the address. What cannot be read falls back to three years by nation."""

    first = forms.DateField(
        label=pgettext_lazy("period", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=pgettext_lazy("period", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    by = forms.ChoiceField(
        label=_("By"),
        required=False,
        choices=GROUPINGS,
        error_messages={"invalid_choice": _("Figures are by month, nation or framework; these are by nation.")},
    )

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
        return self.cleaned_data.get("by") or NATION

    def for_show(self) -> "PeriodForm":
        """With what was typed where that cannot be read, else with the period and grouping that are shown."""
        period = self.period()
        return self if self.errors else PeriodForm(initial={**vars(period), "by": self.grouping()})
