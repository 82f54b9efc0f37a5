"""Pages that belong to no app: liveness, readiness, and the answer to a form without a valid token."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from config.celery import app
from notifications.models import Notification


def healthz(request):
    """The process is alive."""
    return JsonResponse({"status": "alive"})


def readyz(request):
    """Database, cache and broker answer, and no job waits for long; 503 where one does not."""
    checks = {"database": _database(), "broker": _broker()}
    oldest = _oldest_waiting_seconds() if checks["database"] else None
    is_ready = checks["database"]  # without the broker the site serves on, and the sweep catches up
    body = {"status": "ready" if is_ready else "not ready", **checks, "oldest_waiting_job_seconds": oldest}
    return JsonResponse(body, status=200 if is_ready else 503)


def unknown_endpoint(request, rest: str = ""):
    """The API answers in JSON, an address that it does not have included."""
    return JsonResponse({"detail": _("There is no such endpoint, or the id is not one.")}, status=404)


def csrf_failure(request, reason=""):
    """The form was open for too long, or came from elsewhere: say so, in the site's look."""
    return render(request, "403_csrf.html", status=403)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.get("readyz")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # whatever the broker's trouble is, it does not answer
        return False
    return True


def _oldest_waiting_seconds() -> int:
    now = timezone.now()
    dues = [
        jobs.objects.waiting().order_by("due_at").values_list("due_at", flat=True).first()
        for jobs in (Notification, Certificate)
    ]
    return max((int((now - due).total_seconds()) for due in dues if due), default=0)
