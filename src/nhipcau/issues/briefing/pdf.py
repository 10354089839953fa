"""A brief as a PDF on A4 by the engine's Typst: office, number, the six parts, signature and fingerprint. Pure.

The same document in the same language gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from typing import Any, Literal

from nhipcau.engine.brief.pdf import FONTS
from nhipcau.issues.briefing.view import DocumentView
from nhipcau.issues.briefing.words import ROMAN


def pdf_of(view: DocumentView, *, made_at: datetime) -> bytes:
    """Lay a worded document out; `made_at` is the date in the file: the signature's, or the draft's."""
    import typst  # kept out of the start of the house

    said: dict[str, Any] = asdict(view)
    if view.signature is not None:
        said["signature"]["at"] = view.signature.at.isoformat()
    data = json.dumps({"view": said, "fonts": list(FONTS), "roman": list(ROMAN)}, ensure_ascii=False)
    template = (resources.files("nhipcau.issues.briefing") / "brief.typ").read_bytes()

    def compiled(*, fonts: typst.Fonts, standard: Literal["ua-1"] | None) -> bytes:
        compiler = typst.Compiler(template, font_paths=fonts, sys_inputs={"brief": data})
        made = compiler.compile(format="pdf", timestamp=made_at.replace(microsecond=0), pdf_standards=standard)
        if not isinstance(made, bytes):
            raise TypeError(f"Typst gave {type(made).__name__}, not one PDF")
        return made

    try:
        return compiled(fonts=typst.Fonts(include_system_fonts=False, font_paths=[]), standard="ua-1")
    except typst.TypstError:  # a sign that the fonts of the wheel lack
        return compiled(fonts=typst.Fonts(include_system_fonts=True, font_paths=[]), standard=None)
