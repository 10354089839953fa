"""Addresses of people, their seats, and the duty roster."""

from django.urls import path

from nhipcau.network.views import profile

urlpatterns = [
    path("me/", profile.profile, name="profile"),
]
