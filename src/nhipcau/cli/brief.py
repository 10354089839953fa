"""`nhipcau brief`: posts, or what `follow` has kept, to a brief in the outputs asked for."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhipcau.cli.files import whole
from nhipcau.cli.inputs import engine_with, moment_of, read_options, reader_of, table_files
from nhipcau.cli.options import COLUMNS, FILE, FOLDER, KIND, LANG, PATHS, REJECTS, ZONE_OPTION, with_tables
from nhipcau.engine.errors import EngineError
from nhipcau.engine.threads import give_way

if TYPE_CHECKING:
    from nhipcau.engine.brief.model import Brief
    from nhipcau.engine.reading import PostReader
    from nhipcau.engine.stream import Engine

MANY_POSTS = 4000
"""From so many posts on a brief will have forecasts."""


@click.command("brief")
@PATHS
@click.option("--as-of", metavar="TIME", help="Use nothing that arrived later. Default: the latest post.")
@click.option("--since", metavar="TIME", help="Where the window begins. Default: a day before --as-of.")
@click.option("--top", type=click.IntRange(1, 500), default=10, show_default=True, help="How many issues.")
@LANG
@KIND
@click.option("--html", type=FILE, help="Write a self-contained HTML file.")
@click.option("--pdf", type=FILE, help="Write a PDF file (A4).")
@click.option("--json", "json_", type=FILE, help="Write JSON.")
@click.option("--md", type=FILE, help="Write Markdown.")
@click.option("--state", type=FOLDER, help="What `follow` keeps.")
@click.option(
    "--encoder",
    type=FOLDER,
    help="Folder of an ONNX model and its tokenizer.json: lists issues that say the same in other words.",
)
@COLUMNS
@ZONE_OPTION
@REJECTS
@with_tables
def command(
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

    until = moment_of(as_of, zone, "--as-of")
    files = table_files(tables)
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
        engine = engine_with(files)
        options = read_options(columns=columns, zone=zone, kind=kind, as_of=until)
        with reader_of(paths, options, rejects, lang) as reader:
            _run(engine, reader)
        rejected, later = reader.report.rejected, reader.report.later
        if not reader.report.rows and not later:
            raise EngineError("cli.no-posts", paths=", ".join(paths))
        sample = _is_sample(engine)
    made = assemble(
        engine,
        BriefOptions(
            as_of=until,
            since=moment_of(since, zone, "--since"),
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


def _run(engine: Engine, reader: PostReader) -> None:
    """Group all posts; the forecasting library, slow to load, is loaded meanwhile where there will be forecasts."""
    is_loading = False
    for _ in engine.take(reader.batches()):
        if engine.seq >= MANY_POSTS and not is_loading:
            is_loading = True
            threading.Thread(target=_load, name="loading", daemon=True).start()
    engine.end()


def _load() -> None:
    from nhipcau.engine.forecasting.levels import load_library

    give_way()
    load_library()


def _has_posts(state: Path) -> bool:
    return (state / "current").exists()


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

        with whole(html) as part:
            part.write_text(to_html(made, lang=lang), "utf-8")
    if pdf:
        from nhipcau.engine.brief.pdf import to_pdf

        with whole(pdf) as part:
            part.write_bytes(to_pdf(made, lang=lang))
    if json_:
        with whole(json_) as part:
            part.write_text(to_json(made), "utf-8")
    if md:
        from nhipcau.engine.brief.markdown import to_markdown

        with whole(md) as part:
            part.write_text(to_markdown(made, lang=lang), "utf-8")
    if not (html or pdf or json_ or md):
        from rich.console import Console

        from nhipcau.engine.brief.terminal import print_brief

        print_brief(made, lang=lang, console=Console())
