"""Folders of files of rows, and what is kept of sources that were opened."""

import gzip
import hashlib
import json
import os
from itertools import islice
from pathlib import Path

import pytest
from tiny_tasks import CHAT
from tunedeck.engine.data import kept, rows_cache, rows_file, source
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.source import load_rows
from tunedeck.engine.data.tables import Values, read_rows
from tunedeck.store.errors import DataError

GOOD = '{"prompt": "Hi", "completion": "Hello"}'


def fill(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def values(path: Path) -> list[object]:
    return [row.value for row in read_rows(path) if isinstance(row, JsonRow)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "reviews"


def test_files_come_by_their_paths_and_lines_count_on(folder: Path) -> None:
    fill(folder, {"b.csv": "n\n1\n", "a/z.jsonl": "2\n\n3\n", "a/y.jsonl.gz": gzip.compress(b"4\n"), "c.xlsx": "no"})
    rows = list(read_rows(folder))
    assert [(row.line, row.place) for row in rows] == [
        (1, "reviews/a/y.jsonl.gz line 1"),
        (2, "reviews/a/z.jsonl line 1"),
        (4, "reviews/a/z.jsonl line 3"),
        (6, "reviews/b.csv line 2"),
    ]
    assert [row.value for row in rows if isinstance(row, JsonRow)] == [4, 2, 3, {"n": "1"}]


def test_the_digest_is_of_all_bytes_in_order(folder: Path) -> None:
    fill(folder, {"a.jsonl": "1\n", "b.txt": "two", "b.csv": "n\n3\n"})
    digest = hashlib.sha256()
    assert len(list(read_rows(folder, digest))) == 2
    assert digest.hexdigest() == hashlib.sha256(b"1\nn\n3\n").hexdigest()


def test_hidden_files_and_links_that_lead_out_are_left_out(folder: Path) -> None:
    fill(folder, {"a.jsonl": "1", ".b.jsonl": "2", ".git/c.jsonl": "3", "sub/d.jsonl": "4"})
    fill(folder.parent, {"secret/e.jsonl": "5"})
    (folder / "f.jsonl").symlink_to(folder.parent / "secret" / "e.jsonl")
    (folder / "out").symlink_to(folder.parent / "secret")
    (folder / "circle").symlink_to(folder)
    (folder / "gone.jsonl").symlink_to(folder / "nothing.jsonl")
    (folder / "same.jsonl").symlink_to("a.jsonl")
    assert values(folder) == [1, 1, 4]
    (folder.parent / "linked").symlink_to(folder)
    assert values(folder.parent / "linked") == [1, 1, 4]


def test_text_beside_tables_is_a_readme_and_by_itself_it_is_rows(folder: Path) -> None:
    fill(folder, {"README.txt": "About it.", "a.jsonl": "1"})
    assert values(folder) == [1]
    (folder / "a.jsonl").unlink()
    assert values(folder) == [{"text": "About it."}]


BAD_ROW = '{"prompt": "Hi"}'
FAULT = "the row has 'prompt'; expected"
# The folder's files, and the beginning of what is said of it.
BAD_FOLDERS: list[tuple[dict[str, str | bytes], str]] = [
    ({".keep": ""}, "{folder} has no file of rows in it. Read are .jsonl, .json, .csv,"),
    ({"a.md": "no", ".b.jsonl": GOOD}, "{folder} has no file of rows in it."),
    ({"a.jsonl": "", "b.csv": "prompt,completion\n"}, "reviews is empty. Name a file with rows,"),
    ({"a.jsonl": GOOD, "sub/b.jsonl": f"{GOOD}\n\n{BAD_ROW}\n"}, f"reviews/sub/b.jsonl line 3: {FAULT}"),
    ({"a.jsonl": GOOD, "b.json": f"[{GOOD},\n{GOOD}"}, "reviews/b.json line 2: not valid JSON: expected a comma or ],"),
    ({"a.jsonl": f"{BAD_ROW}\n", "b.jsonl": "hello"},
     f"reviews has 2 rows that can't be used: reviews/a.jsonl line 1: {FAULT}"),
    ({"a.jsonl": "hello", "b.jsonl": "hello"}, "reviews has 2 rows that can't be used: reviews/a.jsonl line 1: "
     "not valid JSON: Expecting value (column 1); reviews/b.jsonl line 1: not valid JSON: Expecting value (column 1)."),
    ({"a.csv": GOOD.encode("utf-16")}, "reviews/a.csv is UTF-16, expected UTF-8."),
    ({"a.csv": "a,b,a\n"}, "reviews/a.csv line 1: two columns are named 'a'."),
    ({"a.jsonl": f"[{GOOD}]"}, "reviews/a.jsonl starts with [ like a JSON array, expected one object a line."),
    ({"a.jsonl": GOOD, "b.parquet": b"no"}, "reviews/b.parquet can't be read as Parquet: Parquet file"),
    ({"a.jsonl": GOOD, "b.jsonl.gz": b"no"}, "reviews/b.jsonl.gz can't be unpacked: Not a gzipped file (b'no')."),
]  # fmt: skip


@pytest.mark.parametrize(("files", "said"), BAD_FOLDERS)
def test_a_bad_folder_is_refused_with_the_file_at_fault(folder: Path, files: dict[str, str | bytes], said: str) -> None:
    with pytest.raises(DataError) as caught:
        load_rows(str(fill(folder, files)), CHAT)
    assert str(caught.value).startswith(said.format(folder=folder) if "{folder}" in said else said)


def test_rows_of_a_folder_are_skipped_as_those_of_a_file(folder: Path) -> None:
    fill(folder, {"a.jsonl": f"{BAD_ROW}\n{GOOD}\n", "b.jsonl": GOOD})
    loaded = load_rows(str(folder), CHAT, on_bad_rows="skip")
    assert ([row.line for row in loaded.rows], loaded.bad_rows.count) == ([2, 3], 1)


# what is kept of opened sources


def opened(cache: Path, path: Path) -> rows_cache.Opened:
    return rows_cache.opened(cache, rows_cache.key_of(path), lambda: read_rows(path))


def refuse() -> Values:
    raise AssertionError("the rows were read again")


def test_a_source_is_read_once_for_as_long_as_it_stays_the_same(tmp_path: Path, folder: Path) -> None:
    fill(folder, {"a.jsonl": f"1\n{{\n{GOOD}\n", "sub/b.csv": "n\n1\n"})
    made = opened(tmp_path, folder)
    assert (made.rows, made.bad_rows) == (4, 1)
    assert rows_cache.opened(tmp_path, rows_cache.key_of(folder), refuse) == made
    assert [(row.line, row.fault) for row in rows_file.read(made.path)][1] == (
        2, "reviews/a.jsonl line 2: not valid JSON: Expecting property name enclosed in double quotes (column 2)",
    )  # fmt: skip
    os.utime(folder / "sub" / "b.csv", ns=(1, 1))
    assert opened(tmp_path, folder).path != made.path


def test_two_at_once_both_get_the_rows(tmp_path: Path, folder: Path) -> None:
    fill(folder, {"a.jsonl": "1\n2\n"})

    def slowly() -> Values:
        rows = read_rows(folder)
        yield from islice(rows, 1)
        assert opened(tmp_path, folder).rows == 2
        yield from rows

    assert rows_cache.opened(tmp_path, rows_cache.key_of(folder), slowly) == opened(tmp_path, folder)


def test_nothing_half_is_left_of_a_source_that_breaks_off(tmp_path: Path, folder: Path) -> None:
    fill(folder, {"a.jsonl": "1\n", "b.jsonl": "[1]"})
    with pytest.raises(DataError, match=r"b\.jsonl starts with \["):
        opened(tmp_path / "cache", folder)
    assert [path.name for path in (tmp_path / "cache").rglob("*")] == ["rows"]


def test_what_was_used_longest_ago_is_removed(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [fill(folder, {f"{number}.jsonl": str(number)}) / f"{number}.jsonl" for number in range(4)]
    made = [opened(tmp_path, path).path for path in paths[:3]]
    for age, place in enumerate(made):
        os.utime(place, (age, age))
    leftover = made[0].parent / ".making-of-somebody-killed"
    leftover.mkdir()
    os.utime(leftover, (1, 1))
    monkeypatch.setattr(kept, "KEPT_FILES", 2)
    opened(tmp_path, paths[0])
    made.append(opened(tmp_path, paths[3]).path)
    left = {made[0], made[3]}
    assert set(made[0].parent.iterdir()) == left | {path.with_suffix(".json") for path in left}


def test_a_source_that_is_gone_and_a_cache_that_cannot_be_written_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.csv does not exist\. Check the path\."):
        rows_cache.key_of(tmp_path / "nothing.csv")
    (tmp_path / "cache").write_text("a file")
    path = fill(tmp_path, {"a.jsonl": "1"}) / "a.jsonl"
    with pytest.raises(DataError, match=r"Nothing can be kept in .*/cache/rows: Not a directory\. Free some space"):
        opened(tmp_path / "cache", path)


@pytest.mark.parametrize("name", ["a" * 5000, "~nobody-of-that-name", "nothing"])
def test_a_name_that_no_file_can_have_is_a_sentence(name: str) -> None:
    with pytest.raises(DataError, match="is not a kind of data that can be read"):
        source.find(name)


def test_faults_of_a_task_name_the_member_too(folder: Path) -> None:
    fill(folder, {"a.jsonl": GOOD, "b.jsonl": json.dumps({"prompt": "", "completion": "x"})})
    bad = load_rows(str(folder), CHAT, on_bad_rows="skip").bad_rows.kept
    assert [(row.line, row.told) for row in bad] == [(2, "reviews/b.jsonl line 1: prompt is empty")]
    assert bad == [BadRow(2, "prompt is empty", "reviews/b.jsonl line 1")]
