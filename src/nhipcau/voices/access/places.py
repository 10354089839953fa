"""The places of this room in the navigation."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from nhipcau.network.access.home import Place

PLACES: Final = (
    Place(40, "source_list", _("Sources")),
    Place(55, "field_report", _("Field report")),
)
