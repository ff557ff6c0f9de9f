"""Plain text: where paragraphs begin and end."""

from pathlib import Path

import pytest
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.tables import read_rows


def read(path: Path, content: bytes) -> list[JsonRow | BadRow]:
    path.write_bytes(content)
    return list(read_rows(path))


def test_blank_lines_part_paragraphs(tmp_path: Path) -> None:
    rows = read(tmp_path / "book.txt", b"\xef\xbb\xbf\n one \r\ntwo\r\n \t\r\n\r\nthree")
    assert rows == [JsonRow(2, {"text": " one \ntwo"}), JsonRow(6, {"text": "three"})]


@pytest.mark.parametrize("content", [b"", b"\n", b" \n\r\n"])
def test_a_file_of_blanks_has_no_rows(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path / "book.txt", content) == []


def test_a_bad_line_spoils_its_paragraph_only(tmp_path: Path) -> None:
    rows = read(tmp_path / "book.txt", b"one\ncaf\xe9\ntwo\n\nthree\n")
    sentence = "byte 4 of the line (0xE9) is not UTF-8; the file may be Latin-1 or Windows-1252"
    assert rows == [BadRow(2, sentence), JsonRow(5, {"text": "three"})]
