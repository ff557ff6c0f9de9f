"""Screens that ask the engine, in tests: patience for one that starts, and rows, models and versions to ask about."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cockpit
import every_state
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store import datasets
from tunedeck.store.datasets import Dataset, NewDataset
from tunedeck.store.paths import Home

CHATML = "{% for message in messages %}<s>{{ message['role'] }}\n{{ message['content'] }}</s>\n{% endfor %}"
HOSTILE = " ".join(every_state.HOSTILE.values())


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine starts in 8 s when it has two cores for itself."""
    monkeypatch.setattr(cockpit, "_PATIENCE_SECONDS", 60.0)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model of which there is the tokenizer alone: a token for each byte, and two special ones."""
    folder = tmp_path_factory.mktemp("models") / "reader"
    alphabet = ["<s>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE({token: number for number, token in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>")
    fast.chat_template = CHATML + "{% if add_generation_prompt %}<s>assistant\n{% endif %}"
    fast.save_pretrained(folder)
    (folder / "config.json").write_text("{}")
    return folder


def written(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def version(db: sqlite3.Connection, home: Home, rows: dict[int, Any], name: str = "reviews") -> Dataset:
    """A version of these rows by their lines, a child of the first one of that name."""
    path = home.root / "made.parquet"
    made = rows_file.write(path, [RowRecord(line, json.dumps(row)) for line, row in rows.items()])
    parent = f"{name}@v1" if (home.datasets / name).exists() else None
    new = NewDataset(name, "", parent, '{"sentence": "made"}', "rows.jsonl", made.rows, made.bad_rows, made.sha256)
    return datasets.add(db, home, new, path)
