"""The command line, thin over the library: options in, library called, files written whole or not at all.

`nhipcau brief | group | detect | follow | fetch | sample`. Every error is one line and exit code 2; its words are in
`nhipcau.messages`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from nhipcau import __version__
from nhipcau.engine.errors import EngineError
from nhipcau.messages import say
from nhipcau.network.commands import audit
from nhipcau.running.commands import COMMANDS

if TYPE_CHECKING:
    from nhipcau.engine.brief.model import Brief
    from nhipcau.engine.reading import PostReader, ReadOptions
    from nhipcau.engine.stream import Engine
    from nhipcau.engine.tables import TableFiles

ZONE = "Asia/Ho_Chi_Minh"
MANY_POSTS = 4000
"""From so many posts on a brief will have forecasts."""
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
REJECTS = click.option(
    "--rejects", type=click.Path(path_type=Path, dir_okay=False), help="Where bad rows are listed (JSON lines)."
)

FILE = click.Path(path_type=Path, dir_okay=False)
TABLES = (
    click.option("--lexicon", type=FILE, help="Abbreviations of your own (CSV: word,meaning), over the shipped ones."),
    click.option("--gazetteer", type=FILE, help="Places (CSV: code,name,…) instead of the shipped list."),
    click.option("--places", type=FILE, help="Places (CSV: code,name,…) beside the shipped list."),
    click.option("--cues", type=FILE, help="Rules of kinds (CSV: cue,kind,weight,…), over the shipped ones."),
)


def _with_tables(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the operator's tables."""
    for option in reversed(TABLES):
        command = option(command)
    return command


class _Refused(click.ClickException):
    """An error that the user can mend: one line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"nhipcau: {self.message}", err=True)


class _Group(click.Group):
    """Commands whose library errors become one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EngineError as error:
            raise _Refused(say(error, lang=_language(ctx))) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None
        except OSError as error:
            raise _Refused(f"{error.filename or ''}: {error.strerror or error}".strip(": ")) from error


def _language(ctx: click.Context) -> str:
    """Find the language asked for on the line, else the environment's."""
    arguments = sys.argv
    if "--lang" in arguments[:-1]:
        return "en" if arguments[arguments.index("--lang") + 1] == "en" else "vi"
    if "--lang=en" in arguments:
        return "en"
    return "en" if os.environ.get("NHIPCAU_LANG", "vi").startswith("en") else "vi"


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nhipcau")
def main() -> None:
    """From a stream of public posts to a ranked, evidenced, forecast brief of the issues that people raise."""


@main.command()
@PATHS
@click.option("--as-of", metavar="TIME", help="Use nothing that arrived later. Default: the latest post.")
@click.option("--since", metavar="TIME", help="Where the window begins. Default: a day before --as-of.")
@click.option("--top", type=click.IntRange(1, 500), default=10, show_default=True, help="How many issues.")
@LANG
@KIND
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a self-contained HTML file.")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write a PDF file (A4).")
@click.option("--json", "json_", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON.")
@click.option("--md", type=click.Path(path_type=Path, dir_okay=False), help="Write Markdown.")
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), help="What `follow` keeps.")
@click.option(
    "--encoder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of an ONNX model and its tokenizer.json: lists issues that say the same in other words.",
)
@COLUMNS
@ZONE_OPTION
@REJECTS
@_with_tables
def brief(
    paths: tuple[str, ...],
    as_of: str | None,
    since: str | None,
    top: int,
    lang: str,
    kind: str,
    html: Path | None,
    pdf: Path | None,
    json_: Path | None,
    md: Path | None,
    state: Path | None,
    encoder: Path | None,
    columns: str,
    zone: str,
    rejects: Path | None,
    **tables: Path | None,
) -> None:
    """Brief on the posts in files, folders or standard input (-), or with --state of what `follow` has kept."""
    from nhipcau.engine.brief.assemble import BriefOptions, assemble
    from nhipcau.engine.checkpoint import load
    from nhipcau.engine.dense import load_encoder

    until = _moment(as_of, zone, "--as-of")
    files = _table_files(tables)
    model = load_encoder(encoder) if encoder else None
    rejected = later = 0
    sample = False
    if not paths:
        loaded = load(state, tables=files.beside(state, has_posts=True)) if state and _has_posts(state) else None
        if loaded is None:
            raise EngineError("cli.nothing-to-brief", state=str(state) if state else "-")
        engine, position = loaded
        rejected = int(position.get("rejected", 0))
        sample = bool(position.get("sample", False))
    else:
        if state:
            raise EngineError("cli.state-and-paths")
        engine = _engine(files)
        options = _read_options(columns=columns, zone=zone, kind=kind, as_of=until)
        with _reader(paths, options, rejects, lang) as reader:
            _run(engine, reader)
        rejected, later = reader.report.rejected, reader.report.later
        if not reader.report.rows and not later:
            raise EngineError("cli.no-posts", paths=", ".join(paths))
        sample = _is_sample(engine)
    made = assemble(
        engine,
        BriefOptions(
            as_of=until,
            since=_moment(since, zone, "--since"),
            top=top,
            zone=zone,
            rejected=rejected,
            later=later,
            sample=sample,
            lang=lang,
            encoder=model,
        ),
    )
    _write_outputs(made, lang, html=html, pdf=pdf, json_=json_, md=md)


