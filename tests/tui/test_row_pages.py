"""Rows files are read by pages, whole or not at all; a row is shown in one line and in full, both bounded."""

import json
from pathlib import Path

import every_state
import numpy as np
import pyarrow
import pytest
from pyarrow import parquet
from tunedeck.engine.data import rows_file as written
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store.errors import NotFoundError
from tunedeck.tui.clean import clean
from tunedeck.tui.rows import row_text
from tunedeck.tui.rows.row_filter import Rows
from tunedeck.tui.rows.row_window import RowWindow
from tunedeck.tui.rows.rows_file import DataRow, RowFacts, RowsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """2,500 rows on three pages, each tenth one bad."""
    file = tmp_path / "rows.parquet"
    records = (
        RowRecord(index + 1, "", f"line {index + 1} is bad") if index % 10 == 3 else RowRecord(index + 1, f'"{index}"')
        for index in range(2500)
    )
    written.write(file, records)
    return file


def row(value: object) -> DataRow:
    return DataRow(0, 17, json.dumps(value, ensure_ascii=False))


def test_rows_are_taken_by_place_in_the_order_asked_for(path: Path) -> None:
    file = RowsFile(path)
    taken = file.take([2499, 3, 1000, 999])
    assert len(file) == 2500
    assert [one.place for one in taken] == [2499, 3, 1000, 999]
    assert [one.line for one in taken] == [2500, 4, 1001, 1000]
    assert [one.row for one in taken] == ['"2499"', "", '"1000"', '"999"']
    assert taken[1].fault == "line 4 is bad" and taken[0].origin is None


def test_only_pages_with_chosen_rows_are_read(path: Path) -> None:
    chosen = np.zeros(2500, dtype=bool)
    chosen[1500] = True
    assert [(places.start, places.stop) for places, _ in RowsFile(path).pages("row", chosen)] == [(1000, 2000)]


def test_a_file_without_rows_is_one_too(tmp_path: Path) -> None:
    written.write(tmp_path / "rows.parquet", [])
    file = RowsFile(tmp_path / "rows.parquet")
    assert len(file) == 0 and file.take([]) == []


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and no more", "another"])
def test_what_is_no_rows_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes | str | None) -> None:
    file = tmp_path / "rows.parquet"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        parquet.write_table(pyarrow.table({"row": ["1"]}), file)
    with pytest.raises(NotFoundError, match=r"rows.parquet can't be read: .*\. Open its source again\."):
        RowsFile(file)


def test_what_a_report_has_measured_is_known_by_place(tmp_path: Path) -> None:
    parquet.write_table(
        pyarrow.table({"tokens": pyarrow.array([7, -1], pyarrow.int32()), "label": ["neg", None]}), tmp_path / "facts"
    )
    facts = RowFacts(tmp_path / "facts")
    assert [facts.of(0), facts.of(1)] == [(7, "neg"), (-1, "")]


def test_a_window_shows_what_is_not_read_as_dots_and_reads_it_when_asked(path: Path) -> None:
    asked: list[bool] = []
    rows = Rows(RowsFile(path), np.zeros(2500, dtype=bool))
    window = RowWindow(rows, np.arange(2500)[::-1], lambda: asked.append(True))
    assert window[0].key == "2499" and window[0].cells[2] == ("...", "dim")
    assert asked == [True]
    assert list(window.read_wanted()) == [None]
    assert window[0].cells[2] == ("2499", "")
    assert window[6].cells[2] == ("! line 2494 is bad", "state-failed")
    assert window.index_of("0") == 2499 and window.index_of("2500") is None


def test_a_window_reads_what_was_asked_for_last_and_forgets_what_was_scrolled_past(path: Path) -> None:
    window = RowWindow(Rows(RowsFile(path), np.zeros(2500, dtype=bool)), np.arange(2500), lambda: None)
    for place in range(0, 2500, 100):
        assert window[place].cells[2] == ("...", "dim")
    assert len(list(window.read_wanted())) == 4
    assert window[2400].cells[2] == ("2400", "") and window[0].cells[2] == ("...", "dim")


@pytest.mark.parametrize(
    ("value", "summary"),
    [
        ("plain\n text", "plain text"),
        ({"text": "Good", "label": 1}, "text: Good  label: 1"),
        ({"messages": [{"role": "user", "content": "Hi"}, {"role": "bot", "content": "Ho"}]}, "user: Hi  bot: Ho"),
        ([{"from": "human", "value": "Hi"}], "human: Hi"),
        ({"tokens": ["a", "b"], "tags": [0, 1]}, 'tokens: ["a", "b"]  tags: [0, 1]'),
        (None, "null"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_row_in_one_line(value: object, summary: str) -> None:
    assert row_text.summary(row(value)) == summary


def test_a_row_in_full_has_its_fields_and_its_turns() -> None:
    chat = {"id": 7, "messages": [{"role": "user", "content": "Hi\nyou"}, {"role": "assistant", "content": "Ho"}]}
    lines = row_text.told(row(chat)).split("\n")
    assert lines[0].startswith("line 17   ")
    assert lines[2:] == [
        "id        7",
        "messages",
        "  user:",
        "    Hi",
        "    you",
        "  ",
        "  assistant:",
        "    Ho",
        "  ",
    ]


def test_a_synthetic_row_says_where_it_is_from() -> None:
    made = DataRow(0, 17, '"x"', origin=3, generator="edits:swap")
    assert row_text.told(made).startswith("line 17   3 characters   made by edits:swap   from line 3\n")


def test_a_huge_row_is_shown_in_part() -> None:
    huge = row({"text": "x" * 10**6, "list": list(range(10**5)), "deep": [[[[]]]]})
    assert len(row_text.summary(huge)) <= 400
    told = row_text.told(huge)
    assert len(told) < 20_100 and told.endswith("more characters")


@pytest.mark.parametrize("text", ["{", "[" * 100_000 + "]" * 100_000])
def test_what_is_no_json_is_shown_as_it_is(text: str) -> None:
    assert row_text.summary(DataRow(0, 1, text)).startswith(text[:40])
    assert text[:40] in row_text.told(DataRow(0, 1, text))


@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_hostile_text_stays_text(kind: str) -> None:
    hostile = row({every_state.HOSTILE[kind]: every_state.HOSTILE[kind]})
    assert clean(row_text.told(hostile)) and row_text.summary(hostile)
