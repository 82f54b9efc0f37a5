"""The field's data on partners: every nation of ISO 3166, and dated framework memberships. Adds what is missing."""

import csv
from datetime import date
from pathlib import Path

from django.utils.translation import override
from django_countries import countries

from partners.models import Framework, FrameworkMembership, Nation

DATA = Path(__file__).parent / "data"
FRAMEWORKS = {
    "NATO": "NATO",
    "PFP": "Partnership for Peace",
    "MD": "Mediterranean Dialogue",
    "ICI": "Istanbul Cooperation Initiative",
    "GLOBAL": "Partners across the globe",
}


def load() -> dict[str, int]:
    """Add the nations, frameworks and memberships that are missing; what people edited stays. New rows by kind."""
    return {"nations": _nations(), "frameworks": _frameworks(), "memberships": _memberships()}


def _nations() -> int:
    known = set(Nation.objects.values_list("code", flat=True))
    with override("fr"):
        french = {code: str(name) for code, name in countries}
    with override("en"):
        missing = [(code, str(name)) for code, name in countries if code not in known]
    for code, name in missing:
        Nation.objects.create(code=code, alpha3=countries.alpha3(code), name=name, name_fr=french.get(code, ""))
    return len(missing)


def _frameworks() -> int:
    made = [
        Framework.objects.get_or_create(code=code, defaults={"name": name, "position": position})[1]
        for position, (code, name) in enumerate(FRAMEWORKS.items(), 1)
    ]
    return sum(made)


def _memberships() -> int:
    """One per nation, framework and start; a nation whose memberships were edited is left alone."""
    nations = {nation.code: nation for nation in Nation.objects.all()}
    frameworks = {framework.code: framework for framework in Framework.objects.all()}
    edited = set(FrameworkMembership.objects.values_list("nation__code", flat=True))
    with (DATA / "frameworks.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["nation"] not in edited]
    for row in rows:
        FrameworkMembership.objects.create(
            nation=nations[row["nation"]],
            framework=frameworks[row["framework"]],
            from_on=date.fromisoformat(row["from"]),
            to_on=_day(row["to"]),
            suspended_from=_day(row["suspended_from"]),
            precision=row["dates"],
        )
    return len(rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
