"""Addresses of people, their seats, and the duty roster."""

from django.urls import path

from nhipcau.network.views import duty, people, profile

urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("me/deputies", profile.deputies, name="deputies"),
    path("invitation/<str:token>/", profile.invitation, name="invitation"),
    path("people/", people.person_list, name="person_list"),
    path("people/new", people.person_new, name="person_new"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit", people.person_edit, name="person_edit"),
    path("people/<int:person_id>/do/<slug:what>", people.person_do, name="person_do"),
    path("duty/", duty.roster, name="roster"),
    path("duty/change", duty.roster_change, name="roster_change"),
    path("duty/<int:shift_id>/hand-over", duty.hand_over_view, name="hand_over"),
]
