"""Loading the web half on a data folder: the settings find everything through the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

SETTINGS: Final = "nhipcau.site.settings"


def environment_of(folder: Path) -> dict[str, str]:
    """Give the variables that name the settings and the data folder."""
    return {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS), "NHIPCAU_DATA": str(folder)}


def load(folder: Path) -> None:
    """Load the web half on this folder, in this process."""
    os.environ.update(environment_of(folder.resolve()))
    import django

    django.setup()
