"""Addresses of the picture and of issues."""

from django.urls import path

from nhipcau.issues.views import issues, picture, triage

urlpatterns = [
    path("picture/", picture.picture, name="picture"),
    path("picture/part", picture.picture_part, name="picture_part"),
    path("picture/events", picture.picture_events, name="picture_events"),
    path("issues/", issues.issue_list, name="issue_list"),
    path("issues/not-issues/", triage.not_issue_list, name="not_issue_list"),
    path("issues/not-issues/<int:denial_id>/take-back", triage.not_issue_take_back, name="not_issue_take_back"),
    path("issues/<int:issue_id>/", issues.issue, name="issue"),
    path("issues/<int:issue_id>/do/<slug:what>", triage.issue_do, name="issue_do"),
    path("issues/<int:issue_id>/merge", triage.issue_merge, name="issue_merge"),
    path("issues/<int:issue_id>/split", triage.issue_split, name="issue_split"),
    path("issues/<int:issue_id>/deny", triage.issue_deny, name="issue_deny"),
]
