"""`nhipcau fetch`: public feeds to posts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from nhipcau.cli.inputs import zone_of
from nhipcau.cli.options import FILE, LANG, ZONE_OPTION
from nhipcau.cli.refusals import Refused
from nhipcau.engine.errors import EngineError
from nhipcau.messages import say


@click.command("fetch")
@click.argument("urls", nargs=-1, required=True, metavar="FEED_URL…")
@click.option("--out", type=FILE, required=True, help="JSON lines to append to.")
@click.option("--allow-private", is_flag=True, help="Allow addresses of private networks.")
@click.option("--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds for each feed.")
@ZONE_OPTION
@LANG
def command(
    urls: tuple[str, ...],
    out: Path,
    allow_private: bool,  # noqa: FBT001
    timeout: float,
    zone: str,
    lang: str,
) -> None:
    """RSS, Atom and JSON feeds to posts; what is new is appended."""
    from nhipcau.feeds.reader import fetch_feeds

    outcomes = fetch_feeds(
        urls,
        out,
        now=datetime.now(UTC),
        allow_private=allow_private,
        timeout_seconds=timeout,
        zone=zone_of(zone),
    )
    failed = 0
    for outcome in outcomes:
        if outcome.error is not None:
            failed += 1
            click.echo(f"nhipcau: {say(outcome.error, lang=lang)}", err=True)
        else:
            click.echo(f"{outcome.url}: +{outcome.new_posts}")
    if failed == len(outcomes):
        raise Refused(say(EngineError("cli.no-feed"), lang=lang))
