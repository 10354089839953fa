"""Addresses of this room: each subject's file is taken in by itself."""

import pkgutil
from importlib import import_module

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
for _subject in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    urlpatterns += import_module(f"{__name__}.{_subject}").urlpatterns
