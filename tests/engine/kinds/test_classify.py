import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.kinds.__main__ import labelled, scores
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.errors import EngineError
from nhipcau.engine.kinds import KINDS, explain, kinds_of, load_cues


def kind(text):
    return KINDS[kinds_of(pa.array([text], pa.string())).to_pylist()[0]]


# A little below what was measured on the part that no rule was written for.
PRECISION = {"question": 0.95, "request": 0.92, "concern": 0.94, "report": 0.94, "thanks": 0.94, "other": 0.76}
RECALL = {"question": 0.90, "request": 0.95, "concern": 0.85, "report": 0.86, "thanks": 0.92, "other": 0.92}


def test_rules_hold_their_precision_and_recall_on_the_part_they_were_not_written_for():
    for score in scores([voice for voice in labelled() if voice.part == "test"]):
        assert score.precision >= PRECISION[score.kind], score
        assert score.recall >= RECALL[score.kind], score


def test_labelled_voices_cover_what_they_should():
    voices = labelled()
    counts = {lang: sum(voice.lang == lang for voice in voices) for lang in ("vi", "vi-plain", "en")}
    assert len(voices) >= 400
    assert counts["vi"] + counts["vi-plain"] >= 320
    assert counts["vi-plain"] >= 80
    assert counts["en"] >= 60
    assert {voice.kind for voice in voices} == set(KINDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cho em hỏi trạm nào còn vắc xin?", "question"),
        ("cho e hoi tram nao con vac xin", "question"),
        ("Đề nghị sửa cầu ngay", "request"),
        ("de nghi sua cau ngay", "request"),
        ("lo qua, nuoc len nhanh", "concern"),
        ("Cảm ơn các anh nhiều", "thanks"),
        ("Hôm nay trời đẹp", "other"),
        ("", "other"),
        ("😀😀😀", "other"),
    ],
)
def test_a_plain_case_has_its_kind(text, expected):
    assert kind(text) == expected


def test_rhetorical_question_asks_nothing():
    assert kind("Giá cả thế này thì dân sống sao nổi?") == "concern"


def test_request_for_an_answer_is_a_question():
    assert kind("Đề nghị phường cho biết lịch cúp nước") == "question"


def test_request_after_thanks_is_a_request():
    assert kind("Cảm ơn các anh. Mong các anh làm nốt đoạn còn lại.") == "request"


def test_exception_hides_the_cue_inside_it():
    assert kind("Bà con không lo") == "other"
    assert kind("Không bao giờ quên") == "other"


def test_word_that_needs_diacritics_counts_only_with_them():
    assert kind("Sợ nước vào nhà") == "concern"
    assert kind("so nha toi la ba muoi hai") == "other"


def test_question_mark_of_a_link_is_no_question():
    assert kind("Xem thêm https://example.org/a?b=1&c=2 nhé cả nhà") == "other"


def test_points_do_not_add_up_over_sentences():
    weak = "Tối qua đi ăn với bạn. Ngập tràn niềm vui. Sáng nay ngủ dậy trễ. Mấy hôm nay ăn chay."
    assert kind(weak) == "other"


def test_office_may_be_criticised_and_is_never_called_negative():
    assert set(KINDS) == {"question", "request", "concern", "report", "thanks", "other"}
    assert kind("Tôi thất vọng với cách trả lời của cán bộ") == "concern"


def test_tokens_of_the_caller_give_the_same_kinds():
    texts = pa.array([voice.text for voice in labelled()])
    tokens = tokenize(texts, lexicon=Lexicon.load())
    assert kinds_of(texts, tokens=tokens).equals(kinds_of(texts))


def test_batches_slices_and_chunks_do_not_matter():
    texts = pa.array([voice.text for voice in labelled()][:60])
    whole = kinds_of(texts).to_pylist()
    assert kinds_of(texts.slice(17, 20)).to_pylist() == whole[17:37]
    assert kinds_of(pa.chunked_array([texts.slice(0, 5), texts.slice(5)])).to_pylist() == whole
    assert kinds_of(texts.cast(pa.large_string())).to_pylist() == whole


def test_null_and_empty_batch_are_no_trouble():
    assert kinds_of(pa.array([None, "Cảm ơn nhiều"])).to_pylist() == [KINDS.index("other"), KINDS.index("thanks")]
    assert kinds_of(pa.array([], pa.string())).to_pylist() == []


def test_explanation_names_cue_and_place():
    evidence = explain("Trời ơi, lo quá, bao giờ sửa?")
    assert ("concern", "lo quá", 9) in evidence
    assert ("question", "bao giờ", 17) in evidence
    assert ("question", "?", 28) in evidence


def test_explanation_is_empty_where_nothing_is_said():
    assert explain("") == []
    assert explain("Trời đẹp") == []


@given(st.text(max_size=200))
def test_any_text_has_a_kind_and_an_explanation_inside_it(text):
    text = text.encode("utf-8", errors="ignore").decode()
    assert kind(text) in KINDS
    assert all(0 <= one.position < len(text) for one in explain(text))


@given(st.lists(st.sampled_from([voice.text for voice in labelled()]), max_size=12))
def test_kind_of_a_post_does_not_depend_on_its_neighbours(texts):
    together = kinds_of(pa.array(texts, pa.string()))
    alone = [kinds_of(pa.array([text])).to_pylist()[0] for text in texts]
    assert np.array_equal(together.to_pylist(), alone)


def test_operator_adds_a_cue(tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("cue,kind,weight,position,accents,asks\nnước đục ngầu,report,5,anywhere,free,\n", encoding="utf-8")
    text = pa.array(["Vòi nhà chị hai nước đục ngầu"])
    assert KINDS[kinds_of(text).to_pylist()[0]] == "other"
    assert KINDS[kinds_of(text, cues=load_cues([path])).to_pylist()[0]] == "report"


def test_operator_takes_a_cue_away(tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("cue,kind,weight,position,accents,asks\ntuyệt vời,thanks,0,anywhere,free,\n", encoding="utf-8")
    assert kinds_of(pa.array(["Tuyệt vời"]), cues=load_cues([path])).to_pylist() == [KINDS.index("other")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a … b … c,report,5,anywhere,free,", "cue"),
        ("_ b,report,5,anywhere,free,", "cue"),
        ("a,negative,5,anywhere,free,", "kind"),
        ("a,report,x,anywhere,free,", "weight"),
        ("a,report,5,middle,free,", "position"),
        ("a,report,5,start,maybe,", "accents"),
        ("a,report,5,start,free,yes", "asks"),
    ],
)
def test_bad_cue_names_file_line_and_column(tmp_path, row, column):
    path = tmp_path / "bad.csv"
    path.write_text(f"cue,kind,weight,position,accents,asks\n{row}\n", encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        load_cues([path])
    assert caught.value.code == "kinds.bad-cue"
    assert (caught.value.values["line"], caught.value.values["column"]) == (2, column)


def test_file_without_the_columns_is_refused(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("phrase,kind\na,report\n", encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        load_cues([path])
    assert caught.value.code == "kinds.bad-columns"
