"""What comes in about quotas: a row each, all saved together."""

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.moves import Refused
from courses.models import Iteration, Quota
from enrollment import actions
from enrollment.actions import Wish
from partners.models import Framework, Nation, Organisation, Person

MORE_ROWS = 3
MOST_ROWS = 200
LARGEST = 32767  # what a small integer holds on every database


class Holders:
    """Everybody for whom a quota can be, by the key that a row sends; each kind is read once for all rows."""

    def __init__(self, iteration: Iteration) -> None:
        self.by_key: dict[str, Nation | Framework | Organisation | str] = {}
        self.choices: list = [("", gettext_lazy("Choose …"))]
        self._offer("nation", gettext_lazy("Nations"), Nation.objects.active())
        self._offer("framework", gettext_lazy("Frameworks"), Framework.objects.all())
        self._offer("organisation", gettext_lazy("Organisations"), Organisation.objects.active())
        self.by_key |= {f"category:{value}": value for value in Person.Category.values}
        categories = [(f"category:{value}", label) for value, label in Person.Category.choices]
        self.choices.append((gettext_lazy("Categories"), categories))
        self._keep_who_has_one(iteration)

    def _offer(self, kind: str, heading: str, rows) -> None:
        found = {f"{kind}:{row.pk}": row for row in rows}
        self.by_key |= found
        self.choices.append((heading, [(key, str(row)) for key, row in found.items()]))

    def _keep_who_has_one(self, iteration: Iteration) -> None:
        """A nation or organisation that is no longer active keeps its quota until somebody takes it away."""
        self.quotas: list[Quota] = list(iteration.quotas.with_holders())
        for quota in self.quotas:
            if holder := quota.nation or quota.framework or quota.organisation:
                self.by_key.setdefault(quota.key, holder)

    def name_of(self, key: str) -> str:
        holder = self.by_key.get(key, "")
        return str(Person.Category(holder).label) if key.startswith("category:") and holder else str(holder)


class QuotaForm(forms.Form):
    """One quota. A row without a holder and without numbers is none."""

    holder = forms.CharField(label=gettext_lazy("For"), required=False, max_length=40)
    floor = forms.IntegerField(label=gettext_lazy("Guaranteed"), min_value=0, max_value=LARGEST, required=False)
    ceiling = forms.IntegerField(label=gettext_lazy("At most"), min_value=0, max_value=LARGEST, required=False)
    keeps_ceiling = forms.BooleanField(label=gettext_lazy("Ceiling stays after the release"), required=False)
    is_kept = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, holders: Holders, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.holders = holders
        widget = forms.HiddenInput() if self.shows_a_name else forms.Select(choices=holders.choices)
        self.fields["holder"].widget = widget

    def named(self) -> "QuotaForm":
        """With a name for each field of the row, for who cannot see under which heading it stands."""
        who = self.name or _("new row")
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {who}"
        return self

    @property
    def shows_a_name(self) -> bool:
        """True for the row of a quota that exists: its holder stays; to change it, remove it and add another."""
        return bool(self["is_kept"].value()) and self.key in self.holders.by_key

    @property
    def key(self) -> str:
        return str(self["holder"].value() or "")

    @property
    def name(self) -> str:
        return self.holders.name_of(self.key)

    @property
    def is_released(self) -> bool:
        return any(quota.key == self.key and quota.is_released for quota in self.holders.quotas)

    def clean_holder(self):
        key = self.cleaned_data["holder"]
        if key and key not in self.holders.by_key:
            raise forms.ValidationError(_("Choose a nation, a framework, an organisation or a category from the list."))
        return self.holders.by_key.get(key)

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.errors or cleaned.get("DELETE"):
            return cleaned
        floor, ceiling = cleaned.get("floor") or 0, cleaned.get("ceiling")
        if cleaned.get("holder") is None and (floor or ceiling is not None or cleaned.get("keeps_ceiling")):
            self.add_error("holder", _("Choose for whom these seats are."))
        elif ceiling is not None and ceiling < floor:
            self.add_error("ceiling", _("More seats are guaranteed than may be filled at most."))
        elif cleaned.get("keeps_ceiling") and ceiling is None:
            self.add_error("ceiling", _("Write the ceiling that is to stay, or leave the box empty."))
        return cleaned

    @property
    def wish(self) -> Wish | None:
        """What the row asks for, once it is valid; None for an empty row and for one to be removed."""
        said = self.cleaned_data
        if said.get("DELETE") or said.get("holder") is None:
            return None
        return Wish(said["holder"], said.get("floor") or 0, said.get("ceiling"), said["keeps_ceiling"])


class BaseQuotaForms(BaseFormSet):
    """The quotas of an iteration. After `is_valid()`, `store(by=user)` saves them by the action; raises Refused."""

    def __init__(self, data=None, *, iteration: Iteration) -> None:
        self.iteration, self.holders = iteration, Holders(iteration)
        self.version = _version_of(iteration)
        stored = [_as_stored(quota) for quota in self.holders.quotas] if data is None else None
        super().__init__(data, prefix="q", initial=stored, form_kwargs={"holders": self.holders})

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        form.named()

    def clean(self) -> None:
        self._refuse_who_comes_twice()
        if self.data.get("version", self.version) != self.version:
            self._say_who_was_faster()

    def _refuse_who_comes_twice(self) -> None:
        seen = set()
        for form in self.forms:
            wish = form.wish if form.is_valid() else None
            if wish is None:
                continue
            if form.key in seen:
                form.add_error("holder", _("%s has two quotas. Leave one.") % form.name)
            seen.add(form.key)

    def _say_who_was_faster(self) -> None:
        """Told once: what was typed stays, and saving again stands over the other's change."""
        self.data = self.data.copy()
        self.data["version"] = self.version
        raise forms.ValidationError(
            _(
                "Somebody changed the quotas while you were writing. What you typed is kept here: compare it with "
                "the page of the seats, and save again if it is to stand."
            )
        )

    def refuse(self, refused: Refused) -> None:
        self._non_form_errors = self.error_class([*self.non_form_errors(), refused.sentence], error_class="nonform")

    def store(self, *, by) -> list[Quota]:
        wishes = [wish for form in self.forms if (wish := form.wish)]
        return actions.set_quotas(self.iteration, wishes, by=by)

    def with_more_rows(self) -> None:
        """More empty rows, with what was typed in the others kept; for a form that is shown and not saved."""
        self.data = self.data.copy()
        total = min(self.total_form_count() + MORE_ROWS, MOST_ROWS)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(total)
        for name in ("management_form", "forms"):
            self.__dict__.pop(name, None)


QuotaForms = formset_factory(
    QuotaForm,
    BaseQuotaForms,
    extra=MORE_ROWS,
    can_delete=True,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    validate_max=True,
)


def _as_stored(quota: Quota) -> dict:
    return {
        "holder": quota.key,
        "floor": quota.floor,
        "ceiling": quota.ceiling,
        "keeps_ceiling": quota.keeps_ceiling,
        "is_kept": True,
    }


def _version_of(iteration: Iteration) -> str:
    newest = Quota.history.filter(iteration=iteration).order_by("-history_id").values_list("pk", flat=True).first()
    return str(newest or "")
