"""What comes in from the room: the register of one day, and the results of all."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import Iteration
from delivery import actions
from delivery.actions import Entry
from enrollment.models import Nomination
from enrollment.workflow import NOMINATION_MOVES, NominationState

NO_LONGER_ON = _("Somebody in the list is no longer on the register. Look at the page again; nothing was saved.")
# The state that each outcome leads to: what a form shows and takes.
OUTCOME_OF = {move.target.value: move.name for move in NOMINATION_MOVES if move.name in actions.OUTCOMES}


class RegisterField(forms.ModelMultipleChoiceField):
    """Some participants of one iteration; any other id refuses the whole list."""

    default_error_messages = dict.fromkeys(("invalid_choice", "invalid_pk_value", "invalid_list"), NO_LONGER_ON)

    def __init__(self) -> None:
        super().__init__(Nomination.objects.none(), required=False)


class AttendanceForm(forms.Form):
    """The ticks of one day. `listed` are those whom the page showed: who came to the register since is left alone."""

    day = forms.DateField(error_messages=dict.fromkeys(("required", "invalid"), _("Choose the day.")))
    listed = RegisterField()
    present = RegisterField()
    all_present = forms.BooleanField(required=False)

    def __init__(self, *args, iteration: Iteration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        register = Nomination.objects.on_the_register().filter(iteration=iteration)
        self.fields["listed"].queryset = self.fields["present"].queryset = register

    @property
    def whole(self) -> list[Nomination] | None:
        """Whom the page listed; None when it did not say."""
        return list(self.cleaned_data["listed"]) or None

    @property
    def those_present(self) -> list[Nomination]:
        if self.cleaned_data["all_present"]:
            return self.whole or list(self.fields["listed"].queryset)
        return list(self.cleaned_data["present"])


class DayForm(forms.Form):
    day = forms.DateField()


class ResultForm(forms.Form):
    """One participant's line. What the page showed comes back with it, so only what this person changed is written."""

    outcome = forms.ChoiceField(label=_("Result"), required=False, show_hidden_initial=True)
    grade_text = forms.CharField(
        label=pgettext_lazy("of an assessment", "Grade"), max_length=80, required=False, show_hidden_initial=True
    )
    left_early_on = forms.DateField(
        label=_("Left early on"),
        required=False,
        show_hidden_initial=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=2000,
        required=False,
        show_hidden_initial=True,
    )

    def __init__(self, data=None, *, nomination: Nomination, iteration: Iteration, attendance: int) -> None:
        self.nomination, self.attendance = nomination, attendance
        super().__init__(data, initial=_recorded(nomination), auto_id="%s")
        allowed = actions.ASSESSED if iteration.course.is_assessed else actions.NOT_ASSESSED
        states = [state for state, outcome in OUTCOME_OF.items() if outcome in allowed]
        labels = dict(NominationState.choices)
        self.fields["outcome"].choices = [("", _("Not recorded yet")), *((state, labels[state]) for state in states)]
        days = {"min": iteration.starts_on.isoformat(), "max": iteration.ends_on.isoformat()}
        self.fields["left_early_on"].widget.attrs |= days
        if iteration.is_chatham_house:
            del self.fields["remarks"]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {nomination.person}"

    def add_prefix(self, field_name: str) -> str:
        return f"{field_name}-{self.nomination.pk}"

    def clean(self) -> dict:
        if self.has_changed() and not self.cleaned_data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Choose a result: words alone cannot be recorded."))
        return self.cleaned_data

    def entry(self) -> Entry:
        words = self.cleaned_data
        return Entry(
            self.nomination,
            OUTCOME_OF[words["outcome"]],
            words["grade_text"],
            words.get("remarks", ""),
            words["left_early_on"],
        )


class ResultForms:
    """The lines of all participants: valid when all are, and then `entries()` are those that were changed."""

    def __init__(self, data=None, *, iteration: Iteration, register: list[Nomination], shares: dict[int, int]) -> None:
        self.data = data
        self.problem = ""
        self.lines = [
            ResultForm(data, nomination=nomination, iteration=iteration, attendance=shares[nomination.pk])
            for nomination in register
        ]

    def is_valid(self) -> bool:
        if _ids_in(self.data) - {line.nomination.pk for line in self.lines}:
            self.problem = NO_LONGER_ON
        wrong = [line for line in self.lines if not line.is_valid()]
        if wrong:
            self.problem = self.problem or _("Nothing was saved: mend the lines that are marked.")
        return not self.problem

    def entries(self) -> list[Entry]:
        return [line.entry() for line in self.lines if line.has_changed()]

    def show(self, refusal: actions.EntriesRefused) -> None:
        """Put each refusal at its line."""
        self.problem = refusal.sentence
        for line in self.lines:
            if found := refusal.lines.get(line.nomination.pk):
                line.add_error(found.field if found.field in line.fields else "outcome", found.sentence)


def _recorded(nomination: Nomination) -> dict:
    """What is on record, as a line shows it."""
    result = getattr(nomination, "result", None)
    outcome = nomination.state if nomination.state in OUTCOME_OF else ""
    return {
        "outcome": outcome,
        **{name: getattr(result, name, None) for name in ("grade_text", "remarks", "left_early_on")},
    }


def _ids_in(data) -> set[int]:
    return {int(found[1]) for name in data if (found := re.fullmatch(r"outcome-([0-9]{1,18})", name))}
