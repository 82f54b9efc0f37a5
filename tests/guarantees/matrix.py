"""Who gets through which door: every route of the resolver × GET and POST × seven viewpoints, one letter each.

O open · L sent to sign in (401 for programs) · F not for this role (403) · N as if it did not exist (404) ·
M no such method (405). The letters stand in the order of VIEWPOINTS; the objects are the first nation's, so that
“foreign liaison” meets foreign ones. A route without an entry fails the proof.
`python -m tests.guarantees.matrix --print` shows what the site does today.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.guarantees.entries import ENTRIES

VIEWPOINTS = ("anonymous", "trainee", "instructor", "liaison", "foreign liaison", "coordinator", "administrator")
METHODS = ("GET", "POST")
MISSING = 987654321
# Whose doors are a library's own: sign-in pages, and Django's administration, which has a rule instead of entries.
LIBRARIES = ("account_", "mfa_", "usersessions_", "socialaccount_")


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]


def routes() -> list[Route]:
    """Every named route of the site, those of libraries left out but for the administration."""
    from django.urls import get_resolver

    found = {route.name: route for route in _walk(get_resolver(), "", ())}
    return [route for name, route in sorted(found.items()) if not name.startswith(LIBRARIES)]


def _walk(resolver, namespace: str, parameters: tuple) -> Iterator[Route]:
    for each in resolver.url_patterns:
        own = (*parameters, *each.pattern.regex.groupindex)
        if hasattr(each, "url_patterns"):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each, inner, own)
        else:
            yield Route(f"{namespace}{each.name or each.pattern}", own)


class World:
    """The wall's two nations (g01_nation_wall.build), and a client for each viewpoint."""

    def __init__(self) -> None:
        from django.test import Client

        emails = {
            "trainee": "person1-qxjozv@example.org",
            "instructor": "teacher@example.org",
            "liaison": "liaison-qxjozv@example.org",
            "foreign liaison": "liaison-qxuazv@example.org",
            "coordinator": "office@example.org",
            "administrator": "admin2@example.org",
        }
        self.clients = {"anonymous": Client()}
        for viewpoint, email in emails.items():
            self.clients[viewpoint] = self._client(email)
        self.objects = self._objects()

    def _client(self, email: str):
        from django.test import Client

        from accounts.models import User

        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(email=email), backend="accounts.backends.Backend")
        return client

    def _objects(self) -> dict[str, object]:
        """An object of the first nation for each kind that an address can name."""
        from certificates.badges import keys
        from certificates.models import Certificate, IssueBatch, Letter
        from courses.models import Course, Iteration
        from enrollment.models import ChecklistItem, Evidence, Nomination, NominationImport, TrainingRequest
        from notifications.models import Notification

        jordan = {"nation__code": "JO"}
        selected = Nomination.objects.get(state="selected", **jordan)
        item, _is_new = ChecklistItem.objects.get_or_create(nomination=selected, kind="insurance")
        certificate = Certificate.objects.get(nomination__nation__code="JO")
        return {
            "course": Course.objects.get(short_name="WALL").slug,
            "iteration": Iteration.objects.get(course__short_name="WALL", state="nominations open").pk,
            "held": Iteration.objects.get(course__short_name="WALL", state="running").pk,
            "request": TrainingRequest.objects.get(**jordan).pk,
            "nomination": selected.pk,
            "person": selected.person_id,
            "certificate": certificate.pk,
            "code": certificate.code,
            "issuer": certificate.issuer_id,
            "badge key": keys.current().thumbprint(),
            "letter": Letter.objects.get(nomination=selected).pk,
            "batch": IssueBatch.objects.filter(certificates=certificate).get().pk,
            "message": Notification.objects.filter(recipient__email="liaison-qxjozv@example.org").first().pk,
            "item": item.pk,
            "evidence": Evidence.objects.get(kind="language", person__nation__code="JO").pk,
            "import": NominationImport.objects.get(**jordan).pk,
            "user": selected.person.user_id,
        }


