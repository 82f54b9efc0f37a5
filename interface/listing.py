"""A list page: search, closed filters and sorts, pages by key, pills, export. Constant queries, flat at any length.

    listing = Listing(request, Nomination.objects.visible_to(request.user).for_lists(), name="nominations",
                      filters=[Filter("state", _("State"), NominationState.choices)],
                      sorts=[Sort("newest", _("Newest first"), "-created_at", "-id")], columns=[Column(…)])
    return listing.file() or render(request, "enrollment/nominations.html", {"listing": listing})

Whatever the address says that is not in the lists is passed over, with a sentence in `listing.notices`.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from interface import exports
from interface.exports import Column

__all__ = ["Column", "Filter", "Listing", "Sort"]

PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filter:
    """A closed choice. `lookup` is a field lookup, by default the name; `apply(queryset, value)` where none will do."""

    name: str
    label: str
    choices: list
    lookup: str = ""
    apply: Callable | None = None

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        if self.apply:
            return self.apply(queryset, value)
        return queryset.filter(**{self.lookup or self.name: value})

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.choices}

    def label_of(self, value: str) -> str | None:
        return self._labels.get(value)


@dataclass(frozen=True, init=False)
class Sort:
    """An order by columns never null, the last one unique: Sort("newest", _("Newest"), "-created_at", "-id")."""

    name: str
    label: str
    keys: tuple[str, ...]

    def __init__(self, name: str, label: str, *keys: str) -> None:
        for field, value in (("name", name), ("label", label), ("keys", keys)):
            object.__setattr__(self, field, value)


@dataclass(frozen=True)
class Pill:
    """An active filter, and the address without it."""

    label: str
    value: str
    remove: str


class Listing:
    """One page of a list. Hand it to the template; `rows` are the page's rows."""

    def __init__(
        self,
        request,
        queryset: QuerySet,
        *,
        name: str,
        sorts: list[Sort],
        filters: list[Filter] = (),
        columns: list[Column] = (),
        page_size: int = PAGE,
        keep: tuple[str, ...] = (),
    ) -> None:
        """`queryset` is what the user may see, with a `search(text)` method where the list can be searched.

        `keep` names parameters of the page's own, which stay in every address of the list.
        """
        self.name, self.filters, self.sorts, self.columns, self.page_size = name, filters, sorts, columns, page_size
        self.can_search = hasattr(queryset, "search")
        self._notices: list[str] = []
        self._kept = {name: request.GET[name][:LONGEST_SEARCH] for name in keep if name in request.GET}
        self._given = request.GET
        self.search = request.GET.get("q", "").strip()[:LONGEST_SEARCH] if self.can_search else ""
        self.sort = self._chosen_sort()
        self.chosen = self._chosen_filters()
        self._found = self._narrowed(queryset)

    def file(self) -> HttpResponse | None:
        """The whole list as a file, if the address asks for one with ?format=csv or xlsx."""
        kind = self._given.get("format", "")
        if not self.columns or kind not in ("csv", "xlsx"):
            return None
        rows = list(self._found.order_by(*self.sort.keys)[: exports.MOST_ROWS + 1])
        if len(rows) > exports.MOST_ROWS:
            self._notices.append(_("The list is too long for a file: narrow it to 50,000 rows by search or filters."))
            return None
        return exports.answer(kind, self.name, self.columns, rows)

    @property
    def notices(self) -> list[str]:
        """What in the address could not be followed. Asks for the page first: its key may be one of those things."""
        self.rows  # noqa: B018
        return self._notices

    @cached_property
    def rows(self) -> list:
        return self._page[0]

    @property
    def next(self) -> str:
        """The address of the next page, or nothing."""
        return self._page[2]

    @property
    def previous(self) -> str:
        return self._page[1]

    @cached_property
    def pills(self) -> list[Pill]:
        found = [Pill(_("Search"), self.search, self._address(q=None))] if self.search else []
        by_name = {each.name: each for each in self.filters}
        return found + [
            Pill(str(by_name[name].label), by_name[name].label_of(value), self._address(**{name: None}))
            for name, value in self.chosen.items()
        ]

    @property
    def csv(self) -> str:
        return self._address(format="csv")

    @property
    def xlsx(self) -> str:
        return self._address(format="xlsx")

    @property
    def controls(self) -> list[dict]:
        """Each filter with its choices, for the form: name, label, options of (value, label, is chosen)."""
        return [
            {
                "name": each.name,
                "label": each.label,
                "options": [
                    (str(value), label, self.chosen.get(each.name) == str(value)) for value, label in each.choices
                ],
            }
            for each in self.filters
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.chosen)

    def _chosen_sort(self) -> Sort:
        wanted = self._given.get("sort", "")
        found = next((sort for sort in self.sorts if sort.name == wanted), None)
        if wanted and not found:
            self._notices.append(_("The list cannot be sorted like that; it is in its usual order."))
        return found or self.sorts[0]

    def _chosen_filters(self) -> dict[str, str]:
        chosen = {}
        for each in self.filters:
            value = self._given.get(each.name, "")
            if value and each.label_of(value) is None:
                self._notices.append(_("“%s” has no such choice; the filter was left out.") % each.label)
            elif value:
                chosen[each.name] = value
        return chosen

    def _narrowed(self, queryset: QuerySet) -> QuerySet:
        by_name = {each.name: each for each in self.filters}
        for name, value in self.chosen.items():
            queryset = by_name[name].narrow(queryset, value)
        return queryset.search(self.search) if self.search else queryset

    @cached_property
    def _page(self) -> tuple[list, str, str]:
        """(rows, address before, address after): one query of one row more than the page shows."""
        after, before = self._key("after"), self._key("before")
        backwards = before is not None
        keys = _reversed(self.sort.keys) if backwards else self.sort.keys
        found = self._found.order_by(*keys)
        try:
            if before or after:
                found = found.filter(_beyond(keys, before or after))
            rows = list(found[: self.page_size + 1])
        except (ValidationError, ValueError, TypeError, OverflowError):  # a key that somebody made up
            self._notices.append(_("There is no such page; this is the first."))
            rows, backwards, after = list(self._found.order_by(*self.sort.keys)[: self.page_size + 1]), False, None
        has_more = len(rows) > self.page_size
        rows = rows[: self.page_size]
        if backwards:
            rows.reverse()
        has_next = bool(rows) and (backwards or has_more)
        has_previous = bool(rows) and (has_more if backwards else after is not None)
        previous = self._address(before=self._key_of(rows[0])) if has_previous else ""
        return rows, previous, self._address(after=self._key_of(rows[-1])) if has_next else ""

    def _key(self, name: str) -> list | None:
        """The key in the address as a list of values, or None if there is none that can be read."""
        text = self._given.get(name, "")
        if not text:
            return None
        try:
            key = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
        except (ValueError, UnicodeError):
            key = None
        if (
            isinstance(key, list)
            and len(key) == len(self.sort.keys)
            and all(isinstance(part, str | int) for part in key)
        ):
            return key
        self._notices.append(_("There is no such page; this is the first."))
        return None

    def _key_of(self, row) -> str:
        values = []
        for key in self.sort.keys:
            value = row
            for part in key.removeprefix("-").split("__"):
                value = getattr(value, part)
            values.append(
                value if isinstance(value, int) else value.isoformat() if hasattr(value, "isoformat") else str(value)
            )
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode("ascii")

    def _address(self, **changes: str | None) -> str:
        """The address of this list with some parameters changed; a new view begins at its first page."""
        query = {**self._kept, "q": self.search, **self.chosen}
        if self.sort is not self.sorts[0]:
            query["sort"] = self.sort.name
        query |= changes
        return "?" + urlencode({name: value for name, value in query.items() if value})


def _reversed(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in keys)


def _beyond(keys: tuple[str, ...], values: list) -> Q:
    """Rows after `values` in the order of `keys`.

    For two keys: a <= x AND (a < x OR (a = x AND b < y)). The first bound lets an index range stay flat at any depth.
    """
    first, bound = _field(keys[0]), values[0]
    inclusive = Q(**{f"{first}__{_direction(keys[0])}e": bound})
    return inclusive & _strictly_beyond(keys, values)


def _strictly_beyond(keys: tuple[str, ...], values: list) -> Q:
    field = _field(keys[0])
    beyond = Q(**{f"{field}__{_direction(keys[0])}": values[0]})
    if len(keys) == 1:
        return beyond
    return beyond | (Q(**{field: values[0]}) & _strictly_beyond(keys[1:], values[1:]))


def _field(key: str) -> str:
    return key.removeprefix("-")


def _direction(key: str) -> str:
    return "lt" if key.startswith("-") else "gt"
