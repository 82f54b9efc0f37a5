from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts import demo as switch
from insights import demo


class Command(BaseCommand):
    help = "Make the demo: the past with invented participants, a season around today, logins. Repeating adds nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="how many times the past, for load (default 1)")

    def handle(self, *args, scale: int = 1, **options) -> None:
        if not switch.is_on():
            raise CommandError("The demo is made only where DEBUG and DEMO are both on: its logins are public.")
        if scale < 1:
            raise CommandError("--scale takes a whole number from 1.")
        call_command("load_field_data", stdout=self.stdout)
        for what, count in demo.make(scale).items():
            self.stdout.write(f"{what}: {count} new")
