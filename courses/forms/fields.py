"""Fields that both forms use."""

from django import forms
from django.core.validators import MaxValueValidator

from partners.fields import DateField, Refusable, Versioned

__all__ = ["DateField", "Refusable", "Ticks", "Versioned", "keep_numbers_small"]


class Ticks(forms.ModelMultipleChoiceField):
    """Any number of rows, by ticking. `names` gives a row's label, its own name by default."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset, *, names=str, **kwargs) -> None:
        self.label_from_instance = names
        super().__init__(queryset, **{"required": False, **kwargs})


def keep_numbers_small(form: forms.Form) -> None:
    """What a small integer holds on every database: SQLite would take more, PostgreSQL would break on it."""
    for field in form.fields.values():
        if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField):
            field.validators.append(MaxValueValidator(32767))
