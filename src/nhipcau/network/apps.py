"""The Django application of this room."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Offices, people, rights, the audit log, directives."""

    name = "nhipcau.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"
