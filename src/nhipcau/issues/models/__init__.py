"""All tables of this room, a file for each subject."""

from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Picture
from nhipcau.issues.models.triage import IssueEvent, IssueNote, NotAnIssue, ThreadPlace

__all__ = ["Issue", "IssueEvent", "IssueHour", "IssueMoment", "IssueNote", "NotAnIssue", "Picture", "ThreadPlace"]
