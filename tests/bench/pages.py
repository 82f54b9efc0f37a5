"""CPU, wall time and queries of each page, beside a bare Django view and a bare 50-row list in the same process.

Each data set is measured in a process of its own, warm, the pages taking turns in every round; figures are medians.
A ratio compares within one process; across data sets, pages are first divided by the bare view of their own process.
"""

import json
import statistics
import sys
import time
from collections import defaultdict
from contextlib import ExitStack

from tests.support.site import site

ROUNDS = 15
SCALES = {"1": 1, "2k": 6, "200k": 610}
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
BARE = ["bare view", "bare list"]
PUBLIC = ["/", "/courses/", "/courses/genad/", "/calendar/", "/iterations/{iteration}/", "/verify/"]
STAFF_LISTS = ["/nominations/", "/requests/", "/people/", "/certificates/", "/outbox/"]
STAFF = ["/desk/", "/iterations/{iteration}/nominations/", "/insights/", *STAFF_LISTS]


def run() -> dict[str, float]:
    """Measure on both databases at each scale, print the table, return the bars."""
    found = {}
    for kind in ("sqlite", "postgres"):
        with ExitStack() as stack:
            perspective = stack.enter_context(
                site(kind, web=False, worker=False, DEMO="true", STATEMENT_TIMEOUT_MS="0")
            )
            for label, scale in SCALES.items():
                perspective.manage("demo", "--scale", scale, timeout=1800)
                found[kind, label] = json.loads(
                    perspective.python("-m", "tests.bench.pages", timeout=900).splitlines()[-1]
                )
    _print_table(found)
    return _bars(found)


def _bars(found: dict) -> dict[str, float]:
    """The worst page of each kind, over both databases."""

    def worst(pages: list[str], scale: str) -> float:
        return max(
            run_[page]["cpu"] / run_["bare list"]["cpu"]
            for (_, at), run_ in found.items()
            if at == scale
            for page in pages
        )

    growth = [
        (found[kind, "200k"][page]["wall"] / found[kind, "200k"]["bare view"]["wall"])
        / (found[kind, "2k"][page]["wall"] / found[kind, "2k"]["bare view"]["wall"])
        for kind in ("sqlite", "postgres")
        for page in STAFF_LISTS
    ]
    return {
        "public_page_vs_bare_list": worst(PUBLIC, "1"),
        "staff_list_vs_bare_list": worst(STAFF_LISTS, "1"),
        "list_200k_vs_2k": max(growth),
    }


def _print_table(found: dict) -> None:
    print("| page | " + " | ".join(f"{kind} {label}: CPU ms · wall ms · SQL" for kind, label in found) + " |")
    print("| --- " * (len(found) + 1) + "|")
    for page in [*BARE, *PUBLIC, *STAFF]:
        cells = [
            f"{each[page]['cpu']:.1f} · {each[page]['wall']:.1f} · {each[page]['queries']}" for each in found.values()
        ]
        print(f"| {page} | " + " | ".join(cells) + " |")


def _inside() -> dict:
    clients = _clients()
    times = defaultdict(lambda: {"cpu": [], "wall": []})
    for turn in range(ROUNDS + 2):
        for page, ask in clients.items():
            cpu, wall = time.process_time(), time.perf_counter()
            answer = ask()
            spent = time.process_time() - cpu, time.perf_counter() - wall
            assert answer.status_code == 200, f"{page} answered {answer.status_code}"
            if turn >= 2:
                times[page]["cpu"].append(1000 * spent[0])
                times[page]["wall"].append(1000 * spent[1])
    return {
        page: {
            "cpu": statistics.median(spent["cpu"]),
            "wall": statistics.median(spent["wall"]),
            "queries": _queries(clients[page]),
        }
        for page, spent in times.items()
    }


def _clients() -> dict:
    """{page: a function that asks for it}, the bare ones through seven middlewares, the rest through the site's."""
    from django.test import Client, override_settings

    from accounts.invitations import account_for
    from accounts.models import User
    from courses.models import Iteration

    office = Client()
    coordinator = account_for("bench@example.org", "Bench")  # the demo's own logins are nobody without DEBUG
    User.objects.filter(pk=coordinator.pk).update(is_coordinator=True)
    office.force_login(coordinator, backend="accounts.backends.Backend")
    anybody = Client()
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE, ROOT_URLCONF="tests.bench._bare"):
        bare = Client()
        bare.get("/view")  # the handler loads its middlewares with its first request

    def ask_bare(path: str):
        with override_settings(ROOT_URLCONF="tests.bench._bare"):
            return bare.get(path)

    iteration = Iteration.objects.get(reference="D05").pk
    asks = {"bare view": lambda: ask_bare("/view"), "bare list": lambda: ask_bare("/list")}
    asks |= {page: (lambda path=page: anybody.get(path.format(iteration=iteration))) for page in PUBLIC}
    asks |= {page: (lambda path=page: office.get(path.format(iteration=iteration))) for page in STAFF}
    return asks


def _queries(ask) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False  # Django keeps every query while it is on
    settings.ALLOWED_HOSTS = ["testserver"]
    print(json.dumps(_inside()), file=sys.stdout)
