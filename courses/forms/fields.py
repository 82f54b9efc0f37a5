"""Fields that both forms use."""

from django import forms

from partners.fields import DateField, Refusable, Versioned

__all__ = ["DateField", "Refusable", "Ticks", "Versioned"]


class Ticks(forms.ModelMultipleChoiceField):
    """Any number of rows, by ticking. `names` gives a row's label, its own name by default."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset, *, names=str, **kwargs) -> None:
        self.label_from_instance = names
        super().__init__(queryset, **{"required": False, **kwargs})
