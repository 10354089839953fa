"""What an archive says of itself; it is its last member, so an archive without one was cut off."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Final

from nhipcau import __version__

FORMAT: Final = 1
NAME: Final = "manifest.json"
FILES: Final = "files/"
DATABASES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@dataclass
class Manifest:
    """Which version made the archive, when, of which database, and what is in it: digest and size by name."""

    database: str
    made_at: str
    format: int = FORMAT
    version: str = __version__
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Write it."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read it; raise ValueError where it is not one."""
        values = json.loads(text)
        if not isinstance(values, dict) or set(values) != set(cls.__dataclass_fields__):
            raise ValueError("not a manifest")
        files = {str(name): (str(digest), int(size)) for name, (digest, size) in values.pop("files").items()}
        return cls(**values, files=files)
