"""Settings, root addresses, the Celery app, the API router. Nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
