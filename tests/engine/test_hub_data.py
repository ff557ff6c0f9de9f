"""Data sets of the hub, by a stub of it on the loopback interface: found, pinned, streamed; and when it says no."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from stub_hub import REVISION, serving
from tunedeck.engine.data import hub
from tunedeck.engine.data.hub import HubSource
from tunedeck.store.errors import DataError

# The libraries read where the hub is when they are imported, so they are asked in a process of their own.
ASK = """
import json, sys
from tunedeck.engine.data import hub as data
from tunedeck.engine.verbs import hub, rows
from tunedeck.store.errors import UserError
data.ASK_TIMEOUT_SECONDS = 2
for verb, *arguments in json.loads(sys.argv[1]):
    try:
        {"hub": hub, "rows": rows}[verb].run(arguments)
    except UserError as error:
        print(json.dumps({"error": str(error)}))
"""
TOKEN = "hf_secret_of_the_user"
CARD = b"""---
configs:
- config_name: plain
  data_files:
  - split: train
    path: plain/train.jsonl
  - split: test
    path: plain/test.jsonl
- config_name: other
  data_files:
  - split: validation
    path: other/validation.jsonl
---
"""


def labelled() -> bytes:
    """A Parquet file as the datasets library writes it: classes by number, their names beside them, and pictures."""
    features = {
        "text": {"dtype": "string", "_type": "Value"},
        "label": {"names": ["bad", "good"], "_type": "ClassLabel"},
    }
    table = pa.table({
        "text": [f"text {row}" for row in range(300)],
        "label": [row % 2 for row in range(300)],
        "picture": [b"\x89PNG"] * 300,
    })  # fmt: skip
    told = json.dumps({"info": {"features": features | {"picture": {"dtype": "binary", "_type": "Value"}}}})
    content = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({"huggingface": told}), content)
    return content.getvalue()


REPOSITORIES = {
    "me/labelled": {"data/train-00000-of-00001.parquet": labelled()},
    "me/parts": {
        "README.md": CARD,
        "plain/train.jsonl": b'{"prompt": "Hi", "completion": "Hello"}\n' * 3,
        "plain/test.jsonl": b'{"prompt": "x", "completion": "y"}\n',
        "other/validation.jsonl": b'{"text": "z"}\n',
    },
    "me/script": {"script.py": b"raise SystemExit('it ran')"},
    "me/torn": {"train.jsonl": b'{"a": 1}\n{"a":\n'},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(REPOSITORIES) as (url, _):
        yield url


def ask(place: Path, address: str, *questions: list[str], **more: str) -> list[dict[str, Any]]:
    """What the verbs answer; the heads of rows left out."""
    told = {"HF_ENDPOINT": address, "HF_HOME": str(place / "hf"), "HF_TOKEN": TOKEN, "TUNEDECK_CACHE": str(place)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", ASK, json.dumps(questions)],
        env=os.environ | told | more, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr and "Traceback" not in done.stderr
    return [answer for line in done.stdout.splitlines() if "head" not in (answer := json.loads(line))]


def test_rows_come_as_from_a_file_and_are_pinned(place: Path, address: str) -> None:
    first, parts, again = ask(
        place, address,
        ["rows", "hub:me/labelled"], ["rows", "hub:me/parts:plain@test"],
        ["rows", f"hub:me/labelled:default@train#{REVISION}"],
    )  # fmt: skip
    assert first["source"] == f"hub:me/labelled:default@train#{REVISION}"
    assert (first["rows"], first["format"], first["columns"]) == (
        300,
        "text and label",
        {"text": "text", "label": "label"},
    )
    rows = parquet.read_table(first["path"]).column("row").to_pylist()
    assert [json.loads(row) for row in rows[:2]] == [
        {"text": "text 0", "label": "bad"}, {"text": "text 1", "label": "good"},
    ]  # fmt: skip
    assert again == first
    assert (parts["source"], parts["rows"]) == (f"hub:me/parts:plain@test#{REVISION}", 1)


def test_data_sets_are_searched_and_their_parts_listed(place: Path, address: str) -> None:
    *found, plain, other = ask(place, address, ["hub", "search", "ed"], ["hub", "configs", "me/parts"])
    assert found == [
        {"name": "me/labelled", "downloads": 1200, "likes": 7, "gated": False},
        {"name": "them/gated", "downloads": 1200, "likes": 7, "gated": True},
    ]
    source = f"hub:me/parts:plain@train#{REVISION}"
    assert plain == {"config": "plain", "splits": ["train", "test"], "source": source}
    assert other == {"config": "other", "splits": ["validation"], "source": f"hub:me/parts:other@validation#{REVISION}"}


NAME_ONE = "Name one of them, such as hub:me/"
REFUSED = {
    "hub:me/parts": "me/parts has 2 configurations: plain, other. Name one, such as hub:me/parts:plain",
    "hub:me/parts:rare": f"me/parts has no configuration rare, only plain, other. {NAME_ONE}parts:plain",
    "hub:me/labelled@dev": f"me/labelled has no split dev, only train. {NAME_ONE}labelled@train",
    "hub:me/labelled#old": "me/labelled has no such revision on the hub. Check what stands behind the #.",
    "hub:me/script": "me/script is a script that makes its rows, and scripts are never run. "
    "Most have been copied as Parquet: hub:me/script#refs/convert/parquet",
    "hub:me/torn": "me/torn can't be read: JSON parse error: Invalid value. in row 1. Look at its files on the hub.",
    "hub:them/gated": "The hub gives them/gated only to those who accepted its terms. "
    "Accept them at https://huggingface.co/datasets/them/gated and log in with: hf auth login",
    "hub:them/private": "There is no data set on the hub named them/private, or it is private. "
    "Check the name: tunedeck data search WORDS; for a private one log in with: hf auth login",
    "hub:them/broken": "them/broken can't be fetched: the hub answers with error 500. Try again later.",
    "hub:": "hub: is not a name of the hub. Write it like hub:owner/name or hub:owner/name:config@split.",
    "hub:../etc/x": "hub:../etc/x is not a name of the hub. "
    "Write it like hub:owner/name or hub:owner/name:config@split.",
}


def test_each_refusal_is_a_sentence_with_what_to_do(place: Path, address: str) -> None:
    told = ask(place, address, *(["rows", name] for name in REFUSED))
    assert [answer["error"] for answer in told] == list(REFUSED.values())


UNREACHABLE = (
    "the hub can't be reached. "
    "Check the network and its proxy, or copy the files to this machine and name their folder."
)


def test_a_hub_that_is_down_and_one_that_is_not_to_be_asked_are_sentences(place: Path) -> None:
    questions = [["rows", "hub:me/labelled"], ["hub", "search", "x"]]
    rows, search = ask(place, "http://127.0.0.1:9", *questions)
    assert rows["error"] == f"me/labelled can't be fetched: {UNREACHABLE}"
    assert search["error"] == f"The search failed: {UNREACHABLE}"
    offline, _ = ask(place, "http://127.0.0.1:9", *questions, HF_HUB_OFFLINE="1")
    assert offline["error"] == "me/labelled can't be fetched: HF_HUB_OFFLINE keeps the hub from being asked. Unset it."


def test_a_hub_that_hangs_is_given_up(place: Path) -> None:
    with serving({}, hangs_seconds=4) as (address, _):
        (told,) = ask(place, address, ["rows", "hub:me/labelled"])
    assert told["error"] == f"me/labelled can't be fetched: {UNREACHABLE}"


@pytest.mark.parametrize(
    "source",
    [
        HubSource("squad"),
        HubSource("a/b", "20231101.zh-CN", "train", "refs/convert/parquet"),
        HubSource("a/b", "", "x"),
    ],
)
def test_a_name_says_all_that_is_known(source: HubSource) -> None:
    parsed = hub._NAME.fullmatch(str(source))
    assert parsed and HubSource(**{part: value or "" for part, value in parsed.groupdict().items()}) == source


def test_the_hub_is_asked_for_nothing_that_is_no_name_of_it() -> None:
    for name in ("hub:a/b/c", "hub:a b", "hub:a/b@train[:10]", "hub:https://huggingface.co/datasets/a/b"):
        with pytest.raises(DataError, match="is not a name of the hub"):
            hub.find(name)
