"""Give iterations that are there already their seats, the two new dates, and a row for each step of the clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations
from django.utils import timezone

STEPS = [
    "nominations_close_on",
    "warn_holders_on",
    "notification_on",
    "take_back_on",
    "go_no_go_on",
    "joining_instructions_on",
    "last_substitution_on",
]
DEADLINES = {"nominations_close_on", "take_back_on", "last_substitution_on"}


def furnish(apps, schema_editor):
    Iteration = apps.get_model("courses", "Iteration")
    Seat, ClockStep = apps.get_model("courses", "Seat"), apps.get_model("courses", "ClockStep")
    for iteration in Iteration.objects.select_related("course").iterator(chunk_size=500):
        if iteration.nominations_close_on and iteration.notification_on and iteration.go_no_go_on:
            iteration.warn_holders_on = between(iteration, 49, iteration.nominations_close_on, iteration.notification_on)
            iteration.take_back_on = between(iteration, 42, iteration.notification_on, iteration.go_no_go_on)
            iteration.save(update_fields=["warn_holders_on", "take_back_on"])
        Seat.objects.bulk_create(Seat(iteration=iteration, number=n + 1) for n in range(iteration.capacity))
        ClockStep.objects.bulk_create(steps_of(iteration, ClockStep))


def between(iteration, days, earliest, latest):
    return min(max(iteration.starts_on - timedelta(days=days), earliest), latest)


def steps_of(iteration, ClockStep):
    for step in STEPS:
        day = getattr(iteration, step)
        if day is not None:
            shift = timedelta(days=1 if step in DEADLINES else 0)
            due_at = datetime.combine(day + shift, time.min, ZoneInfo(iteration.time_zone))
            over = due_at <= timezone.now()
            report = "Over before it was planned: nothing was done." if over else ""
            done_at = timezone.now() if over else None
            yield ClockStep(
                iteration=iteration, step=step, due_on=day, due_at=due_at, done_at=done_at, report=report
            )


def take_away(apps, schema_editor):
    apps.get_model("courses", "Seat").objects.all().delete()
    apps.get_model("courses", "ClockStep").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_seats")]

    operations = [migrations.RunPython(furnish, take_away)]
