"""The demo's pages as each role sees them: WCAG in both modes, on a desk and on a phone; weight; by keyboard alone."""

import gzip
import json

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
FIRST_VISIT, LATER_PAGE = 250_000, 100_000
# What another mode, or another width, can break on a page that keeps all rules as it came.
IN_DARK = ("color-contrast", "link-in-text-block")
ON_A_PHONE = (*IN_DARK, "target-size", "scrollable-region-focusable", "aria-hidden-focus")

IDS = """
import json
from certificates.models import Certificate, IssueBatch
from courses.models import Iteration
from enrollment.models import Nomination, TrainingRequest
from partners.models import Person
of_jordan = Nomination.objects.filter(nation__name="Jordan")
own = Nomination.objects.get(person__user__email="trainee@example.org", state="selected")
found = {each.state.replace(" ", "_"): each.pk for each in Iteration.objects.order_by("starts_on")}
found |= {f"request_{each.state}".replace(" ", "_"): each.pk for each in TrainingRequest.objects.all()}
found |= {f"nomination_{each.state}": each.pk for each in of_jordan.exclude(pk=own.pk)}
found |= {"own": own.pk, "own_person": own.person_id, "person": own.person_id, "busy": own.iteration_id}
found |= {"certificate": Certificate.objects.latest("pk").pk, "code": Certificate.objects.latest("pk").code}
found |= {"batch": IssueBatch.objects.latest("pk").pk}
print(json.dumps(found))
"""
PAGES = {
    "visitor": """
        / /courses/ /courses/?q=nothing-fits /courses/gtot/ /calendar/ /verify/ /verify/{code}/ /verify/no-such-code/
        /iterations/{nominations_open}/ /iterations/{cancelled}/ /search/?q=gender
        /accounts/login/ /accounts/login/code/ /accounts/password/reset/
    """,
    "Training coordinator": """
        /desk/ /requests/ /requests/{request_submitted}/ /requests/{request_approved}/schedule/ /requests/?q=nothing
        /nominations/ /nominations/{nomination_submitted}/ /iterations/new/ /iterations/{draft}/
        /iterations/{nominations_open}/edit/ /iterations/{busy}/nominations/ /iterations/{busy}/cancel/
        /iterations/{running}/attendance/ /iterations/{running}/participants/ /iterations/{completed}/
        /iterations/{completed}/results/ /iterations/{completed}/certificates/ /iterations/{closed}/
        /people/ /people/{person}/ /people/new/ /certificates/ /certificates/{certificate}/ /issues/{batch}/
        /outbox/ /insights/ /courses/new/ /courses/gtot/edit/ /messages/
        /accounts/email/ /accounts/password/change/ /accounts/2fa/ /accounts/sessions/
    """,
    "Liaison of Jordan": """
        /nation/ /requests/ /requests/new/ /requests/{request_draft}/edit/ /nominations/
        /nominations/{nomination_returned}/ /nominations/{nomination_returned}/edit/ /people/ /people/{person}/edit/
        /iterations/{nominations_open}/ /iterations/{nominations_open}/nominate/ /iterations/{busy}/nominations/
        /iterations/{busy}/ranking/ /iterations/{busy}/turn-back/ /nominations/{nomination_confirmed}/substitute/
        /certificates/ /messages/ /desk/
    """,
    "Liaison of Ukraine": "/nation/ /requests/ /certificates/",
    "Instructor": """
        /teaching/ /iterations/{running}/ /iterations/{running}/participants/ /iterations/{running}/attendance/
        /iterations/{running}/results/
    """,
    "Trainee": "/me/ /nominations/{own}/ /people/{own_person}/ /people/{own_person}/edit/ /messages/",
    "Administrator": "/admin/ /admin/courses/iteration/ /admin/partners/mandate/add/ /admin/accounts/user/",
}


@pytest.fixture(scope="module")
def demo():
    """A running site with the demo's data."""
    with site("sqlite", DEMO="true") as made:
        made.manage("demo")
        yield made


@pytest.fixture(scope="module")
def ids(demo) -> dict:
    """The demo's rows by what they are."""
    return json.loads(demo.shell(IDS))


def sign_in_as(person, role: str) -> None:
    person.page.goto(f"{person.site.address}/accounts/login/")
    person.page.get_by_role("button", name=role, exact=True).click()
    person.page.wait_for_load_state()


