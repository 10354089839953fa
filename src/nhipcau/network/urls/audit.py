"""Addresses of the audit log."""

from django.urls import path

from nhipcau.network.views import audit

urlpatterns = [
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/verify", audit.audit_verify, name="audit_verify"),
    path("audit/export", audit.audit_export, name="audit_export"),
]
