"""G1: no answer of the system tells a liaison anything about another nation's nominees.

(a) every route of the resolver × method × seven viewpoints × own, foreign and missing objects, against `matrix.py`;
(b) a crawl of everything that each viewpoint can reach, looking for marks that only another nation's rows bear;
(c) a foreign and a missing object answer alike.
"""

import json
import re
import statistics
import sys
import time

from tests.guarantees import Figure
from tests.support.crawl import walk
from tests.support.site import Site, site

SETUP = """
from tests.guarantees.g01_nation_wall import build
build()
"""
MARK = "Qx{code}zv"
NATIONS = ("JO", "UA")


def prove(*, long: bool) -> Figure:
    kinds = ("sqlite", "postgres") if long else ("sqlite",)
    figure = None
    for kind in kinds:
        with site(kind, worker=False) as perspective:
            perspective.shell(SETUP)
            found = (
                _matrix(perspective)
                & _canary(perspective, most=1500 if long else 350)
                & _alike(perspective, 200 if long else 26)
            )
        figure = figure & found if figure else found
    return figure


def build() -> None:
    """Two nations with everything that a nation can have, each text of it bearing the nation's mark."""
    from enrollment import actions as enrollment
    from tests import make

    office = make.coordinator(email="office@example.org")
    make.administrator(email="admin2@example.org")
    course = make.course("WALL", assessment="summative")
    upcoming = make.iteration(course, capacity=30, minimum=1, person_told_after_hours=0)
    held = make.running_iteration(course, state="running", capacity=30)
    make.instructor(held, email="teacher@example.org")
    for code in NATIONS:
        _nation(code, office, upcoming, held)
    enrollment.give_all_clear(upcoming, by=office)


def _nation(code: str, office, upcoming, held) -> None:
    from certificates import actions as certificates
    from certificates.letters import actions as letters
    from certificates.tasks import make_certificates, make_letter
    from delivery.models import Attendance
    from enrollment import actions as enrollment
    from tests import make

    mark = MARK.format(code=code)
    nation = make.nation(code, f"Nation {code}")
    liaison = make.liaison(nation, email=f"liaison-{mark.lower()}@example.org", name=f"Liaison {mark}")
    nominee = _person(nation, mark, 1)
    make.language_test(nominee, issuer=f"School {mark}")
    make.evidence(nominee, by=liaison, reference=f"Institute {mark}", original_name=f"Certificate {mark}.pdf")
    request = make.training_request(nation, by=liaison, purpose=f"Purpose {mark}", place=f"Place {mark}")
    enrollment.ask_question(enrollment.submit_request(request, by=liaison), by=office, question=f"Question {mark}?")
    nomination = enrollment.nominate(nominee, upcoming, by=liaison, remarks=f"Remarks {mark}")
    enrollment.submit(nomination, by=liaison)
    make.evidence(nominee, "letter", by=liaison, nomination=nomination, reference=f"Letter {mark}")
    enrollment.select(nomination, by=office)
    make_letter(letters.make(nomination, by=office).pk)
    draft = enrollment.nominate(_person(nation, mark, 2), upcoming, by=liaison, remarks=f"Draft {mark}")
    assert draft.state == "draft"
    graduate = make.nomination(_person(nation, mark, 3), held, state="passed", nominated_by=liaison)
    for day in held.training_days():
        Attendance.objects.create(nomination=graduate, day=day, is_present=True, marked_by=office)
    make.preview_of_a_spreadsheet(nation, upcoming, by=liaison, mark=mark)
    make_certificates(certificates.issue(held, certificates.Act(tells_trainees=True), by=office).pk)


def _person(nation, mark: str, n: int):
    from tests import make

    return make.person(
        nation,
        family_name=f"Family{n} {mark}",
        given_names=f"Given{n}",
        printed_name=f"Printed{n} {mark}",
        email=f"person{n}-{mark.lower()}@example.org",
        service=f"Service {mark}",
        post_title=f"Post {mark}",
        phone="+1 555",
    )


def _matrix(perspective: Site) -> Figure:
    out = perspective.python("-m", "tests.guarantees.matrix", timeout=900)
    found = json.loads(out.splitlines()[-1])
    holds = not found["deviations"] and not found["without an entry"] and found["control"]
    text = f"{found['routes']} routes × methods × 7 viewpoints × 3 objects: {found['asked']} asked, "
    text += f"{len(found['deviations'])} deviations {found['deviations'][:3] or ''}"
    if found["without an entry"]:
        text += f", without an entry: {found['without an entry']}"
    return Figure(holds, text)


def _canary(perspective: Site, most: int) -> Figure:
    """What a liaison and a trainee of each nation can reach bears no mark of the other; the office sees both."""
    leaks, pages = [], 0
    for own, other in (NATIONS, NATIONS[::-1]):
        foreign = re.compile(MARK.format(code=other), re.IGNORECASE)
        for email in (
            f"liaison-{MARK.format(code=own).lower()}@example.org",
            f"person1-{MARK.format(code=own).lower()}@example.org",
        ):
            for address, text in _everything(perspective, email, most):
                pages += 1
                if foreign.search(text):
                    leaks.append(f"{email}: {address.removeprefix(perspective.address)}")
    for address, text in _everything(perspective, None, most):
        pages += 1
        if any(re.search(MARK.format(code=code), text, re.IGNORECASE) for code in NATIONS):
            leaks.append(f"anonymous: {address.removeprefix(perspective.address)}")
    seen = sum(
        bool(re.search("Qx..zv", text, re.IGNORECASE))
        for _a, text in _everything(perspective, "office@example.org", 120)
    )
    text = (
        f"canary: {pages} answers read, {len(leaks)} foreign marks {leaks[:5] or ''}; control: the office sees {seen}"
    )
    return Figure(not leaks and pages > 100 and seen > 5, text)


