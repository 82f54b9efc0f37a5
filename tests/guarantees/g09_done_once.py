"""G9: a deed sent twice is done once, by page and by API; the same key with another body does nothing.

Each deed bears a mark of its own, and nothing but the token keeps its rows from being doubled.
"""

import hashlib
import itertools
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier
from urllib.parse import urlsplit

import requests

from tests.guarantees import Figure
from tests.support.crawl import Answer, forms_of
from tests.support.site import Site, site

SETUP = """
from tests import make
make.coordinator(email="office@example.org")
make.liaison(make.nation("JO", "Jordan"), email="liaison@example.org")
make.course("G9")
"""
# How often each mark was found in rows that a deed made.
COUNTS = """
import json
from collections import Counter
from courses.models import Iteration
from enrollment.models import TrainingRequest
from partners.models import Person
marks = Counter()
for rows, field in ((TrainingRequest, "purpose"), (Person, "family_name"), (Iteration, "title")):
    marks.update(rows.objects.values_list(field, flat=True))
print(json.dumps(marks))
"""
DIGEST = """
from tests.support.digest import digest
print(digest())
"""
DONE = (201, 302)


@dataclass(frozen=True)
class Sending:
    """A request ready to go, as often as one likes. `other` is the same with another content."""

    mark: str
    first: requests.PreparedRequest
    other: requests.PreparedRequest