def at(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def sideways(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role_is_for_everybody_on_every_screen(role, demo, ids, people):
    person = people(demo, role)
    if role != "visitor":
        sign_in_as(person, role)

    too_wide, too_heavy = [], []
    for path in PAGES[role].format(**ids).split():
        at(person.page, 1280, "light")
        answer = person.open(path)
        too_heavy += [path] if len(gzip.compress(answer.body())) > LATER_PAGE else []
        for width, scheme, rules in ((1280, "dark", IN_DARK), (390, "dark", IN_DARK), (390, "light", ON_A_PHONE)):
            at(person.page, width, scheme)
            person.look(*rules)
        too_wide += [path] if sideways(person.page) > 0 else []

    assert too_wide == []
    assert too_heavy == []


def test_a_refused_form_leads_to_each_of_its_faults(demo, people):
    liaison = people(demo, "liaison")
    sign_in_as(liaison, "Liaison of Jordan")
    liaison.open("/requests/new/")

    liaison.click("Save and submit")

    summary = liaison.page.locator(".error-summary")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        link.click()
        assert liaison.page.locator(":focus").count() == 1
        assert liaison.page.locator(":focus").get_attribute("id") == link.get_attribute("href").removeprefix("#")


def test_the_main_menu_of_the_office_stays_on_one_line(demo, people):
    office = people(demo, "office")
    sign_in_as(office, "Training coordinator")

    tops = office.page.locator(".menu-main li").evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")

    assert len(tops) > 7
    assert len(set(tops)) == 1


def test_a_list_of_participants_prints_whole_and_without_the_frame(demo, ids, people):
    office = people(demo, "office")
    sign_in_as(office, "Training coordinator")
    office.open(f"/iterations/{ids['running']}/participants/")

    office.page.set_viewport_size({"width": 720, "height": 1000})
    office.page.emulate_media(media="print")

    expect(office.page.locator(".site-header")).to_be_hidden()
    expect(office.page.locator(".site-footer")).to_be_hidden()
    assert office.page.locator(".table-responsive").evaluate("e => getComputedStyle(e).overflowX") == "visible"
    assert office.page.locator("main table").bounding_box()["width"] <= 720


def sent(body: bytes, path: str) -> int:
    """What travels: text is compressed on its way, fonts are so already."""
    return len(body) if path.endswith((".woff2", ".png")) else len(gzip.compress(body, 6))


def test_a_first_visit_is_light_even_on_a_slow_line(demo, people):
    visitor = people(demo, "visitor")
    got = {}
    visitor.page.on("response", lambda answer: got.setdefault(answer.url, answer))

    visitor.page.goto(demo.address, wait_until="networkidle")

    sizes = {url: sent(answer.body(), url) for url, answer in got.items()}
    assert any(url.endswith(".woff2") for url in sizes)
    assert all(url.startswith(demo.address) for url in sizes)
    assert sum(sizes.values()) < FIRST_VISIT, sizes


NAME_OF_THE_FOCUSED = """() => {
    const here = document.activeElement;
    return here.getAttribute("aria-label") || here.labels?.[0]?.innerText || here.innerText || "";
}"""


class Keys:
    """Somebody who has a keyboard alone."""

    def __init__(self, page: Page) -> None:
        self.page, self.press = page, page.keyboard.press

    def here(self) -> str:
        return self.page.evaluate(NAME_OF_THE_FOCUSED).strip()

    def is_seen(self) -> bool:
        """Whether the focus shows itself."""
        return self.page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2")

    def go_to(self, name: str) -> None:
        for _tab in range(150):
            self.press("Tab")
            if self.here().startswith(name):
                assert self.is_seen(), f"The focus on {name} cannot be seen."
                return
        raise AssertionError(f"No Tab leads to {name} on {self.page.url}.")

    def follow(self, name: str) -> None:
        self.go_to(name)
        self.press("Enter")


def test_a_person_is_nominated_by_keyboard_alone(demo, people):
    liaison = people(demo, "liaison")
    page, keys = liaison.page, Keys(liaison.page)

    page.goto(f"{demo.address}/accounts/login/")
    keys.follow("Liaison of Jordan")
    page.wait_for_url("**/nation/")
    liaison.look()
    keys.follow("Nominate")
    page.wait_for_url("**/nominate/")
    keys.follow("Khayali, Samir")
    expect(page.locator("#choice")).to_contain_text("Met")
    keys.go_to("Priority")
    page.keyboard.type("2")
    keys.follow("Save as draft")
    page.wait_for_url("**/nominations/*/")
    liaison.look()

    liaison.sees("Khayali")
    liaison.sees("Draft")


def test_the_palette_finds_by_keyboard_and_one_escape_leaves_it(demo, people):
    office = people(demo, "office")
    sign_in_as(office, "Training coordinator")
    page = office.page

    page.keyboard.press("Control+k")
    page.keyboard.type("TR-2026")
    expect(page.locator("#palette a").first).to_contain_text("TR-2026")
    office.look()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("TR-2026")
