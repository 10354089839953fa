"""Addresses for machines: they need no log-in; `/metrics` guards itself."""

from django.urls import path

from nhipcau.running import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
