"""Files that came to harm: a checkpoint before its run goes on, and a store before it is opened."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from ...store import checkpoints, database, events
from ...store.errors import StoreError
from ...store.paths import Home
from ...store.records import Run
from .lab import Lab

_PAGE_BYTES = 4096


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero_a_page(path: Path) -> None:
    """As after a power loss: the size is right, and 4 KiB in the middle, or all of a small file, are zeros."""
    content = path.read_bytes()
    start = _PAGE_BYTES if len(content) > 2 * _PAGE_BYTES else 0
    zeros = bytes(min(_PAGE_BYTES, len(content) - start))
    path.write_bytes(content[:start] + zeros + content[start + len(zeros) :])


HARMS: dict[str, Callable[[Path], None]] = {
    "truncated": truncate, "emptied": empty, "zeroed": zero_a_page, "removed": Path.unlink,
}  # fmt: skip


def harm_newest(lab: Lab, run: Run, harm: Callable[[Path], None]) -> int:
    """Harm the weights of the newest listed checkpoint; its step."""
    newest = checkpoints.of_run(lab.db, run.id)[0]
    folder = lab.home.run(run.id).checkpoints / checkpoints.folder_name(newest.step)
    harm(next(folder.glob("*.safetensors")))
    return newest.step


def fell_back(lab: Lab, run: Run, damaged: int) -> list[str]:
    """Whether the run's last attempt went on from an older checkpoint, and said why; what it did instead."""
    lab.until(lambda: lab.has_stepped(run), "the run goes on")
    said = [event.text for event in events.of_run(lab.db, run.id)]
    start = lab.attempt(run).start_step
    lost = [] if 0 < start < damaged else [f"it went on from checkpoint {start} where {damaged} was damaged"]
    is_told = any(text.startswith(f"checkpoint {damaged} can't be used: ") for text in said)
    return lost if is_told else [*lost, f"nobody was told that checkpoint {damaged} is damaged"]


def stores(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """Contents that a store.db may come to have, each with what it is; `whole` is that of a good one."""
    yield "a tenth of it is left", whole[: len(whole) // 10]
    yield "half of it is left", whole[: len(whole) // 2]
    yield "it is empty", b""
    yield "it is no database", b"no database at all, " * 500
    yield "its first page is zeros", bytes(_PAGE_BYTES) + whole[_PAGE_BYTES:]
    yield "it is another program's", whole[:68] + b"\x00\x00\x30\x39" + whole[72:]


def opened(home: Home, content: bytes) -> list[str]:
    """Open a store of that content, beside runs: it must be refused in a sentence, and stay as it is."""
    home.runs.joinpath("bcdfghjk").mkdir(parents=True, exist_ok=True)
    home.store.write_bytes(content)
    try:
        database.connect(home).close()
    except StoreError:
        return [] if home.store.read_bytes() == content else ["what was left of the store was written over"]
    except sqlite3.Error as error:
        return [f"it ended with {error}"]
    return ["it was opened as if it were whole"]
