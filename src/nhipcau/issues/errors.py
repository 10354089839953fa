"""What can be refused when somebody works on an issue; `words.py` says it."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class IssueHasMoved(DomainError):
    """Somebody was faster: the issue stands otherwise than the page showed. Values: none."""

    code = "issue-has-moved"
    status = 409


class ThreadsHaveMoved(DomainError):
    """Some of the threads that are named are in another issue by now. Values: `count`."""

    code = "issue-threads-have-moved"
    status = 409


class IssueInvalid(DomainError):
    """What was given does not hold. Values: `field`, `problem`."""

    code = "issue-invalid"


class NothingToSplit(DomainError):
    """None or all of the threads were chosen. Values: none."""

    code = "issue-nothing-to-split"
