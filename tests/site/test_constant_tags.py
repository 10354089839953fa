"""Tags that say the same each time are asked once for each language; those that a page has a say in, each time."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from nhipcau.site import constant_tags


def said(template: Template, language: str, **values: Any) -> str:
    """What a template says to a reader of a language."""
    with translation.override(language):
        return template.render(Context(values))


def remembered(template: Template) -> int:
    """How many of a template's tags are asked once."""
    return len(template.nodelist.get_nodes_by_type(constant_tags.Remembered))


def test_words_follow_the_language_whatever_was_said_before() -> None:
    template = Template('{% load i18n %}{% translate "Log out" %} & {% trans "Log out" %}')
    assert remembered(template) == 2
    for _ in range(2):
        assert said(template, "vi") == "Đăng xuất & Đăng xuất"
        assert said(template, "en") == "Log out & Log out"


@pytest.mark.parametrize(
    ("source", "first", "second"),
    [
        ("{% translate word %}", "Đăng xuất", "Nhân sự"),
        ('{% translate word|default:"-" %}', "Đăng xuất", "Nhân sự"),
        ('{% translate "Log out" as it %}{{ it }}{{ word }}', "Đăng xuấtLog out", "Đăng xuấtPeople"),
        ("{% url 'received' number %}", "/received/1/", "/received/2/"),
        ("{% static path %}", "/static/one.css", "/static/two.css"),
    ],
)
def test_what_depends_on_the_page_is_asked_each_time(source: str, first: str, second: str, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    template = Template("{% load i18n static %}" + source)
    assert remembered(template) == 0
    assert said(template, "vi", word="Log out", number=1, path="one.css") == first
    assert said(template, "vi", word="People", number=2, path="two.css") == second


def test_an_address_that_is_not_there_fails_each_time() -> None:
    template = Template("{% url 'no-such-page' %}")
    assert remembered(template) == 1
    for _ in range(2):
        with pytest.raises(Exception, match="no-such-page"):
            said(template, "vi")
