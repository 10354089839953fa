from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from nhipcau.engine.brief import html as html_module
from nhipcau.engine.brief.html import to_html
from nhipcau.engine.brief.model import Brief

STYLE = (Path(html_module.__file__).parent / "templates" / "brief.css").read_text("utf-8")
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """The page as a list of elements, each with the names of those around it, and its visible text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.texts: list[tuple[str, tuple[str, ...]]] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and data.strip():
            self.texts.append((data, tuple(self.open)))

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(text for text, _ in self.texts)


@pytest.fixture(params=["brief", "nothing", "timeless", "hostile"])
def each_brief(request: pytest.FixtureRequest) -> Brief:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def test_every_brief_is_well_formed_in_both_languages(each_brief: Brief) -> None:
    for lang in ("vi", "en"):
        page = Page(to_html(each_brief, lang=lang))
        assert page.open == []
        assert page.named("html") == [{"lang": lang}]


def test_the_page_asks_for_nothing_and_runs_nothing(each_brief: Brief) -> None:
    source = to_html(each_brief, lang="vi")
    page = Page(source)
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "source", "use"}
    assert page.named("link") == [{"rel": "icon", "href": "data:,"}]
    assert not [name for _, attributes, _ in page.elements for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes, _ in page.elements if attributes.keys() & {"src", "srcset", "action"}]
    assert not re.findall(r"url\(|@import|expression\(", STYLE)
    hrefs = [attributes["href"] for attributes in page.named("a")]
    assert all(href.startswith(("#", "https://", "http://")) for href in hrefs)


def test_the_policy_of_the_page_allows_styles_only(brief: Brief) -> None:
    policies = [
        meta["content"]
        for meta in Page(to_html(brief, lang="vi")).named("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


def test_text_of_strangers_stays_text(hostile: Brief) -> None:
    source = to_html(hostile, lang="vi")
    page = Page(source)
    assert "<script" not in source
    assert "alert(1)" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not [letter for letter in "\u202a\u202b\u202d\u202e\x1b\x07\x00" if letter in source]
    assert not page.named("script")


def test_text_of_strangers_is_isolated_in_its_direction(rewritten: Callable[..., Brief]) -> None:
    page = Page(to_html(rewritten(label="مياه الشرب", keywords=["مياه"], in_title_lang="ar"), lang="vi"))
    shown = [around for text, around in page.texts if "مياه" in text and "bdi" not in around and "svg" not in around]
    assert all("p" in around for around in shown)
    assert "\u2068مياه الشرب\u2069” ".rstrip() in page.text
    assert {"lang": "ar"} in page.named("bdi")


def test_only_post_and_press_links_lead_out_and_they_tell_nothing_of_the_reader(brief: Brief) -> None:
    outside = [link for link in Page(to_html(brief, lang="vi")).named("a") if not link["href"].startswith("#")]
    assert outside
    assert {link["rel"] for link in outside} == {"noopener noreferrer nofollow external"}


def test_the_page_has_landmarks_and_a_skip_link_that_leads_to_the_main_part(each_brief: Brief) -> None:
    page = Page(to_html(each_brief, lang="en"))
    assert [len(page.named(tag)) for tag in ("main", "h1")] == [1, 1]
    assert page.named("a")[0] == {"class": "skip", "href": "#main"}
    assert page.named("main")[0]["id"] == "main"
    top = [tag for tag, _, around in page.elements if around == ("html", "body")]
    assert [tag for tag in top if tag != "aside"] == ["a", "header", "main", "footer"]


def test_headings_never_skip_a_level(each_brief: Brief) -> None:
    levels = [int(tag[1]) for tag, _, _ in Page(to_html(each_brief, lang="vi")).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_reference_finds_one(each_brief: Brief) -> None:
    page = Page(to_html(each_brief, lang="vi"))
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = {word for _, attributes, _ in page.elements for word in attributes.get("aria-labelledby", "").split()}
    wanted |= {link["href"][1:] for link in page.named("a") if link["href"].startswith("#")}
    assert wanted <= set(ids)


def test_every_table_has_a_caption_and_scoped_headers(brief: Brief) -> None:
    page = Page(to_html(brief, lang="vi"))
    assert len(page.named("table")) == len(page.named("caption")) > 10
    assert {header.get("scope") for header in page.named("th")} == {"col", "row"}


def test_every_drawing_says_what_it_shows(brief: Brief) -> None:
    page = Page(to_html(brief, lang="vi"))
    drawings = page.named("svg")
    assert drawings
    assert all(drawing["role"] == "img" and drawing["aria-labelledby"] for drawing in drawings)
    titles = [text for text, around in page.texts if around[-2:] == ("svg", "title")]
    assert len(titles) == len(drawings)
    charts = [drawing for drawing in drawings if drawing["class"] == "chart"]
    assert all(len(drawing["aria-labelledby"].split()) == 2 for drawing in charts)


def test_every_level_is_a_word_beside_its_colour(brief: Brief) -> None:
    text = Page(to_html(brief, lang="vi")).text
    for word in ("khẩn cấp", "cảnh báo", "theo dõi", "bình thường"):
        assert word in text


def test_the_sample_says_that_it_is_made_up_and_a_real_brief_does_not(brief: Brief) -> None:
    assert "Dữ liệu mẫu – tỉnh hư cấu" in to_html(brief, lang="vi")
    brief["sample"] = False
    assert "Dữ liệu mẫu" not in to_html(brief, lang="vi")


def test_the_draft_says_that_nobody_has_signed_it(each_brief: Brief) -> None:
    assert to_html(each_brief, lang="vi").count("Dự thảo tự động, chưa có người ký") >= 2


def test_the_line_under_a_printed_page_cannot_end_its_own_string(each_brief: Brief) -> None:
    for lang in ("vi", "en"):
        footers = re.findall(r'content: "(.*)"; font', to_html(each_brief, lang=lang))
        assert len(footers) == 1
        assert not re.search(r'["\\<&]', footers[0])


def test_peoples_words_below_the_floor_are_nowhere_on_the_page(rewritten: Callable[..., Brief]) -> None:
    brief = rewritten(distinct_authors=9, excerpts_withheld=None)
    brief["issues"] = brief["issues"][:1]
    source = to_html(brief, lang="vi")
    assert "nhà có người già nằm một chỗ" not in source
    assert "chưa đủ 10 người khác nhau" in source
    assert "chính quyền địa phương đang kiểm tra" in source


def test_ten_issues_fit_in_a_mail(brief: Brief) -> None:
    assert len(brief["issues"]) == 10
    assert len(to_html(brief, lang="vi").encode()) < 250_000


def test_same_brief_same_page(brief: Brief) -> None:
    assert to_html(brief, lang="vi") == to_html(brief, lang="vi")


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_keep_the_contrast_of_wcag_aa(scheme: int) -> None:
    roots = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", roots[scheme]))
    words = [("ink", "paper"), ("ink", "card"), ("muted", "paper"), ("muted", "card"), ("link", "card")]
    words += [("link", "paper"), ("accent", "paper"), ("accent", "card"), ("note-ink", "note")]
    words += [(f"{level}-ink", level) for level in ("none", "watch", "alert", "urgent")]
    shapes = [(name, "card") for name in ("history", "forecast", "part1", "part2", "part3", "part4", "part5")]
    for text, ground in words:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for shape, ground in shapes:
        assert contrast(colours[shape], colours[ground]) >= 3, (shape, ground)


def test_print_is_light_whatever_the_screen_is() -> None:
    assert STYLE.count("prefers-color-scheme") == 1
    assert "@media screen and (prefers-color-scheme: dark)" in STYLE
