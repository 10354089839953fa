"""`nhipcau sample`: a made-up stream with known truth."""

from __future__ import annotations

from pathlib import Path

import click

from nhipcau.cli.options import FILE, LANG
from nhipcau.cli.progress import progress


@click.command("sample")
@click.option("--days", type=click.IntRange(1), default=14, show_default=True)
@click.option("--posts-per-day", type=click.IntRange(1), default=1500, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=FILE, required=True)
@LANG
def command(days: int, posts_per_day: int, seed: int, out: Path, lang: str) -> None:
    """Write a seeded stream of a made-up province, with a file of what is true of it."""
    from nhipcau.engine.sample.writing import write_sample

    with progress(days * posts_per_day, {"vi": "Viết dữ liệu mẫu", "en": "Writing the sample"}[lang]) as advance:
        summary = write_sample(out, days=days, posts_per_day=posts_per_day, seed=seed, progress=advance)
    click.echo(f"{summary.path}\n{summary.truth}\n{summary.truth_posts}")
