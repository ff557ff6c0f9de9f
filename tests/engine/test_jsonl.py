"""Files that people really have: what is said of each fault, word for word."""

import hashlib
import json
from pathlib import Path

import pytest
from tiny_tasks import CHAT
from tunedeck.engine.data.source import load_rows
from tunedeck.store.errors import DataError

GOOD = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


def turns(*pairs: tuple[object, object]) -> str:
    return json.dumps({"messages": [{"role": role, "content": content} for role, content in pairs]})


# What stands on line 2 of a file whose other two lines are good, and what is said about it.
BAD_LINES: list[tuple[str | bytes, str]] = [
    ('{"messages": [', "not valid JSON: Expecting value (column 15)"),
    ("hello", "not valid JSON: Expecting value (column 1)"),
    (GOOD + GOOD, f"not valid JSON: Extra data (column {len(GOOD) + 1})"),
    ('{"messages": [{"role": "user", "content": "Hi', "not valid JSON: Unterminated string starting at (column 43)"),
    ("[1, 2]", "the row is a list, expected an object"),
    ("42", "the row is a number, expected an object"),
    ("null", "the row is null, expected an object"),
    ("{}", 'the row has no fields; expected "messages", "conversations", "instruction" with "output", '
     '"prompt" with "completion", or "text"'),
    ('{"words": "a", "id": 1}', "the row has 'words', 'id'; expected \"messages\", \"conversations\", "
     '"instruction" with "output", "prompt" with "completion", or "text"'),
    ('{"messages": "hi"}', "messages is text, expected a list"),
    ('{"messages": []}', "messages is empty"),
    ('{"messages": ["hi"]}', "messages[0] is text, expected an object"),
    ('{"messages": [{"content": "hi"}]}', "messages[0] has no role"),
    ('{"messages": [{"role": "user"}]}', "messages[0] has no content"),
    (turns(("user", "a"), ("assistant", "b"), ("user", 3)), "messages[2].content is a number, expected text"),
    (turns(("user", True)), "messages[0].content is a boolean, expected text"),
    (turns(("user", "a"), ("assistant", None)), "messages[1].content is null, expected text"),
    (turns(("user", ["a"])), "messages[0].content is a list, expected text"),
    (turns(("user", {"text": "a"})), "messages[0].content is an object, expected text"),
    (turns((1, "a")), "messages[0].role is a number, expected text"),
    (turns(("bot\x1b[2J", "a")), "messages[0].role is 'bot\\x1b[2J', expected system, user or assistant"),
    (turns(("user", "a")), "there is no assistant turn, so nothing to train"),
    (turns(("assistant", "a"), ("user", "b")), "the assistant speaks before the user"),
    (turns(("user", "a"), ("assistant", " \n")), "messages[1].content is empty"),
    (turns(("user", "")), "messages[0].content is empty"),
    ('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{}]}]}',
     "messages[1].tool_calls is filled; tool calls can't be trained"),
    ('{"conversations": [{"from": "human", "value": 1}]}', "conversations[0].value is a number, expected text"),
    ('{"conversations": [{"from": "human"}]}', "conversations[0] has no value"),
    ('{"instruction": "a", "input": 1, "output": "b"}', "input is a number, expected text"),
    ('{"instruction": "", "output": "b"}', "instruction is empty"),
    ('{"prompt": "a", "completion": null}', "completion is null, expected text"),
    ('{"prompt": "\\ud83d", "completion": "b"}', "prompt holds half a character (U+D83D)"),
    ('{"prompt": 1e999, "completion": "b"}', "the number 1e999 is too large"),
    ('{"prompt": NaN, "completion": "b"}', "NaN is not JSON"),
    ('{"prompt": "caf\u00e9"}'.encode("latin-1"), "byte 16 of the line (0xE9) is not UTF-8; "
     "the file may be Latin-1 or Windows-1252"),
    (b'{"prompt": "\0"}', "byte 13 of the line is NUL; the file may be cut off or not text"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), BAD_LINES)
def test_a_bad_line_is_named_with_its_fault(tmp_path: Path, line: str | bytes, sentence: str) -> None:
    path = tmp_path / "train.jsonl"
    middle = line if isinstance(line, bytes) else line.encode()
    path.write_bytes(b"\n".join([GOOD.encode(), middle, GOOD.encode(), b""]))
    with pytest.raises(DataError) as caught:
        load_rows(str(path), CHAT)
    assert caught.value.what == f"train.jsonl line 2: {sentence}."
    assert [row.line for row in load_rows(str(path), CHAT, on_bad_rows="skip").rows] == [1, 3]


