"""`nhipcau group`: the issue of every post."""

from __future__ import annotations

from pathlib import Path

import click

from nhipcau.cli.files import whole
from nhipcau.cli.inputs import engine_with, read_options, reader_of, table_files
from nhipcau.cli.options import COLUMNS, FILE, LANG, PATHS, REJECTS, ZONE_OPTION, with_tables
from nhipcau.engine.errors import EngineError


@click.command("group")
@PATHS
@click.option("--out", type=FILE, required=True, help="CSV: id,issue.")
@COLUMNS
@ZONE_OPTION
@REJECTS
@LANG
@with_tables
def command(
    paths: tuple[str, ...],
    out: Path,
    columns: str,
    zone: str,
    rejects: Path | None,
    lang: str,
    **tables: Path | None,
) -> None:
    """Issue of every post, one pass in input order, default settings."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv

    if not paths:
        raise EngineError("cli.no-paths")
    engine = engine_with(table_files(tables), keep=False)
    ids: list[pa.Array] = []
    threads = []
    with reader_of(paths, read_options(columns=columns, zone=zone, kind="post", as_of=None), rejects, lang) as reader:
        for identities, numbers in engine.take(reader.batches()):
            ids.append(identities)
            threads.append(numbers)
    engine.end()
    issues = engine.issues_of(np.concatenate(threads)) if threads else np.zeros(0, np.int64)
    table = pa.table({"id": pa.chunked_array(ids, pa.string()), "issue": issues})
    with whole(out) as part:
        csv.write_csv(table, part, csv.WriteOptions(quoting_style="needed"))
