"""What can be wrong with a source, an upload or a field report; their words are in `forms/source_words.py`."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class SourceInvalid(DomainError):
    """A field of a source does not hold. Values: field, problem, limit."""

    code = "source-invalid"


class SourceIsStopped(DomainError):
    """It is stopped already, or not stopped. Values: problem."""

    code = "source-state"
    status = 409


class UploadRefused(DomainError):
    """A file that is not taken, or a step that it cannot take now. Values: problem, limit."""

    code = "upload-refused"


class UploadElsewhere(DomainError):
    """Somebody was faster: the file stands elsewhere by now. Values: none."""

    code = "upload-elsewhere"
    status = 409


class ReportInvalid(DomainError):
    """A field report does not hold. Values: field, problem, limit."""

    code = "report-invalid"
