"""What an issue is called: a phrase of its own voices, keywords beside it; below the floor of authors keywords only."""

from __future__ import annotations

from nhipcau.engine.labels.label import Label, label_from_keywords, label_issue

__all__ = ["Label", "label_from_keywords", "label_issue"]