START = (
    "/",
    "/nation/",
    "/me/",
    "/requests/",
    "/nominations/",
    "/people/",
    "/certificates/",
    "/evidence/",
    "/messages/",
    "/calendar.ics",
    "/search/?q=Qx",
    "/people/?q=Qx",
    "/nominations/?q=Qx",
    "/requests/?q=Qx",
    "/certificates/?q=Qx",
    "/evidence/?q=Qx",
    "/people/?format=csv",
    "/nominations/?format=csv",
    "/requests/?format=csv",
    "/certificates/?format=csv",
    "/evidence/?format=csv",
    "/api/v1/people/",
    "/api/v1/requests/",
    "/api/v1/nominations/",
    "/api/v1/certificates/",
    "/api/v1/people/?search=Qx",
    "/insights/",
    "/desk/",
    "/outbox/",
    "/teaching/",
)


def _everything(perspective: Site, email: str | None, most: int):
    """(address, headers and text) of all that somebody can reach, PDFs read as text."""
    import requests

    session = perspective.sign_in(email) if email else requests.Session()
    for answer in walk(session, perspective.address, *START, most=most):
        yield answer.address, f"{answer.headers} {_text_of(answer)}"


def _text_of(answer) -> str:
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("application/pdf"):
        import io

        from pypdf import PdfReader

        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return answer.content.decode("utf-8", "replace")


def _alike(perspective: Site, pairs: int) -> Figure:
    """A foreign object and none at all: 404, the same bytes but for request id and form token, and the same time."""
    production = {"DJANGO_SETTINGS_MODULE": "config.settings_test", "DEBUG": "false"}
    out = perspective.python("-m", "tests.guarantees.g01_nation_wall", pairs, **production)
    found = json.loads(out.splitlines()[-1])
    holds = not found["different"] and found["apart_ms"] < 5
    text = (
        f"{found['pairs']} foreign and missing pairs, {len(found['different'])} told apart {found['different'] or ''}"
    )
    return Figure(holds, f"{text}, medians {found['apart_ms']:.2f} ms apart")


def _compare(pairs: int) -> dict:
    """Ask `pairs` times for a foreign and for a missing object of each kind, in turn."""
    from django.test import Client

    from accounts.models import User

    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=f"liaison-{MARK.format(code='JO').lower()}@example.org"))
    addresses, different, times = _foreign_addresses(), set(), ([], [])
    for _turn in range(max(1, pairs // len(addresses))):
        for path, pk in addresses:
            answers = []
            for each, spent in zip((pk, 987654321), times, strict=True):
                start = time.perf_counter()
                answers.append(client.get(path.format(each)))
                spent.append(1000 * (time.perf_counter() - start))
            bodies = [
                _without_chance(answer.content.decode(), each)
                for answer, each in zip(answers, (pk, 987654321), strict=True)
            ]
            if any(answer.status_code != 404 for answer in answers) or bodies[0] != bodies[1]:
                different.add(path)
    apart = abs(statistics.median(times[0]) - statistics.median(times[1]))
    return {"pairs": len(times[0]), "different": sorted(different), "apart_ms": apart}


def _without_chance(text: str, pk: int) -> str:
    text = re.sub(
        r'(nonce|csrf-?token|csrfmiddlewaretoken|X-CSRFToken)[^>]{0,60}?["\'][\w+/=-]{16,}["\']',
        "",
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(r"[0-9a-f]{32}", "", text).replace(f"/{pk}/", "/#/")


def _foreign_addresses() -> list[tuple[str, int]]:
    from certificates.models import Certificate
    from enrollment.models import Evidence, Nomination, TrainingRequest
    from partners.models import Person

    person = Person.objects.filter(nation__code="UA").first().pk
    request = TrainingRequest.objects.filter(nation__code="UA").first().pk
    nomination = Nomination.objects.filter(nation__code="UA").first().pk
    certificate = Certificate.objects.filter(nomination__nation__code="UA").first().pk
    evidence = Evidence.objects.filter(person__nation__code="UA").first().pk
    return [
        ("/evidence/{}/", evidence),
        ("/evidence/{}/file/", evidence),
        ("/people/{}/evidence/new/", person),
        ("/nominations/{}/evidence/new/", nomination),
        ("/people/{}/", person),
        ("/people/{}/edit/", person),
        ("/people/{}/nominations/", person),
        ("/requests/{}/", request),
        ("/requests/{}/edit/", request),
        ("/nominations/{}/", nomination),
        ("/nominations/{}/edit/", nomination),
        ("/certificates/{}/", certificate),
        ("/certificates/{}/download/", certificate),
        ("/api/v1/people/{}/", person),
        ("/api/v1/requests/{}/", request),
        ("/api/v1/nominations/{}/", nomination),
        ("/api/v1/certificates/{}/", certificate),
    ]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_compare(int(sys.argv[1]))))
