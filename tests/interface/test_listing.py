"""Lists: pages by key that lose and repeat nobody, closed filters and sorts, addresses that nobody can break."""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from enrollment.models import Nomination
from enrollment.workflow import NominationState
from interface.listing import Column, Filter, Listing, Sort
from partners.models import Person
from tests import make

pytestmark = pytest.mark.django_db


def listing_of(address: str = "/", queryset=None, **options) -> Listing:
    defaults = {
        "name": "people",
        "sorts": [Sort("name", "Name", "family_name", "id"), Sort("newest", "Newest", "-created_at", "-id")],
        "filters": [Filter("sex", "Sex", Person.Sex.choices)],
        "columns": [Column("Family name", lambda row: row.family_name)],
        "page_size": 4,
    }
    people = Person.objects.all() if queryset is None else queryset
    return Listing(RequestFactory().get(address), people, **{**defaults, **options})


def some_people(count: int) -> None:
    jordan = make.nation()
    for n in range(count):
        make.person(jordan, family_name=f"Family {n % 3}", sex="woman" if n % 2 else "man")


def walk(address: str = "/", direction: str = "next", **options) -> list[list[int]]:
    pages = []
    for _turn in range(20):
        listing = listing_of(address, **options)
        pages.append([row.pk for row in listing.rows])
        address = getattr(listing, direction)
        if not address:
            return pages
    raise AssertionError("The pages never end.")


@pytest.mark.parametrize("sort", ["name", "newest"])
def test_the_pages_hold_everybody_once_in_order(sort):
    some_people(11)

    pages = walk(f"/?sort={sort}")

    order = {"name": ("family_name", "id"), "newest": ("-created_at", "-id")}[sort]
    assert sum(pages, []) == list(Person.objects.order_by(*order).values_list("pk", flat=True))
    assert [len(page) for page in pages] == [4, 4, 3]


def test_going_back_shows_the_same_pages():
    some_people(11)
    last = "/"
    while listing_of(last).next:
        last = listing_of(last).next

    back = walk(last, "previous")

    assert back[::-1] == walk()


def test_rows_of_the_same_instant_are_neither_lost_nor_repeated():
    some_people(9)
    Person.objects.update(created_at=timezone.now())

    pages = walk("/?sort=newest")

    assert sorted(sum(pages, [])) == sorted(Person.objects.values_list("pk", flat=True))


def test_a_newcomer_moves_nobody_to_another_page():
    some_people(8)
    first = listing_of("/?sort=newest")
    make.person(make.nation())

    second = listing_of(first.next)

    assert {row.pk for row in first.rows}.isdisjoint(row.pk for row in second.rows)
    assert len(second.rows) == 4


def test_a_page_takes_one_query_however_long_the_list(django_assert_num_queries):
    for count in (1, 30):
        some_people(count)
        with django_assert_num_queries(1):
            listing = listing_of()
            assert listing.rows
            assert listing.next or count == 1


def test_filters_and_search_narrow_and_their_pills_lead_back():
    some_people(6)
    make.person(make.nation(), family_name="Żółć", sex="woman")

    listing = listing_of("/?q=zolc&sex=woman")

    assert [row.family_name for row in listing.rows] == ["Żółć"]
    assert {pill.label for pill in listing.pills} == {"Search", "Sex"}
    assert any("q=" not in pill.remove and "sex=woman" in pill.remove for pill in listing.pills)


@pytest.mark.parametrize(
    "address",
    [
        "/?sort=password",
        "/?sex=1%20OR%201=1",
        "/?after=abc",
        "/?after=WyJhIiwiYiJd",
        "/?before=%00",
        "/?after=W251bGwsIG51bGxd",
        "/?sort=newest&after=WyJub3QgYSBkYXRlIiwgMV0=",
        "/?q=" + "x" * 5000,
    ],
)
def test_an_address_that_somebody_made_up_is_passed_over_with_a_sentence(address):
    some_people(2)

    listing = listing_of(address)

    assert listing.rows or listing.search
    assert listing.notices or "q=" in address


def test_a_filter_by_a_foreign_value_is_not_tried():
    nomination = make.nomination()

    listing = listing_of(
        f"/?person={nomination.person_id}",
        Nomination.objects.all(),
        filters=[Filter("state", "State", NominationState.choices)],
        sorts=[Sort("newest", "Newest", "-created_at", "-id")],
    )

    assert listing.chosen == {}


def test_a_file_has_every_row_of_the_narrowed_list():
    some_people(9)

    content = listing_of("/?format=csv&sex=man").file().content.decode("utf-8-sig")

    assert content.splitlines()[0] == "Family name"
    assert len(content.splitlines()) == 1 + Person.objects.filter(sex="man").count()


def test_a_deep_page_is_bounded_by_its_first_key(django_assert_num_queries):
    some_people(9)
    second = listing_of("/?sort=newest").next

    with django_assert_num_queries(1) as captured:
        assert listing_of(second).rows

    where = captured[0]["sql"].split("WHERE")[1]
    assert '"created_at" <= ' in where
    assert '"created_at" < ' in where
    assert "OFFSET" not in where
