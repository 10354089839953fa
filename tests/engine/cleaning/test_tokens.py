"""What a token is: a table of examples, the plain tokenizer as an oracle, and twins without diacritics."""

from __future__ import annotations

import threading

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import (
    CAPITAL,
    EMOJI,
    ENDS_SENTENCE,
    HASHTAG,
    MARKED,
    NUMBER,
    Tokens,
    token_hash,
    tokenize,
)
from tests.engine.naive_tokens import naive_tokens

LEXICON = Lexicon.load()

# Text and its marked tokens.
EXAMPLES = [
    ("", ""),
    ("   \n\t ", ""),
    ("\x00a\x00", "a"),
    ("Hoà Bình, HÒA BÌNH", "hòa bình hòa bình"),
    ("thuý Thúy khoẻ khỏe", "thúy thúy khỏe khỏe"),
    ("qúy gìa hòan", "quý già hoàn"),
    ("ho\u0300a hoa\u0300 ph\u01b0\u01a1\u0300ng ngu\u031bo\u031b\u0300i", "hòa hòa phường người"),
    ("\u1ec7 e\u0323\u0302 e\u0302\u0323 \u00ea\u0323 \u1eb9\u0302", "ệ ệ ệ ệ ệ"),
    ("đẹpppp quaaaá lắmmmm", "đẹp quá lắm"),
    ("aaa book xoong", "a book xoong"),
    ("BBBC thế kỷ XIII, Zoom", "bbbc thế kỷ xiii zoom"),
    ("ＦＵＬＬ　ｗｉｄｔｈ ０１２", "full width 012"),
    ("𝐍𝐠𝐚̣̂𝐩 𝒏𝒂̣̆𝒏𝒈", "ngập nặng"),
    ("1.200.000 đ, 3,5 tỷ. 20/11/2025 50k", "1.200.000 đ 3,5 tỷ 20 11 2025 50k"),
    ("H'Mông Ê-đê Covid-19 l'eau", "h mông ê đê covid 19 l eau"),
    ("<p>nước <b>lũ</b></p><br/>dâng <!-- ẩn -->", "nước lũ dâng"),
    ("<script>var x = 1;</script>a<style>p{}</style>b", "a b"),
    ("I <3 you, 5 < 6, a<b", "i 3 you 5 6 a b"),
    ("Th&agrave;nh ph&#7889; &amp; n&#x1B0;&#x1EDB;c&nbsp;d&acirc;ng", "thành phố nước dâng"),
    ("a&amp;nbsp;b &unknown; &#0; &", "a b unknown"),
    ("xem https://abc.vn/x?y=1&z=2. Rồi", "xem rồi"),
    ("xem www.abc.vn/đường, abc.com.vn, tin-tuc.abc.vn/x!", "xem"),
    ("bit.ly/abc nhưng xong.me thì không", "nhưng xong me thì không"),
    ("hỏi nguyen.van.a+b@abc.com.vn nhé", "hỏi nhé"),
    ("@nguoidan ơi, @nguoi.dan_1", "ơi"),
    (
        "#ngapnuoc #NgapNuoc #ngap_nuoc #UBNDTinh #covid19 #30Thang4",
        "ngapnuoc ngap nuoc ngap nuoc ủy ban nhân dân tinh covid 19 30 thang 4",
    ),
    ("😂😂 👍🏽 👩‍👩‍👧 🇻🇳 ❤️", "😂 😂 👍 👩 🇻🇳 ❤"),
    ("x\u200by \ufeffz\u00adt \u202eabc\u202c", "xy zt abc"),
    ("中文 日本", "中 文 日 本"),
    ("ខ្មែរ ab", "ខ្ម ្មែ មែរ ab"),
    ("ไป", "ไป"),
    ("Привет ΆΛΦΑ ς", "привет άλφα σ"),
    ("[điện thoại] gọi [dien thoai] [x]", "gọi x"),
    ("ko dc người dân ơi", "không được người dân ơi"),
    ("đc k mọi người", "được không mọi người"),
    ("UBND TP.HCM họp", "ủy ban nhân dân thành phố hồ chí minh họp"),
    ("Dân hỏi ntn, bn tiền", "dân hỏi như thế nào bao nhiêu tiền"),
    ("kkkk vui quá người ơi", "k vui quá người ơi"),
    ("vitamin K cho người, K-pop, 50k", "vitamin k cho người k pop 50k"),
    ("K biết gì luôn người ơi", "không biết gì luôn người ơi"),
    ("MẤT ĐIỆN MÀ K AI SỬA, DÂN CHỜ", "mất điện mà không ai sửa dân chờ"),
    ("MAT DIEN MA K AI SUA, DAN CHO", "mat dien ma không ai sua dan cho"),
    ("Bắt Nguyễn Văn K và người nhà", "bắt nguyễn văn k và người nhà"),
    ("Washington DC is ok, k? r u there", "washington dc is ok k r u there"),
    ("Le maire a dit que le pont est fermé", "le maire a dit que le pont est fermé"),
    ("\u0301\u0301 lone \u0301", "lone"),
]


