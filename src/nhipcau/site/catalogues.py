"""Words in Vietnamese: `python -m nhipcau.site.catalogues` compiles all catalogues and says what they lack.

Message ids are English. They are found in Python by its syntax tree, in templates by Django's own parser, so there is
no tool to install beside Python. A catalogue is one file for each subject; `settings.LOCALE_PATHS` names the folders.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polib

HOUSE: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("site", "network", "voices", "issues", "api", "running")
LIBRARIES: Final = "locale_of_libraries"
"""Catalogues of libraries that come without Vietnamese: their ids are not in our code."""
CALLS: Final = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), ("id",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("id", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "id")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "id", "plural")),
}
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


class Message(NamedTuple):
    """What is to be translated."""

    id: str
    plural: str = ""
    context: str = ""


def po_files() -> list[Path]:
    """Give all catalogues."""
    return sorted(path for room in ROOMS for path in (HOUSE / room).glob("locale*/**/vi/LC_MESSAGES/django.po"))


def messages_in_python(text: str) -> Iterator[Message]:
    """Find the messages of a module."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = CALLS.get(name)
        given = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if wanted and len(given) >= len(wanted) and len(node.args) >= len(wanted):
            yield Message(**dict(zip(wanted, given, strict=False)))


def messages_in_template(text: str) -> Iterator[Message]:
    """Find the messages of a template: tags, blocks, and ids in filter expressions."""
    from django.template import engines
    from django.template.base import Template

    engine: Any = engines["django"]
    yield from _messages_in_nodes(Template(text, engine=engine.engine).nodelist)


def _messages_in_nodes(nodes: Iterable[Any]) -> Iterator[Message]:
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    from nhipcau.site.constant_tags import Remembered

    for given in nodes:
        node = given.node if isinstance(given, Remembered) else given
        if isinstance(node, TranslateNode):
            said = node.filter_expression.var
            literal = getattr(said, "literal", said)
            if isinstance(literal, str):
                yield Message(literal, context=_constant(node.message_context))
        elif isinstance(node, BlockTranslateNode):
            singular = node.render_token_list(node.singular)[0]
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(singular, plural, _constant(node.message_context))
        for name in ("nodelist", "nodelist_true", "nodelist_false", "nodelist_loop", "nodelist_empty"):
            yield from _messages_in_nodes(getattr(node, name, None) or ())
        for _condition, inner in getattr(node, "conditions_nodelists", ()):
            yield from _messages_in_nodes(inner)


def _constant(expression: Any) -> str:
    said = getattr(expression, "var", "")
    return said if isinstance(said, str) else str(getattr(said, "literal", "") or "")


def messages_of_house() -> dict[Message, str]:
    """Give all messages of code and templates, each with a file that says it."""
    found: dict[Message, str] = {}
    for room in ROOMS:
        for path in sorted((HOUSE / room).rglob("*.py")):
            for message in messages_in_python(path.read_text("utf-8")):
                found.setdefault(message, str(path.relative_to(HOUSE)))
        for path in sorted((HOUSE / room).glob("templates/**/*")):
            if path.suffix in (".html", ".txt"):
                for message in messages_in_template(path.read_text("utf-8")):
                    found.setdefault(message, str(path.relative_to(HOUSE)))
    return found


def problems() -> list[str]:
    """Say what is missing, left over, or says less than its English."""
    entries: dict[Message, tuple[Path, polib.POEntry]] = {}
    said: list[str] = []
    for path in po_files():
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            message = Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")
            if LIBRARIES not in path.parts:
                entries[message] = (path, entry)
            said += [f"{path.relative_to(HOUSE)}: {entry.msgid!r} {problem}" for problem in _problems_of(entry)]
    house = messages_of_house()
    said += [f"{where}: {message.id!r} has no Vietnamese" for message, where in house.items() if message not in entries]
    said += [
        f"{path.relative_to(HOUSE)}: {message.id!r} is said nowhere"
        for message, (path, _entry) in entries.items()
        if message not in house
    ]
    return said


def _problems_of(entry: polib.POEntry) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    wanted = _placeholders(entry.msgid_plural or entry.msgid)
    for text in texts or [""]:
        if not text.strip():
            yield "is not translated"
        elif not _placeholders(text) <= wanted | _placeholders(entry.msgid) or wanted - _placeholders(text):
            yield f"has other placeholders than {text!r}"
    if entry.fuzzy:
        yield "is fuzzy"


def _placeholders(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def compiled(path: Path) -> bytes:
    """Compile a catalogue."""
    handle, name = tempfile.mkstemp()
    os.close(handle)
    try:
        polib.pofile(str(path)).save_as_mofile(name)
        return Path(name).read_bytes()
    finally:
        Path(name).unlink()


def main() -> int:
    """Compile all, and say what they lack."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhipcau.site.settings")
    django.setup()
    for path in po_files():
        path.with_suffix(".mo").write_bytes(compiled(path))
    said = problems()
    sys.stdout.write("".join(f"{line}\n" for line in said))
    sys.stdout.write(f"{len(po_files())} catalogues compiled, {len(said)} problems\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
