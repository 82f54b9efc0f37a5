"""G4: an id in a body, filter, sort, bulk list or hidden field is checked like one in an address.

Every id-bearing parameter is sent a foreign id, a mixed list, a list where one value is meant, and rubbish. Nothing
may be accepted, and nothing may change.
"""

import json

from tests.guarantees import Figure
from tests.support.site import site


def prove(*, long: bool) -> Figure:
    kinds = ("sqlite", "postgres") if long else ("sqlite",)
    figure = None
    for kind in kinds:
        with site(kind, web=False, worker=False, data=False) as perspective:
            found = json.loads(perspective.python("-m", "tests.guarantees.g04_ids_pass_the_gate").splitlines()[-1])
        holds = not found["wrong"] and found["sent"] > 0 and found["control"]
        text = f"{kind}: {found['sent']} foreign, mixed and made-up ids sent, {len(found['wrong'])} accepted "
        text += str(found["wrong"][:4] or "")
        each = Figure(holds, f"{text}; control with own ids changed {found['control']} things")
        figure = figure & each if figure else each
    return figure


class World:
    """Jordan's liaison and the office's coordinator, with Jordan's and Ukraine's rows."""

    def __init__(self) -> None:
        from django.test import Client

        from enrollment import actions as enrollment
        from enrollment.actions import Wish
        from tests import make

        self.jordan, self.ukraine = make.nation("JO", "Jordan"), make.nation("UA", "Ukraine")
        self.liaison, self.office = make.liaison(self.jordan), make.coordinator()
        course = make.course("G4")
        self.iteration, self.other = make.iteration(course, capacity=30, minimum=1), make.iteration(course)
        self.elsewhere = make.iteration(make.course("G4X"))
        self.draft_iteration = make.iteration(course, state="draft")
        self.own, self.foreign = make.person(self.jordan), make.person(self.ukraine)
        self.nominations = [
            make.nomination(make.person(self.jordan), self.iteration, nominated_by=self.liaison) for _ in range(9)
        ]
        self.foreign_nomination = make.nomination(self.foreign, self.other)
        self.unsubmitted = make.nomination(make.person(self.ukraine), self.iteration, state="draft")
        self.request = make.training_request(self.ukraine)
        self.foreign_evidence = make.evidence(self.foreign)
        self.preview = make.preview_of_a_spreadsheet(self.jordan, self.iteration, by=self.liaison)
        self.doubtful = self.preview.rows.get(outcome="alike").pk
        ukraines = make.preview_of_a_spreadsheet(self.ukraine, self.iteration, by=make.liaison(self.ukraine))
        self.foreign_row = ukraines.rows.get(outcome="alike").pk
        self.held = make.running_iteration(course, state="running", capacity=30)
        wishes = [Wish(self.jordan, 2), Wish(self.ukraine, 2)]
        self.quota_elsewhere, self.foreign_quota = enrollment.set_quotas(self.elsewhere, wishes, by=self.office)
        self.placed = make.nomination(
            make.person(self.jordan), self.elsewhere, state="confirmed", nominated_by=self.liaison
        )
        self.participant = make.nomination(
            make.person(self.jordan), self.held, state="confirmed", nominated_by=self.liaison
        )
        self.clients = {}
        for name, user in (("liaison", self.liaison), ("office", self.office), ("teacher", make.instructor(self.held))):
            self.clients[name] = Client(raise_request_exception=False)
            self.clients[name].force_login(user, backend="accounts.backends.Backend")


