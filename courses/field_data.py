"""The field's catalogue: institutions, topics, references, courses. Adds what is missing only."""

from pathlib import Path

import yaml
from django.utils.text import slugify

from courses.models import Course, Prerequisite, Reference, Topic
from partners import grades
from partners.models import Nation, Organisation

DATA = Path(__file__).parent / "data"


def load() -> dict[str, int]:
    """Add what the catalogue names and the database lacks; what people edited stays. Counts of new rows by kind."""
    catalogue = yaml.safe_load((DATA / "catalogue.yaml").read_text(encoding="utf-8"))
    return {
        "institutions": sum(_institution(row) for row in catalogue["institutions"]),
        "topics": sum(Topic.objects.get_or_create(name=name)[1] for name in catalogue["topics"]),
        "references": sum(_reference(row) for row in catalogue["references"]),
        "courses": _courses(catalogue["courses"]),
    }


def _institution(row: dict) -> bool:
    fields = {
        "name": row["name"],
        "kind": row["kind"],
        "nation": Nation.objects.filter(code=row.get("nation")).first(),
        "is_accredited": row.get("accredited", False),
    }
    return Organisation.objects.get_or_create(short_name=row["short"], defaults=fields)[1]


def _reference(row: dict) -> bool:
    fields = {"title": row.get("title", ""), "issued_on": row.get("issued")}
    return Reference.objects.get_or_create(code=row["code"], defaults=fields)[1]


def _courses(rows: list[dict]) -> int:
    known = set(Course.objects.values_list("short_name", flat=True))
    new = [row for row in rows if row["short"] not in known]
    for row in new:
        _course(row)
    for row in new:
        _link(row)
    return len(new)


def _course(row: dict) -> None:
    defaults = {"capacity": row.get("capacity", 24), "minimum": row.get("minimum", 10)}
    course = Course.objects.create(
        slug=slugify(row["short"]),
        short_name=row["short"],
        title=row["title"],
        kind=row["kind"],
        institution=Organisation.objects.get(short_name=row["institution"]),
        level=row.get("level"),
        certification=row.get("certification", ""),
        certified_on=row.get("certified_on"),
        code=row.get("code", ""),
        aim=row.get("aim", ""),
        objectives="\n".join(row.get("objectives", [])),
        audience=row.get("audience", ""),
        duration_days=row.get("duration_days", 1),
        clearance=row.get("clearance", ""),
        assessment=row.get("assessment", "none"),
        certificate_kind=row.get("certificate", "completion"),
        is_chatham_house=row.get("chatham_house", False),
        is_by_invitation=row.get("by_invitation", False),
        active_until=row.get("active_until"),
        default_capacity=defaults["capacity"],
        default_minimum=defaults["minimum"],
        **_criteria(row.get("criteria", {})),
    )
    course.topics.set(Topic.objects.filter(name__in=row.get("topics", [])))
    course.references.set(Reference.objects.filter(code__in=["Bi-SCD 40-1", "UNSCR 1325"]))


def _criteria(criteria: dict) -> dict:
    """The grades of the catalogue, “OF-2 to OF-5” or “OR-6 to OF-5”, inside each scale."""
    fields = {"admits_civilians": criteria.get("civilians", True), "slp_minimum": criteria.get("slp", "")}
    if waiver := grades.parse(criteria.get("nco_by_waiver_from", "")):
        fields["enlisted_by_waiver_from"] = waiver.level
    if "grades" not in criteria:
        return fields
    low, high = (grades.parse(text) for text in criteria["grades"])
    fields |= {"officers_from": low.level if low.scale == "OF" else 1, "officers_to": high.level}
    if low.scale == "OR":
        fields |= {"enlisted_from": low.level, "warrant_officers": True}
    return fields


def _link(row: dict) -> None:
    course = Course.objects.get(short_name=row["short"])
    if predecessor := row.get("predecessor"):
        course.predecessor = Course.objects.get(short_name=predecessor)
        course.save()
    for short_name in row.get("criteria", {}).get("prerequisites", []):
        Prerequisite.objects.get_or_create(course=course, required=Course.objects.get(short_name=short_name))