@main.command("group")
@PATHS
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV: id,issue.")
@COLUMNS
@ZONE_OPTION
@REJECTS
@LANG
@_with_tables
def group_command(
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
    engine = _engine(_table_files(tables), keep=False)
    ids: list[pa.Array] = []
    threads = []
    with _reader(paths, _read_options(columns=columns, zone=zone, kind="post", as_of=None), rejects, lang) as reader:
        for identities, numbers in engine.take(reader.batches()):
            ids.append(identities)
            threads.append(numbers)
    issues = engine.issues_of(np.concatenate(threads)) if threads else np.zeros(0, np.int64)
    table = pa.table({"id": pa.chunked_array(ids, pa.string()), "issue": issues})
    with _whole(out) as part:
        csv.write_csv(table, part, csv.WriteOptions(quoting_style="needed"))


@main.command()
@click.argument("series", type=click.Path(path_type=Path, dir_okay=False), metavar="SERIES.csv")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The scored CSV.")
@LANG
def detect(series: Path, out: Path, lang: str) -> None:
    """Anomaly score (0..1) of each value of a series, from its past only."""
    from nhipcau.engine.watch.series_file import detect_csv

    detect_csv(series, out)


@main.command()
@click.argument("source", metavar="DIR|-", type=str)
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), required=True, help="What is kept.")
@click.option("--once", is_flag=True, help="End when it has caught up.")
@click.option("--every", type=click.FloatRange(0.1), default=5.0, show_default=True, help="Seconds between looks.")
@KIND
@COLUMNS
@ZONE_OPTION
@REJECTS
@LANG
@_with_tables
def follow(
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
        read_options=lambda key: _read_options(columns=columns, zone=zone, kind=kind, as_of=None, key=key),
        rejects=rejects,
        clock=lambda: datetime.now(UTC),
        zone=_zone(zone),
        tables=_table_files(tables),
    )
    follower.run(
        source, once=once, every_seconds=every, on_progress=lambda posts: click.echo(_taken(posts, lang), err=True)
    )


@main.command()
@click.argument("urls", nargs=-1, required=True, metavar="FEED_URL…")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="JSON lines to append to.")
@click.option("--allow-private", is_flag=True, help="Allow addresses of private networks.")
@click.option("--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds for each feed.")
@ZONE_OPTION
@LANG
def fetch(
    urls: tuple[str, ...],
    out: Path,
    allow_private: bool,  # noqa: FBT001
    timeout: float,
    zone: str,
    lang: str,
) -> None:
    """RSS, Atom and JSON feeds to posts; what is new is appended."""
    from nhipcau.voices.feeds import fetch_feeds

    outcomes = fetch_feeds(
        urls,
        out,
        now=datetime.now(UTC),
        allow_private=allow_private,
        timeout_seconds=timeout,
        zone=_zone(zone),
    )
    failed = 0
    for outcome in outcomes:
        if outcome.error is not None:
            failed += 1
            click.echo(f"nhipcau: {say(outcome.error, lang=lang)}", err=True)
        else:
            click.echo(f"{outcome.url}: +{outcome.new_posts}")
    if failed == len(outcomes):
        raise _Refused(say(EngineError("cli.no-feed"), lang=lang))


