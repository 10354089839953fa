"""Documents say what is there: options, links, commands, examples."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from nhipcau.cli import main

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = ["README.md", "README.vi.md"]
COMMANDS = sorted(main.commands)

CODE = re.compile(r"^```[\s\S]*?^```|^(?: {4}.*\n)+|`[^`\n]*`", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```(\w*)\n([\s\S]*?)^```", re.MULTILINE)
EXAMPLE = re.compile(r"^(?: {4})?(nhipcau [a-z].*)$", re.MULTILINE)


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as forges make them."""
    prose = CODE.sub(lambda found: "" if "\n" in found[0] else found[0].strip("`"), document.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def section(command: str) -> str:
    """What docs/cli.md says under the heading of a command."""
    parts = re.split(r"^## nhipcau (\w+)$", (ROOT / "docs/cli.md").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[command]


def rows(command: str) -> dict[str, tuple[str, str]]:
    """First and second cell of each row of the command's table, by option."""
    found = re.findall(r"^\| `(--[a-z-]+)([^|]*)\|([^|]*)\|", section(command), re.MULTILINE)
    return {option: (rest, default) for option, rest, default in found}


def options_of(command: str) -> list[click.Option]:
    return [parameter for parameter in main.commands[command].params if isinstance(parameter, click.Option)]


def test_every_command_has_its_section_and_no_section_is_left_over():
    text = (ROOT / "docs/cli.md").read_text("utf-8")
    assert sorted(re.findall(r"^## nhipcau (\w+)$", text, re.MULTILINE)) == COMMANDS
    assert all(f"[`{command}`](#nhipcau-{command})" in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented_and_nothing_else_is(command):
    real = {name for option in options_of(command) for name in option.opts if name.startswith("--")}
    assert set(rows(command)) == real


@pytest.mark.parametrize("command", COMMANDS)
def test_defaults_choices_and_what_is_required_are_documented(command):
    written = rows(command)
    for option in options_of(command):
        name = next(name for name in option.opts if name.startswith("--"))
        first, default = written[name]
        if option.required:
            assert default.strip() == "required", name
        elif option.is_flag:
            assert default.strip() == "off", name
        elif isinstance(option.show_default, str):
            assert default.strip() == option.show_default, name
        elif option.show_default:
            assert default.strip() == f"`{option.default}`", name
        else:
            assert default.strip() != "required", name
        if isinstance(option.type, click.Choice):
            assert re.findall(r"`(\w+)`", first) == list(option.type.choices), name


@pytest.mark.parametrize("command", COMMANDS)
def test_arguments_are_documented(command):
    for parameter in main.commands[command].params:
        if isinstance(parameter, click.Argument):
            assert parameter.metavar is not None
            assert all(word in section(command) for word in parameter.metavar.split("|")), parameter.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document):
    for link in LINK.findall(CODE.sub("", document.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_examples_of_the_command_line_are_understood(document):
    for line in EXAMPLE.findall(document.read_text("utf-8")):
        words = shlex.split(line, comments=True)[1:]
        if words[0].isupper() or "[options]" in words or any("…" in word for word in words):
            continue  # the form of a command, not an example
        command = main.commands[words[0]]
        command.make_context(words[0], words[1:])


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_the_two_commands(readme):
    text = (ROOT / readme).read_text("utf-8")
    assert re.search(r"^    make run\b", text, re.MULTILINE)
    assert re.search(r"^    make test\b", text, re.MULTILINE)


@pytest.mark.parametrize("readme", READMES)
def test_readme_shows_every_command(readme):
    shown = {line.split()[1] for line in EXAMPLE.findall((ROOT / readme).read_text("utf-8"))}
    assert shown == set(COMMANDS)


def test_the_readmes_library_example_runs(sample, tmp_path):
    examples = [
        code for language, code in FENCED.findall((ROOT / READMES[0]).read_text("utf-8")) if language == "python"
    ]
    assert len(examples) == 1
    shutil.copy(sample.path, tmp_path / "posts.jsonl")
    # in a process of its own, as its reader would run it
    done = subprocess.run([sys.executable, "-c", examples[0]], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 5


def test_the_readmes_say_the_same_in_both_languages():
    english, vietnamese = ((ROOT / readme).read_text("utf-8") for readme in READMES)
    assert [len(found) for found in re.findall(r"^(#+) ", english, re.MULTILINE)] == [
        len(found) for found in re.findall(r"^(#+) ", vietnamese, re.MULTILINE)
    ]
    for kind in ("sh", "python"):
        shown = [
            [re.sub(r"\s+#.*| --lang en|lang=\"\w\w\"", "", line) for line in code.splitlines()]
            for text in (english, vietnamese)
            for language, code in FENCED.findall(text)
            if language == kind
        ]
        assert shown[0] == shown[1]
    commands = [re.findall(r"\| `(make bench[^`]*|\.venv[^`]*)` \|", text) for text in (english, vietnamese)]
    assert commands[0] == commands[1]


def test_every_make_target_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        assert set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", text, re.MULTILINE)) <= targets, named(document)


def test_every_decision_is_listed():
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\)", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [name for _, name in listed] == sorted(path.name for path in folder.glob("[0-9]*.md"))
    for number, name in listed:
        assert name.startswith(number)
        assert (folder / name).read_text("utf-8").startswith(f"# {number} ")