def attempts(world: World) -> list[tuple]:
    """(who, method, address, body, what it tries): none of them may change anything."""
    i, ids = world.iteration.pk, [nomination.pk for nomination in world.nominations]
    rubbish = ["0", "-1", "abc", "99999999999999999999", "1,2", "1 OR 1=1", "", "null"]
    decide = f"/iterations/{i}/decide/"
    found = [
        (
            "liaison",
            "post",
            f"/iterations/{i}/nominate/",
            {"person": world.foreign.pk, "priority": 1, "submit": "1"},
            "a foreign person",
        ),
        (
            "liaison",
            "post",
            f"/iterations/{i}/nominate/",
            {"person": [world.foreign.pk, world.foreign.pk], "priority": 1},
            "a list",
        ),
        (
            "liaison",
            "post",
            f"/iterations/{world.draft_iteration.pk}/nominate/",
            {"person": world.own.pk, "priority": 1},
            "a hidden iteration",
        ),
        (
            "liaison",
            "post",
            f"/nominations/{world.foreign_nomination.pk}/move/",
            {"move": "withdraw", "reason": "x"},
            "a foreign nomination",
        ),
        (
            "liaison",
            "post",
            f"/requests/{world.request.pk}/move/",
            {"move": "withdraw", "reason": "x"},
            "a foreign request",
        ),
        (
            "liaison",
            "post",
            f"/people/{world.foreign.pk}/edit/",
            {"family_name": "Changed"},
            "a foreign person's record",
        ),
        (
            "liaison",
            "post",
            f"/people/{world.foreign.pk}/completions/",
            {"course": 1, "completed_on": "2025-01-01"},
            "a foreign person's evidence",
        ),
        (
            "liaison",
            "post",
            f"/people/{world.foreign.pk}/language-tests/",
            {"profile": "3333", "tested_on": "2025-01-01"},
            "a foreign test",
        ),
        (
            "liaison",
            "post",
            f"/people/{world.foreign.pk}/evidence/new/",
            {"kind": "clearance", "is_cleared": "no"},
            "a statement about a foreign person",
        ),
        (
            "liaison",
            "post",
            f"/nominations/{world.foreign_nomination.pk}/evidence/new/",
            {"kind": "clearance", "is_cleared": "no"},
            "a statement on a foreign nomination",
        ),
        (
            "liaison",
            "post",
            f"/evidence/{world.foreign_evidence.pk}/move/",
            {"move": "check"},
            "a foreign paper",
        ),
        (
            "liaison",
            "post",
            "/people/new/",
            {"family_name": "N", "sender": f"nation:{world.ukraine.pk}", "nation": world.ukraine.pk},
            "a foreign sender",
        ),
        (
            "liaison",
            "post",
            f"/imports/{world.preview.pk}/decide/",
            {f"row-{world.doubtful}": world.foreign.pk},
            "a foreign person for an own row",
        ),
        (
            "liaison",
            "post",
            f"/imports/{world.preview.pk}/decide/",
            {f"row-{world.doubtful}": "new", f"row-{world.foreign_row}": "new"},
            "1 own and 1 foreign row",
        ),
        (
            "office",
            "post",
            decide,
            {"ids": [*ids, world.foreign_nomination.pk], "move": "select", "confirmed": "1"},
            "9 own and 1 of elsewhere",
        ),
        (
            "office",
            "post",
            decide,
            {"ids": [*ids, world.unsubmitted.pk], "move": "select", "confirmed": "1"},
            "9 own and 1 draft",
        ),
        (
            "office",
            "post",
            decide,
            {"ids": [*ids, 987654321], "move": "select", "confirmed": "1"},
            "9 own and 1 missing",
        ),
        ("liaison", "post", decide, {"ids": ids, "move": "select", "confirmed": "1"}, "the office's deed"),
        (
            "office",
            "post",
            f"/iterations/{i}/cancel/",
            {"reason": "x", "carry_to": world.elsewhere.pk},
            "another course's iteration",
        ),
        (
            "office",
            "post",
            f"/iterations/{i}/quotas/release/",
            {"quota": world.quota_elsewhere.pk},
            "another iteration's quota",
        ),
        (
            "office",
            "post",
            f"/iterations/{i}/quotas/",
            {"q-TOTAL_FORMS": 1, "q-INITIAL_FORMS": 0, "q-0-holder": "nation:987654321", "q-0-floor": 1},
            "a nation that is none",
        ),
        (
            "office",
            "post",
            f"/nominations/{world.nominations[0].pk}/transfer/",
            {"to": world.elsewhere.pk},
            "another course's iteration",
        ),
        (
            "office",
            "post",
            f"/nominations/{world.nominations[0].pk}/transfer/",
            {"to": world.draft_iteration.pk},
            "an iteration that takes no nominations",
        ),
        ("office", "post", f"/nominations/{world.unsubmitted.pk}/transfer/", {"to": world.other.pk}, "a draft"),
        (
            "liaison",
            "post",
            f"/iterations/{i}/ranking/",
            {"principals": [*ids, world.foreign_nomination.pk]},
            "9 own and 1 foreign",
        ),
        (
            "liaison",
            "post",
            f"/iterations/{world.other.pk}/ranking/",
            {"principals": [world.foreign_nomination.pk]},
            "a foreign order",
        ),
        (
            "liaison",
            "post",
            f"/iterations/{i}/preference/",
            {"principals": [world.foreign_nomination.pk]},
            "a foreign preference",
        ),
        (
            "liaison",
            "post",
            f"/iterations/{world.elsewhere.pk}/turn-back/",
            {"quota": world.foreign_quota.pk, "count": 1},
            "a foreign quota",
        ),
        (
            "liaison",
            "post",
            f"/iterations/{i}/turn-back/",
            {"quota": world.quota_elsewhere.pk, "count": 1},
            "the own quota of another iteration",
        ),
        (
            "liaison",
            "post",
            f"/nominations/{world.placed.pk}/substitute/",
            {"person": world.foreign.pk, "reason": "x"},
            "a foreign substitute",
        ),
        (
            "liaison",
            "post",
            f"/nominations/{world.foreign_nomination.pk}/substitute/",
            {"person": world.own.pk, "reason": "x"},
            "a foreign place",
        ),
        (
            "teacher",
            "post",
            f"/iterations/{world.held.pk}/attendance/",
            {"day": str(world.held.ends_on), "present": [world.participant.pk, world.foreign_nomination.pk]},
            "a foreign participant",
        ),
        (
            "teacher",
            "post",
            f"/iterations/{world.iteration.pk}/attendance/",
            {"day": str(world.iteration.starts_on), "present": ids},
            "another's iteration",
        ),
        (
            "api-liaison",
            "post",
            "/api/v1/nominations/",
            {"person": world.foreign.pk, "iteration": i},
            "a foreign person",
        ),
        ("api-liaison", "post", "/api/v1/nominations/", {"person": [world.own.pk], "iteration": i}, "a list"),
        (
            "api-liaison",
            "post",
            "/api/v1/nominations/",
            {"person": world.own.pk, "iteration": world.draft_iteration.pk},
            "a hidden iteration",
        ),
        (
            "api-liaison",
            "post",
            f"/api/v1/nominations/{world.foreign_nomination.pk}/move/",
            {"move": "withdraw", "reason": "x"},
            "foreign",
        ),
        (
            "api-liaison",
            "post",
            "/api/v1/requests/",
            {"kind": "seats", "people": 1, "purpose": "x", "sender": "UA"},
            "a foreign sender",
        ),
    ]
    for value in rubbish:
        found.append(
            ("liaison", "post", f"/iterations/{i}/nominate/", {"person": value, "priority": 1}, f"person {value!r}")
        )
        found.append(
            (
                "office",
                "post",
                decide,
                {"ids": [*ids, value], "move": "select", "confirmed": "1"},
                f"ids with {value!r}",
            )
        )
        found.append(
            (
                "office",
                "get",
                f"/nominations/?iteration={value}&sort={value}&state={value}&after={value}",
                None,
                f"filters {value!r}",
            )
        )
        found.append(
            ("liaison", "get", f"/people/?sort={value}&after={value}&nation={value}", None, f"filters {value!r}")
        )
    return found


