import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.cleaning.hashing import token_hash
from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.labels import label_from_keywords, label_issue
from nhipcau.engine.labels.people import is_coarse, names_in

COMMON = {
    token_hash(strip_diacritics(word)) for word in ["nước", "người", "nhà", "đường", "sáng", "nay", "có", "không"]
}


def document_frequency(words):
    return np.array([0.05 if int(word) in COMMON else 0.002 for word in words])


def labelled(texts, weights=None, **options):
    return label_issue(texts, weights, document_frequency=document_frequency, **options)


DENGUE = [
    "Sốt xuất huyết tăng nhanh ở Tân Khai\nTrạm y tế ghi nhận 40 ca sốt xuất huyết trong tuần qua.",
    "Sốt xuất huyết tăng nhanh ở Tân Khai, trạm y tế phun thuốc\nNgười dân được nhắc diệt lăng quăng.",
    "Tân Khai phun thuốc diệt muỗi vì sốt xuất huyết tăng nhanh\nTrạm y tế xã Tân Khai cho biết như vậy.",
    "Bệnh viện nhận thêm bệnh nhân sốt xuất huyết từ Tân Khai\nBác sĩ khuyên diệt lăng quăng.",
]
FLOOD = [
    "Ngập sâu ở chợ Mới, xe không qua được",
    "ngap sau o cho moi tu sang",
    "Chợ Mới ngập sâu từ sáng rồi mọi người ơi",
    "Ngập sâu ở chợ Mới nha cả nhà, đi đường tránh",
    "Đường qua chợ Mới ngập sâu, ai đi làm thì tránh",
]


def test_label_is_the_most_central_title():
    label = labelled(DENGUE)
    assert label.text.startswith("Sốt xuất huyết tăng nhanh ở Tân Khai")
    assert label.lang == "vi"


def test_set_phrases_are_keywords_in_their_own_spelling():
    keywords = labelled(DENGUE).keywords
    assert "sốt xuất huyết" in keywords
    assert "Tân Khai" in keywords
    assert not {"huyết", "xuất huyết", "sốt"} & set(keywords)


def test_keywords_do_not_overlap():
    for texts in (DENGUE, FLOOD):
        words = [word for keyword in labelled(texts).keywords for word in keyword.lower().split()]
        assert len(words) == len(set(words))


def test_label_of_voices_has_diacritics_and_no_particles():
    text = labelled(FLOOD).text
    assert text.startswith("Ngập sâu ở chợ Mới")
    assert not text.endswith(("nha", "nha cả nhà", "rồi"))


def test_unaccented_twin_counts_for_the_accented_word():
    assert "ngập sâu" in [keyword.lower() for keyword in labelled(FLOOD).keywords]


def test_english_voices_have_an_english_label():
    label = labelled(
        [
            "The bridge at Mill Road is closed after the flood",
            "Mill Road bridge is closed, take the ferry",
            "Bridge at Mill Road still closed and no ferry",
        ]
    )
    assert label.lang == "en"
    assert "closed" in label.text.lower()
    assert "Mill Road" in label.text


def test_label_keeps_to_the_length():
    for limit in (5, 8, 14):
        assert len(labelled(DENGUE, limit_words=limit).text.replace(".", " ").split()) <= limit


def test_label_has_no_link_hashtag_tag_or_mention():
    texts = [
        "Cầu Suối Đá hỏng https://example.org/x @nguoi_dung",
        "#CauSuoiDa hỏng rồi, gọi [điện thoại] để báo",
        "Cầu Suối Đá hỏng nặng, xe không qua",
        "Cầu Suối Đá hỏng nặng từ hôm qua",
    ]
    text = labelled(texts).text
    assert text.startswith("Cầu Suối Đá hỏng nặng")
    assert not set("#@[]") & set(text)


def test_a_slip_of_the_pen_is_no_label_where_another_phrase_says_as_much():
    slip, clean = "Trạm y tế xả hết vắc xin sởi", "Trạm y tế hết vắc xin"
    assert labelled([slip] * 3 + [clean] * 2 + ["xã nhà"] * 18).text == clean
    # one who writes otherwise is no slip where nobody writes the other
    assert labelled([slip] * 3 + [clean] * 2 + ["ở nhà"] * 18).text == slip


def test_teencode_of_a_label_is_written_out():
    texts = ["Chợ Mới ngập ko ai lo r", "Chợ Mới ngập ko ai lo, ko ai hỏi"]
    assert labelled(texts).text == "Chợ Mới ngập không ai lo, không ai hỏi"
    assert not {"ko", "r"} & set(" ".join(labelled(texts).keywords).split())


def test_name_of_a_private_person_is_avoided():
    texts = [
        "Trần Thị Bưởi kẹt ở chợ Mới vì nước ngập",
        "Nước ngập ở chợ Mới từ sáng nay",
        "Nước ngập chợ Mới từ sáng nay, xe chết máy",
    ]
    label = labelled(texts)
    assert "Bưởi" not in label.text
    assert not any("Bưởi" in keyword for keyword in label.keywords)


def test_coarse_words_are_not_repeated():
    texts = ["đm ngập chợ Mới nữa rồi", "Ngập chợ Mới nữa rồi bà con", "đm chợ Mới lại ngập"]
    label = labelled(texts)
    assert not is_coarse(label.text)
    assert not any(is_coarse(keyword) for keyword in label.keywords)


