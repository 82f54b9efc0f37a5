"""The API's table of contents. Each app's endpoints stand in its api.py."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.routers import SimpleRouter

from certificates.api import CertificateViewSet
from courses.api import CourseViewSet, IterationViewSet
from enrollment.api import NominationViewSet, TrainingRequestViewSet
from partners.api import PersonViewSet

router = SimpleRouter()
router.register("courses", CourseViewSet, basename="course")
router.register("iterations", IterationViewSet, basename="iteration")
router.register("people", PersonViewSet, basename="person")
router.register("requests", TrainingRequestViewSet, basename="training-request")
router.register("nominations", NominationViewSet, basename="nomination")
router.register("certificates", CertificateViewSet, basename="certificate")


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema names the site's session."""

    target_class = "config.gate.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


def long_addresses(result: dict, **_how) -> dict:
    """Say of every operation what the web server itself answers to an address of more than some 4,000 characters."""
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"].setdefault("414", {"description": "The address is too long."})
    return result
