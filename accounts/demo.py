"""The demo logins: shown and usable only while both DEBUG and DEMO are on."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

PASSWORD = "perspective-demo"
LOGINS = (
    (_("Administrator"), "admin@example.org"),
    (_("Training coordinator"), "coordinator@example.org"),
    (_("Liaison of Jordan"), "liaison.jo@example.org"),
    (_("Liaison of Ukraine"), "liaison.ua@example.org"),
    (_("Instructor"), "instructor@example.org"),
    (_("Trainee"), "trainee@example.org"),
)


def is_on() -> bool:
    return settings.DEBUG and settings.DEMO


def is_a_login(email: str) -> bool:
    return email.lower() in {each for _label, each in LOGINS}


def demo_logins(request) -> dict:
    """Template context: (label, e-mail, password) for the sign-in page; nothing outside the demo."""
    return {"demo_logins": [(label, email, PASSWORD) for label, email in LOGINS] if is_on() else []}
