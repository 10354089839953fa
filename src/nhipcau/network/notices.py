"""What whoever starts a centre must know: where it is founded, while it is not."""

from __future__ import annotations

from collections.abc import Iterator

from nhipcau.network.access.founding import founding_key, is_unfounded
from nhipcau.running.notices import notice

WORDS = {
    "vi": "Trung tâm chưa được lập. Hãy mở trang sau và trả lời năm câu hỏi: {place}",
    "en": "The centre is not founded yet. Open this page and answer five questions: {place}",
}


@notice
def founding(lang: str) -> Iterator[str]:
    """Name the first page, with the key that opens it."""
    if is_unfounded():
        yield WORDS[lang].format(place=f"{{address}}start/?key={founding_key()}")
