"""The Celery app. Beat's table is here; what a worker does stands in each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("perspective")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
