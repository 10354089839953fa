import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.kinds import group_questions
from nhipcau.engine.kinds.wording import reading_form, wording_quality

POWER = [
    "Bao giờ có điện lại vậy ạ?",
    "khi nao co dien lai vay mn",
    "Cho em hỏi khi nào có điện lại ở ấp 4 ạ? Tối quá.",
    "mấy h có điện lại",
]
SCHOOL = [
    "Mai học sinh có được nghỉ học không ạ?",
    "mai hs co dc nghi hoc ko",
    "Cho mình hỏi mai trường có cho nghỉ học không mọi người?",
]
OTHER = ["Cảm ơn các anh", "Lo quá, dân biết kêu ai?"]
TEXTS = POWER + SCHOOL + OTHER


def grouped(texts, authors=None, limit=5):
    return group_questions(texts, authors or list(range(len(texts))), list(range(len(texts))), limit=limit)


def test_same_question_in_other_words_is_counted_once_with_all_its_voices():
    power, school = grouped(TEXTS)
    assert (power.voices, power.members) == (4, (0, 1, 2, 3))
    assert (school.voices, school.members) == (3, (4, 5, 6))


def test_wording_shown_is_complete_and_has_diacritics():
    power, school = grouped(TEXTS)
    assert power.text == "Bao giờ có điện lại?"
    assert school.text.endswith("nghỉ học không?")


def test_one_author_who_asks_three_times_is_one_author():
    question = grouped(POWER, [7, 7, 7, None])[0]
    assert (question.voices, question.authors) == (4, 1)


def test_when_and_where_are_different_questions():
    questions = grouped(["Phát gạo ở đâu vậy?", "Khi nào phát gạo vậy?"])
    assert [question.voices for question in questions] == [1, 1]


def test_same_place_does_not_make_two_matters_one():
    texts = ["Bao giờ có điện lại ở Tân Khai?", "Bao giờ có nước lại ở Tân Khai?", "Bao giờ có điện lại ở Lộc Ninh?"]
    assert [question.members for question in grouped(texts)] == [(0, 2), (1,)]


def test_most_asked_comes_first_and_the_limit_holds():
    assert [question.voices for question in grouped(TEXTS, limit=1)] == [4]


def test_no_questions_give_no_groups():
    assert grouped([]) == []
    assert grouped(OTHER) == []


def test_two_questions_of_one_post_are_two():
    questions = grouped(["Khi nào có điện lại? Điểm phát nước ở đâu?"])
    assert sorted(question.text for question in questions) == ["Khi nào có điện lại?", "Điểm phát nước ở đâu?"]


@given(st.integers(0, 1_000))
@settings(max_examples=15)
def test_order_of_the_posts_does_not_matter(seed):
    order = list(range(len(TEXTS)))
    random.Random(seed).shuffle(order)
    mixed = group_questions([TEXTS[place] for place in order], order, order)
    straight = group_questions(TEXTS, list(range(len(TEXTS))), list(range(len(TEXTS))))
    assert [(one.text, one.voices, one.authors) for one in mixed] == [
        (one.text, one.voices, one.authors) for one in straight
    ]


@given(st.lists(st.text(max_size=60), max_size=8))
@settings(max_examples=40)
def test_any_texts_are_grouped_without_trouble(texts):
    texts = [text.encode("utf-8", errors="ignore").decode() for text in texts]
    for question in grouped(texts):
        assert question.voices == len(question.members) >= 1
        assert question.text.endswith("?")


def test_reading_form_drops_courtesies_links_and_emoji():
    assert reading_form("cho e hoi mai có nghỉ học ko???", question=True) == "Mai có nghỉ học ko?"
    assert reading_form("Xem https://example.org ngay !!!") == "Xem ngay!"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("Dạ ad ơi, sao tuyến buýt số 09 bỏ chuyến chiều nay?", "Sao tuyến buýt số 09 bỏ chuyến chiều nay?"),
        ("Bà con ơi, mất sổ tiêm chủng thì xin lại ở đâu?", "Mất sổ tiêm chủng thì xin lại ở đâu?"),
        ("Thưa ban quản trị, cho tôi hỏi chó có lây bệnh không ạ?", "Chó có lây bệnh không?"),
        ("Em muốn hỏi trạm y tế còn vắc xin sởi không?", "Trạm y tế còn vắc xin sởi không?"),
        ("Phiền các anh chị chút, có ai biết bao giờ có điện?", "Có ai biết bao giờ có điện?"),
        ("Ad cho mình hõi với, quà lễ có phát cùng trợ cấp không?", "Quà lễ có phát cùng trợ cấp không?"),
        ("Trời ơi sao chưa có điện lại vậy?", "Trời ơi sao chưa có điện lại vậy?"),
    ],
)
def test_who_is_spoken_to_is_no_part_of_the_question(asked, shown):
    assert reading_form(asked, question=True) == shown


def test_a_question_of_nothing_but_calls_takes_no_longer_than_others():
    asked = "ad " * 400 + "x?"
    assert reading_form(asked, question=True).lower() == asked


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["Báo ồn thì có đc giấu tên hok?"], "Báo ồn thì có được giấu tên không?"),
        (["Ko biết khi nào có điện lại ở ấp 4 r?"], "Không biết khi nào có điện lại ở ấp 4 rồi?"),
        (["Trạm còn vitamin K cho trẻ ko?"], "Trạm còn vitamin K cho trẻ không?"),
        (["Why is there no power, who can we call, k?"], "Why is there no power, who can we call, k?"),
    ],
)
def test_teencode_of_a_question_is_written_out_for_readers(texts, shown):
    assert grouped(texts)[0].text == shown


def test_accented_wording_reads_better_than_shorthand():
    assert wording_quality("Khi nào có điện lại ở ấp 4?") > wording_quality("bao h co dien lai vay")
    assert wording_quality("KHI NÀO CÓ ĐIỆN LẠI Ở ẤP 4?") < wording_quality("Khi nào có điện lại ở ấp 4?")


@pytest.mark.parametrize("text", ["Ai biết chỉ em với?", "Mong được giải đáp?", "Có ai biết không ạ?", "Sao vậy?"])
def test_a_plea_for_an_answer_is_no_question_of_its_own(text):
    both = [f"{text} Khi nào phường có điện lại?", text]
    assert group_questions([text], [1], [1]) == []
    assert [question.text for question in group_questions(both, [1, 2], [1, 2])] == ["Khi nào phường có điện lại?"]
