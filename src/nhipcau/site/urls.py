"""All addresses: the log-in of allauth, those for machines, and those of the rooms."""

from django.urls import include, path

from nhipcau.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language", views.set_language, name="set_language"),
    path("theme", views.set_theme, name="set_theme"),
    path("", include("nhipcau.running.urls")),
    path("account/", include("nhipcau.site.log_in_urls")),
    path("", include("nhipcau.network.urls")),
    path("", include("nhipcau.voices.urls")),
    path("", include("nhipcau.issues.urls")),
    path("api/", include("nhipcau.api.urls")),
]
handler400 = "nhipcau.site.views.bad_request"
handler403 = "nhipcau.site.views.refused"
handler404 = "nhipcau.site.views.not_found"
handler500 = "nhipcau.site.views.broken"
