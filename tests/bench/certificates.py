"""What a certificate costs: ours, tagged and signed, beside the naive way and beside the limit.

CPU of this process in milliseconds a certificate; the variants take turns in each round, and a ratio is the median of
the rounds' ratios. Then memory over many, in one process.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace

ROUNDS, TOGETHER = 9, 25
PACKED_ROUNDS, PACKED = 2, 3  # WOFF2 is so slow that few tell enough
MANY, SETTLED = 5000, 400


def run() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        costs = _measured(_variants(folder))
    naive = costs["naive, whole TTF"]
    print("| variant | CPU ms, median (least) | times cheaper than naive |")
    print("| --- | --- | --- |")
    for name, spent in costs.items():
        ratio = _ratio(naive, spent)
        print(f"| {name} | {statistics.median(spent):.1f} ({min(spent):.1f}) | {ratio:.2f} |", flush=True)
    _print_memory()
    bars = {"tagged_vs_naive": "ours, tagged", "signed_vs_naive": "ours, tagged, badge and signature"}
    return {bar: _ratio(naive, costs[name]) for bar, name in bars.items()}


def _variants(folder: str) -> dict[str, Callable[[int], object]]:
    """Each makes that many certificates."""
    from certificates.rendering import render_many
    from tests.bench import _naive

    whole, packed = _naive.whole_typefaces(), _naive.packed_typefaces(folder)
    return {
        "naive, whole TTF": lambda count: [_naive.made(each, whole) for each in documents(count)],
        "naive, WOFF2": lambda count: [_naive.made(each, packed) for each in documents(min(count, PACKED))],
        "ours, tagged": lambda count: render_many(documents(count)),
        "ours, tagged, badge and signature": signed,
        "ReportLab alone": lambda count: [_naive.by_reportlab(each) for each in documents(count)],
    }


def signed(count: int) -> list[bytes]:
    from certificates import signing
    from certificates.rendering import render_many

    return [signing.sign(file) for file in render_many([_with_badge(each) for each in documents(count)])]


def documents(count: int) -> list:
    """Different people on one course."""
    from certificates.rendering import Signatory
    from tests.certificates.test_rendering import sample

    one = sample(signatories=(Signatory("Anna Bergström", "Course director"), Signatory("Colonel M. Ek", "Commandant")))
    return [
        replace(
            one,
            printed_name=f"Åsa Öström {chr(65 + at % 26)}. {chr(97 + at % 23)}",
            number=f"NCGM-2026-{at:06d}",
            check_url=f"https://perspective.example/verify/q3Zr8vT1mKx0Wb7Jc5L{at:04d}/",
            check_hint=f"perspective.example/verify/ · NCGM-2026-{at:06d} · ABCD-EFGH-JKMN",
        )
        for at in range(count)
    ]


def _with_badge(document):
    from certificates import badges
    from certificates.badges.credential import Award, credential
    from certificates.rendering import Attachment

    printed = {"printed_name": document.printed_name, "heading": document.heading, "number": document.number}
    printed |= {"course_title": document.course_title, "course_line": document.course_line, "dates": document.dates}
    printed |= {"objectives": list(document.objectives), "institutions": list(document.institutions)}
    printed |= {"statement": document.statement, "place": document.place, "issued_on": document.issued_on}
    award = Award(
        kind="completion",
        printed=printed,
        issued_at=document.issued_at,
        expires_on=None,
        check_address=document.check_url,
        issuer_address="https://perspective.example/badges/issuers/1/",
        status_list="https://perspective.example/badges/issuers/1/status/0/",
        status_index=1,
    )
    token = badges.sign(credential(award))
    return replace(document, attachments=(Attachment("badge.jwt", token, "application/vc+jwt", "The badge"),))


def _measured(variants: dict[str, Callable[[int], object]]) -> dict[str, list[float]]:
    for make in variants.values():
        make(2)  # what is loaded once is no part of it
    costs: dict[str, list[float]] = {name: [] for name in variants}
    for at in range(ROUNDS):
        for name, make in variants.items():
            if name != "naive, WOFF2" or at < PACKED_ROUNDS:
                costs[name].append(_cpu_ms(make, PACKED if name == "naive, WOFF2" else TOGETHER))
    return costs


def _cpu_ms(make: Callable[[int], object], count: int) -> float:
    before = time.process_time()
    make(count)
    return (time.process_time() - before) * 1000 / count


def _ratio(naive: list[float], spent: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(naive, spent, strict=False))


def _print_memory() -> None:
    """Growth of this process over many, 25 at a time; it must be flat after the first."""
    import psutil

    process, sizes = psutil.Process(), {}
    for made in range(0, MANY + TOGETHER, TOGETHER):
        if made in (0, SETTLED, MANY // 2, MANY):
            sizes[made] = process.memory_info().rss / 2**20
        signed(TOGETHER)
    told = ", ".join(f"{made}: {size:.0f}" for made, size in sizes.items())
    growth = sizes[MANY] - sizes[0]
    print(f"memory in MiB after so many, signed: {told}; growth {growth:.1f}", flush=True)
    assert growth <= 30, "memory grows"