def _inside() -> dict:
    from django.db import transaction

    from tests.support.digest import digest

    world, wrong = World(), []
    before = digest()
    tries = attempts(world)
    for who, method, address, body, what in tries:
        with transaction.atomic():
            status = _send(world, who, method, address, body)
            if status >= 500 or (method == "post" and digest() != before):
                wrong.append(f"{who} {address}: {what} ({status})")
            transaction.set_rollback(True)
    return {"sent": len(tries), "wrong": wrong, "control": _control(world, digest)}


def _send(world: World, who: str, method: str, address: str, body: dict | None) -> int:
    client = world.clients[who.removeprefix("api-")]
    if method == "get":
        return client.get(address).status_code
    if who.startswith("api-"):
        return client.post(address, body, content_type="application/json").status_code
    return client.post(address, body).status_code


def _control(world: World, digest) -> int:
    """The same doors with own ids do open: what is refused above is refused for its id."""
    from django.db import transaction

    changed, before = 0, digest()
    ids = [nomination.pk for nomination in world.nominations]
    i = world.iteration.pk
    for who, address, body in (
        ("liaison", f"/iterations/{i}/nominate/", {"person": world.own.pk, "priority": 1}),
        ("office", f"/iterations/{i}/decide/", {"ids": ids, "move": "select", "confirmed": "1"}),
        ("api-liaison", "/api/v1/nominations/", {"person": world.own.pk, "iteration": i}),
        ("liaison", f"/iterations/{i}/ranking/", {"principals": ids}),
        (
            "liaison",
            f"/iterations/{world.elsewhere.pk}/turn-back/",
            {"quota": world.quota_elsewhere.pk, "count": 1},
        ),
        ("liaison", f"/nominations/{world.placed.pk}/substitute/", {"person": world.own.pk, "reason": "x"}),
    ):
        with transaction.atomic():
            _send(world, who, "post", address, body)
            changed += digest() != before
            transaction.set_rollback(True)
    return changed if changed == 6 else 0


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    print(json.dumps(_inside()))
