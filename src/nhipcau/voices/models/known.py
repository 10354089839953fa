"""Which voices were accepted lately, as 64 bits of what each is called: a voice that is sent again is left out.

New ones stand together in a row for each batch, which costs an accept next to nothing; a job files them by number.
"""

from __future__ import annotations

from django.db import models


class RecentVoices(models.Model):
    """The voices of one batch, until they are filed."""

    accepted_on = models.DateField()
    digests = models.BinaryField()  # int64, in the order of this machine's sort

    def __str__(self) -> str:
        """How many there are."""
        return str(len(self.digests) // 8)


class KnownVoice(models.Model):
    """A voice that was accepted in the last days."""

    digest = models.BigIntegerField(primary_key=True)
    accepted_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        """Its number."""
        return str(self.digest)
