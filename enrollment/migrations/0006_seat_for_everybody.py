"""Whoever has a place gets one of the iteration's seat rows."""

from django.db import migrations

STATE_OF = {"selected": "named"}
SEATED = ["selected", "confirmed", "attended", "passed", "failed", "no-show"]


def sit_down(apps, schema_editor):
    Nomination, Seat = apps.get_model("enrollment", "Nomination"), apps.get_model("courses", "Seat")
    rows = Nomination.objects.filter(state__in=SEATED, seat__isnull=True).order_by("iteration", "pk")
    for nomination in rows.iterator(chunk_size=500):
        seat = Seat.objects.filter(iteration=nomination.iteration_id, state="free").order_by("number").first()
        if seat is not None:
            Seat.objects.filter(pk=seat.pk).update(state=STATE_OF.get(nomination.state, "confirmed"))
            Nomination.objects.filter(pk=nomination.pk).update(seat=seat)


def stand_up(apps, schema_editor):
    apps.get_model("enrollment", "Nomination").objects.update(seat=None)


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0005_aims"), ("courses", "0003_furnish")]

    operations = [migrations.RunPython(sit_down, stand_up)]
