"""Options and arguments that several commands have. What only one command has stands with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

ZONE: Final = "Asia/Ho_Chi_Minh"
FILE: Final = click.Path(path_type=Path, dir_okay=False)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
PATHS = click.argument("paths", nargs=-1, type=click.Path(allow_dash=True, path_type=str), metavar="PATH…")
LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is written."
)
COLUMNS = click.option(
    "--columns",
    default="",
    metavar="TARGET=COLUMN,…",
    help="Which columns mean what, e.g. time=published,text=title+summary. What is not named is guessed.",
)
KIND = click.option(
    "--kind",
    type=click.Choice(["post", "press"]),
    default="post",
    show_default=True,
    help="What rows without a kind are: posts of people, or press items that may be quoted.",
)
ZONE_OPTION = click.option("--zone", default=ZONE, show_default=True, help="Zone of times that carry none.")
REJECTS = click.option("--rejects", type=FILE, help="Where bad rows are listed (JSON lines).")
TABLES = (
    click.option("--lexicon", type=FILE, help="Abbreviations of your own (CSV: word,meaning), over the shipped ones."),
    click.option("--gazetteer", type=FILE, help="Places (CSV: code,name,…) instead of the shipped list."),
    click.option("--places", type=FILE, help="Places (CSV: code,name,…) beside the shipped list."),
    click.option("--cues", type=FILE, help="Rules of kinds (CSV: cue,kind,weight,…), over the shipped ones."),
)


def with_tables(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the operator's tables."""
    for option in reversed(TABLES):
        command = option(command)
    return command
