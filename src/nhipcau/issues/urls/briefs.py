"""Addresses of briefs."""

from django.urls import path

from nhipcau.issues.views import brief_files, brief_settings, brief_steps, briefs

urlpatterns = [
    path("briefs/", briefs.brief_list, name="brief_list"),
    path("briefs/new", brief_steps.brief_new, name="brief_new"),
    path("briefs/readers/", brief_settings.brief_readers, name="brief_readers"),
    path("briefs/readers/new", brief_settings.brief_reader_new, name="brief_reader_new"),
    path("briefs/readers/<int:reader_id>", brief_settings.brief_reader_switch, name="brief_reader_switch"),
    path("briefs/hours/", brief_settings.brief_schedules, name="brief_schedules"),
    path("briefs/hours/new", brief_settings.brief_schedule_new, name="brief_schedule_new"),
    path("briefs/hours/<int:schedule_id>", brief_settings.brief_schedule_do, name="brief_schedule_do"),
    path("briefs/<int:brief_id>/", briefs.brief, name="brief"),
    path("briefs/<int:brief_id>/edit", briefs.brief_edit, name="brief_edit"),
    path("briefs/<int:brief_id>/sign", briefs.brief_sign, name="brief_sign"),
    path("briefs/<int:brief_id>/renew", brief_steps.brief_renew, name="brief_renew"),
    path("briefs/<int:brief_id>/discard", brief_steps.brief_discard, name="brief_discard"),
    path("briefs/<int:brief_id>/send", brief_steps.brief_send, name="brief_send"),
    path("briefs/<int:brief_id>/correct", brief_steps.brief_correct, name="brief_correct"),
    path("briefs/deliveries/<int:delivery_id>", brief_steps.brief_send_again, name="brief_send_again"),
    path("briefs/<int:brief_id>/pdf", brief_files.brief_pdf, name="brief_pdf"),
    path("briefs/<int:brief_id>/html", brief_files.brief_html, name="brief_html"),
    path("briefs/<int:brief_id>/json", brief_files.brief_json, name="brief_json"),
]
