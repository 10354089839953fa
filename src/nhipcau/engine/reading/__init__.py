"""read: files of posts become batches of `POST_SCHEMA`. Start at `reader` (a run) or `growing` (a growing file).

`inputs` and `streams` find and open files, `json_lines`, `separated` and `parquet` find values in them by the names in
`columns`, `spans` copies these, and `shaping` judges the rows.
"""

from nhipcau.engine.reading.authors import author_keys
from nhipcau.engine.reading.growing import Growth, read_growing
from nhipcau.engine.reading.inputs import Input, list_inputs
from nhipcau.engine.reading.options import TARGETS, ReadOptions, parse_columns
from nhipcau.engine.reading.reader import PostReader, read_posts
from nhipcau.engine.reading.rejects import REASONS, Reject, RejectSink
from nhipcau.engine.reading.report import FileReport, ReadReport
from nhipcau.engine.reading.times import parse_times

__all__ = [
    "REASONS",
    "TARGETS",
    "FileReport",
    "Growth",
    "Input",
    "PostReader",
    "ReadOptions",
    "ReadReport",
    "Reject",
    "RejectSink",
    "author_keys",
    "list_inputs",
    "parse_columns",
    "parse_times",
    "read_growing",
    "read_posts",
]
