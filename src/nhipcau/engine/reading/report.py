"""What reading found: counts, and which columns were taken for what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class FileReport:
    """One input: its form, its counts, the columns chosen for each target."""

    name: str
    form: str = ""
    rows: int = 0
    later: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    columns: dict[str, list[str]] = field(default_factory=dict)
    fault: str | None = None
    """The code of what made the whole file unreadable."""


@dataclass
class ReadReport:
    """All inputs together. It grows while batches are drawn."""

    files: list[FileReport] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """Files in folders that are of no kind that can be read."""
    has_times: bool = False
    has_authors: bool = False
    unknown_kinds: int = 0
    """Rows that say neither post nor press; they count as posts."""

    @property
    def rows(self) -> int:
        """Rows read."""
        return sum(file.rows for file in self.files)

    @property
    def later(self) -> int:
        """Rows left out because they arrived after `as_of`."""
        return sum(file.later for file in self.files)

    @property
    def rejects_by_reason(self) -> dict[str, int]:
        """Rejected rows by code."""
        return dict(sorted(sum((file.rejected for file in self.files), Counter[str]()).items()))

    @property
    def rejected(self) -> int:
        """Rejected rows."""
        return sum(self.rejects_by_reason.values())

    @property
    def columns(self) -> dict[str, list[str]]:
        """The columns chosen in the first file that has some."""
        return next((file.columns for file in self.files if file.columns), {})
