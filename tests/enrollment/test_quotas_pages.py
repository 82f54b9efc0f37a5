"""The form of quotas: all rows saved together; every refusal beside the form, with what was typed kept."""

import re

import pytest

from courses.models import Quota
from enrollment import actions
from enrollment.actions import Wish
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.coordinator()


@pytest.fixture
def office(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


def address(iteration) -> str:
    return f"/iterations/{iteration.pk}/quotas/"


def row(holder="", floor="", ceiling="", **more) -> dict:
    return {"holder": holder, "floor": floor, "ceiling": ceiling, **more}


def typed(*rows: dict, **more) -> dict:
    fields = {f"q-{n}-{name}": value for n, each in enumerate(rows) for name, value in each.items()}
    return {"q-TOTAL_FORMS": len(rows), "q-INITIAL_FORMS": 0, **fields, **more}


def key(holder) -> str:
    return f"{type(holder).__name__.lower()}:{holder.pk}"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def kept(iteration) -> list[tuple]:
    return [(each.holder_name, each.floor, each.ceiling, each.keeps_ceiling) for each in iteration.quotas.all()]


def values_on(page) -> list[tuple]:
    """(holder, guaranteed, at most) of every row, as the page shows it."""
    return [
        tuple(form[name].value() or "" for name in ("holder", "floor", "ceiling")) for form in page.context["forms"]
    ]


def test_a_quota_of_every_kind_is_saved_and_holds_its_seats(office, jordan):
    iteration = make.iteration(capacity=12, minimum=1)
    framework, organisation = make.framework("MD"), make.organisation("NCGM")
    rows = [
        row(key(jordan), "2", "4"),
        row(key(framework), "1", "6", keeps_ceiling="on"),
        row(key(organisation), "", "3"),
        row("category:civilian", "1", ""),
        row(),
    ]

    answer = office.post(address(iteration), typed(*rows), follow=True)

    assert "Quotas saved." in words(answer)
    assert kept(iteration) == [
        ("Jordan", 2, 4, False),
        ("MD", 1, 6, True),
        ("NCGM", 0, 3, False),
        ("Civilian", 1, None, False),
    ]
    assert iteration.seats.held().count() >= 3


def test_the_form_shows_the_quotas_and_saving_it_as_it_came_changes_nothing(office, coordinator, jordan):
    iteration = make.iteration()
    actions.set_quotas(iteration, [Wish(jordan, 2, 4, True), Wish("police", 1)], by=coordinator)
    before = (kept(iteration), Quota.history.count())

    page = office.get(address(iteration))
    rows = [{name: form[name].value() or "" for name in form.fields} for form in page.context["forms"]]
    office.post(address(iteration), typed(*rows, version=page.context["forms"].version))

    assert "Jordan" in words(page)
    assert (kept(iteration), Quota.history.count()) == before


def test_a_row_is_removed_by_its_tick(office, coordinator, jordan):
    iteration = make.iteration()
    actions.set_quotas(iteration, [Wish(jordan, 2), Wish("police", 1)], by=coordinator)

    office.post(
        address(iteration),
        typed(
            row(key(jordan), "2", is_kept="True", DELETE="on"),
            row("category:police", "1", is_kept="True"),
        ),
    )

    assert [name for name, *_rest in kept(iteration)] == ["Police"]


def test_more_rows_come_without_saving_and_without_losing_what_was_typed(office, jordan):
    iteration = make.iteration()

    page = office.post(address(iteration), typed(row(key(jordan), "2", "4"), row(), more="1"))

    assert len(page.context["forms"].forms) == 5
    assert values_on(page)[0] == (key(jordan), "2", "4")
    assert kept(iteration) == []


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row("JO", "9"), row("category:civilian", "4")], "13 seats would be guaranteed, and there are 12."),
        ([row("JO", "1", "1")], "2 are seated for Jordan already: the ceiling cannot be 1."),
        ([row("JO", "5", "4")], "More seats are guaranteed than may be filled at most."),
        ([row("JO", "1"), row("JO", "2")], "Jordan has two quotas. Leave one."),
        ([row("MD", "0", "3"), row("JO", "4")], "These quotas cannot all be kept beside who is seated."),
        ([row("nation:987654", "1")], "Choose a nation, a framework, an organisation or a category from the list."),
        ([row("category:clergy", "1")], "Choose a nation, a framework, an organisation or a category from the list."),
        ([row("", "3")], "Choose for whom these seats are."),
        ([row("JO", "many")], "Enter a whole number."),
        ([row("JO", "-1")], "Ensure this value is greater than or equal to 0."),
        ([row("JO", "99999999999999999999")], "Ensure this value is less than or equal to 32767."),
        ([row("JO", "1", "", keeps_ceiling="on")], "Write the ceiling that is to stay, or leave the box empty."),
    ],
)
def test_a_refusal_stands_beside_the_form_and_nothing_that_was_typed_is_lost(
    rows, sentence, office, coordinator, jordan
):
    make.membership(jordan, "MD")
    iteration = make.iteration(capacity=12, minimum=1)
    for _each in range(2):
        actions.select(make.nomination(make.person(jordan), iteration), by=coordinator)
    actions.set_quotas(iteration, [Wish("police", 1)], by=coordinator)
    names = {"JO": key(jordan), "MD": key(make.framework("MD"))}
    rows = [{**each, "holder": names.get(each["holder"], each["holder"])} for each in rows]

    page = office.post(address(iteration), typed(*rows))

    assert page.status_code == 200
    assert sentence in words(page)
    assert values_on(page) == [(each["holder"], each["floor"], each["ceiling"]) for each in rows]
    assert kept(iteration) == [("Police", 1, None, False)]
    assert iteration.seats.held().count() == 1


