"""CSV and TSV that people really have: read as the csv module does, and what is said of each fault, word for word."""

import csv
import random
from pathlib import Path

import pytest
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import DataError


def read(path: Path, content: str | bytes) -> list[JsonRow | BadRow]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(path))


# What stands on the lines from 2 of a file with the columns text and label, and what is said about it.
BAD_RECORDS: list[tuple[str | bytes, int, str]] = [
    ("a", 2, "the row has 1 field, expected 2"),
    ("a,b,c", 2, "the row has 3 fields, expected 2"),
    ("a,b\n\n\nc,d,", 5, "the row has 3 fields, expected 2"),
    ('"a\nb\n",c,d', 2, "the row has 3 fields, expected 2"),
    ('"He said "hi"",b', 2, 'a quoted field goes on behind its closing quote; a quote inside it is written ""'),
    ('a,"b', 2, "a quoted field is never closed; it takes up the rest of the file, to line 3"),
    ("a\rb,c", 2, "a carriage return stands alone outside quotes; the file may have the line ends of old Macs"),
    ("café,b".encode("latin-1"), 2, "byte 4 of the line (0xE9) is not UTF-8; the file may be Latin-1 or Windows-1252"),
    ('"a\nb\ncafé",d'.encode("latin-1"), 4,
     "byte 4 of the line (0xE9) is not UTF-8; the file may be Latin-1 or Windows-1252"),
    (b"a\0,b", 2, "byte 2 of the line is NUL; the file may be cut off or not text"),
    (b'"\xff"x,b', 2, "byte 2 of the line (0xFF) is not UTF-8; the file may be Latin-1 or Windows-1252"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "line", "sentence"), BAD_RECORDS)
def test_a_bad_record_is_named_with_its_fault(tmp_path: Path, record: str | bytes, line: int, sentence: str) -> None:
    middle = record if isinstance(record, bytes) else record.encode()
    rows = read(tmp_path / "train.csv", b"text,label\n" + middle + b"\ngood,1\n")
    assert [row for row in rows if isinstance(row, BadRow)] == [BadRow(line, sentence)]
    if "never closed" not in sentence:
        assert isinstance(rows[-1], JsonRow) and rows[-1].value == {"text": "good", "label": "1"}


NEXT_STEP = "The first line has to give each column a name of its own."
BAD_HEADERS: list[tuple[bytes, str]] = [
    (b"text,label,text\n", "train.csv line 1: two columns are named 'text'."),
    (b"text,,label\n", "train.csv line 1: column 2 has no name."),
    (b"text,label,\n", "train.csv line 1: column 3 has no name."),
    (b'""\na\n', "train.csv line 1: column 1 has no name."),
    (b"\n\ntext, \n", "train.csv line 3: column 2 has no name."),
    (b"t\xe9xt,label\n", "train.csv line 1: byte 2 of the line (0xE9) is not UTF-8; "
     "the file may be Latin-1 or Windows-1252."),
    (b'"text,label\na,b\n', "train.csv line 1: a quoted field is never closed; "
     "it takes up the rest of the file, to line 2."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BAD_HEADERS)
def test_a_bad_header_refuses_the_file(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path / "train.csv", content)
    assert (caught.value.what, caught.value.next_step) == (sentence, NEXT_STEP)


@pytest.mark.parametrize("content", ["", "\n\n", "text,label", "text,label\n\n"])
def test_a_file_without_rows_gives_none(tmp_path: Path, content: str) -> None:
    assert read(tmp_path / "train.csv", content) == []


def test_bom_blank_lines_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    rows = read(tmp_path / "train.csv", b'\xef\xbb\xbftext,label\r\n\r\n"a\r\nb",1\r\n\r\nc,2')
    assert rows == [JsonRow(3, {"text": "a\r\nb", "label": "1"}), JsonRow(6, {"text": "c", "label": "2"})]


def test_the_row_numbers_of_pandas_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path / "train.csv", ",text\n0,a\n") == [JsonRow(2, {"text": "a"})]


@pytest.mark.parametrize("header", ["text,label", "text;label", "text\tlabel", '"text, all; of\tit";label', "text"])
def test_the_first_line_tells_the_delimiter(tmp_path: Path, header: str) -> None:
    delimiter = header.removesuffix("label")[-1] if header.endswith("label") else ","
    names = next(csv.reader([header], delimiter=delimiter))
    rows = read(tmp_path / "train.csv", f"{header}\n{delimiter.join(['1'] * len(names))}\n")
    assert rows == [JsonRow(2, dict.fromkeys(names, "1"))]


def test_quotes_in_tsv_are_text_where_they_can_not_be_quotes(tmp_path: Path) -> None:
    rows = read(tmp_path / "train.tsv", 'text\tlabel\n"Hi" she said\t1\nan "open\t2\n"all"\t3\n')
    texts = [row.value["text"] for row in rows if isinstance(row, JsonRow) and isinstance(row.value, dict)]
    assert texts == ['"Hi" she said', 'an "open', '"all"']


def test_a_field_above_the_csv_modules_own_limit_is_read(tmp_path: Path) -> None:
    rows = read(tmp_path / "train.csv", f"text\n{'a' * 200_000}\n")
    assert rows == [JsonRow(2, {"text": "a" * 200_000})]


def made_field(draw: random.Random) -> str:
    return "".join(draw.choices('ab ,;\t"\r\né👋\u2028', k=draw.randrange(8)))


@pytest.mark.parametrize("seed", range(50))
def test_valid_files_are_read_as_the_csv_module_does(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    path = tmp_path / draw.choice(["rows.csv", "rows.tsv"])
    delimiter = "\t" if path.suffix == ".tsv" else draw.choice(",;\t")
    with path.open("w", encoding=draw.choice(["utf-8", "utf-8-sig"]), newline="") as file:
        # With "\n" and QUOTE_MINIMAL the writer of Python 3.11 leaves a carriage return unquoted.
        style = draw.choice([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)])
        writer = csv.writer(file, delimiter=delimiter, lineterminator=style[0], quoting=style[1])
        writer.writerow(["one", "two", "three"])
        writer.writerows([[made_field(draw) for _ in range(3)] for _ in range(draw.randrange(20))])
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = list(csv.DictReader(file, delimiter=delimiter))
    rows = list(read_rows(path))
    assert [row.value for row in rows if isinstance(row, JsonRow)] == expected and len(rows) == len(expected)
