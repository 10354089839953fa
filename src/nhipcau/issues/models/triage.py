"""What people do with issues: notes, the history of each, threads put elsewhere by hand, what is no issue.

Grouping itself is never changed by hand: these rows lie over it, so that every step can be taken back.
"""

from __future__ import annotations

from django.db import models


class IssueNote(models.Model):
    """What somebody of the centre noted about an issue."""

    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        """Its beginning."""
        return self.text[:60]


class IssueEvent(models.Model):
    """Something that happened to an issue, by the grouping or by a person: never changed, never deleted."""

    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    # appeared, level, merged, absorbed, split, renamed, triaged, owned, not-an-issue, an-issue-again, …
    code = models.CharField(max_length=30)
    other = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    values = models.JSONField(default=dict)

    class Meta:
        """What is looked up often."""

        indexes = (models.Index(fields=["issue", "at"], name="event_of_issue"),)

    def __str__(self) -> str:
        """What happened."""
        return self.code


class ThreadPlace(models.Model):
    """A thread of the grouping that a person has put into another issue than the grouping would."""

    thread = models.BigIntegerField(primary_key=True)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="placed_threads")
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    anchors = models.JSONField(default=list)  # latest voices of it, as in `Issue`

    def __str__(self) -> str:
        """Which thread is where."""
        return f"{self.thread} → {self.issue_id}"


class NotAnIssue(models.Model):
    """That a person has said of an issue that it is none, and how others like it are known; it can be taken back."""

    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="denials")
    by = models.ForeignKey("network.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    signature = models.JSONField(default=list)  # keywords without diacritics
    taken_back_at = models.DateTimeField(null=True, blank=True)
    hides_only_itself = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Which issue."""
        return f"not an issue: {self.issue_id}"
