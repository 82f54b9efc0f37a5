"""The selection board in a real browser: by keyboard, by drag, proposed, saved, and two people on it at once."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.site import site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.xdist_group("pages"),
]
# An open iteration of the demo with a quota and aims, and two coordinators who decide on it.
SET_UP = """
import json
from accounts.models import User
from courses.models import Iteration
from enrollment import actions
from enrollment.actions import Goal, Wish
from partners.models import Nation
iteration = Iteration.objects.get(reference="D05")
karin = User.objects.get(email="coordinator@example.org")
facts = {"name": "Otto Other", "is_coordinator": True}
otto, _new = User.objects.get_or_create(email="otto@example.org", defaults=facts)
actions.set_quotas(iteration, [Wish(Nation.objects.get(code="JO"), 1, 9)], by=karin)
actions.set_aims(iteration, [Goal("women", 40, True), Goal("nations", 3)], by=karin)
print(json.dumps({"pk": iteration.pk, "karin": karin.email, "otto": otto.email}))
"""
STATES = """
import json
from enrollment.models import Nomination
print(json.dumps(dict(Nomination.objects.filter(iteration={pk}).values_list("pk", "state"))))
"""


@pytest.fixture(scope="module")
def demo():
    with site("sqlite", DEMO="true") as made:
        made.manage("demo")
        yield made


@pytest.fixture(scope="module")
def facts(demo) -> dict:
    return json.loads(demo.shell(SET_UP))


def sit_down(people, demo, facts: dict, who: str, **options):
    """Somebody signed in, before the board."""
    person = people(demo, who, **options)
    cookies = demo.sign_in(facts[who]).cookies
    person.context.add_cookies([{"name": each.name, "value": each.value, "url": demo.address} for each in cookies])
    person.open(f"/iterations/{facts['pk']}/board/")
    return person


def open_rows(page: Page):
    """The rows of whom somebody may still be selected."""
    return page.locator("tr[data-row]:has(.choice input[value=s]:enabled)")


def choice_in(row, letter: str):
    return row.locator(f".choice input[value={letter}]")


def count_of(page: Page, letter: str) -> int:
    return int(page.locator(f"[data-chosen={letter}]").inner_text())


def states(demo, facts: dict) -> dict[str, str]:
    return json.loads(demo.shell(STATES.format(pk=facts["pk"])))


def test_choices_are_made_by_keyboard_alone_and_the_balance_follows(demo, facts, people):
    karin = sit_down(people, demo, facts, "karin")
    page, press = karin.page, karin.page.keyboard.press
    free = int(page.locator("output[data-free]").first.inner_text())
    first = open_rows(page).first

    first.focus()
    press("s")
    expect(choice_in(first, "s")).to_be_checked()
    expect(page.locator("#said")).to_contain_text("Select")
    assert int(page.locator("output[data-free]").first.inner_text()) == free - 1
    press("r")
    expect(choice_in(first, "r")).to_be_checked()
    press("u")
    assert first.locator(".choice input:checked").count() == 0
    assert int(page.locator("output[data-free]").first.inner_text()) == free

    press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('tr[data-row]')")
    assert not first.evaluate("row => row === document.activeElement")
    karin.look()


def test_the_keys_are_off_while_somebody_types_or_is_elsewhere(demo, facts, people):
    karin = sit_down(people, demo, facts, "karin")
    page = karin.page

    page.locator(".balance details.move > summary").click()
    page.locator("[name=least_police]").focus()
    page.keyboard.press("s")
    page.get_by_role("button", name="Propose").focus()
    page.keyboard.press("w")

    assert [count_of(page, letter) for letter in "swr"] == [0, 0, 0]


@pytest.mark.parametrize("width", [1440, 768])
def test_a_row_is_dragged_onto_an_area_alone_or_with_all_who_are_ticked(demo, facts, people, width):
    karin = sit_down(people, demo, facts, "karin", width=width)
    page = karin.page
    one, two = open_rows(page).nth(0), open_rows(page).nth(1)

    drag(page, one, "w")
    drag(page, two, "s")
    assert [count_of(page, letter) for letter in "swr"] == [1, 1, 0]

    for row in (one, two):
        row.locator(".pick input").check()
    drag(page, one, "s")

    expect(choice_in(one, "s")).to_be_checked()
    expect(choice_in(two, "s")).to_be_checked()
    assert page.locator(".pick input:checked").count() == 0
    assert page.locator(".drag-ghost").count() == 0


def drag(page: Page, row, letter: str) -> None:
    grip, area = row.locator(".grip"), page.locator(f"[data-area='{letter}']")
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), area.bounding_box()
    page.mouse.move(start["x"] + 4, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 10, steps=6)
    page.mouse.up()


def counts_in(html: str) -> dict[str, str]:
    """What stands for each key: how many, and which share."""
    return dict(re.findall(r'data-(?:sum|share)="(\w+)"[^>]*>([^<]*)</output>', html))


def test_the_browser_counts_what_the_server_counts(demo, facts, people):
    karin = sit_down(people, demo, facts, "karin")
    page = karin.page
    for n in range(3):
        choice_in(open_rows(page).nth(n), "s").check()
    in_the_browser = counts_in(page.content())

    page.locator("#order").select_option("rank")
    with page.expect_response(re.compile("/board/$")) as answer:
        page.get_by_role("button", name="Sort").click()

    on_the_server = counts_in(answer.value.text())
    assert len(on_the_server) > 8
    assert {key: in_the_browser[key] for key in on_the_server} == on_the_server
    assert count_of(page, "s") == 3


def test_a_proposal_is_looked_at_changed_and_saved(demo, facts, people):
    karin = sit_down(people, demo, facts, "karin")
    page, before = karin.page, states(demo, facts)

    karin.click("Propose")
    karin.sees("Proposed, not saved.")
    assert page.locator("tr.why").count() == page.locator("tr[data-row]").count()
    assert states(demo, facts) == before
    chosen = page.locator("tr[data-row]:has(.choice input[value=s]:checked)").first
    pk = chosen.get_attribute("data-row")
    choice_in(chosen, "r").check()
    karin.click("Preview and save")
    karin.sees("Nothing is decided yet.")
    assert states(demo, facts) == before
    karin.fill(reason="Comes in spring.")
    karin.click("Save and tell")

    karin.sees("The liaisons are told.")
    after = states(demo, facts)
    assert after[pk] == "refused"
    assert list(after.values()).count("selected") > list(before.values()).count("selected")


def test_two_people_on_one_board_see_each_other_and_overwrite_nothing(demo, facts, people):
    karin, otto = (sit_down(people, demo, facts, who) for who in ("karin", "otto"))
    row = karin.page.locator("tr[data-row]:has(.choice input[value=r])").last
    pk = row.get_attribute("data-row")

    choice_in(otto.page.locator(f"tr[data-row='{pk}']"), "r").check()
    choice_in(row, "r").check()
    karin.click("Preview and save")
    karin.fill(reason="No seat is left.")
    karin.click("Save and tell")
    karin.sees("The liaisons are told.")

    expect(otto.page.locator("#changes")).to_contain_text("refused", timeout=15000)
    expect(otto.page.locator(f"tr[data-row='{pk}']")).to_contain_text("Changed meanwhile")
    otto.look()
    otto.click("Preview and save")
    otto.sees("Not saved: the board has changed meanwhile")
    otto.sees("is dropped")
    assert states(demo, facts)[pk] == "refused"


@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_is_for_everybody_on_every_screen(demo, facts, people, width, scheme):
    karin = sit_down(people, demo, facts, "karin", width=width)
    karin.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    karin.look()

    karin.click("Propose")

    assert karin.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
