"""The Django application of what all pages share."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Base templates, style and catalogues; no tables."""

    name = "nhipcau.site"
    label = "site"
