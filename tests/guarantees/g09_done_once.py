"""G9: a deed sent twice is done once, by page and by API; the same key with another body does nothing.

Each deed bears a mark of its own, and nothing but the token keeps its rows from being doubled.
"""

import hashlib
import itertools
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlsplit

import requests
from django.utils import timezone

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
LIAISON = """
from accounts.models import User
print(User.objects.get(email="liaison@example.org").pk)
"""
CLAIM = """
INSERT INTO accounts_sending (user_id, key, content_hash, status, headers, body, messages, sent_at)
VALUES (%s, %s, '', 0, '{}', '', '[]', now())
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
    found = postgres & sqlite & _control(max(8, pairs // 4))
    return found & _while_the_first_is_at_work() if long else found


def _on(kind: str, pairs: int) -> Figure:
    with site(kind, worker=False, data=False) as perspective:
        perspective.shell(SETUP)
        sendings = prepare(perspective, 2 * pairs)
        paired, cut = sendings[:pairs], sendings[pairs:]
        answers = send_pairs(paired)
        retries = [_cut_and_retry(sending, turn) for turn, sending in enumerate(cut)]
        counts = json.loads(perspective.shell(COUNTS))
        other = _other_content(perspective, paired[: pairs // 4])
    return _pairs_figure(kind, paired, answers, counts) & _retries_figure(cut, retries, counts) & other


def _pairs_figure(kind: str, sendings: list[Sending], answers: list, counts: dict[str, int]) -> Figure:
    """One effect each; both told the same, one of them from memory."""
    effects, doubled = _effects(sendings, counts)
    unlike = sum(not _are_alike(*pair) for pair in answers)
    remembered = sum(_is_again(one) != _is_again(other) for one, other in answers)
    text = f"{kind}: {len(answers)} pairs at once, {effects} effects, {doubled} doubled, {unlike} answered unlike"
    return Figure(effects == remembered == len(answers) and not doubled + unlike, text)


def _retries_figure(sendings: list[Sending], retries: list[requests.Response], counts: dict[str, int]) -> Figure:
    effects, doubled = _effects(sendings, counts)
    failed = sum(answer.status_code not in DONE for answer in retries)
    text = f"{len(retries)} retried after a cut connection, {effects} effects, {doubled} doubled, {failed} failed"
    text += f", {sum(map(_is_again, retries))} answered from memory"
    return Figure(effects == len(retries) and not doubled + failed, text)


def _other_content(perspective: Site, sendings: list[Sending]) -> Figure:
    """Other content under keys that were used is refused with a sentence, and every row stays as it was."""
    before = perspective.shell(DIGEST)
    answers = [_send(sending.other) for sending in sendings]
    refused = sum(answer.status_code == 409 and "nothing was changed" in answer.text for answer in answers)
    is_unchanged = perspective.shell(DIGEST) == before
    text = f"other content under the same key: {refused} of {len(answers)} refused with 409, "
    return Figure(
        refused == len(answers) > 0 and is_unchanged, text + f"{'0 rows' if is_unchanged else 'ROWS'} changed"
    )


def _while_the_first_is_at_work() -> Figure:
    """Who waits longer than the database's patience is told so; if the first comes to nothing, the next one does it."""
    with site("postgres", worker=False, data=False, STATEMENT_TIMEOUT_MS="1000") as perspective:
        perspective.shell(SETUP)
        sending = prepare(perspective, 2)[1]
        with _at_work(perspective, sending):
            impatient = _send(sending.first)
        after = _send(sending.first)
        effects, _doubled = _effects([sending], json.loads(perspective.shell(COUNTS)))
    is_told = impatient.status_code == 409 and "still being done" in impatient.text
    text = f"while the first is still at work: {impatient.status_code}; once it came to nothing: {after.status_code}"
    return Figure(is_told and after.status_code in DONE and effects == 1, text)


@contextmanager
def _at_work(perspective: Site, sending: Sending) -> Iterator[None]:
    """Another transaction has claimed the key, and is rolled back in the end."""
    import psycopg2

    user = json.loads(perspective.shell(LIAISON))
    key = hashlib.sha256(sending.first.headers["Idempotency-Key"].encode()).hexdigest()
    with closing(psycopg2.connect(perspective.env["DATABASE_URL"])) as other, other.cursor() as cursor:
        cursor.execute(CLAIM, [user, key])
        yield
        other.rollback()


def _control(pairs: int) -> Figure:
    """The same pairs on a site without the protection are done twice, but for people, who are asked about first."""
    unprotected = {"DJANGO_SETTINGS_MODULE": "tests.guarantees.without_once"}
    with site("postgres", worker=False, data=False, **unprotected) as perspective:
        perspective.shell(SETUP)
        sendings = prepare(perspective, pairs)
        send_pairs(sendings)
        _effects_found, doubled = _effects(sendings, json.loads(perspective.shell(COUNTS)))
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
    today = timezone.localdate()
    monday = today + timedelta(weeks=30, days=-today.weekday())
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


# What came of it


def _effects(sendings: list[Sending], counts: dict[str, int]) -> tuple[int, int]:
    """How many rows they left, and how many of them left more than one."""
    found = [counts.get(sending.mark, 0) for sending in sendings]
    return sum(found), sum(count > 1 for count in found)


def _are_alike(one: requests.Response, other: requests.Response) -> bool:
    """Done, and with the same answer in every byte that tells of the deed."""
    seen = [(each.status_code, each.headers.get("Location"), each.content) for each in (one, other)]
    return seen[0] == seen[1] and one.status_code in DONE


def _is_again(answer: requests.Response) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"
