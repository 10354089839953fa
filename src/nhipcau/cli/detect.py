"""`nhipcau detect`: how unusual each value of a series is."""

from __future__ import annotations

from pathlib import Path

import click

from nhipcau.cli.options import FILE, LANG


@click.command("detect")
@click.argument("series", type=FILE, metavar="SERIES.csv")
@click.option("--out", type=FILE, required=True, help="The scored CSV.")
@LANG
def command(series: Path, out: Path, lang: str) -> None:
    """Anomaly score (0..1) of each value of a series, from its past only."""
    from nhipcau.engine.watch.series_file import detect_csv

    detect_csv(series, out)
