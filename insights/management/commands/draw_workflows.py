from django.conf import settings
from django.core.management.base import BaseCommand

from insights import workflows


class Command(BaseCommand):
    help = "Write docs/workflows.md from the workflow tables."

    def handle(self, *args, **options) -> None:
        (settings.BASE_DIR / "docs" / "workflows.md").write_text(workflows.page(), encoding="utf-8")
        self.stdout.write("docs/workflows.md is up to date.")
