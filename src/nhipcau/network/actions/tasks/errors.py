"""What can go wrong with a directive, each with a code and values; the words are in the catalogue of errors."""

from __future__ import annotations

from nhipcau.site.errors import DomainError


class NotYours(DomainError):
    """The person may look at this but not do that with it."""

    code = "task-not-yours"
    status = 403


class TaskHasMoved(DomainError):
    """The directive is no longer in a state from which this move starts. Values: move, state."""

    code = "task-has-moved"
    status = 409


class TaskInvalid(DomainError):
    """A field does not hold. Values: field, problem."""

    code = "task-invalid"


class TaskCorrected(DomainError):
    """The directive was corrected since it was looked at. Values: none."""

    code = "task-corrected"
    status = 409


class NoRecipients(DomainError):
    """Nobody is addressed, or only offices that are out of reach."""

    code = "task-no-recipients"


class OutOfReach(DomainError):
    """Offices are addressed that the issuer does not direct. Values: offices."""

    code = "task-out-of-reach"


class KeyUsedOtherwise(DomainError):
    """The key of this form was used for a directive that says something else."""

    code = "task-key-used-otherwise"
    status = 409


class ReasonMissing(DomainError):
    """The move needs a reason."""

    code = "task-reason-missing"


class VerifiedBySubmitter(DomainError):
    """Who handed evidence in cannot verify it or send it back."""

    code = "task-verified-by-submitter"


class EvidenceMissing(DomainError):
    """Nothing was handed in."""

    code = "task-evidence-missing"


class EvidenceRefused(DomainError):
    """A piece of evidence is not taken. Values: item, problem and what it needs."""

    code = "task-evidence-refused"


class LinkRefused(DomainError):
    """A one-time link that does not open. Values: problem (unknown, late, passed)."""

    code = "task-link-refused"
    status = 410


class PauseRefused(DomainError):
    """The clocks cannot be paused or resumed now. Values: problem."""

    code = "task-pause-refused"
    status = 409
