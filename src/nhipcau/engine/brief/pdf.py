"""The brief as a PDF on A4, by the Typst compiler that its wheel brings along, with the fonts in it.

Words and figures come from `page_view`, the layout is `templates/brief.typ`. They meet only as data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from nhipcau.engine.brief.charts import PRINT
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.page_view import build_view

FONTS: Final = ("Libertinus Serif", "DejaVu Sans Mono")
"""In the wheel, with every Vietnamese letter; the second has signs that the first has not."""
MOST_EVIDENCE: Final = 12
"""Ids of posts shown an issue: paper cannot be searched, the JSON has all."""
WITHOUT_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a PDF whose input has no times: no clock is read."""


def to_pdf(brief: Brief, *, lang: str, font_folders: Sequence[Path] = ()) -> bytes:
    """Write the brief as a tagged PDF: same brief, same bytes.

    Parameters
    ----------
    brief
        The brief; its `as_of` is the date of the document.
    lang
        ``"vi"`` or ``"en"``.
    font_folders
        Folders with more fonts, for scripts that the wheel's fonts do not have.

    Raises
    ------
    EngineError
        ``brief.unknown-language`` or ``brief.unknown-zone``.

    Notes
    -----
    The fonts of the wheel make the same file on every machine, and it keeps to PDF/UA-1. Only where a text has a sign
    that they lack (Khmer, Chinese, emoji) are the fonts of the machine looked at too; what these lack shows as boxes,
    and PDF/UA-1, which forbids boxes, is not claimed. Ten issues take about 0.2 s.
    """
    # Imported here: the engine must start without it.
    import typst

    view, words = build_view(brief, lang=lang, palette=PRINT)
    data = {
        "view": asdict(view),
        "words": {key: sentence for key, sentence in words.sentences.items() if "{" not in sentence},
        "page_of": words.sentences["page.page_of"],
        "fonts": list(FONTS),
        "most_evidence": MOST_EVIDENCE,
    }
    template = resources.files("nhipcau.engine.brief") / "templates" / "brief.typ"

    def compiled(*, fonts: typst.Fonts, standard: Literal["ua-1"] | None) -> bytes:
        compiler = typst.Compiler(
            template.read_bytes(), font_paths=fonts, sys_inputs={"brief": json.dumps(data, ensure_ascii=False)}
        )
        timestamp = datetime.fromisoformat(brief["as_of"]) if brief["as_of"] else WITHOUT_TIME
        made = compiler.compile(format="pdf", timestamp=timestamp, pdf_standards=standard)
        if not isinstance(made, bytes):
            raise TypeError(f"Typst gave {type(made).__name__}, not one PDF")
        return made

    folders = [str(folder) for folder in font_folders]
    try:
        return compiled(fonts=typst.Fonts(include_system_fonts=False, font_paths=folders), standard="ua-1")
    except typst.TypstError:
        return compiled(fonts=typst.Fonts(include_system_fonts=True, font_paths=folders), standard=None)