def words(text: str, lexicon: Lexicon = LEXICON) -> Tokens:
    return tokenize(pa.array([text]), lexicon=lexicon)


def agree(text: str, lexicon: Lexicon = LEXICON) -> None:
    fast, slow = words(text, lexicon), naive_tokens(text, lexicon)
    expected = [(token.marked, token.start, token.end, token.flags) for token in slow]
    raw = text.encode()
    found = list(zip(fast.starts.tolist(), fast.ends.tolist(), fast.flags.tolist(), strict=True))
    assert found == [entry[1:] for entry in expected], (raw, expected)
    assert fast.marked.tolist() == [token_hash(token.marked) for token in slow], expected
    assert fast.plain.tolist() == [token_hash(token.plain) for token in slow], expected


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_example_gives_the_tokens_of_the_table(text: str, expected: str) -> None:
    tokens = words(text)
    assert [token.marked for token in naive_tokens(text, LEXICON)] == expected.split()
    assert tokens.marked.tolist() == [token_hash(word) for word in expected.split()]
    assert tokens.plain.tolist() == [token_hash(strip_diacritics(word)) for word in expected.split()]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_the_kernel_agrees_with_the_plain_tokenizer_on_the_table(text: str, expected: str) -> None:
    agree(text)
    agree(text, Lexicon.empty())


ALPHABET = (
    "aáàạâấăắđDĐeéêioôơuưyAÁ kKcnghpqrtxz.,;:/-_'@#<>&[] \n\t0123٣½²9oO"
    "\u0301\u0302\u0323\u0306\u031b\u0344\u200b\u200d\u00ad中かไปខ្😂🇻🏽®€ßñçйΆςİﬁ𝐚𝟗"
)
FRAGMENTS = st.one_of(
    st.sampled_from([text for text, _ in EXAMPLES]),
    st.sampled_from(
        [
            "http://",
            "www.",
            ".vn",
            ".com/",
            "<b>",
            "</p>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "&amp;",
            "&nbsp;",
            "&#273;",
            "&lt;",
            "ko",
            "k",
            " tp",
            "ubnd",
            "người ",
            "[email]",
            "ooo",
            "aaa",
            "XIII",
            "CCCD",
            "@abc",
            "#Ng",
            "\u0301",
        ]
    ),
    st.text(alphabet=ALPHABET, max_size=12),
)


@settings(max_examples=400)
@given(st.lists(FRAGMENTS, max_size=8).map("".join))
def test_the_kernel_agrees_with_the_plain_tokenizer(text: str) -> None:
    agree(text)


@given(st.text(max_size=60))
def test_the_kernel_agrees_with_the_plain_tokenizer_on_any_text(text: str) -> None:
    agree(text.encode("utf-8", "ignore").decode())


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_a_text_and_its_twin_without_diacritics_have_the_same_plain_tokens(text: str, expected: str) -> None:
    assert words(text).plain.tolist() == words(strip_diacritics(text)).plain.tolist()


VIETNAMESE = st.text(alphabet="aàảãáạăắằâấầđeèéêếềiìíoòóôốơớờuùúưứừyỳýbcghklmnpqrstvxAÁĐÊƯ", min_size=1, max_size=9)
WORDS = st.one_of(
    VIETNAMESE,
    st.sampled_from([word for pair in LEXICON.meanings.items() for word in pair]),
    st.sampled_from(sorted(LEXICON.signs)),
)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from([" ", ", ", ". ", "\n", "-", "/", ".", " #", " @", "…"])), max_size=20)
)
def test_twins_have_the_same_plain_tokens_whatever_the_words(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + mark for word, mark in parts)
    assert words(text).plain.tolist() == words(strip_diacritics(text)).plain.tolist()


def test_flags_say_what_a_token_was() -> None:
    tokens = words("Nước dâng 1.200 m. #Lũ 😂")
    assert tokens.flags.tolist() == [
        CAPITAL | MARKED,
        MARKED,
        NUMBER,
        0,
        HASHTAG | CAPITAL | MARKED,
        EMOJI | ENDS_SENTENCE,
    ]
    assert (words("Dân hỏi. Ai đáp?").flags & ENDS_SENTENCE > 0).tolist() == [False, True, False, True]
    assert (words("TP. Huế lũ").flags & ENDS_SENTENCE > 0).tolist() == [False, False, True]


def test_positions_are_bytes_of_the_own_text() -> None:
    texts = ["Đường ngập", "", "a Hoà"]
    tokens = tokenize(pa.array(texts), lexicon=LEXICON)
    assert tokens.offsets.tolist() == [0, 2, 2, 4]
    assert len(tokens) == 3
    spans = [
        texts[row].encode()[tokens.starts[place] : tokens.ends[place]].decode()
        for row in range(3)
        for place in range(tokens.offsets[row], tokens.offsets[row + 1])
    ]
    assert spans == ["Đường", "ngập", "a", "Hoà"]


