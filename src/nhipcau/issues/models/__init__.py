"""All tables of this room, a file for each subject."""

from nhipcau.issues.models.alerts import Alert, AlertCursor, AlertNotice, AlertRule, AlertSighting
from nhipcau.issues.models.briefs import Brief, BriefDelivery, BriefReader, BriefSchedule, BriefState
from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Picture
from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.issues.models.notifiers import Notifier
from nhipcau.issues.models.triage import IssueEvent, IssueNote, NotAnIssue, ThreadPlace

__all__ = [
    "Alert",
    "AlertCursor",
    "AlertNotice",
    "AlertRule",
    "AlertSighting",
    "Brief",
    "BriefDelivery",
    "BriefReader",
    "BriefSchedule",
    "BriefState",
    "Issue",
    "IssueEvent",
    "IssueHour",
    "IssueMoment",
    "IssueNote",
    "ListenerBeat",
    "NotAnIssue",
    "Notifier",
    "Picture",
    "ThreadPlace",
]
