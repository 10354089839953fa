"""What people do with their words: ask, request, worry, report, thank. Rules are in `data/kinds_*.csv`.

`classify` gives each voice its kind, `questions` groups the open questions of an issue, `cues` reads the rules.
Nothing here judges people or opinions, and nothing may.
"""

from __future__ import annotations

from nhipcau.engine.kinds.classify import Evidence, explain, kinds_of
from nhipcau.engine.kinds.cues import KINDS, CueTable, load_cues
from nhipcau.engine.kinds.questions import Question, group_questions

__all__ = ["KINDS", "CueTable", "Evidence", "Question", "explain", "group_questions", "kinds_of", "load_cues"]
