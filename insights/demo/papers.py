"""Papers of invented nominees in every state: waiting, checked, rejected; with a page that says it is a sample."""

import unicodedata
from datetime import timedelta

from django.utils import timezone

from enrollment.actions import evidence as actions
from enrollment.models import Evidence, Nomination
from enrollment.scans import scan_of
from insights.demo import logins

PROFILES = ("3333", "3232", "2+222", "3332")
DEED = ("wait", "check", "wait", "reject", "wait", "check")
MOST = 18


def make() -> None:
    """For nominees of the open calls, Jordan's and Ukraine's first: theirs are the liaisons that the demo signs in."""
    if Evidence.objects.exists():
        return
    rows = Nomination.objects.filter(iteration__state="nominations open", submitted_at__isnull=False)
    rows = rows.select_related("person__nation", "nation", "iteration__course", "nominated_by").order_by("pk")
    own = sorted(rows, key=lambda row: row.nation.code not in ("JO", "UA"))
    for n, nomination in enumerate(own[:MOST]):
        _decide(_hand_in(nomination, n), DEED[n % len(DEED)])


def _hand_in(nomination: Nomination, n: int) -> Evidence:
    today, name = timezone.localdate(), nomination.person.titled_name
    about = {"person": nomination.person, "dated_on": today - timedelta(days=40 + n)}
    if n % 9 == 4:
        stated = Evidence(
            kind="clearance", is_cleared=True, level="SECRET", expires_on=today + timedelta(days=900), **about
        )
        return actions.hand_in(stated, None, by=nomination.nominated_by)
    if n % 9 == 8 and nomination.state in actions.ON_THE_WAY:
        paper = Evidence(kind="letter", nomination=nomination, reference=f"MoD {n}/26", **about)
        title = f"Nomination of {name}"
    else:
        paper = Evidence(kind="language", profile=PROFILES[n % len(PROFILES)], reference="Language institute", **about)
        paper.expires_on = today + timedelta(days=30 if n % 5 == 2 else 700)
        title = f"SLP {paper.profile}: {name}"
    return actions.hand_in(paper, scan_of(f"{paper.kind}-{n}.pdf", sample_page(title)), by=nomination.nominated_by)


def _decide(paper: Evidence, deed: str) -> None:
    if deed == "check":
        actions.check(paper, by=logins.coordinator())
    elif deed == "reject":
        actions.reject(paper, by=logins.coordinator(), reason="The name on the paper is another one.")


def sample_page(title: str) -> bytes:
    """One page in plain letters with two lines: the title, and that this is a sample."""
    letters = (
        unicodedata.normalize("NFKD", title)
        .encode("ascii", "ignore")
        .replace(b"(", b"")
        .replace(b")", b"")
        .replace(b"\\", b"")
    )
    drawing = b"BT /F 20 Tf 60 760 Td (%s) Tj 0 -40 Td (Sample of the demo: invented.) Tj ET" % letters
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\n" % table
    return file + head + b"startxref\n%d\n%%%%EOF\n" % len(file)