def prove(*, long: bool) -> Figure:
    pairs = 200 if long else 8
    postgres, sqlite = (_on(kind, pairs) for kind in ("postgres", "sqlite"))
    return postgres & sqlite & _control(max(8, pairs // 4))


def _on(kind: str, pairs: int) -> Figure:
    with site(kind, worker=False, data=False) as perspective:
        perspective.shell(SETUP)
        sendings = prepare(perspective, 2 * pairs)
        at_once = send_pairs(sendings[:pairs])
        retried = [_cut_and_retry(sending, turn) for turn, sending in enumerate(sendings[pairs:])]
        counts = json.loads(perspective.shell(COUNTS))
        conflicts, nothing_happened = _other_bodies(perspective, sendings[: pairs // 4])
    wrong = [sending.mark for sending in sendings if counts.get(sending.mark, 0) != 1]
    unlike = sum(not _are_alike(*answers) for answers in at_once)
    failed = sum(answer.status_code not in DONE for answer in retried)
    once = sum(_is_again(one) != _is_again(other) for one, other in at_once)
    text = (
        f"{kind}: {pairs} pairs at once and {pairs} retried after a cut connection: "
        f"{_effects(counts, sendings[:pairs])} + {_effects(counts, sendings[pairs:])} effects, {unlike} pairs answered "
        f"unlike, {once} pairs and {sum(map(_is_again, retried))} retries answered from memory, {failed} retries failed; "
        f"other content under the same key: {conflicts} of {pairs // 4} refused with 409, "
        f"{'nothing' if nothing_happened else 'SOMETHING'} changed"
    )
    holds = not (wrong or unlike or failed) and once == pairs and conflicts == pairs // 4 and nothing_happened
    return Figure(holds, text)


def _control(pairs: int) -> Figure:
    """The same pairs on a site without the protection are done twice, but for people, who are asked about first."""
    with site(
        "postgres", worker=False, data=False, DJANGO_SETTINGS_MODULE="tests.guarantees.without_once"
    ) as perspective:
        perspective.shell(SETUP)
        sendings = prepare(perspective, pairs)
        send_pairs(sendings)
        counts = json.loads(perspective.shell(COUNTS))
    doubled = sum(counts.get(sending.mark) == 2 for sending in sendings)
    return Figure(2 * doubled >= pairs, f"control without the protection doubled {doubled} of {pairs}")


# What is sent


def prepare(perspective: Site, count: int) -> list[Sending]:
    """As many deeds, through pages and API in turn, each with a form or key of its own."""
    liaison, office = (perspective.sign_in(f"{name}@example.org") for name in ("liaison", "office"))
    course = json.loads(perspective.shell("from courses.models import Course\nprint(Course.objects.get().pk)"))
    doors = itertools.cycle([
        lambda mark: _request_by_page(perspective, liaison, mark),
        lambda mark: _request_by_api(perspective, liaison, mark),
        lambda mark: _person_by_page(perspective, liaison, mark),
        lambda mark: _iteration_by_page(perspective, office, mark, course),
    ])  # fmt: skip
    return [next(doors)(_mark(number)) for number in range(count)]


def _mark(number: int) -> str:
    """A word of its own, too unlike the others for anybody to take one person for another."""
    digits = hashlib.sha256(str(number).encode()).hexdigest()[:16]
    return digits.translate(str.maketrans("0123456789", "ghijklmnop")).capitalize()


def _request_by_page(perspective: Site, session, mark: str) -> Sending:
    wish = {"kind": "mobile team", "people": "5", "language": "Arabic", "funding": "open", "deed": "draft"}
    return _by_page(session, f"{perspective.address}/requests/new/", mark, "purpose", wish, {"people": "6"})


def _person_by_page(perspective: Site, session, mark: str) -> Sending:
    facts = {"given_names": "Given", "sex": "not stated", "category": "military", "gender_function": "none"}
    return _by_page(session, f"{perspective.address}/people/new/", mark, "family_name", facts, {"given_names": "Other"})


def _iteration_by_page(perspective: Site, session, mark: str, course: int) -> Sending:
    monday = date.today() + timedelta(weeks=30) - timedelta(days=date.today().weekday())
    facts = {
        "course": str(course), "starts_on": str(monday), "ends_on": str(monday + timedelta(days=2)), "rest_days": "67",
        "precision": "day", "time_zone": "Europe/Stockholm", "format": "online", "capacity": "20", "minimum": "5",
        "late_policy": "refuse", "language": "English",
    }  # fmt: skip
    return _by_page(session, f"{perspective.address}/iterations/new/", mark, "title", facts, {"capacity": "21"})


def _by_page(session, address: str, mark: str, field: str, facts: dict, change: dict) -> Sending:
    """What a browser sends of the form that it was shown."""
    page = session.get(address, timeout=60)
    shown = Answer(address, page.status_code, dict(page.headers), page.content)
    form = next(form for form in forms_of(shown) if field in form.fields)
    fields = {
        **{name: value for name, value in form.fields.items() if name in ("once", "csrfmiddlewaretoken")},
        **facts,
    }

    def filled_in(**changed) -> requests.PreparedRequest:
        data = {**fields, field: mark, **changed}
        return session.prepare_request(requests.Request("POST", form.action, data=data))

    return Sending(mark, filled_in(), filled_in(**change))


def _request_by_api(perspective: Site, session, mark: str) -> Sending:
    def filled_in(people: int) -> requests.PreparedRequest:
        wish = {"kind": "seats", "people": people, "purpose": mark}
        key = {"Idempotency-Key": f"key of {mark}"}
        address = f"{perspective.address}/api/v1/requests/"
        return session.prepare_request(requests.Request("POST", address, json=wish, headers=key))

    return Sending(mark, filled_in(5), filled_in(6))


# How it is sent


def send_pairs(sendings: list[Sending]) -> list[tuple[requests.Response, requests.Response]]:
    """Each twice, from two connections that start at the same moment; four such pairs at a time."""
    with ThreadPoolExecutor(4) as pairs, ThreadPoolExecutor(8) as pool:
        return list(pairs.map(lambda sending: _send_twice(sending, pool), sendings))


def _send_twice(sending: Sending, pool: ThreadPoolExecutor) -> tuple[requests.Response, requests.Response]:
    start = Barrier(2)
    first, second = (pool.submit(_send, sending.first, start.wait) for _turn in range(2))
    return first.result(), second.result()


def _send(prepared: requests.PreparedRequest, wait: Callable = lambda: None) -> requests.Response:
    with requests.Session() as connection:
        wait()
        return connection.send(prepared, timeout=120, allow_redirects=False)


def _cut_and_retry(sending: Sending, turn: int) -> requests.Response:
    """Send, let go of the line without reading the answer, sooner or later, and send again at once."""
    parts = urlsplit(sending.first.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(_on_the_wire(sending.first))
        time.sleep((0, 0.005, 0.02, 0.2)[turn % 4])
    return _send(sending.first)


def _on_the_wire(prepared: requests.PreparedRequest) -> bytes:
    headers = {**prepared.headers, "Host": urlsplit(prepared.url).netloc}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    return f"POST {prepared.path_url} HTTP/1.1\r\n{head}\r\n".encode() + body


def _other_bodies(perspective: Site, sendings: list[Sending]) -> tuple[int, bool]:
    """Other content under keys that were used: how many were refused with a sentence, and whether nothing changed."""
    before = perspective.shell(DIGEST)
    answers = [_send(sending.other) for sending in sendings]
    refused = sum(answer.status_code == 409 and "nothing was changed" in answer.text for answer in answers)
    return refused, perspective.shell(DIGEST) == before


# What came of it


def _effects(counts: dict[str, int], sendings: list[Sending]) -> int:
    return sum(counts.get(sending.mark, 0) for sending in sendings)


def _are_alike(one: requests.Response, other: requests.Response) -> bool:
    """Done, and with the same answer in every byte that tells of the deed."""
    seen = [(each.status_code, each.headers.get("Location"), each.content) for each in (one, other)]
    return seen[0] == seen[1] and one.status_code in DONE


def _is_again(answer: requests.Response) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"
