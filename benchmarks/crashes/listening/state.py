"""`python -m benchmarks.crashes.listening.state DATA`: when the last picture was made, once all is told.

Nothing is written while something is still to be heard, described or sent.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.crashes.pending import pending
from nhipcau.running.loading import load


def is_settled() -> bool:
    """All is heard when the log is shown; issues that changed are described, mails have left."""
    from nhipcau.issues.models import BriefDelivery, ListenerBeat, Picture
    from nhipcau.voices.models import IntakeBatch
    from nhipcau.voices.voicelog import VoiceLog

    seq = Picture.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    beat = ListenerBeat.objects.filter(pk=1).first()
    is_heard = not IntakeBatch.objects.exists() and VoiceLog().next_seq == seq
    is_described = beat is not None and beat.to_describe == 0 and beat.seq == seq and beat.doing == "listening"
    is_told = not pending() and not BriefDelivery.objects.filter(outcome="").exists()
    return is_heard and is_described and is_told


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    if is_settled():
        from nhipcau.issues.models import Picture

        sys.stdout.write(str(Picture.objects.get(pk=1).as_of))
