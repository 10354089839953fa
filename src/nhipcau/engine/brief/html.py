"""The brief as one HTML file that asks for nothing outside itself and needs no script.

Words and figures come from `page_view`, the layout is `templates/brief.html.jinja` with `templates/brief.css`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from nhipcau.engine.brief.charts import PAGE
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.page_view import build_view

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE: Final = "brief.html.jinja"
STYLE: Final = "brief.css"


def to_html(brief: Brief, *, lang: str) -> str:
    """Write the brief as one self-contained page.

    Parameters
    ----------
    brief
        The brief.
    lang
        ``"vi"`` or ``"en"``.

    Raises
    ------
    EngineError
        ``brief.unknown-language`` or ``brief.unknown-zone``.

    Notes
    -----
    Every text is escaped by the template; drawings are the only markup that passes, and `charts` escapes what it is
    given. The page's policy forbids scripts and every outside request. About 20 kB an issue.
    """
    view, words = build_view(brief, lang=lang, palette=PAGE)
    return _template().render(view=view, w=words)


@cache
def _template() -> Template:
    # Imported here: the engine must start without it.
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["drawing"] = Markup
    environment.globals["css"] = Markup(_source(STYLE).strip())  # noqa: S704  # our own file
    return environment.get_template(TEMPLATE)


def _source(name: str) -> str:
    return (resources.files("nhipcau.engine.brief") / "templates" / name).read_text(encoding="utf-8")
