"""`python -m benchmarks.intake.cast DATA PROGRAMS`: a centre with one source, and a token for each program, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from nhipcau.running.loading import load

SOURCE = "benchmark"


def make_tokens(count: int) -> list[str]:
    """Make the source and the tokens, of one analyst of the hub."""
    from django.utils import timezone

    from nhipcau.network.actions.sample_province import make_sample_province
    from nhipcau.network.actions.tokens import make_token
    from nhipcau.network.models.people import Membership
    from nhipcau.running.preparing import prepare_installation
    from nhipcau.voices.models import Source

    prepare_installation()
    make_sample_province(password="of nobody's use")
    seat = Membership.objects.select_related("person", "office").filter(office__kind="hub", role="analyst")[0]
    Source.objects.create(code=SOURCE, name="Đo tốc độ", kind="api", owner=seat.office, created_at=timezone.now())
    made = [
        make_token(by=seat.person, name=f"Máy {number}", scopes=["voices:write"], days=1) for number in range(count)
    ]
    return [str(text) for _, text in made]


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    json.dump(make_tokens(int(sys.argv[2])), sys.stdout)
