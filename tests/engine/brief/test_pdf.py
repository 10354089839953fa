from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

import pytest
from pypdf import PdfReader

from nhipcau.engine.brief.model import Brief, empty_brief
from nhipcau.engine.brief.pdf import to_pdf

VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def text_of(made: bytes) -> str:
    joined = " ".join(page.extract_text() for page in read(made).pages)
    return " ".join(unicodedata.normalize("NFC", joined).split())


def test_same_brief_same_bytes(brief: Brief) -> None:
    assert to_pdf(brief, lang="vi") == to_pdf(brief, lang="vi")


def test_every_vietnamese_letter_reads_back_as_itself() -> None:
    letters = VIETNAMESE + VIETNAMESE.upper()
    brief = empty_brief()
    # Short words: a line that is broken inside one would not read back.
    words = [letters[index : index + 10] for index in range(0, len(letters), 10)]
    brief["unknowns"] = [{"code": "letters", "values": {}, "text": " ".join(words)}]
    text = text_of(to_pdf(brief, lang="vi"))
    assert not [word for word in words if word not in text]


def test_the_document_has_a_title_a_language_a_date_and_tags(brief: Brief) -> None:
    reader = read(to_pdf(brief, lang="vi"))
    assert reader.metadata is not None
    assert reader.metadata.title == "Bản tin dư luận – Tính đến 06:00, thứ Hai 23/11/2026"
    assert reader.metadata.creation_date == datetime.fromisoformat(brief["as_of"] or "")
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "vi"
    assert catalogue["/MarkInfo"]["/Marked"]


def test_pages_are_a4_and_numbered_under_the_time_of_the_brief(brief: Brief) -> None:
    reader = read(to_pdf(brief, lang="en"))
    pages = len(reader.pages)
    assert 3 < pages < 12
    for number, page in enumerate(reader.pages, start=1):
        assert [round(float(side)) for side in (page.mediabox.width, page.mediabox.height)] == [595, 842]
        text = " ".join(page.extract_text().split())
        assert f"Page {number} of {pages}" in text
        assert "As of 06:00, Monday 23 November 2026" in text
        assert "Drafted automatically, not signed by anyone yet" in text


def test_all_fonts_are_embedded(brief: Brief) -> None:
    for page in read(to_pdf(brief, lang="vi")).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())


def test_the_parts_of_the_brief_are_all_there(brief: Brief) -> None:
    text = text_of(to_pdf(brief, lang="vi"))
    for said in (
        "Dữ liệu mẫu – tỉnh hư cấu",
        "24 giờ qua có gì thay đổi",
        "Những điều chưa biết",
        "khẩn cấp",
        "sai số của dự báo từng giờ (trung vị) bằng 0,78 lần cách lặp lại ngày hôm trước",
        "Không trích nguyên văn: chưa đủ 10 người khác nhau",
        "Cách đọc bản tin",
        "Ngày, giờ ký",
    ):
        assert said in text, said


def test_text_of_strangers_never_becomes_code(rewritten: Callable[..., Brief]) -> None:
    label = '#panic() $x$ */ ] } "; #read("/etc/passwd") @ref <label> _a_ *b* = c'
    text = text_of(to_pdf(rewritten(label=label, keywords=[label], evidence=[label]), lang="vi"))
    assert text.count('#panic() $x$ */ ] } "; #read("/etc/passwd") @ref <label> _a_ *b* = c') >= 3


def test_signs_that_the_fonts_lack_do_not_stop_the_document(rewritten: Callable[..., Brief]) -> None:
    text = text_of(to_pdf(rewritten(label="Nước đục 😀 ស្ទឹង 自来水 \U0010ffff", in_title_lang="km"), lang="vi"))
    assert "Nước đục" in text


def test_a_word_without_end_may_be_broken_anywhere(rewritten: Callable[..., Brief]) -> None:
    text = text_of(to_pdf(rewritten(label="x" * 150), lang="vi")).replace("\u200b", "")
    runs = [len(run) for run in re.findall("x{5,}", text)]
    assert 30 < max(runs) < 150
    assert len(runs) > 4


def test_a_document_in_latin_letters_claims_pdf_ua(brief: Brief) -> None:
    assert b"pdfuaid" in to_pdf(brief, lang="vi")


def test_every_kind_of_brief_makes_a_document(nothing: Brief, timeless: Brief, hostile: Brief) -> None:
    for brief in (nothing, timeless, hostile):
        for lang in ("vi", "en"):
            assert to_pdf(brief, lang=lang).startswith(b"%PDF-")


def test_peoples_words_below_the_floor_are_not_in_the_document(rewritten: Callable[..., Brief]) -> None:
    brief = rewritten(distinct_authors=None, excerpts_withheld=None)
    brief["issues"] = brief["issues"][:1]
    text = text_of(to_pdf(brief, lang="vi"))
    assert "người già" not in text
    assert "chính quyền địa phương" in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_last_page_has_room_for_a_signature(brief: Brief, lang: str) -> None:
    last = " ".join(read(to_pdf(brief, lang=lang)).pages[-1].extract_text().split())
    assert {"vi": "Người ký", "en": "Signed by"}[lang] in last