def test_who_saves_over_a_colleague_is_told_once(office, coordinator, jordan):
    iteration = make.iteration()
    version = office.get(address(iteration)).context["forms"].version
    actions.set_quotas(iteration, [Wish("police", 1)], by=coordinator)

    first = office.post(address(iteration), typed(row(key(jordan), "2"), version=version or "0"))
    between = kept(iteration)
    shown = re.search(r'name="version" value="(\d+)"', first.content.decode())[1]
    office.post(address(iteration), typed(row(key(jordan), "2"), version=shown))

    assert "Somebody changed the quotas while you were writing." in words(first)
    assert between == [("Police", 1, None, False)]
    assert kept(iteration) == [("Jordan", 2, None, False)]


def test_the_form_of_the_first_quotas_knows_that_there_were_none(office, coordinator, jordan):
    iteration = make.iteration()
    version = office.get(address(iteration)).context["forms"].version
    actions.set_quotas(iteration, [Wish("police", 1)], by=coordinator)

    page = office.post(address(iteration), typed(row(key(jordan), "2"), version=version))

    assert "Somebody changed the quotas while you were writing." in words(page)


@pytest.mark.parametrize(
    "sent", [{}, {"q-TOTAL_FORMS": "x", "q-INITIAL_FORMS": "0"}, {"q-TOTAL_FORMS": "999999", "q-INITIAL_FORMS": "0"}]
)
@pytest.mark.parametrize("more", [{}, {"more": "1"}])
def test_half_a_form_breaks_nothing_and_takes_nothing_away(sent, more, office, coordinator, jordan):
    iteration = make.iteration()
    actions.set_quotas(iteration, [Wish(jordan, 2)], by=coordinator)

    page = office.post(address(iteration), {**sent, **more})

    assert page.status_code == 200
    assert kept(iteration) == [("Jordan", 2, None, False)]


def test_an_iteration_that_has_begun_keeps_its_quotas(office, jordan):
    iteration = make.running_iteration(state="running")

    page = office.post(address(iteration), typed(row(key(jordan), "2")))

    assert "has begun or is over: its quotas can no longer be changed." in words(page)


def test_a_nation_that_left_keeps_its_row(office, coordinator, jordan):
    iteration = make.iteration()
    actions.set_quotas(iteration, [Wish(jordan, 2)], by=coordinator)
    type(jordan).objects.filter(pk=jordan.pk).update(is_active=False)

    page = office.get(address(iteration))
    office.post(address(iteration), typed(row(key(jordan), "3", is_kept="True")))

    assert "Jordan" in words(page)
    assert kept(iteration) == [("Jordan", 3, None, False)]


def test_only_the_office_sets_quotas(office, client, signed_in, jordan):
    iteration = make.iteration()

    assert client.post(address(iteration), typed(row(key(jordan), "2"))).status_code == 302
    for user in (make.liaison(jordan), make.instructor(iteration), make.administrator()):
        assert signed_in(user).post(address(iteration), typed(row(key(jordan), "2"))).status_code == 403
    assert office.get("/iterations/987654/quotas/").status_code == 404
    assert kept(iteration) == []
