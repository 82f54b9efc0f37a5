"""What comes in about nominations: whom to put forward, the words of a move, a waiver, a completion, a cancellation."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.moves import Move
from courses.models import Course, Iteration
from enrollment import actions
from enrollment.models import Nomination, Waiver
from enrollment.models.carrying import targets_for
from partners.models import Person

LONGEST_TEXT = 2000
MAY_SAY_WHY = {"waitlist"}


def _choice(iteration: Iteration) -> str:
    return f"choice_{iteration.pk}"


class Text(forms.CharField):
    """A few lines of text."""

    def __init__(self, **options) -> None:
        super().__init__(**{"max_length": LONGEST_TEXT, "widget": forms.Textarea(attrs={"rows": 3}), **options})


class NominationForm(forms.Form):
    """What the liaison says about a nominee beside her name."""

    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=actions.PRIORITIES.start,
        max_value=actions.PRIORITIES.stop - 1,
        initial=1,
        help_text=_("1 is your first choice. The office sees it; the nominee and other nations never do."),
    )
    is_alternate = forms.BooleanField(
        label=_("Reserve"), required=False, help_text=_("Comes only if one of your principals cannot.")
    )
    remarks = Text(label=_("Remarks for the office"), required=False)


class NominateForm(NominationForm):
    """The same, with the person: one of those for whom the user is liaison."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose the person whom you nominate."),
            "invalid_choice": _("This is none of your people. Choose one from the list."),
        },
    )

    def __init__(self, *args, user, iteration: Iteration, others: Sequence[Iteration] = (), **kwargs) -> None:
        """`others` are further iterations of the course: each may be chosen too, at a place in the order of liking."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.sent_by_those_of(user).select_related("nation", "organisation")
        self.iterations = [iteration, *others]
        if others:
            self.fields |= {_choice(each): self._field_for(each) for each in self.iterations}

    def _field_for(self, iteration: Iteration) -> forms.TypedChoiceField:
        numbers = [(n, _("Choice %(number)s") % {"number": n}) for n in range(1, len(self.iterations) + 1)]
        is_here = iteration == self.iterations[0]
        return forms.TypedChoiceField(
            label=f"{iteration}, {iteration.place}" if iteration.place else str(iteration),
            choices=numbers if is_here else [("", _("Not for this one")), *numbers],
            coerce=int,
            empty_value=None,
            required=is_here and (not self.is_bound or _choice(iteration) in self.data),
            initial=1 if is_here else "",
        )

    def fields_of_iterations(self) -> list[forms.BoundField]:
        return [self[_choice(each)] for each in self.iterations if _choice(each) in self.fields]

    def clean(self) -> dict:
        """With `iterations`: those that were chosen, the one liked best first; if none was, the one of the page."""
        cleaned = super().clean()
        wishes = [(cleaned.pop(_choice(each), None), each) for each in self.iterations]
        wishes = [(place, each) for place, each in wishes if place]
        places = [place for place, _each in wishes]
        for place, each in wishes:
            if places.count(place) > 1:
                self.add_error(_choice(each), _("Two iterations are choice %(number)s.") % {"number": place})
        chosen = [each for _place, each in sorted(wishes, key=lambda wish: wish[0])]
        return {**cleaned, "iterations": chosen or self.iterations[:1]}


class MoveForm(forms.Form):
    """The words that a move takes: a reason where it needs or allows one, and for a refusal a reason from the list."""

    code = forms.ChoiceField(
        label=_("Reason from the list"),
        choices=Nomination.RefusalCode.choices,
        initial=Nomination.RefusalCode.OTHER,
        required=False,
    )
    reason = Text(
        label=_("Reason"), error_messages={"required": _("Give a reason: it is kept and shown to those concerned.")}
    )

    def __init__(self, move: Move, *args, **kwargs) -> None:
        super().__init__(*args, **{"auto_id": f"id_{move.name}_%s", **kwargs})
        self.move = move
        if move.name != "refuse":
            del self.fields["code"]
        if move.needs_reason:
            return
        self.fields["reason"].required = False
        if move.name not in MAY_SAY_WHY:
            del self.fields["reason"]


class WaiverForm(forms.Form):
    criterion = forms.CharField(max_length=Waiver._meta.get_field("criterion").max_length, widget=forms.HiddenInput)
    reason = Text(
        label=_("Reason"), error_messages={"required": _("Give a reason: a waiver is kept with who, when and why.")}
    )


class CompletionForm(forms.Form):
    """A course or e-learning that a person completed elsewhere."""

    course = forms.ModelChoiceField(Course.objects.none(), label=_("Course"), empty_label=_("Choose a course"))
    completed_on = forms.DateField(
        label=_("Completed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expires_on = forms.DateField(
        label=_("Expires on"),
        required=False,
        help_text=_("If it has to be renewed."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reference = forms.CharField(label=_("Certificate reference"), max_length=80, required=False)

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.visible_to(user)


class CancelForm(forms.Form):
    """Why an iteration is cancelled, and where its nominations go."""

    reason = Text(
        label=_("Reason"),
        help_text=_("Everybody concerned reads it: liaisons, participants, the team, the partner who asked."),
        error_messages={"required": _("Give a reason: everybody concerned reads it.")},
    )
    carry_to = forms.ModelChoiceField(
        Iteration.objects.none(),
        label=_("Carry nominations over to"),
        required=False,
        empty_label=_("Nowhere: they end here"),
        error_messages={"invalid_choice": _("This iteration takes no nominations now. Choose another one.")},
    )

    def __init__(self, iteration: Iteration, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carry_to"].queryset = targets_for(iteration)
