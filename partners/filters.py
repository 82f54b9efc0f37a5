"""The filter that lists of what nations and organisations send have in common."""

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from interface.listing import Filter
from partners.models import Nation, Organisation
from partners.models.sender import senders_of


def sent_by(rows: type[Model], user) -> list[Filter]:
    """By sender: for the office all that have a row; for a liaison the own, if there are several."""
    senders = _all_with(rows) if user.is_office else senders_of(user)
    choices = [(f"{type(each).__name__.lower()}-{each.pk}", str(each)) for each in senders]
    return [Filter("sender", _("Sent by"), choices, apply=_narrow)] if len(choices) > 1 else []


def _all_with(rows: type[Model]) -> list[Nation | Organisation]:
    nations = Nation.objects.filter(Exists(rows.objects.filter(nation=OuterRef("pk"))))
    organisations = Organisation.objects.filter(Exists(rows.objects.filter(organisation=OuterRef("pk"))))
    return [*nations, *organisations]


def _narrow(queryset: QuerySet, value: str) -> QuerySet:
    kind, _dash, pk = value.partition("-")
    return queryset.filter(**{kind: pk})
