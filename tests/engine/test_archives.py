"""Packed files: the same rows as unpacked, and what is said of those that are broken, closed or bombs."""

import gzip
import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from bounded import read_under_limit
from pyarrow import parquet
from tunedeck.engine.data import packed
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import DataError

ROWS = [{"text": "A plain one", "label": "good"}, {"text": "Café\n\nand more", "label": "bad"}]
MEGABYTE = 2**20


def as_parquet() -> bytes:
    content = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(ROWS), content)
    return content.getvalue()


CONTENTS: dict[str, bytes] = {
    "rows.jsonl": "\n".join(json.dumps(row) for row in ROWS).encode(),
    "rows.json": json.dumps(ROWS).encode(),
    "rows.csv": 'text,label\nA plain one,good\n"Café\n\nand more",bad\n'.encode(),
    "rows.TSV": 'text\tlabel\nA plain one\tgood\n"Café\n\nand more"\tbad\n'.encode(),
    "rows.parquet": as_parquet(),
}


def archive(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def values(path: Path) -> list[object]:
    return [row.value for row in read_rows(path) if isinstance(row, JsonRow)]


@pytest.mark.parametrize("name", CONTENTS)
def test_gzip_gives_the_rows_and_the_hash_of_what_is_inside(tmp_path: Path, name: str) -> None:
    path, digest = tmp_path / f"{name}.gz", hashlib.sha256()
    path.write_bytes(gzip.compress(CONTENTS[name]))
    assert [row.value for row in read_rows(path, digest) if isinstance(row, JsonRow)] == ROWS
    assert digest.hexdigest() == hashlib.sha256(CONTENTS[name]).hexdigest()


@pytest.mark.parametrize("name", CONTENTS)
def test_a_zip_archive_gives_the_rows_of_its_member(tmp_path: Path, name: str) -> None:
    assert values(archive(tmp_path / "rows.zip", {name: CONTENTS[name]})) == ROWS


def test_squad_is_known_in_an_archive(tmp_path: Path) -> None:
    answer = {"text": "Paris", "answer_start": 0}
    paragraph = {"context": "Paris.", "qas": [{"id": "1", "question": "Where?", "answers": [answer]}]}
    content = json.dumps({"version": "1.1", "data": [{"title": "t", "paragraphs": [paragraph]}]}).encode()
    (row,) = values(archive(tmp_path / "rows.zip", {"train.json": content}))
    assert isinstance(row, dict) and row["question"] == "Where?"


def test_members_come_by_name_and_each_row_has_a_line_of_its_own(tmp_path: Path) -> None:
    members = {
        "b/c.csv": b"text\none\n\nthree,4\n",
        "a.jsonl.gz": gzip.compress(b'{"text": 1}\n\n{"text": 3}\n{'),
        "B.jsonl": b'{"text": 0}\n',
    }
    digest = hashlib.sha256()
    rows = list(read_rows(archive(tmp_path / "rows.zip", members), digest))
    assert [(row.line, row.place) for row in rows] == [
        (1, "rows.zip/B.jsonl line 1"),
        (2, "rows.zip/a.jsonl.gz line 1"),
        (4, "rows.zip/a.jsonl.gz line 3"),
        (5, "rows.zip/a.jsonl.gz line 4"),
        (7, "rows.zip/b/c.csv line 2"),
        (9, "rows.zip/b/c.csv line 4"),
    ]
    assert [row.told for row in rows if isinstance(row, BadRow)][1] == (
        "rows.zip/b/c.csv line 4: the row has 2 fields, expected 1"
    )
    read = members["B.jsonl"] + b'{"text": 1}\n\n{"text": 3}\n{' + members["b/c.csv"]
    assert digest.hexdigest() == hashlib.sha256(read).hexdigest()


def test_hidden_members_archives_in_it_and_other_kinds_are_passed_over(tmp_path: Path) -> None:
    row = b'{"text": "no"}'
    inner = archive(tmp_path / "inner.zip", {"rows.jsonl": row}).read_bytes()
    members = {
        "rows.jsonl": b'{"text": "yes"}', ".hidden.jsonl": row, "__MACOSX/._rows.jsonl": row, "code.py": b"x",
        "inner.zip": inner, "twice.jsonl.gz.gz": gzip.compress(gzip.compress(row)), "folder.jsonl/": b"",
    }  # fmt: skip
    assert values(archive(tmp_path / "rows.zip", members)) == [{"text": "yes"}]


def test_the_names_of_members_lead_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    names = ["/etc/rows.jsonl", "C:\\rows.jsonl", "a/../../../rows.jsonl", "\x1b[2J.jsonl", "rows.parquet"]
    members = {name: CONTENTS["rows.parquet" if "parquet" in name else "rows.jsonl"] for name in names}
    path = archive(folder / "rows.zip", members)
    assert len(values(path)) == 2 * (len(names) - 1)
    assert [found.name for found in tmp_path.rglob("*")] == ["here", "rows.zip"]


def encrypted(path: Path) -> Path:
    """An archive whose member says that it is encrypted, as bit 0 of its flags does (APPNOTE.TXT, 4.4.4)."""
    content = bytearray(archive(path, {"rows.jsonl": b"{}"}).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    return path


def overlapping(path: Path) -> Path:
    """An archive of 100 members, all of which are the same packed bytes."""
    archive(path, {"rows.jsonl": b'{"text": 1}\n' * MEGABYTE})
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entries = b"".join(content[start:end].replace(b"rows.jsonl", b"ro%02d.jsonl" % number) for number in range(100))
    sizes = struct.pack("<HHII", 100, 100, len(entries), start)
    path.write_bytes(content[:start] + entries + content[end : end + 8] + sizes + content[end + 20 :])
    return path


def changed(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def written(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def damaged(path: Path) -> Path:
    """An archive whose member is stored as it is, from byte 35 on, and differs from its checksum."""
    content = archive(path, {"a.txt": b"a" * 9}, zipfile.ZIP_STORED).read_bytes()
    path.write_bytes(changed(content, 38))
    return path


ZEROS = gzip.compress(bytes(100 * MEGABYTE))
DAMAGED = "It may be cut off; fetch or pack it again."
NO_BOMB = "If it is no bomb, unpack it and name the file."
PACKED = gzip.compress(CONTENTS["rows.jsonl"])
# The file's name, how it is made, and what is said of it.
BAD_ARCHIVES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "no gzip": ("rows.jsonl.gz", written(b"{}\n"),
                f"rows.jsonl.gz can't be unpacked: Not a gzipped file (b'{{}}'). {DAMAGED}"),
    "gzip cut off": ("rows.jsonl.gz", written(PACKED[:-12]),
                     f"rows.jsonl.gz can't be unpacked: Compressed file ended before the end-of-stream marker was"
                     f" reached. {DAMAGED}"),
    "gzip damaged": ("rows.jsonl.gz", written(changed(PACKED, len(PACKED) - 6)),
                     "rows.jsonl.gz can't be unpacked: CRC check failed"),
    "gzip of another kind": ("rows.xlsx.gz", written(PACKED), "rows.xlsx.gz is not a kind of data that can be read."),
    "gzip twice": ("rows.jsonl.gz.gz", written(gzip.compress(PACKED)),
                   "rows.jsonl.gz.gz is not a kind of data that can be read."),
    "gzip of zeros": ("rows.jsonl.gz", written(ZEROS),
                      f"rows.jsonl.gz unpacks to more than 200 times its size, as no rows do. {NO_BOMB}"),
    "gzip of zeros as Parquet": ("rows.parquet.gz", written(ZEROS),
                                 f"rows.parquet.gz unpacks to more than 200 times its size, as no rows do. {NO_BOMB}"),
    "no zip": ("rows.zip", written(b"{}\n"), f"rows.zip can't be unpacked: File is not a zip file. {DAMAGED}"),
    "zip cut off": ("rows.zip", lambda path: written(archive(path, CONTENTS).read_bytes()[:-30])(path),
                    f"rows.zip can't be unpacked: File is not a zip file. {DAMAGED}"),
    "zip damaged": ("rows.zip", damaged,
                    f"rows.zip/a.txt can't be unpacked: Bad CRC-32 for file 'a.txt'. {DAMAGED}"),
    "zip without rows": ("rows.zip", lambda path: archive(path, {"code.py": b""}),
                         "has no file of rows in it. Read are .jsonl, .json, .csv, .tsv, .parquet, .txt files,"),
    "zip encrypted": ("rows.zip", encrypted,
                      "rows.zip/rows.jsonl is encrypted. Unpack it with its password, and name that."),
    "zip by bzip2": ("rows.zip", lambda path: archive(path, CONTENTS, zipfile.ZIP_BZIP2),
                     "rows.zip/rows.jsonl is not packed by deflate. Unpack it first."),
    "zip of zeros": ("rows.zip", lambda path: archive(path, {"rows.csv": bytes(100 * MEGABYTE)}),
                     f"rows.zip unpacks to more than 200 times its size, as no rows do. {NO_BOMB}"),
    "zip of gzip of zeros": ("rows.zip", lambda path: archive(path, {"rows.csv.gz": ZEROS}),
                             f"rows.zip/rows.csv.gz unpacks to more than 200 times its size, as no rows do. {NO_BOMB}"),
    "zip of overlapping members": ("rows.zip", overlapping,
                                   f"rows.zip unpacks to more than 200 times its size, as no rows do. {NO_BOMB}"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_ARCHIVES)
def test_a_bad_archive_is_refused_with_its_fault(tmp_path: Path, kind: str) -> None:
    name, make, said = BAD_ARCHIVES[kind]
    with pytest.raises(DataError) as caught:
        list(read_rows(make(tmp_path / name)))
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.csv.gz", "rows.txt.gz"])
def test_a_long_line_is_passed_over_in_bounded_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    # 60 MB are below what is looked at for a bomb.
    path.write_bytes(gzip.compress(b"a\n\n" + b" b" * (30 * MEGABYTE)))
    assert "the line is longer than 16 MB" in read_under_limit(path, 200)


def test_a_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = archive(tmp_path / "rows.zip", {"rows.txt.gz": gzip.compress((b" " * 999 + b"\n") * 300_000)})
    assert "unpacks to more than 200 times its size" in read_under_limit(path, 200)


def test_more_than_the_limit_is_refused_whatever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "UNPACKED_LIMIT_BYTES", 0)
    for path in (archive(tmp_path / "rows.zip", CONTENTS), tmp_path / "rows.jsonl.gz"):
        if path.suffix == ".gz":
            path.write_bytes(PACKED)
        with pytest.raises(DataError, match=r"unpacks to more than 0 GB\. Unpack it first\."):
            list(read_rows(path))
