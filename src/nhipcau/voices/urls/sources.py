"""Addresses of the register of sources, of files of voices, and of field reports."""

from django.urls import path

from nhipcau.voices.views import field_reports, forgetting, sources, uploads

urlpatterns = [
    path("sources/", sources.source_list, name="source_list"),
    path("sources/new", sources.source_new, name="source_new"),
    path("sources/first", sources.source_first, name="source_first"),
    path("sources/<slug:code>/", sources.source, name="source"),
    path("sources/<slug:code>/edit", sources.source_edit, name="source_edit"),
    path("sources/<slug:code>/stop", sources.source_stop, name="source_stop"),
    path("sources/<slug:code>/start", sources.source_start, name="source_start"),
    path("sources/<slug:code>/forget", forgetting.source_forget, name="source_forget"),
    path("sources/<slug:code>/upload", uploads.upload_new, name="upload_new"),
    path("uploads/<int:upload_id>/", uploads.upload, name="upload"),
    path("uploads/<int:upload_id>/columns", uploads.upload_columns, name="upload_columns"),
    path("uploads/<int:upload_id>/take", uploads.upload_take, name="upload_take"),
    path("uploads/<int:upload_id>/drop", uploads.upload_drop, name="upload_drop"),
    path("field-report/", field_reports.field_report, name="field_report"),
    path("field-report/sent", field_reports.field_report_sent, name="field_report_sent"),
]
