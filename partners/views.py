"""People: the list, the record, its form, its language tests."""

from copy import copy

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import liaison_or_coordinator, signed_in
from accounts.moves import Refused
from interface import flash
from interface.listing import Column, Filter, Listing, Sort
from interface.navigation import own_path
from partners import filters, grades
from partners.forms import LanguageTestForm, OwnDataForm, PersonForm
from partners.models import Person
from partners.models.sender import liaisons_of

LAST_CHANGES = 20
SORTS = [
    Sort("name", gettext_lazy("By name"), "family_name", "given_names", "id"),
    Sort("newest", gettext_lazy("Newest first"), "-id"),
]
COLUMNS = [
    Column(gettext_lazy("Family name"), lambda row: row.family_name),
    Column(gettext_lazy("Given names"), lambda row: row.given_names),
    Column(gettext_lazy("Name as printed"), lambda row: row.printed_name),
    Column(gettext_lazy("Sent by"), lambda row: row.sender),
    Column(gettext_lazy("Sex"), lambda row: row.get_sex_display()),
    Column(gettext_lazy("Category"), lambda row: row.get_category_display()),
    Column(gettext_lazy("Grade"), lambda row: row.grade),
    Column(gettext_lazy("Rank"), lambda row: row.rank),
    Column(gettext_lazy("Service or unit"), lambda row: row.service),
    Column(gettext_lazy("Post"), lambda row: row.post_title),
    Column(gettext_lazy("Gender function"), lambda row: row.get_gender_function_display()),
    Column(gettext_lazy("Full-time function"), lambda row: row.is_full_time),
    Column(gettext_lazy("E-mail"), lambda row: row.email),
    Column(gettext_lazy("Phone"), lambda row: row.phone),
]


@require_safe
@liaison_or_coordinator
def people(request):
    listing = Listing(
        request,
        _visible(request.user),
        name="people",
        sorts=SORTS,
        filters=[*filters.sent_by(Person, request.user), *FILTERS],
        columns=COLUMNS,
    )
    return listing.file() or render(request, "partners/people.html", {"listing": listing})


FILTERS = [
    Filter("category", gettext_lazy("Category"), Person.Category.choices),
    Filter("grade", gettext_lazy("Grade"), grades.CHOICES),
    Filter("function", gettext_lazy("Gender function"), Person.GenderFunction.choices, lookup="gender_function"),
]


@require_safe
@signed_in
def person(request, pk: int):
    return _page(request, get_object_or_404(_visible(request.user), pk=pk), LanguageTestForm())


@require_POST
@liaison_or_coordinator
def language_test_add(request, pk: int):
    row, form = get_object_or_404(_visible(request.user), pk=pk), LanguageTestForm(request.POST)
    if form.is_valid():
        try:
            form.keep(row, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash.tell(request, _("Language test recorded. It counts as evidence from now on."))
            return redirect("partners:person", pk)
    return _page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_or_coordinator
def person_new(request):
    form = PersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and (kept := _keep(form, request.user)):
        flash.tell(request, _("%(person)s is on record. Next: language tests and completions.") % {"person": kept})
        return _go_on(request, kept)
    return render(request, "partners/person_form.html", {"form": form, "next": _wanted(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def person_edit(request, pk: int):
    """All of the record for whoever keeps it; for the person alone, what she may correct herself."""
    row = get_object_or_404(_visible(request.user), pk=pk)
    if row.may_be_kept_by(request.user):
        form = PersonForm(request.POST or None, instance=copy(row), user=request.user)
    elif row.user_id == request.user.pk:
        form = OwnDataForm(request.POST or None, instance=copy(row))
    else:
        flash.refuse(request, _("People are kept by their own liaison and by the office."))
        return redirect("partners:person", pk)
    if request.method == "POST" and _keep(form, request.user):
        flash.tell(request, _("Saved."))
        return redirect("partners:person", pk)
    context = {"form": form, "person": row, "is_own_data": isinstance(form, OwnDataForm)}
    return render(request, "partners/person_form.html", context)


def _visible(user):
    return Person.objects.visible_to(user).select_related("nation", "organisation")


def _keep(form: PersonForm | OwnDataForm, user) -> Person | None:
    """The person as saved; None when the form has to be shown again."""
    if not form.is_valid():
        return None
    try:
        return form.keep(by=user)
    except Refused as refused:
        form.refuse(refused)
        return None


def _page(request, row: Person, form: LanguageTestForm):
    user = request.user
    may_keep, is_own = row.may_be_kept_by(user), row.user_id == user.pk
    context = {
        "person": row,
        "may_keep": may_keep and not row.anonymised_at,
        "is_own": is_own,
        "tests": row.language_tests.all(),
        "form": form,
        "liaisons": liaisons_of(row.sender) if is_own and not may_keep else [],
        "changes": row.history.select_related("history_user")[:LAST_CHANGES] if may_keep or user.is_office else [],
    }
    return render(request, "partners/person.html", context)


def _wanted(request) -> str:
    """The page of this site that asked for a new person, such as a nomination; else nothing."""
    return own_path(request.POST.get("next") or request.GET.get("next", ""))


def _go_on(request, kept: Person):
    """Back to the page that asked, with the new person chosen; else to the record."""
    wanted = _wanted(request).partition("?")[0]
    if not wanted:
        return redirect("partners:person", kept.pk)
    return HttpResponseRedirect(f"{wanted}?{urlencode({'person': kept.pk})}")