@main.command()
@click.option("--days", type=click.IntRange(1), default=14, show_default=True)
@click.option("--posts-per-day", type=click.IntRange(1), default=1500, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@LANG
def sample(days: int, posts_per_day: int, seed: int, out: Path, lang: str) -> None:
    """Write a seeded stream of a made-up province, with a file of what is true of it."""
    from nhipcau.engine.sample.writing import write_sample

    with _progress(days * posts_per_day, {"vi": "Viết dữ liệu mẫu", "en": "Writing the sample"}[lang]) as advance:
        summary = write_sample(out, days=days, posts_per_day=posts_per_day, seed=seed, progress=advance)
    click.echo(f"{summary.path}\n{summary.truth}\n{summary.truth_posts}")


def _run(engine: Engine, reader: PostReader) -> None:
    """Group all posts; the forecasting library, slow to load, is loaded meanwhile where there will be forecasts."""
    from nhipcau.engine.forecasting.levels import load_library

    is_loading = False
    for _ in engine.take(reader.batches()):
        if engine.seq >= MANY_POSTS and not is_loading:
            is_loading = True
            threading.Thread(target=load_library, name="loading", daemon=True).start()


def _table_files(given: dict[str, Path | None]) -> TableFiles:
    from nhipcau.engine.tables import TableFiles

    return TableFiles(**given)


def _engine(files: TableFiles, *, keep: bool = True) -> Engine:
    """Make an engine with the operator's tables, for one run."""
    from nhipcau.engine.stream import Engine

    tables = files.load()
    return Engine(lexicon=tables.lexicon, gazetteer=tables.gazetteer, cues=tables.cues, keep=keep)


def _has_posts(state: Path) -> bool:
    return (state / "current").exists()


def _zone(name: str) -> ZoneInfo:
    """Find a zone by its IANA name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise EngineError("read.zone", zone=name) from error


def _taken(posts: int, lang: str) -> str:
    return f"Đã nhận {posts:,} bài".replace(",", ".") if lang == "vi" else f"{posts:,} posts taken"


def _moment(text: str | None, zone: str, option: str) -> datetime | None:
    """Read a time of the line; without a zone it is in the zone chosen."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise EngineError("cli.time", option=option, value=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone))


def _read_options(
    *, columns: str, zone: str, kind: str, as_of: datetime | None, key: Callable[[], bytes] | None = None
) -> ReadOptions:
    from nhipcau.engine.reading import ReadOptions, parse_columns

    return ReadOptions(
        # a run's own key is never written, so its hashes mean nothing once it ends
        author_key=key or secrets.token_bytes(32),
        columns=parse_columns(columns),
        default_zone=zone,
        kind=kind,
        as_of=as_of,
    )


@contextlib.contextmanager
def _reader(paths: tuple[str, ...], options: ReadOptions, rejects: Path | None, lang: str) -> Iterator[PostReader]:
    """Make a reader with a progress bar; what was rejected is said at the end."""
    from nhipcau.engine.reading import PostReader, RejectSink

    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(RejectSink(rejects)) if rejects else None
        advance = stack.enter_context(_progress(None, {"vi": "Đọc", "en": "Reading"}[lang]))
        reader = PostReader(paths, options, rejects=sink, progress=lambda done, total: advance(done, total))
        yield reader
    if reader.report.rejected:
        reasons = ", ".join(f"{name}: {count}" for name, count in reader.report.rejects_by_reason.items())
        click.echo(
            f"nhipcau: {say(EngineError('cli.rejected', count=reader.report.rejected, reasons=reasons), lang=lang)}",
            err=True,
        )


@contextlib.contextmanager
def _progress(total: int | None, title: str) -> Iterator[Callable[..., None]]:
    """Show a bar on standard error where somebody looks at it, else nothing."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(title), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done, whole=None: bar.update(task, completed=done, total=whole or total)


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Write a file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _is_sample(engine: Engine) -> bool:
    """Whether the posts say that they are made up (their ids begin so)."""
    first = next(engine.log.scan(["id"]), None)
    return first is not None and first.num_rows > 0 and str(first.column("id")[0].as_py()).startswith("sample-")


def _write_outputs(
    made: Brief, lang: str, *, html: Path | None, pdf: Path | None, json_: Path | None, md: Path | None
) -> None:
    from nhipcau.engine.brief.model import to_json

    if html:
        from nhipcau.engine.brief.html import to_html

        with _whole(html) as part:
            part.write_text(to_html(made, lang=lang), "utf-8")
    if pdf:
        from nhipcau.engine.brief.pdf import to_pdf

        with _whole(pdf) as part:
            part.write_bytes(to_pdf(made, lang=lang))
    if json_:
        with _whole(json_) as part:
            part.write_text(to_json(made), "utf-8")
    if md:
        from nhipcau.engine.brief.markdown import to_markdown

        with _whole(md) as part:
            part.write_text(to_markdown(made, lang=lang), "utf-8")
    if not (html or pdf or json_ or md):
        from rich.console import Console

        from nhipcau.engine.brief.terminal import print_brief

        print_brief(made, lang=lang, console=Console())


for command in (*COMMANDS, audit):
    main.add_command(command)


if __name__ == "__main__":
    main()
