"""All tables of this room, a file for each subject."""

from nhipcau.voices.models.intake import IntakeBatch, IntakeReceipt
from nhipcau.voices.models.segments import LogPosition, LogSegment, SegmentPart
from nhipcau.voices.models.sources import Source
from nhipcau.voices.models.uploads import Upload

__all__ = ["IntakeBatch", "IntakeReceipt", "LogPosition", "LogSegment", "SegmentPart", "Source", "Upload"]