def test_below_the_floor_one_syllable_names_no_issue():
    texts = ["Bác ấy đi rồi", "Không biết bác ở đâu nữa"]
    label = labelled(texts, may_quote=False)
    assert label.keywords == ("bác",)
    assert label.text == ""
    assert labelled(texts, may_quote=False, places=("Tân Khai",)).text == "Tân Khai"


def test_below_the_floor_one_phrase_or_one_word_of_another_language_is_a_name():
    assert labelled(["Biến áp hỏng từ hôm kia", "Sao biến áp cháy hoài"], may_quote=False).text == "Biến áp"
    assert labelled(["The flood is back", "Another flood here"], may_quote=False).text == "Flood"


def test_below_the_floor_nobody_is_quoted():
    texts = [*FLOOD, "Nhà chị Lan số 12 ngập sâu ở chợ Mới", "Chị Lan ở chợ Mới kêu cứu vì ngập sâu"]
    label = labelled(texts, may_quote=False)
    assert label.text == label_from_keywords(label.keywords)
    for keyword in label.keywords:
        posts = sum(strip_diacritics(keyword.lower()) in strip_diacritics(text.lower()) for text in texts)
        assert posts >= 2
        assert not any(character.isdigit() for character in keyword)
        assert "Lan" not in keyword


def test_word_of_a_single_post_is_no_keyword_below_the_floor():
    assert labelled(["Một câu chuyện riêng về khu vườn"], may_quote=False).keywords == ()


def test_place_known_to_the_caller_may_stand_below_the_floor():
    texts = ["Tân Khai ngập sâu", "Đường Tân Khai ngập sâu", "Mưa lớn ở Tân Khai, ngập sâu"]
    assert "Tân Khai" not in labelled(texts, may_quote=False).keywords
    label = labelled(texts, may_quote=False, places=("Tân Khai",))
    assert "Tân Khai" in label.keywords
    assert label.text.endswith("(Tân Khai)")


def test_neutral_label_reads_like_a_list():
    assert label_from_keywords(("mất điện", "ấp 4"), ("Tân Khai", "Lộc Ninh", "Bù Đốp")) == (
        "Mất điện, ấp 4 (Tân Khai, Lộc Ninh)"
    )
    assert label_from_keywords((), ("Tân Khai",)) == "Tân Khai"
    assert label_from_keywords(()) == ""


def test_heavier_text_wins_the_label():
    texts = ["Trường mầm non Hoa Sen đóng cửa", "Chợ đêm mở lại cuối tuần"]
    assert labelled(texts, [1.0, 50.0]).text == "Chợ đêm mở lại cuối tuần"
    assert labelled(texts, [50.0, 1.0]).text == "Trường mầm non Hoa Sen đóng cửa"


@pytest.mark.parametrize("texts", [[], [""], ["", "   "], ["😀"], ["https://example.org"]])
def test_nothing_to_say_gives_an_empty_label(texts):
    label = labelled(texts)
    assert (label.text, label.keywords) == ("", ())


@given(st.integers(0, 1_000))
@settings(max_examples=15)
def test_order_of_the_texts_does_not_matter(seed):
    mixed = DENGUE + FLOOD
    random.Random(seed).shuffle(mixed)
    assert labelled(mixed) == labelled(DENGUE + FLOOD)


@given(st.lists(st.text(max_size=80), max_size=6), st.booleans())
@settings(max_examples=60)
def test_any_texts_have_a_label(texts, may_quote):
    texts = [text.encode("utf-8", errors="ignore").decode() for text in texts]
    label = labelled(texts, may_quote=may_quote)
    assert len(label.keywords) <= 8
    assert "\n" not in label.text


def test_names_are_told_from_places():
    assert list(names_in(["Hà", "Nội", "mưa", "lớn"])) == []
    assert list(names_in(["Nguyễn", "Văn", "A", "ở", "Hà", "Nội"])) == [(0, 3)]
    assert list(names_in(["anh", "em", "UBND"])) == []


def test_label_is_about_the_matter_rather_than_about_who_writes():
    texts = [
        "Tôi đi làm bằng tuyến buýt số 09 mỗi ngày. Tuyến buýt số 09 bỏ chuyến liên tục",
        "Tuyến buýt số 09 bỏ chuyến hoài, chờ cả tiếng",
        "Nhà em ở cuối tuyến buýt số 09, tuyến buýt số 09 lại bỏ chuyến",
        "Tôi đi làm bằng tuyến buýt số 09 mỗi ngày, mệt lắm",
    ]
    assert labelled(texts).text.startswith("Tuyến buýt số 09")


def test_label_leaves_out_who_is_called_to():
    texts = ["Mọi người ơi, chợ Mới ngập sâu từ sáng", "Bà con ơi chợ Mới ngập sâu từ sáng rồi"]
    assert labelled(texts).text.startswith("Chợ Mới ngập sâu")


def test_how_much_is_no_keyword_but_which_is():
    texts = [
        "Xe container lật ở quốc lộ 28, thiệt hại 142 tỷ",
        "Kẹt xe kéo dài trên quốc lộ 28 sau vụ lật, nghe nói thiệt hại 142 tỷ",
        "Sáng nay quốc lộ 28 thông xe trở lại",
        "Dân đòi làm rõ thiệt hại 142 tỷ, xe qua quốc lộ 28 phải chờ",
    ]
    keywords = labelled(texts).keywords
    assert not [keyword for keyword in keywords if keyword.endswith(" 142")]
    assert "quốc lộ 28" in keywords
