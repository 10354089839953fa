"""Text of strangers made safe to show: control characters, writing direction, links, Markdown.

HTML escaping is the template's, Typst gets text only as data. How numbers and dates read is in `words`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

SPACES: Final = re.compile(r"\s+")
MARKDOWN_SIGNS: Final = re.compile(
    r"[\\`*_{}\[\]<>#|~$&@]"  # emphasis, code, links, HTML, tables, mathematics, entities, mentions
    r"|:(?=//)|(?<=www)\."  # addresses that some readers make links of by themselves
    r"|\A[-+=]|(?<=\A\d)[.)]|(?<=\A\d\d)[.)]"  # at the start: lists and underlines
)
WEB_LINK: Final = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
JOINERS: Final = "\u200c\u200d"
"""Zero-width joiners: emoji and several scripts need them."""
FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"


def clean(text: str) -> str:
    r"""Keep one line without what can rewrite the page or the terminal: controls, direction overrides, surrogates.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> clean("nước\u202e rút \x1b[31m chậm")
    'nước rút [31m chậm'
    """
    spaced = SPACES.sub(" ", text)
    kept = (letter for letter in spaced if letter in JOINERS or unicodedata.category(letter) not in _UNSHOWN)
    return SPACES.sub(" ", "".join(kept)).strip()


_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


def isolate(text: str) -> str:
    """Clean a text, and where it holds a right-to-left letter, isolate it so that it cannot turn the words around it.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> isolate("ngập đường")
    'ngập đường'
    """
    cleaned = clean(text)
    if any(unicodedata.bidirectional(letter) in {"R", "AL", "AN"} for letter in cleaned):
        return f"{FIRST_STRONG_ISOLATE}{cleaned}{POP_ISOLATE}"
    return cleaned


def web_link(link: str | None) -> str | None:
    """Let a link through if it is plain http or https: no script, no file, no data address becomes a link.

    Parameters
    ----------
    link
        What the post said its address is.
    """
    return link if link is not None and WEB_LINK.fullmatch(link) else None


def escape_markdown(text: str) -> str:
    r"""Isolate, with every sign escaped that Markdown or HTML could take as its own.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> escape_markdown("a*b <i>")
    'a\\*b \\<i\\>'
    """
    return MARKDOWN_SIGNS.sub(r"\\\g<0>", isolate(text))


def shortened(text: str, *, most: int) -> str:
    """Keep the first `most` letters, cut at a word where one ends near, with an ellipsis.

    Parameters
    ----------
    text
        Cleaned text.
    most
        Letters to keep at the most, at least 2.
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > most * 2 // 3 else cut).rstrip(" ,;:.") + "…"


def brought_down(text: str, *, most: int) -> str:
    """Clean a text, shorten it, and only then isolate it, so that no cut takes the end of the isolation away.

    Parameters
    ----------
    text
        Any text.
    most
        See `shortened`.
    """
    return isolate(shortened(clean(text), most=most))
