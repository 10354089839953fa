"""Ways to reach staff beside e-mail: an address of a messenger or of another system, kept sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Notifier(models.Model):
    """An address that alerts are handed to; whoever knows it may write there, so it is a secret."""

    name = models.CharField(max_length=80)
    owner = models.ForeignKey("network.Office", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=80)  # what kind it is, in the service's own name
    scheme = models.CharField(max_length=40)  # the part of the address before ://, which is no secret
    sealed_address = models.TextField()
    """Encrypted with a key from the installation's secret key (`sealing.py`)."""
    language = models.CharField(max_length=5, default="vi")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Rules that a row must keep."""

        constraints = (models.CheckConstraint(condition=~Q(name=""), name="notifier_has_name"),)

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def masked(self) -> str:
        """The address without what is secret of it."""
        return f"{self.scheme}://••••••"
