"""The Django application of this room."""

from django.apps import AppConfig


class RunningConfig(AppConfig):
    """Tables of the worker and of outgoing mail."""

    name = "nhipcau.running"
    label = "running"
    default_auto_field = "django.db.models.BigAutoField"
