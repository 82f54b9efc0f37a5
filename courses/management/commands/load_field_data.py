from django.core.management.base import BaseCommand
from django.db import transaction

from courses import field_data as catalogue
from partners import field_data as partners


class Command(BaseCommand):
    help = "Load nations, frameworks, institutions, topics, references and courses. Changes nothing that exists."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        counts = {**partners.load(), **catalogue.load()}
        for what, count in counts.items():
            self.stdout.write(f"{what}: {count} new")
