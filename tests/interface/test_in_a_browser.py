"""The frame in a real browser: narrow and wide, light and dark, with and without script, by keyboard alone."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.redis, pytest.mark.worker]
PATHS = ("/", "/courses/", "/calendar/", "/verify/", "/accounts/login/")


@pytest.fixture
def visit(browser, sqlite_site):
    """A function that opens a path in a browser of the given kind."""
    contexts = []

    def opened(path: str, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(sqlite_site.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def ground(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_no_public_page_scrolls_sideways(width, visit):
    assert {path: sideways(visit(path, viewport={"width": width, "height": 900})) for path in PATHS} == dict.fromkeys(
        PATHS, 0
    )


def test_dark_follows_the_system_without_script_and_paper_stays_light(visit):
    light = visit("/", color_scheme="light", java_script_enabled=False)
    dark = visit("/", color_scheme="dark", java_script_enabled=False)

    with_script = visit("/", color_scheme="dark")
    with_script.emulate_media(media="print", color_scheme="dark")

    assert light.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(250, 248, 243)"
    assert dark.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(18, 22, 30)"
    assert ground(with_script) == "rgb(255, 255, 255)"


def test_the_menu_of_a_phone_opens_without_script(visit):
    page = visit("/", viewport={"width": 390, "height": 800}, java_script_enabled=False)
    menu = page.locator(".menu-toggle")

    expect(menu.get_by_role("link", name="Calendar")).to_be_hidden()
    menu.locator("summary").first.click()

    expect(menu.get_by_role("link", name="Calendar")).to_be_visible()
    expect(menu.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_first_tab_skips_to_the_content(visit):
    page = visit("/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_anything_is_found_from_the_keyboard(visit):
    page = visit("/")

    page.keyboard.press("Control+k")
    page.keyboard.type("genad")
    found = page.locator("#palette a").first
    expect(found).to_contain_text("GENAD")
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Gender Advisor Course")


WIDE_AND_NARROW = """() => {
    const table = (cells) => `<div class="table-responsive"><table class="table"><tr>${cells}</tr></table></div>`;
    document.querySelector("main").innerHTML = table("<td>wide</td>".repeat(9)) + table("<td>narrow</td>");
    window.dispatchEvent(new Event("resize"));
}"""


def test_a_wide_table_says_that_it_scrolls(visit):
    page = visit("/", viewport={"width": 390, "height": 800})

    page.evaluate(WIDE_AND_NARROW)

    expect(page.locator(".scroll-hint")).to_have_count(1)
    assert sideways(page) == 0


def test_nothing_moves_while_the_page_comes(visit):
    page = visit("/courses/")
    shift = """() => new Promise(done => {
        let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
            .observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(sum), 500);
    })"""

    assert page.evaluate(shift) < 0.01


def test_the_style_mirrors_for_a_right_to_left_language(visit):
    page = visit("/", viewport={"width": 1280, "height": 800})
    left = page.locator(".brand").bounding_box()["x"]

    page.evaluate("document.documentElement.dir = 'rtl'")

    assert left < 300
    assert page.locator(".brand").bounding_box()["x"] > 600
    assert sideways(page) == 0
