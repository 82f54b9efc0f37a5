"""People at their browsers."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Response

from tests.support.site import Site

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
# Without preloading: axe would write a style sheet into the page, which its content policy refuses.
RUN_AXE = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Person:
    """Somebody at a browser of her own; every page she sees is held against WCAG 2.2 A and AA."""

    def __init__(self, browser, site: Site, name: str, *, width: int = 1280) -> None:
        self.site, self.name, self.violations, self.faults = site, name, [], []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(30000)
        self.page.on("pageerror", lambda fault: self.faults.append(f"{self.page.url}: {fault}"))
        self.page.on("console", self._hear)

    def _hear(self, message) -> None:
        if message.type == "error" and "status of 40" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Response:
        answer = self.page.goto(self.site.address + path)
        assert answer.status < 500, f"{path} answered {answer.status}"
        self.look()
        return answer

    def look(self, *rules: str) -> None:
        """Hold the page as it is now against the rules: all of WCAG, or those named."""
        self.page.wait_for_load_state()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(RUN_AXE, list(rules) or WCAG)
        path = self.page.url.removeprefix(self.site.address)
        for rule in found["violations"]:
            nodes = ", ".join(
                node["target"][0] if isinstance(node["target"][0], str) else "…" for node in rule["nodes"][:3]
            )
            self.violations.append(f"{path}: {rule['id']} ({nodes})")

    def click(self, name: str | re.Pattern, *, exact: bool = True) -> None:
        """Press the button, or follow the link, of this name."""
        buttons = self.page.get_by_role("button", name=name, exact=exact)
        links = self.page.get_by_role("link", name=name, exact=exact)
        buttons.or_(links).first.click()
        self.look()

    def make(self, move: str) -> None:
        """Open the words of a move and make it without any."""
        self.page.locator(f"main details.move > summary#{move}").click()
        self.page.locator(f"main details.move:has(> summary#{move}) button[type=submit]").click()
        self.look()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f'main [name="{name}"]').first.fill(value)

    def choose(self, **fields: str) -> None:
        for name, label in fields.items():
            self.page.locator(f'main select[name="{name}"]').first.select_option(label=label)

    def sees(self, text: str) -> None:
        found = self.page.locator("main").inner_text()
        assert text in found, f"{self.name} does not see “{text}” on {self.page.url}:\n{found[:3000]}"

    def sign_in_with_password(self, email: str, password: str) -> None:
        self.open("/accounts/login/")
        self.fill(login=email, password=password)
        self.page.locator('form:has(input[name="password"]) button').first.click()
        self.look()

    def sign_in_with_code(self, email: str) -> None:
        """Ask for a code, read it in the mail, type it."""
        before = len(self.site.mails())
        self.open("/accounts/login/")
        self.click("Send me a code")
        self.fill(email=email)
        self.page.locator("main form button").first.click()
        self.look()
        self.fill(code=self._code_for(email, before))
        self.page.locator("main form button").first.click()
        self.look()

    def _code_for(self, email: str, before: int) -> str:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for mail in self.site.mails()[before:]:
                found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.get_content(), re.MULTILINE)
                if email in mail["To"] and found:
                    return found.group(1)
            time.sleep(0.3)
        raise AssertionError(f"No code came for {email}.")

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def people(browser):
    """A function that seats somebody at a browser; at the end no page may have broken a rule or thrown."""
    seated: list[Person] = []

    def seat(site: Site, name: str, **options) -> Person:
        seated.append(Person(browser, site, name, **options))
        return seated[-1]

    yield seat
    for person in seated:
        person.close()
    assert [line for person in seated for line in person.violations] == []
    assert [line for person in seated for line in person.faults] == []
