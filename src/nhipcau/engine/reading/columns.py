"""Which column is what: common names in English and Vietnamese, and the caller's own. Judged by names alone, never by
values, so that the same row is read the same way wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from nhipcau.engine.reading.options import TARGETS, ReadOptions

_TITLES: Final = ("title", "headline", "tieu_de", "subject")
_BODIES: Final = (
    "summary", "tom_tat", "description", "mo_ta", "content", "noi_dung", "noidung", "noi_dung_phan_anh",
    "noi_dung_y_kien", "body", "message",
)  # fmt: skip
_TEXTS: Final = (
    "text", "full_text", "post_text", "comment_text", "raw_text", "van_ban", "content", "noi_dung", "noidung",
    "noi_dung_phan_anh", "noi_dung_y_kien", "noi_dung_gop_y", "noi_dung_cau_hoi", "message", "body", "comment",
    "binh_luan", "caption", "description", "mo_ta", "summary", "tom_tat", "y_kien", "phan_anh", "gop_y", "cau_hoi",
)  # fmt: skip

GUESSES: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        "id", "_id", "ma", "guid", "uuid", "comment_id", "post_id", "article_id", "message_id", "id_str",
        "ma_phan_anh", "ma_y_kien", "ma_phieu", "so_phieu",
    ),
    "time": (
        "time", "created_at", "created_time", "create_time", "created", "published", "published_at", "published_time",
        "publish_time", "publish_date", "published_date", "pub_date", "pubdate", "publishedat", "createdat",
        "posted_at", "post_time", "timestamp", "datetime", "date_time", "date", "ngay_gio", "thoi_gian", "thoi_diem",
        "ngay_dang", "thoi_gian_dang", "ngay_tao", "ngay_gui", "thoi_gian_gui", "ngay_phan_anh", "thoi_gian_phan_anh",
        "ngay_goi", "thoi_gian_goi", "dau_thoi_gian", "ngay", "when", "ts",
    ),
    "arrived": (
        "arrived", "arrived_at", "fetched", "fetched_at", "crawled", "crawled_at", "crawl_time", "collected_at",
        "ingested_at", "received_at", "scraped_at", "retrieved_at", "thu_thap_luc", "ngay_thu_thap",
        "ngay_tiep_nhan", "thoi_gian_tiep_nhan", "ngay_nhan",
    ),
    "source": (
        "source", "source_name", "outlet", "publisher", "newspaper", "page", "page_name", "site", "domain", "feed",
        "nguon", "nguon_tin", "trang", "ten_trang", "bao",
    ),
    "channel": ("channel", "platform", "kenh", "nen_tang", "network", "medium"),
    "place": (
        "place", "location", "ward", "commune", "province", "dia_ban", "dia_diem", "dia_phuong", "noi", "xa", "phuong",
        "xa_phuong", "tinh",
    ),
    "author": (
        "author_id", "user_id", "userid", "account_id", "from.id", "user.id", "author.id", "author", "author_name",
        "user", "user_name", "username",
        "screen_name", "from_id", "from", "commenter", "nguoi_dang", "nguoi_dung", "tac_gia", "nguoi_viet",
        "nguoi_gui", "nguoi_phan_anh", "nguoi_goi", "nguoi_hoi",
    ),
    "kind": ("kind", "loai"),
    "reach": (
        "reach", "views", "view_count", "views_count", "impressions", "luot_xem", "luot_tiep_can", "tiep_can",
    ),
    "link": ("link", "url", "permalink", "permalink_url", "href", "duong_dan", "lien_ket"),
}  # fmt: skip
"""The names taken for each target but the text, the surest first."""

_PERSONS: Final = (
    "author", "user", "account", "from", "sender", "poster", "commenter", "creator", "owner", "profile", "member",
    "nguoi_dang", "nguoi_dung", "tac_gia", "nguoi_viet", "nguoi_gui", "tai_khoan", "nguoi_goi", "nguoi_phan_anh",
)  # fmt: skip
_CALLED: Final = (
    "name", "full_name", "fullname", "display_name", "displayname", "first_name", "last_name", "real_name", "title",
    "username", "user_name", "login", "handle", "nick", "nickname", "screen_name", "alias", "slug", "acct",
    "id", "uid", "id_str", "key", "url", "email", "ten", "ho_ten", "ho_va_ten", "biet_danh", "ma",
)  # fmt: skip
NAMING: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(
        (
            *GUESSES["author"],
            *_PERSONS,
            *(f"{person}.{called}" for person in _PERSONS for called in _CALLED),
            *(f"{person}_{called}" for person in _PERSONS for called in _CALLED),
            *(f"{called}_{person}" for person in _PERSONS if "_" in person for called in ("ten", "ho_ten", "ma", "id")),
            *(one for one in _CALLED if one not in ("title", "slug", "id", "id_str", "key", "url", "ten", "ma")),
            "dc:creator", "dc_creator", "userid", "accountid", "authorid", "account_number", "so_tai_khoan", "byline",
        )
    )
)  # fmt: skip
"""Columns that may say what an author is called, be it a name, a handle or a number."""

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def plain_name(name: str) -> str:
    """Write a column's name without case, accents and punctuation.

    Examples
    --------
    >>> plain_name("Nội dung"), plain_name("createdAt"), plain_name("user.ID")
    ('noi_dung', 'created_at', 'user.id')
    """
    split = _CAMEL.sub("_", name.strip()).casefold().replace("đ", "d")
    letters = [letter for letter in unicodedata.normalize("NFD", split) if not unicodedata.combining(letter)]
    return re.sub(
        r"_+", "_", "".join(letter if letter.isalnum() or letter == "." else "_" for letter in letters)
    ).strip("_")


class ColumnPlan:
    """The choices of columns for every target, in order: the first choice that a row has is taken.

    `choices[target]` holds lists of plain names; the parts of one list are joined. With `whole[target]`, a choice
    counts only with all its parts. `wanted` holds every plain name that matters.
    """

    def __init__(self, options: ReadOptions) -> None:
        given = {
            # Once each: a column is as long as its input, and no longer.
            target: list(dict.fromkeys(plain_name(name) for name in names))
            for target, names in options.columns.items()
        }
        spoken_for = {name for names in given.values() for name in names}
        self.named: dict[str, list[str]] = given
        self.choices: dict[str, list[list[str]]] = {}
        self.whole: dict[str, bool] = {}
        for target in TARGETS:
            self.whole[target] = target == "text" and target not in given
            if target == "text":
                self.choices[target] = [given[target]] if target in given else _text_choices(spoken_for)
            else:
                names = given.get(target) or [name for name in GUESSES[target] if name not in spoken_for]
                self.choices[target] = [[name] for name in names]
        called = (*given.get("author", ()), *map(plain_name, options.called), *NAMING) if options.hide_authors else ()
        others = {name for target, names in given.items() if target != "author" for name in names}
        self.naming = tuple(name for name in dict.fromkeys(called) if name not in others)
        """Columns whose values are taken out of what their row says."""
        if "time" not in given:
            # A post is not later than its arrival: where nothing else is told, that is its time.
            self.choices["time"] += [[name] for name in given.get("arrived", GUESSES["arrived"])]
        self.wanted = frozenset(
            (*(name for choices in self.choices.values() for choice in choices for name in choice), *self.naming)
        )
        self.parents = frozenset(name.split(".")[0] for name in self.wanted if "." in name)

    def wants(self, name: str) -> str | None:
        """Give the plain form of a column's name if anything could come from that column."""
        plain = plain_name(name)
        return plain if plain in self.wanted or plain in self.parents else None

    def chosen(self, columns: Iterable[str]) -> dict[str, list[str]]:
        """For every target, the given columns that make it (for the text: the first whole choice)."""
        found = {plain_name(name): name for name in reversed(list(columns))}
        chosen: dict[str, list[str]] = {}
        for target, choices in self.choices.items():
            for choice in choices:
                present = [found[name] for name in choice if name in found]
                if present and (len(present) == len(choice) or not self.whole[target]):
                    chosen[target] = present
                    break
        return chosen

    def naming_among(self, columns: Iterable[str]) -> list[str]:
        """Of the given columns, those whose values are taken out of what their row says."""
        return [name for name in columns if plain_name(name) in self.naming]

    def has_any(self, target: str, names: Iterable[str]) -> bool:
        """Whether a column of one of the plain `names` can make `target`."""
        known = set(names)
        return any(name in known or name.split(".")[0] in known for choice in self.choices[target] for name in choice)


def _text_choices(spoken_for: Iterable[str]) -> list[list[str]]:
    taken = set(spoken_for)
    titles = [name for name in _TITLES if name not in taken]
    texts = [name for name in _TEXTS if name not in taken]
    whole_texts: Sequence[str] = [name for name in texts if name not in _BODIES]
    pairs = [[title, body] for title in titles for body in _BODIES if body not in taken]
    first = [[name] for name in whole_texts if name in ("text", "full_text", "post_text", "comment_text", "raw_text")]
    rest = [[name] for name in texts if [name] not in first]
    return [*first, *pairs, *rest, *([title] for title in titles)]
