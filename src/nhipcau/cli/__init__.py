"""The command line, thin over the library: options in, library called, files written whole or not at all.

`nhipcau brief | group | detect | follow | fetch | sample`, a module each; what they share is in `options`, `inputs`,
`files` and `progress`. The commands of the web half stand beside what they do (`nhipcau.running`, `nhipcau.network`).
Every error is one line and exit code 2 (`refusals`); its words are in `nhipcau.messages`.
"""

from __future__ import annotations

import click

from nhipcau import __version__
from nhipcau.cli import brief, detect, fetch, follow, group, sample
from nhipcau.cli.refusals import CommandGroup
from nhipcau.network.commands import audit
from nhipcau.running.commands import COMMANDS


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nhipcau")
def main() -> None:
    """From a stream of public posts to a ranked, evidenced, forecast brief of the issues that people raise."""


_ENGINE = (brief.command, group.command, detect.command, follow.command, fetch.command, sample.command)

for command in (*_ENGINE, *COMMANDS, audit):
    main.add_command(command)
