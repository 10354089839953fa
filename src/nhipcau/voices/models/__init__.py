"""All tables of this room, a file for each subject."""

from nhipcau.voices.models.health import FeedHost, HeardHour, SourceFailure
from nhipcau.voices.models.intake import IntakeBatch, IntakeReceipt
from nhipcau.voices.models.known import KnownVoice, RecentVoices
from nhipcau.voices.models.segments import Forgetting, LeavingFile, LogPosition, LogSegment, SegmentPart
from nhipcau.voices.models.sources import Source
from nhipcau.voices.models.uploads import Upload

__all__ = [
    "FeedHost",
    "Forgetting",
    "HeardHour",
    "IntakeBatch",
    "IntakeReceipt",
    "KnownVoice",
    "LeavingFile",
    "LogPosition",
    "LogSegment",
    "RecentVoices",
    "SegmentPart",
    "Source",
    "SourceFailure",
    "Upload",
]
