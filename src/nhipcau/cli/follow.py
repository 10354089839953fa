"""`nhipcau follow`: keeps up with a folder or standard input."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from nhipcau.cli.inputs import read_options, table_files, zone_of
from nhipcau.cli.options import COLUMNS, FOLDER, KIND, LANG, REJECTS, ZONE_OPTION, with_tables


@click.command("follow")
@click.argument("source", metavar="DIR|-", type=str)
@click.option("--state", type=FOLDER, required=True, help="What is kept.")
@click.option("--once", is_flag=True, help="End when it has caught up.")
@click.option("--every", type=click.FloatRange(0.1), default=5.0, show_default=True, help="Seconds between looks.")
@KIND
@COLUMNS
@ZONE_OPTION
@REJECTS
@LANG
@with_tables
def command(
    source: str,
    state: Path,
    once: bool,  # noqa: FBT001
    every: float,
    kind: str,
    columns: str,
    zone: str,
    rejects: Path | None,
    lang: str,
    **tables: Path | None,
) -> None:
    """Keep up with a growing folder, or with standard input (-).

    It can be killed at any moment: started again, it goes on from its last checkpoint. Standard input is then to be
    fed from its beginning again; what was taken already is skipped.
    """
    from nhipcau.following import Follower

    follower = Follower(
        state,
        read_options=lambda key: read_options(columns=columns, zone=zone, kind=kind, as_of=None, key=key),
        rejects=rejects,
        clock=lambda: datetime.now(UTC),
        zone=zone_of(zone),
        tables=table_files(tables),
    )
    follower.run(
        source, once=once, every_seconds=every, on_progress=lambda posts: click.echo(_taken(posts, lang), err=True)
    )


def _taken(posts: int, lang: str) -> str:
    return f"Đã nhận {posts:,} bài".replace(",", ".") if lang == "vi" else f"{posts:,} posts taken"
