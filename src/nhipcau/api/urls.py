"""Addresses of the API; whatever else is asked for under /api/ is answered by a problem too."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from nhipcau.api.house import api
from nhipcau.api.problems import problem


@csrf_exempt
def unknown(_request: HttpRequest, rest: str) -> HttpResponse:
    """Nothing is here."""
    del rest
    return problem(status=404, code="not-found")


urlpatterns = [
    path("v1/", api.urls),
    path("<path:rest>", unknown, name="api_unknown"),
]
