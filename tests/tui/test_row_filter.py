"""The filter's language: words, fields, kinds, what turns them round, and what is refused with its place."""

from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet
from tunedeck.engine.data import rows_file as written
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store.errors import UserError
from tunedeck.tui.rows import row_filter, row_order
from tunedeck.tui.rows.row_filter import Rows
from tunedeck.tui.rows.row_order import Order
from tunedeck.tui.rows.rows_file import RowFacts, RowsFile

RECORDS = [
    RowRecord(1, '{"text": "A Refund, please", "label": "neg"}'),
    RowRecord(2, '{"text": "Fine", "label": "pos"}'),
    RowRecord(4, "", "not valid JSON (column 1)"),
    RowRecord(5, '{"text": "said \\"no refund\\" twice: Straße", "label": "neg"}'),
    RowRecord(9, '{"text": "Fine, label me", "label": "pos"}', "", 2, "edits:swap"),
]


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    written.write(tmp_path / "rows.parquet", RECORDS)
    facts = {"tokens": pyarrow.array([600, 4, -1, 12, 9], pyarrow.int32()), "label": ["neg", "pos", None, "neg", "pos"]}
    parquet.write_table(pyarrow.table(facts), tmp_path / "facts")
    marked = np.array([False, True, False, False, False])
    return Rows(RowsFile(tmp_path / "rows.parquet"), marked, RowFacts(tmp_path / "facts"))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("refund", [0, 3]),
        ("REFUND please", [0]),
        ("!refund", [1, 2, 4]),
        ('"a refund"', [0]),
        ('"said "', [3]),
        ("label", [4]),  # as a word it is sought in values, not in the names of fields
        ("neg", [0, 3]),
        ("straSSe", []),
        ("STRAßE", [3]),
        ("JSON", [2]),
        ("label=neg", [0, 3]),
        ("label!=neg", [1, 2, 4]),
        ("!label=neg", [1, 2, 4]),
        ('"label=neg"', []),
        ("tokens>512", [0]),
        ("tokens<=9 tokens>=0", [1, 4]),
        ("line=4", [2]),
        ("line>=5 fine", [4]),
        ("line!=4 !is:bad", [0, 1, 3, 4]),
        ("length<40 !is:bad", [1]),
        ("is:bad", [2]),
        ("is:synthetic", [4]),
        ("is:marked", [1]),
        ("!is:marked fine", [4]),
        (".*", []),
        ("a=b", []),
    ],
)
def test_what_is_found(rows: Rows, text: str, places: list[int]) -> None:
    assert row_filter.find(row_filter.parse(text), rows).tolist() == places


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("refund tokens>many", "character 8: tokens> needs a whole number, not 'many'."),
        ("!tokens=-1", "character 1: tokens= needs a whole number, not '-1'."),
        ("line=", "character 1: line= needs a whole number, not ''."),
        ("x is:odd", "character 3: there is no is:odd, only is:bad, is:synthetic, is:marked."),
        ("label<3", "character 1: a label is = or !=, not <."),
        ('a "open', "character 3: the quote has no end."),
        ("a !", "character 3: there is nothing after !."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, refusal: str) -> None:
    with pytest.raises(UserError) as refused:
        row_filter.parse(text)
    assert str(refused.value) == f"The filter can't be read at {refusal}"


@pytest.mark.parametrize("order", [Order(row_filter.parse("label=neg")), Order(sort="tokens")])
def test_what_only_a_report_knows_is_asked_of_it(rows: Rows, order: Order) -> None:
    with pytest.raises(UserError, match=r"Tokens and labels are known from the report. Have it made first."):
        row_order.of(order, Rows(rows.file, rows.marked))


@pytest.mark.parametrize(
    ("order", "places"),
    [
        (Order(), [0, 1, 2, 3, 4]),
        (Order(sort="length"), [3, 0, 4, 1, 2]),
        (Order(sort="tokens"), [0, 3, 4, 1, 2]),
        (Order(only=[4, 3, 0]), [0, 3, 4]),
        (Order(row_filter.parse("refund"), "length", [0, 1, 3]), [3, 0]),
    ],
)
def test_rows_are_sorted_the_longest_first(rows: Rows, order: Order, places: list[int]) -> None:
    assert row_order.of(order, rows).tolist() == places


def test_nothing_is_found_when_nobody_waits(rows: Rows) -> None:
    assert row_filter.find(row_filter.parse("refund"), rows, lambda: False).tolist() == []
