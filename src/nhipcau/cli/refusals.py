"""Errors that the user can mend: one line on standard error in the language of the command line, exit code 2."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from nhipcau.engine.errors import EngineError
from nhipcau.messages import say


class Refused(click.ClickException):
    """What the user can mend, already in words."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print it, without the usage that click would add."""
        click.echo(f"nhipcau: {self.message}", err=True)


class CommandGroup(click.Group):
    """Commands whose library errors become one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the library or the system refuses is told in a line."""
        try:
            return super().invoke(ctx)
        except EngineError as error:
            raise Refused(say(error, lang=_language())) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None
        except OSError as error:
            raise Refused(f"{error.filename or ''}: {error.strerror or error}".strip(": ")) from error


def _language() -> str:
    """Find the language asked for on the line, else the environment's."""
    arguments = sys.argv
    if "--lang" in arguments[:-1]:
        return "en" if arguments[arguments.index("--lang") + 1] == "en" else "vi"
    if "--lang=en" in arguments:
        return "en"
    return "en" if os.environ.get("NHIPCAU_LANG", "vi").startswith("en") else "vi"
