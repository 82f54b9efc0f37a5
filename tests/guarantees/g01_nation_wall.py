"""G1: no answer of the system tells a liaison anything about another nation's nominees.

(a) every route of the resolver × method × seven viewpoints × own, foreign and missing objects, against `matrix.py`;
(b) a crawl of everything that each viewpoint can reach, looking for marks that only another nation's rows bear;
(c) a foreign and a missing object answer alike.
"""

import json
import re
import sys

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
            found = _matrix(perspective) & _canary(perspective, most=1500 if long else 350) & _alike(perspective)
        figure = figure & found if figure else found
    return figure


def build() -> None:
    """Two nations with everything that a nation can have, each text of it bearing the nation's mark."""
    from tests import make

    office = make.coordinator(email="office@example.org")
    make.administrator(email="admin2@example.org")
    course = make.course("WALL", assessment="summative")
    upcoming = make.iteration(course, capacity=30, minimum=1)
    held = make.running_iteration(course, state="running", capacity=30)
    make.instructor(held, email="teacher@example.org")
    for code in NATIONS:
        _nation(code, office, upcoming, held)


def _nation(code: str, office, upcoming, held) -> None:
    from certificates import actions as certificates
    from certificates.tasks import make_certificate
    from delivery.models import Attendance
    from enrollment import actions as enrollment
    from tests import make

    mark = MARK.format(code=code)
    nation = make.nation(code, f"Nation {code}")
    liaison = make.liaison(nation, email=f"liaison-{mark.lower()}@example.org", name=f"Liaison {mark}")
    nominee = _person(nation, mark, 1)
    make.language_test(nominee, issuer=f"School {mark}")
    request = make.training_request(nation, by=liaison, purpose=f"Purpose {mark}", place=f"Place {mark}")
    enrollment.ask_question(enrollment.submit_request(request, by=liaison), by=office, question=f"Question {mark}?")
    nomination = enrollment.nominate(nominee, upcoming, by=liaison, remarks=f"Remarks {mark}")
    enrollment.submit(nomination, by=liaison)
    enrollment.select(nomination, by=office)
    draft = enrollment.nominate(_person(nation, mark, 2), upcoming, by=liaison, remarks=f"Draft {mark}")
    assert draft.state == "draft"
    graduate = make.nomination(_person(nation, mark, 3), held, state="passed", nominated_by=liaison)
    for day in held.training_days():
        Attendance.objects.create(nomination=graduate, day=day, is_present=True, marked_by=office)
    make_all = certificates.issue(held, by=office)
    for certificate in make_all.certificates.all():
        make_certificate(certificate.pk)


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
    "/messages/",
    "/calendar.ics",
    "/search/?q=Qx",
    "/people/?q=Qx",
    "/nominations/?q=Qx",
    "/requests/?q=Qx",
    "/certificates/?q=Qx",
    "/people/?format=csv",
    "/nominations/?format=csv",
    "/requests/?format=csv",
    "/certificates/?format=csv",
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


def _alike(perspective: Site) -> Figure:
    """A foreign object and none at all: the same status and, but for the request id and form token, the same bytes."""
    session = perspective.sign_in(f"liaison-{MARK.format(code='JO').lower()}@example.org")
    foreign = json.loads(perspective.shell(FOREIGN))
    different = []
    for path, pk in foreign:
        answers = [session.get(perspective.address + path.format(each), timeout=60) for each in (pk, 987654321)]
        bodies = [_without_chance(answer.text, each) for answer, each in zip(answers, (pk, 987654321), strict=True)]
        if answers[0].status_code != 404 or answers[1].status_code != 404 or bodies[0] != bodies[1]:
            different.append(path)
    return Figure(
        not different, f"{len(foreign)} foreign and missing pairs, {len(different)} told apart {different or ''}"
    )


def _without_chance(text: str, pk: int) -> str:
    text = re.sub(
        r'(nonce|csrf-?token|csrfmiddlewaretoken|X-CSRFToken)[^>]{0,60}?["\'][\w+/=-]{16,}["\']',
        "",
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(r"[0-9a-f]{32}", "", text).replace(str(pk), "#")


FOREIGN = """
import json
from certificates.models import Certificate
from enrollment.models import Nomination, TrainingRequest
from partners.models import Person
ua = {"nation__code": "UA"}
print(json.dumps([
    ["/people/{}/", Person.objects.filter(**ua).first().pk],
    ["/people/{}/edit/", Person.objects.filter(**ua).first().pk],
    ["/requests/{}/", TrainingRequest.objects.filter(**ua).first().pk],
    ["/nominations/{}/", Nomination.objects.filter(**ua).first().pk],
    ["/certificates/{}/", Certificate.objects.filter(nomination__nation__code="UA").first().pk],
    ["/certificates/{}/download/", Certificate.objects.filter(nomination__nation__code="UA").first().pk],
    ["/api/v1/people/{}/", Person.objects.filter(**ua).first().pk],
    ["/api/v1/requests/{}/", TrainingRequest.objects.filter(**ua).first().pk],
    ["/api/v1/nominations/{}/", Nomination.objects.filter(**ua).first().pk],
    ["/api/v1/certificates/{}/", Certificate.objects.filter(nomination__nation__code="UA").first().pk],
]))
"""

if __name__ == "__main__":
    print(prove(long=False), file=sys.stderr)
