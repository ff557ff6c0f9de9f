"""Files of rows that no run may start on, of every kind that people have handed to a trainer."""

import gzip
import io
import zipfile
from pathlib import Path

from ...store.config import RunConfig, checked
from ...store.errors import UserError
from .. import tasks
from ..data.division import divide

_GOOD = b'{"prompt": "Hi", "completion": "Hello"}'


def _among_good(line: bytes) -> bytes:
    return b"\n".join([_GOOD, line, _GOOD, b""])


def _zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("rows.jsonl", _among_good(b"{"))
    return made.getvalue()


FILES: dict[str, bytes] = {
    "empty.jsonl": b"",
    "blank.jsonl": b"\n \r\n\n",
    "utf16.jsonl": _GOOD.decode().encode("utf-16"),
    "latin1.jsonl": _among_good('{"prompt": "café", "completion": "b"}'.encode("latin-1")),
    "nul.jsonl": _among_good(b'{"prompt": "\0", "completion": "b"}'),
    "cut-off.jsonl": _among_good(b'{"prompt": "a", "compl'),
    "two-rows.jsonl": _among_good(_GOOD + _GOOD),
    "list.jsonl": _among_good(b"[1, 2]"),
    "number.jsonl": _among_good(b"42"),
    "null.jsonl": _among_good(b"null"),
    "no-fields.jsonl": _among_good(b"{}"),
    "no-role.jsonl": _among_good(b'{"messages": [{"content": "hi"}]}'),
    "role.jsonl": _among_good(b'{"messages": [{"role": "\\u001b[2J", "content": "hi"}]}'),
    "content.jsonl": _among_good(b'{"messages": [{"role": "user", "content": 7}]}'),
    "no-answer.jsonl": _among_good(b'{"messages": [{"role": "user", "content": "a"}]}'),
    "no-completion.jsonl": _among_good(b'{"prompt": "a", "completion": null}'),
    "surrogate.jsonl": _among_good(b'{"prompt": "\\ud83d", "completion": "b"}'),
    "infinite.jsonl": _among_good(b'{"prompt": 1e999, "completion": "b"}'),
    "digits.jsonl": _among_good(b'{"prompt": ' + b"7" * 5000 + b"}"),
    "nested.jsonl": _among_good(b'{"prompt": ' + b"[" * 100_000),
    "long-line.jsonl": _among_good(b'{"prompt": "' + b"a" * (17 * 2**20) + b'", "completion": "b"}'),
    "open.json": b"[" + _GOOD,
    "no-comma.json": b"[\n" + _GOOD + b"\n" + _GOOD + b"]",
    "nested.json": b"[" * 200_000,
    "unclosed.csv": b'prompt,completion\na,b\n"c,d\n',
    "fields.csv": b"prompt,completion\na,b,c,d\n",
    "no-table.parquet": b"PAR1" + bytes(100),
    "torn.jsonl.gz": gzip.compress(_among_good(_GOOD) * 100)[:-20],
    "bad-row.zip": _zipped(),
    "torn.zip": _zipped()[:-30],
}


def refusal(path: Path, config: RunConfig) -> str:
    """The sentence by which a run on that file is refused before it starts; empty if it would start.

    Raises whatever is no sentence: that is a crash.
    """
    values = config.model_dump() | {"data": str(path)}
    try:
        asked = checked(values)
        divide(asked, tasks.of(asked), lambda text, **level: None)
    except UserError as error:
        return error.what
    return ""


def harm(folder: Path, name: str, config: RunConfig) -> list[str]:
    """Try that file; what is wrong with how it was met."""
    path = folder / name
    path.write_bytes(FILES[name])
    try:
        return [] if refusal(path, config) else [f"a run would start on {name}"]
    except Exception as error:  # noqa: BLE001 - a crash of any kind is what is looked for
        return [f"{name}: {type(error).__name__}"]
    finally:
        path.unlink()