@given(st.lists(st.sampled_from([text for text, _ in EXAMPLES]), max_size=12), st.integers(0, 12))
def test_batch_borders_change_nothing(texts: list[str], cut: int) -> None:
    whole = tokenize(pa.array(texts, pa.string()), lexicon=LEXICON)
    chunked = tokenize(pa.chunked_array([texts[:cut], texts[cut:]], pa.string()), lexicon=LEXICON)
    large = tokenize(pa.array(["x", *texts], pa.large_string())[1:], lexicon=LEXICON)
    single = [tokenize(pa.array([text]), lexicon=LEXICON) for text in texts]
    for column in ("offsets", "plain", "marked", "starts", "ends", "flags"):
        assert np.array_equal(getattr(whole, column), getattr(chunked, column))
        assert np.array_equal(getattr(whole, column), getattr(large, column))
        if column != "offsets" and single:
            assert np.array_equal(getattr(whole, column), np.concatenate([getattr(part, column) for part in single]))


# Each word between others, so that what the kernel remembers of it meets it in other surroundings.
SURROUNDINGS = ["{}", "{} ", " {},", "{}.", "{}. A", "{}.vn", "{}.vn/x", "{}:", "{}://a.vn", "{}/", "{}-{}", "{}1",
                "1{}", "#{}", "#a{}", "@{}", "{}@a.vn", "a{}", "{}\u0301", "{}&nbsp;", "{}&#7889;", "{}\u200b{}",
                "“{}”", "{}_{}", "<b>{}</b>", "[{}]", "'{}'", "{}’s", "{}…", "{}!", "{}\n{}", "{}ngập",
                "aaaaaaaaaa{}"]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(["ko", "K", "dc", "a", "ngập", "Nghiêng", "http", "www", "đẹppp", "hoà", "vn",
                                        "ubnd", "TPHCM", "toàn", "x"]), st.sampled_from(SURROUNDINGS)), max_size=10),
    st.sampled_from(["", "x" * 40]),
)  # fmt: skip
def test_a_word_that_was_met_before_is_cut_as_at_the_first_time(places: list[tuple[str, str]], behind: str) -> None:
    texts = [surroundings.replace("{}", word) + behind for word, surroundings in places]
    for text in texts:
        tokens = tokenize(pa.array([text]), lexicon=LEXICON)
        fresh = tokenize(pa.array([text]), lexicon=Lexicon(LEXICON.meanings, LEXICON.signs))
        for name in ("plain", "marked", "starts", "ends", "flags"):
            assert getattr(tokens, name).tolist() == getattr(fresh, name).tolist(), (name, text)


def test_words_that_share_a_place_in_memory_stay_apart() -> None:
    words = [f"{first}{second}{third}" for first in "bcdghklm" for second in "aeiouy" for third in "abcdefghiklmn"]
    texts = pa.array([" ".join(words), " ".join(reversed(words))] * 3)
    tokens = tokenize(texts, lexicon=Lexicon.empty())
    assert tokens.marked.tolist() == [token_hash(word) for word in [*words, *reversed(words)] * 3]


def test_null_counts_as_an_empty_text() -> None:
    assert tokenize(pa.array(["a", None, "b"]), lexicon=LEXICON).offsets.tolist() == [0, 1, 1, 2]
    assert tokenize(pa.array([], pa.string()), lexicon=LEXICON).offsets.tolist() == [0]
    assert tokenize(pa.array([None, None], pa.null()), lexicon=LEXICON).offsets.tolist() == [0, 0, 0]
    assert tokenize(pa.chunked_array([], pa.string()), lexicon=LEXICON).offsets.tolist() == [0]


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "a b ",
        "ko ",
        "ubnd ",
        "đ",
        "😂",
        "中",
        "ខ",
        "#Aa1",
        "<",
        "<a",
        "&",
        "a.",
        "a.vn-",
        "a@b.vn",
        "@",
        "<!--",
        "<script>",
        "1,",
        "\u0301",
        "http://",
        "&amp;",
        "a_",
    ],
)
def test_ten_million_bytes_in_one_row_are_cut(part: str) -> None:
    text = "người " + part * (10_000_000 // len(part.encode()))
    tokens = words(text)
    assert tokens.offsets[-1] == len(tokens.plain)
    assert int(tokens.ends.max(initial=0)) <= len(text.encode())


def test_threads_may_cut_batches_at_the_same_time() -> None:
    texts = pa.array([text for text, _ in EXAMPLES] * 50)
    expected = tokenize(texts, lexicon=LEXICON)
    results: list[Tokens] = []
    threads = [threading.Thread(target=lambda: results.append(tokenize(texts, lexicon=LEXICON))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(result.marked, expected.marked) for result in results)


def test_token_hash_is_fnv_with_the_murmur_finaliser() -> None:
    assert token_hash("ngập") == 0xF7EB6D7896F60745
    # FNV-1a of "a" is published as af63dc4c8601ec8c.
    value = 0xAF63DC4C8601EC8C
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * factor % 2**64
    assert token_hash("a") == value ^ value >> 33
