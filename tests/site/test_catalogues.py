"""Vietnamese is complete: every message of code and templates is in a catalogue, and compiled as it stands."""

from __future__ import annotations

import pytest

from nhipcau.site.catalogues import (
    Message,
    compiled,
    messages_in_python,
    messages_in_template,
    po_files,
    problems,
)


def test_every_message_has_its_vietnamese():
    assert problems() == []


@pytest.mark.parametrize("path", po_files(), ids=lambda path: "/".join(path.parts[-6:-3]))
def test_compiled_catalogue_is_that_of_the_text(path):
    assert path.with_suffix(".mo").read_bytes() == compiled(path), "run: python -m nhipcau.site.catalogues"


def test_messages_of_python_are_found_in_all_forms():
    text = """
_("one"); gettext("two"); ngettext("a", "b", n); pgettext("c", "three"); translation.gettext("four"); print("no")
"""
    assert set(messages_in_python(text)) == {
        Message("one"),
        Message("two"),
        Message("a", "b"),
        Message("three", context="c"),
        Message("four"),
    }


def test_messages_of_templates_are_found_in_all_forms():
    text = """{% load i18n %}{% if x %}{% translate "one" %}{% else %}{% for y in z %}{% translate "two" as t %}
    {% empty %}{% blocktranslate count n=1 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
    {% endfor %}{% endif %}
    {% block b %}{% with a=1 %}{% blocktranslate with a=a trimmed %}
      three {{ a }}
    {% endblocktranslate %}{% endwith %}{% translate "May" context "month" %}{% endblock %}"""
    assert set(messages_in_template(text)) == {
        Message("one"),
        Message("two"),
        Message("%(n)s day", "%(n)s days"),
        Message("three %(a)s"),
        Message("May", context="month"),
    }
