"""G25: no input makes a server error, and the API is as described.

Schemathesis on the API for three roles, and a fuzzer of our own on every form that three roles can see; PostgreSQL.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

from tests.guarantees import Figure
from tests.support.crawl import Form, forms_of, walk
from tests.support.site import ROOT, Site, site

ROLES = {
    "coordinator": "coordinator@example.org",
    "liaison": "liaison.jo@example.org",
    "trainee": "trainee@example.org",
}
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
NASTY = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "NaN",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "\x00",
    "a\x00b",
    "\ufffe",
    "\U0001f469\u200d\u2708\ufe0f",
    "\u202eabc",
    "x" * 70000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%00",
    "{{7*7}}",
    "=1+1",
    "Europe/Nowhere",
    "on",
    "[]",
    '{"a": 1}',
]


def prove(*, long: bool) -> Figure:
    """`long` is at least 20,000 cases a role on the API and 5,000 mutated posts; short, a tenth of it and less."""
    with site("postgres", worker=False, DEMO="true") as perspective:
        perspective.manage("demo", timeout=900)
        figures = [_api(perspective, role, *((1350, 20_000) if long else (25, 500))) for role in ROLES]
        figures.append(_forms(perspective, 5000 if long else 400))
    figure = figures[0]
    for each in figures[1:]:
        figure &= each
    return figure & _control()


def _api(perspective: Site, role: str, examples: int, least: int) -> Figure:
    """`examples` of each kind of call; fewer than `least` cases in all prove nothing."""
    session = perspective.sign_in(ROLES[role])
    cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "events.ndjson"
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{perspective.address}/api/schema/?format=json"),
            *("--checks", ",".join(CHECKS), "--max-examples", str(examples), "--phases", "examples,coverage,fuzzing"),
            *("-H", f"Cookie: {cookies}", "-H", f"X-CSRFToken: {session.headers['X-CSRFToken']}"),
            *("-H", f"Referer: {perspective.address}/", "--workers", "1", "--no-shrink", "--seed", "25"),
            *(
                "--request-timeout",
                "60",
                "--suppress-health-check",
                "all",
                "--continue-on-failure",
                "--report-ndjson-path",
                str(report),
            ),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=7200)
        cases = _count_cases(report)
    found = _failures(done.stdout)
    if done.returncode:
        print(done.stdout[-6000:], done.stderr[-2000:], file=sys.stderr)
    text = f"API as {role}: {cases} cases, {found} failures of {len(CHECKS)} checks"
    if done.returncode and not found:
        text += ", but the run itself was not clean"
    return Figure(done.returncode == 0 and cases >= least, text)


def _count_cases(report: Path) -> int:
    """Requests that were sent, as the report's events tell."""
    return report.read_text(encoding="utf-8").count('"status_code"') if report.exists() else 0


def _failures(output: str) -> int:
    counted = re.search(r"(\d+) unique failures?", output)
    return int(counted.group(1)) if counted else 0


def _forms(perspective: Site, posts: int) -> Figure:
    """Every form that each role can reach, each post with some of its fields made nasty."""
    chance, sent, broken = random.Random(25), 0, []
    forms = {role: _forms_of(perspective, email) for role, email in ROLES.items()}
    for turn in range(posts):
        role = list(forms)[turn % len(forms)]
        session, found = forms[role]
        form = chance.choice(found)
        status = _send(session, form, _mutated(form, chance))
        sent += 1
        if status >= 500:
            broken.append(f"{role} {form.method} {form.action} {status}")
    kinds = sum(len(found) for _session, found in forms.values())
    text = f"{sent} mutated posts to {kinds} forms, {len(broken)} server errors {sorted(set(broken))[:5] or ''}"
    return Figure(not broken and kinds > 20, text)


def _forms_of(perspective: Site, email: str) -> tuple[requests.Session, list[Form]]:
    session = perspective.sign_in(email)
    found: dict[tuple, Form] = {}
    for answer in walk(session, perspective.address, "/", most=250):
        for form in forms_of(answer):
            shape = (re.sub(r"\d+", "#", form.action.split("?")[0]), form.method, tuple(sorted(form.fields)))
            if "/accounts/" not in form.action:
                found.setdefault(shape, form)
    return session, list(found.values())


def _mutated(form: Form, chance: random.Random) -> dict[str, list[str]]:
    values = {name: list(value) for name, value in form.fields.items()}
    for name in form.choices:
        if chance.random() < 0.5:
            values[name] = chance.sample(
                form.choices[name], k=min(len(form.choices[name]), 1 + (chance.random() < 0.2))
            )
    for name in values:
        if name != "csrfmiddlewaretoken" and chance.random() < 0.3:
            values[name] = [chance.choice(NASTY)] * chance.choice([1, 1, 1, 2])
    if chance.random() < 0.1 and values:
        values.pop(chance.choice(list(values)))
    return values


def _send(session: requests.Session, form: Form, values: dict[str, list[str]]) -> int:
    if form.method == "get":
        return session.get(form.action, params=values, timeout=60, allow_redirects=False).status_code
    return session.post(form.action, data=values, timeout=60, allow_redirects=False).status_code


def _control() -> Figure:
    """The count of failures must see one: a schema that promises 200 for an address that answers 404."""
    import http.server
    import threading

    class Nothing(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # the name that http.server calls
            self.send_response(500)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    schema = {
        "openapi": "3.1.0",
        "info": {"title": "Control", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": {"description": "fine"}}}}},
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schema.json"
        path.write_text(json.dumps(schema), encoding="utf-8")
        url = f"http://127.0.0.1:{server.server_port}"
        command = [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            str(path),
            "--url",
            url,
            "--checks",
            CHECKS[0],
            "-n",
            "3",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    server.shutdown()
    return Figure(done.returncode != 0 and _failures(done.stdout) > 0, "control with a broken server: seen")
