"""A liaison puts her nominees in order: by drag, by keyboard, by buttons, and without any script."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.redis, pytest.mark.worker]
SCENE = """
from enrollment.models import Nomination
from enrollment import actions
from tests import make
jordan = make.nation("JO", "Jordan")
liaison = make.liaison(jordan, email="{email}")
course = make.course("{course}")
iteration, later = make.iteration(course), make.iteration(course)
for place, name in enumerate(("Abbadi", "Bakri", "Chalabi"), start=1):
    make.nomination(make.person(jordan, family_name=name, given_names="A"), iteration, priority=place)
actions.nominate_for_several(Nomination.objects.get(iteration=iteration, priority=2).person, [later], by=liaison)
print(iteration.pk)
"""
ORDER = """
import json
from enrollment.models import Nomination
rows = Nomination.objects.filter(iteration={pk}).order_by("is_alternate", "priority")
print(json.dumps([[row.person.family_name, row.is_alternate] for row in rows]))
"""


class Ranking:
    """One liaison's page of one iteration."""

    def __init__(self, site: Site, person, name: str) -> None:
        self.site, self.person = site, person
        email = f"{name}@example.org"
        self.pk = int(site.shell(SCENE.format(email=email, course=name)).split()[-1])
        person.sign_in_with_password(email, "a-long-password")
        person.open(f"/iterations/{self.pk}/ranking/")

    @property
    def page(self) -> Page:
        return self.person.page

    def line(self, name: str):
        return self.page.locator("form[data-ranking]").first.locator(f'li[data-name^="{name}"]')

    def handle(self, name: str):
        return self.line(name).locator(".handle")

    def shown(self) -> list[list]:
        lines = self.page.locator("form[data-ranking]").first.locator("li[data-name]")
        return lines.evaluate_all(
            "all => all.map(each => "
            "[each.dataset.name.split(',')[0], each.closest('ol').dataset.list === 'alternates'])"
        )

    def save(self) -> list[list]:
        self.page.get_by_role("button", name="Save the order").first.click()
        self.person.sees("Order saved")
        return self.kept()

    def kept(self) -> list[list]:
        return json.loads(self.site.shell(ORDER.format(pk=self.pk)).splitlines()[-1])


def test_a_line_is_dragged_by_its_handle_within_the_list_and_to_the_alternates(people, sqlite_site):
    ranking = Ranking(sqlite_site, people(sqlite_site, "liaison"), "drag")

    drag(ranking, "Chalabi", above="Abbadi")
    first = ranking.shown()
    drag(ranking, "Abbadi", below_heading="Alternates")

    assert first == [["Chalabi", False], ["Abbadi", False], ["Bakri", False]]
    assert ranking.save() == [["Chalabi", False], ["Bakri", False], ["Abbadi", True]]


def test_the_arrow_keys_move_a_line_and_say_where_it_stands(people, sqlite_site):
    ranking = Ranking(sqlite_site, people(sqlite_site, "liaison"), "keys")

    ranking.handle("Chalabi").focus()
    ranking.page.keyboard.press("ArrowUp")
    expect(ranking.handle("Chalabi")).to_be_focused()
    expect(ranking.page.get_by_role("status").first).to_have_text("Chalabi, A: 2 of 3, Principals. Not saved yet.")
    ranking.page.keyboard.press("ArrowUp")
    ranking.handle("Bakri").focus()
    ranking.page.keyboard.press("ArrowDown")

    expect(ranking.page.get_by_role("status").first).to_have_text("Bakri, A: 1 of 1, Alternates. Not saved yet.")
    assert ranking.save() == [["Chalabi", False], ["Abbadi", False], ["Bakri", True]]


def test_buttons_move_at_once_and_nothing_is_kept_until_it_is_saved(people, sqlite_site):
    ranking = Ranking(sqlite_site, people(sqlite_site, "liaison", width=390), "buttons")

    ranking.line("Bakri").get_by_role("button", name="one place up").click()
    ranking.line("Abbadi").get_by_role("button", name="To alternates").click()

    assert ranking.shown() == [["Bakri", False], ["Chalabi", False], ["Abbadi", True]]
    assert ranking.kept() == [["Abbadi", False], ["Bakri", False], ["Chalabi", False]]
    assert ranking.save() == [["Bakri", False], ["Chalabi", False], ["Abbadi", True]]
    assert ranking.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_iteration_liked_best_is_moved_and_saved_in_the_same_way(people, sqlite_site):
    ranking = Ranking(sqlite_site, people(sqlite_site, "liaison"), "liked")
    form = ranking.page.locator("form[data-ranking]").nth(1)

    second = form.locator("li[data-name]").nth(1)
    moved = second.get_attribute("id")
    second.locator(".handle").focus()
    ranking.page.keyboard.press("ArrowUp")
    form.get_by_role("button", name="Save the order").click()

    ranking.person.sees("Order saved: for Bakri, A you like")
    assert ranking.page.locator("form[data-ranking]").nth(1).locator("li[data-name]").first.get_attribute("id") == moved


def test_without_script_each_button_moves_and_saves(browser, people, sqlite_site):
    ranking = Ranking(sqlite_site, people(sqlite_site, "liaison"), "noscript")
    context = browser.new_context(java_script_enabled=False, storage_state=ranking.person.context.storage_state())
    page = context.new_page()

    page.goto(ranking.page.url)
    page.get_by_role("button", name="Chalabi, A one place up").click()
    page.get_by_role("button", name="To alternates Abbadi, A").click()

    assert ranking.kept() == [["Chalabi", False], ["Bakri", False], ["Abbadi", True]]
    expect(page.locator(".handle").first).to_be_hidden()
    context.close()


def drag(ranking: Ranking, name: str, *, above: str = "", below_heading: str = "") -> None:
    """With the mouse button held down, in small steps as a hand moves."""
    if above:
        target = ranking.line(above).bounding_box()
        x, y = target["x"] + 20, target["y"] + 3
    else:
        target = ranking.page.get_by_role("heading", name=below_heading, exact=True).bounding_box()
        x, y = target["x"] + 20, target["y"] + target["height"] + 30
    start = ranking.handle(name).bounding_box()
    mouse = ranking.page.mouse
    mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    mouse.down()
    mouse.move(x, y, steps=12)
    mouse.up()
