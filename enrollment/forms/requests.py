"""What comes in about training requests: the answers to plain questions, and the iteration that answers them."""

from copy import copy

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.moves import Move
from courses import workflow as iterations
from courses.forms import IterationForm
from courses.forms.fields import Ticks
from courses.models import Course, Iteration, Topic
from enrollment import actions
from enrollment.forms.nominations import Text
from enrollment.handover import initial_for
from enrollment.models import TrainingRequest
from interface.dates import day_range
from partners.fields import DateField, Refusable, SenderField, Versioned
from partners.models import Framework, Nation, Organisation
from partners.models.sender import senders_of

MOST_PEOPLE = 999
LONGEST_PURPOSE = 4000


class RequestForm(Refusable, Versioned, forms.ModelForm):
    """A training request of one of the user's own senders. After `is_valid()`, `keep(by=user)` saves the draft."""

    class Meta:
        model = TrainingRequest
        fields = [
            "kind",
            "course",
            "topics",
            "people",
            "levels",
            "wanted_from",
            "wanted_to",
            "alternatives",
            "place",
            "language",
            "needs_interpretation",
            "purpose",
            "framework",
            "plan",
            "plan_reference",
            "funding",
            "contact",
        ]
        field_classes = {"wanted_from": DateField, "wanted_to": DateField, "topics": Ticks}
        widgets = {
            "kind": forms.RadioSelect,
            "purpose": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_PURPOSE}),
        }

    def __init__(self, data=None, *, user, **kwargs) -> None:
        super().__init__(data, **kwargs)
        senders = [each for each in senders_of(user) if may_ask(each) or each == self.instance.sender]
        if len(senders) != 1:
            self.fields["sender"] = SenderField(senders, label=_("Who asks?"), initial=self.instance.sender)
        self._only_sender = senders[0] if len(senders) == 1 else None
        self._offer_what_can_be_chosen(user)
        self.fields["people"].validators += [
            MinValueValidator(1, _("Say for how many people: at least one.")),
            MaxValueValidator(MOST_PEOPLE),
        ]
        if not self.instance.pk:
            self.initial |= {"contact": _contact_of(user), "framework": _framework_of(self._only_sender)}

    def _offer_what_can_be_chosen(self, user) -> None:
        self.fields["kind"].choices = TrainingRequest.Kind.choices  # none is chosen beforehand, and none is empty
        self.fields["course"].queryset = Course.objects.visible_to(user).filter(active_until__isnull=True)
        self.fields["course"].empty_label = _("None in particular, or advise us")
        self.fields["topics"].queryset = Topic.objects.all()
        self.fields["framework"].queryset = Framework.objects.all()

    def clean_purpose(self) -> str:
        purpose = self.cleaned_data["purpose"].strip()
        if len(purpose) > LONGEST_PURPOSE:
            raise forms.ValidationError(_("Write it in %(most)s characters.") % {"most": LONGEST_PURPOSE})
        return purpose

    def clean(self) -> dict:
        cleaned = super().clean()
        wanted_from, wanted_to = cleaned.get("wanted_from"), cleaned.get("wanted_to")
        if wanted_from and wanted_to and wanted_to < wanted_from:
            self.add_error("wanted_to", _("“Wanted to” is before “wanted from”."))
        return cleaned

    @property
    def sender(self) -> Nation | Organisation | None:
        return self._only_sender or self.cleaned_data.get("sender")

    def keep(self, *, by) -> TrainingRequest:
        """Save the draft by the action; raises Refused. The form stays as it was, to be shown again."""
        draft = copy(self.instance)
        draft.nation = self.sender if isinstance(self.sender, Nation) else None
        draft.organisation = self.sender if isinstance(self.sender, Organisation) else None
        save = actions.revise_request if draft.pk else actions.file_request
        return save(draft, by=by, topics=self.cleaned_data["topics"])


def may_ask(sender: Nation | Organisation) -> bool:
    """A suspended nation makes no new requests (rule 5.9)."""
    return not (isinstance(sender, Nation) and sender.is_suspended_on())


def _contact_of(user) -> str:
    return f"{user.name}, {user.email}" if user.name else user.email


def _framework_of(sender: Nation | Organisation | None) -> Framework | None:
    return sender.framework_on(timezone.localdate()) if isinstance(sender, Nation) else None


class RequestMoveForm(forms.Form):
    """The words that a move takes: a question, an answer, a reason, a note; for most moves none."""

    LABELS = {
        "ask": gettext_lazy("Your question"),
        "answer": gettext_lazy("Your answer"),
        "approve": gettext_lazy("Note to the liaison"),
        "decline": gettext_lazy("Reason"),
        "withdraw": gettext_lazy("Reason"),
    }

    reason = Text(error_messages={"required": gettext_lazy("Write it here: it is kept, and shown to those concerned.")})

    def __init__(self, move: Move, *args, **kwargs) -> None:
        super().__init__(*args, **{"auto_id": f"id_{move.name}_%s", **kwargs})
        self.move = move
        if move.name not in self.LABELS:
            del self.fields["reason"]
            return
        self.fields["reason"].label = self.LABELS[move.name]
        self.fields["reason"].required = move.needs_reason

    @property
    def words(self) -> str:
        """What was typed."""
        return self.cleaned_data.get("reason", "")


class AnsweringForm(IterationForm):
    """A new iteration that answers a request, filled in from it as far as it goes."""

    def __init__(self, data=None, *, training_request: TrainingRequest, user, **kwargs) -> None:
        super().__init__(data, user=user, initial=initial_for(training_request), **kwargs)
        self.training_request = training_request

    def may_be_saved(self) -> bool:
        """Valid, and every clash was on the page already: it is shown once before saving, and never in the way."""
        return self.is_valid() and not self.unseen_clashes()

    def answer(self, *, by) -> TrainingRequest:
        """Save the iteration and link the two, in one act; raises Refused."""
        return actions.schedule_request(self.training_request, copy(self.instance), by=by, parties=self._parties())


class LinkForm(Refusable, forms.Form):
    """An iteration that is planned already and answers the request too."""

    iteration = forms.ModelChoiceField(
        Iteration.objects.none(),
        label=gettext_lazy("Iteration"),
        empty_label=gettext_lazy("Choose an iteration"),
        error_messages={"invalid_choice": gettext_lazy("This iteration can no longer be linked. Choose another one.")},
    )

    def __init__(self, *args, training_request: TrainingRequest, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.training_request = training_request
        planned = Iteration.objects.visible_to(user).filter(
            state__in=iterations.PLANNING, starts_on__gte=timezone.localdate()
        )
        field = self.fields["iteration"]
        field.queryset = planned.exclude(training_requests=training_request).for_lists().order_by("starts_on", "pk")
        field.label_from_instance = _in_a_line

    may_be_saved = forms.Form.is_valid

    def answer(self, *, by) -> TrainingRequest:
        return actions.schedule_request(self.training_request, self.cleaned_data["iteration"], by=by)


def _in_a_line(iteration: Iteration) -> str:
    facts = {
        "course": iteration.course.short_name,
        "days": day_range(iteration.starts_on, iteration.ends_on, iteration.precision),
        "place": iteration.place or iteration.get_format_display(),
        "free": iteration.seats_free,
        "state": iteration.get_state_display(),
    }
    return _("%(course)s, %(days)s, %(place)s: %(free)s seats free (%(state)s)") % facts
