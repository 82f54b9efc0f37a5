"""Walk a site as somebody: every link, every form, seen as a browser without JavaScript sees them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from lxml import html

# Leaving ends the walk; the same page under ever new filters never ends it.
LEFT_ALONE = ("/accounts/logout/", "/static/", "/i18n/", "/admin/jsi18n/")
MOST_QUERIES_PER_PATH = 4


@dataclass
class Form:
    page: str
    action: str
    method: str
    fields: dict[str, list[str]]
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Answer:
    address: str
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")


def walk(session: requests.Session, start: str, *paths: str, most: int = 400) -> Iterator[Answer]:
    """Every page that can be reached by links from `paths`, each once; at most `most`."""
    waiting, seen, queries = [start + path for path in paths or ("/",)], set(), {}
    while waiting and len(seen) < most:
        address = urldefrag(waiting.pop(0)).url
        path = urlsplit(address).path
        if address in seen or not address.startswith(start) or path.startswith(LEFT_ALONE):
            continue
        queries[path] = queries.get(path, 0) + 1
        if queries[path] > MOST_QUERIES_PER_PATH:
            continue
        seen.add(address)
        got = session.get(address, timeout=60, allow_redirects=False)
        answer = Answer(address, got.status_code, dict(got.headers), got.content)
        yield answer
        waiting += links_of(answer)


def links_of(answer: Answer) -> list[str]:
    found = [answer.headers["Location"]] if "Location" in answer.headers else []
    if answer.is_html and answer.content:
        found += html.fromstring(answer.content).xpath(
            "//a/@href | //*/@hx-get | //link/@href | //form[not(@method)]/@action"
        )
    return [
        urljoin(answer.address, link)
        for link in found
        if not link.startswith(("mailto:", "tel:", "javascript:", "data:"))
    ]


def forms_of(answer: Answer) -> list[Form]:
    if not (answer.is_html and answer.content):
        return []
    return [_form(answer, element) for element in html.fromstring(answer.content).xpath("//form")]


def _form(answer: Answer, element) -> Form:
    fields: dict[str, list[str]] = {}
    choices: dict[str, list[str]] = {}
    for control in element.xpath(".//input[@name] | .//textarea[@name] | .//button[@name]"):
        is_off = control.get("type") in ("checkbox", "radio") and control.get("checked") is None
        if not is_off:
            fields.setdefault(control.get("name"), []).append(control.get("value") or control.text or "")
        if control.get("type") in ("checkbox", "radio"):
            choices.setdefault(control.get("name"), []).append(control.get("value") or "on")
    for select in element.xpath(".//select[@name]"):
        values = [option.get("value") or "" for option in select.xpath(".//option")]
        chosen = [option.get("value") or "" for option in select.xpath(".//option[@selected]")]
        fields[select.get("name")] = chosen or values[:1]
        choices[select.get("name")] = values
    action = urljoin(answer.address, element.get("action") or answer.address)
    return Form(answer.address, action, (element.get("method") or "get").lower(), fields, choices)