# Whole files that can't be used.
BAD_FILES: list[tuple[str, bytes, str]] = [
    ("train.jsonl", b"", "train.jsonl is empty."),
    ("train.jsonl", b"\n \r\n\n", "train.jsonl is empty."),
    ("train.json", b"[]", "train.json is empty."),
    ("train.jsonl", GOOD.encode("utf-16"), "train.jsonl is UTF-16, expected UTF-8."),
    ("train.jsonl", f"[{GOOD}]".encode(), "train.jsonl starts with [ like a JSON array, expected one object a line."),
    ("train.json", f"[{GOOD}".encode(), "train.json line 1: not valid JSON: expected a comma or ], "
     "found the end of the file."),
    ("train.json", f"[\n{GOOD}\n{GOOD}]".encode(), "train.json line 3: not valid JSON: expected a comma or ], "
     "found '{\"messages\": [{\"role'."),
    ("train.json", f"[{GOOD},\n]".encode(), "train.json line 2: not valid JSON: Expecting value (column 1)."),
    ("train.json", f"[{GOOD}]\n[]".encode(), "train.json line 1: the array ends here, but '[]' follows."),
    ("train.json", b"[\n\n{\"a\": \"\xe9\"}]", "train.json line 3: byte 0xE9 is not UTF-8; "
     "the file may be Latin-1 or Windows-1252."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "sentence"), BAD_FILES)
def test_a_bad_file_is_refused_with_its_fault(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_rows(str(tmp_path / name), CHAT)
    assert caught.value.what == sentence
    assert caught.value.next_step


def test_many_bad_rows_are_counted_and_three_named(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join([GOOD, *["null"] * 1500]))
    with pytest.raises(DataError) as caught:
        load_rows(str(path), CHAT)
    fault = "the row is null, expected an object"
    assert caught.value.what == (
        f"train.jsonl has 1,500 rows that can't be used: line 2: {fault}; line 3: {fault}; line 4: {fault}; "
        "and 1,497 more."
    )
    assert caught.value.next_step == 'Mend these rows, or leave them out with on_bad_rows = "skip".'


def test_line_numbers_have_thousands_separators(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text((GOOD + "\n") * 1203 + turns(("user", "a"), ("assistant", "b"), ("user", 3)))
    with pytest.raises(DataError, match=r"^train.jsonl line 1,204: messages\[2\].content is a number, expected text\."):
        load_rows(str(path), CHAT)


def test_skipping_is_refused_where_no_row_is_left(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("null\n")
    with pytest.raises(DataError, match="line 1: the row is null"):
        load_rows(str(path), CHAT, on_bad_rows="skip")


def test_bom_blank_lines_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + f"{GOOD}\r\n\r\n{GOOD}".encode())
    assert [row.line for row in load_rows(str(path), CHAT).rows] == [1, 3]


def test_rows_of_an_array_on_one_line_have_numbers_of_their_own_and_say_the_line(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_text(f"[{GOOD}, {GOOD},\n{GOOD}, 3]")
    assert [row.line for row in load_rows(str(path), CHAT, on_bad_rows="skip").rows] == [1, 2, 3]
    with pytest.raises(
        DataError, match=r"^train\.json line 2: the row is a number, expected an object\. Mend this row"
    ):
        load_rows(str(path), CHAT)


def test_rows_of_an_array_have_the_lines_where_they_start(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(b"\xef\xbb\xbf" + f"[\n{GOOD}\n,\n\n{GOOD}\n]\n".encode())
    assert [row.line for row in load_rows(str(path), CHAT).rows] == [2, 5]


def test_a_missing_file_an_empty_folder_and_an_unknown_kind_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.jsonl does not exist"):
        load_rows(str(tmp_path / "nothing.jsonl"), CHAT)
    with pytest.raises(DataError, match="has no file of rows in it"):
        load_rows(str(tmp_path), CHAT)
    with pytest.raises(DataError, match="is not a kind of data that can be read"):
        load_rows(str(tmp_path / "rows.xlsx"), CHAT)


def test_the_fingerprint_is_the_hash_of_the_file(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", f"{GOOD}\n\n{GOOD}"), ("a.json", f"[{GOOD}]\n")):
        (tmp_path / name).write_text(content)
        assert load_rows(str(tmp_path / name), CHAT).sha256 == hashlib.sha256(content.encode()).hexdigest()
