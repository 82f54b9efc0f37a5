"""The demo: the published past, a season around today, requests in every state. People and names are invented."""

from django.db import transaction

from enrollment.models import Nomination, TrainingRequest
from insights.demo import load, logins, papers, past, requests, season


def make(scale: int = 1) -> dict[str, int]:
    """Make what is missing of the demo, in order; counts of new rows by kind."""
    before = Nomination.objects.count(), TrainingRequest.objects.count()
    with transaction.atomic():
        logins.make()
        past.make()
        requests.make()
        season.make()
        papers.make()
        load.make(scale)
    certificates = season.make_files()
    return {
        "nominations": Nomination.objects.count() - before[0],
        "training requests": TrainingRequest.objects.count() - before[1],
        "certificate files": certificates,
    }
