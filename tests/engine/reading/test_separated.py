import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .drive import rejected, run, texts, unhurried, written
from .naive_reading import clean, separated_records

# The standard library ends a line at a lone carriage return, this reader does not: only whole line ends are drawn.
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
fields = st.text("ab,;\t|\"'\n\x00\u202eđ ") | st.text(letters) | st.just("a\r\nb")


@unhurried
@given(
    st.lists(st.tuples(fields, fields), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([1, 11, 2**20]),
)
def test_rows_agree_with_the_standard_library(tmp_path_factory, records, separator, end, quoting, block_bytes):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerow(["id", "text"])
    writer.writerows(records)
    raw = file.getvalue()
    path = written(tmp_path_factory.mktemp("csv") / "a.csv", raw)
    expected = [
        (text, clean(name))
        for name, text in separated_records(raw, separator)[1:]
        if text.strip(" \t\n\x0b\x0c\u00a0\ufeff" + "".join(map(chr, range(0x2000, 0x2010))))
    ]
    if len(expected) == 0:
        return
    rows, _ = run(path, block_bytes=block_bytes)
    assert [(row["text"], row["id"] if name else "") for row, (_, name) in zip(rows, expected, strict=True)] == expected


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_the_header(tmp_path, separator):
    raw = separator.join(["id", "text", "place"]) + "\n" + separator.join(["1", '"a, b; c | d"', "x"]) + "\n"
    rows, _ = run(written(tmp_path / "a.csv", raw))
    assert (rows[0]["id"], rows[0]["text"], rows[0]["place"]) == ("1", "a, b; c | d", "x")


def test_one_column_needs_no_separator(tmp_path):
    assert texts(written(tmp_path / "a.csv", "text\na, b\n\nc\n")) == ["a, b", "c"]


@pytest.mark.parametrize("raw", ["sep=;\nid;text\n1;a,b,c\n", "\n\nid;text\n1;a,b,c\n"])
def test_lines_before_the_header_are_passed_over(tmp_path, raw):
    rows, _ = run(written(tmp_path / "a.csv", raw))
    assert [row["text"] for row in rows] == ["a,b,c"]


def test_line_numbers_count_the_lines_within_quotes(tmp_path):
    raw = 'id,text\n1,"a\nb\nc"\n2\n3,"d""e"\n'
    path = written(tmp_path / "a.csv", raw)
    assert rejected(path, tmp_path / "rejects") == [(5, "fields")]
    assert texts(path) == ["a\nb\nc", 'd"e']


@pytest.mark.parametrize("line", ["2", "2,b,c", '2,"b"c', '"2"x,b'])
def test_a_record_of_another_form_is_rejected_alone(tmp_path, line):
    path = written(tmp_path / "a.csv", f"id,text\n1,a\n{line}\n3,c\n")
    [(number, code)] = rejected(path, tmp_path / "rejects")
    assert (number, code) == (3, "quote" if '"' in line else "fields")
    assert texts(path) == ["a", "c"]


@pytest.mark.parametrize("block_bytes", [4, 2**20])
def test_a_quote_that_never_closes_costs_only_its_own_line(tmp_path, block_bytes):
    path = written(tmp_path / "a.csv", 'id,text\n1,a\n2,"b\n3,c\n4,d\n')
    assert rejected(path, tmp_path / "rejects", block_bytes=block_bytes) == [(3, "quote")]
    assert texts(path, block_bytes=block_bytes) == ["a", "c", "d"]


@pytest.mark.parametrize("block_bytes", [4, 2**20])
def test_a_record_over_many_lines_that_is_too_long_is_rejected(tmp_path, block_bytes):
    long = '2,"' + "b\n" * 40 + '"\n'
    path = written(tmp_path / "a.csv", "id,text\n1,a\n" + long + "3,c\n")
    found = rejected(path, tmp_path / "rejects", block_bytes=block_bytes, max_line_bytes=50)
    assert found[0] == (3, "line-too-long")
    assert texts(path, block_bytes=block_bytes, max_line_bytes=50) == ["a", "c"]


@unhurried
@given(st.lists(st.text('ab,"\n') | st.sampled_from(['1,"a\nb"', "2,c"]), max_size=10), st.integers(10, 40))
def test_the_rows_and_rejects_are_the_same_whatever_the_block_size(tmp_path_factory, parts, longest):
    folder = tmp_path_factory.mktemp("blocks")
    path = written(folder / "a.csv", "\n".join(["id,text", "0,z", *parts]))
    results = []
    for block_bytes in (1, 6, 2**20):
        rejects = folder / f"rejects-{block_bytes}"
        rows, _ = run(path, rejects=rejects, block_bytes=block_bytes, max_line_bytes=longest)
        results.append((rows, sorted(rejects.read_text().splitlines()) if rejects.exists() else []))
    assert all(result == results[0] for result in results)
