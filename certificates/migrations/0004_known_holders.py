"""Certificates from before: their holder and iteration are those of the nomination; their numbers get a normal form."""

import re

from django.db import migrations

PARTS = re.compile(r"[^\W\d_]+|[0-9]+")


def fill(apps, schema_editor):
    certificates = apps.get_model("certificates", "Certificate").objects
    for each in certificates.filter(number_key=None).select_related("nomination").iterator():
        each.person_id, each.iteration_id = each.nomination.person_id, each.nomination.iteration_id
        parts = PARTS.findall(each.number.casefold())
        each.number_key = "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)
        each.save(update_fields=["person", "iteration", "number_key"])


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_evidence")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