def _letter(response) -> str:
    status, location = response.status_code, response.headers.get("Location", "")
    if status == 401 or (status == 302 and location.startswith(("/accounts/login", "/admin/login"))):
        return "L"
    return {403: "F", 404: "N", 405: "M"}.get(status, "O" if status < 500 else "X")


def _ask(world: World, route: Route, kind: str, method: str, viewpoint: str, *, missing: bool) -> str:
    """One request, rolled back: whatever a POST did, the next viewpoint meets the same world."""
    from django.db import transaction
    from django.urls import reverse

    value = MISSING if missing else world.objects.get(kind)
    if missing and kind in ("course", "code"):
        value = "no-such-thing"
    address = (
        reverse(route.name, kwargs=dict.fromkeys(route.parameters, value)) if route.parameters else reverse(route.name)
    )
    with transaction.atomic():
        response = getattr(world.clients[viewpoint], method.lower())(address)
        if hasattr(response, "streaming_content"):
            response.close()
        transaction.set_rollback(True)
    return _letter(response)


def look() -> dict:
    """{route: {method: letters}} as the site answers now, and the doors that a missing object left open."""
    world, answers, ghosts, asked = World(), {}, [], 0
    for route in routes():
        if route.name.startswith("admin:") or route.name not in ENTRIES:
            continue
        kind = ENTRIES[route.name][0]
        answers[route.name] = {}
        for method in METHODS:
            letters = [_ask(world, route, kind, method, viewpoint, missing=False) for viewpoint in VIEWPOINTS]
            answers[route.name][method] = "".join(letters)
            asked += len(letters)
            if route.parameters and kind != "code" and kind != "any":
                found = [_ask(world, route, kind, method, viewpoint, missing=True) for viewpoint in VIEWPOINTS]
                asked += len(found)
                ghosts += [
                    f"{method} {route.name}: {viewpoint}"
                    for letter, viewpoint in zip(found, VIEWPOINTS, strict=True)
                    if letter in "OX"
                ]
    return {"answers": answers, "ghosts": ghosts, "asked": asked}


def judge() -> dict:
    found = look()
    deviations = [
        f"{method} {name}: {letters}, not {expected}"
        for name, answer in found["answers"].items()
        for (method, letters), expected in zip(answer.items(), ENTRIES[name][1:], strict=True)
        if letters != expected
    ]
    names = {route.name for route in routes() if not route.name.startswith("admin:")}
    admin, admin_asked = _admin()
    return {
        "routes": len(names),
        "asked": found["asked"] + admin_asked,
        "deviations": deviations + [f"open for a missing object: {ghost}" for ghost in found["ghosts"]] + admin,
        "without an entry": sorted(names ^ set(ENTRIES)),
        "control": _control(),
    }


def _admin() -> tuple[list[str], int]:
    """The administration is for administrators: every list and every add page, asked by everybody."""
    from django.contrib import admin
    from django.urls import reverse

    world, wrong, asked = World(), [], 0
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            for viewpoint, client in world.clients.items():
                letter, asked = _letter(client.get(reverse(name))), asked + 1
                is_right = letter in "OF" if viewpoint == "administrator" else letter == "L"
                if not is_right:
                    wrong.append(f"{name}: {letter} for {viewpoint}")
    return wrong, asked


def _control() -> bool:
    """With the gate of nominations switched off, a foreign liaison must be seen to get through."""
    from enrollment.models.nomination import NominationQuerySet

    gate, route = NominationQuerySet.visible_to, Route("enrollment:nomination", ("pk",))
    world = World()
    before = _ask(world, route, "nomination", "GET", "foreign liaison", missing=False)
    NominationQuerySet.visible_to = lambda self, user: self
    try:
        after = _ask(world, route, "nomination", "GET", "foreign liaison", missing=False)
    finally:
        NominationQuerySet.visible_to = gate
    return before == "N" and after == "O"


def _print() -> None:
    """Today's answers as entries, to be read line by line before they are kept."""
    found = look()["answers"]
    for name in sorted(found):
        print(f'    "{name}": ("{ENTRIES[name][0]}", "{found[name]["GET"]}", "{found[name]["POST"]}"),')


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    if "--print" in sys.argv:
        _print()
    else:
        print(json.dumps(judge()))
