"""Addresses of webhooks."""

from django.urls import path

from nhipcau.network.views import webhooks

urlpatterns = [
    path("webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("webhooks/new", webhooks.webhook_new, name="webhook_new"),
    path("webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/stop", webhooks.webhook_stop, name="webhook_stop"),
]
