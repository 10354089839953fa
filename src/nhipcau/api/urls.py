"""Addresses of the API; whatever else is asked for under /api/ is answered by a problem too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from nhipcau.api.house import api


@csrf_exempt
def unknown(_request: HttpRequest, rest: str) -> HttpResponse:
    """Nothing is here."""
    raise Http404(rest)


urlpatterns = [
    path("v1/", api.urls),
    path("<path:rest>", unknown, name="api_unknown"),
]
