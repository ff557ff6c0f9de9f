"""Tiny models in the hub's cache, for the screen and the verb that list what a run can start from."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def model(folder: Path, hidden: int, licence: str = "", **config: object) -> Path:
    """A folder with a configuration, a table of weights, and a card."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"hidden_size": hidden, "num_hidden_layers": 2, "vocab_size": 100} | config
    (folder / "config.json").write_text(json.dumps(told))
    save_file({"embed.weight": np.zeros((100, hidden), np.float32)}, folder / "model.safetensors")
    if licence:
        (folder / "README.md").write_text(f"---\nlicense: {licence}\n---\n")
    return folder


def cached(hub: Path, repository: str, hidden: int, licence: str = "", **config: object) -> None:
    """The same as a repository in the hub's cache, in the layout of huggingface_hub."""
    folder = hub / f"models--{repository.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(COMMIT)
    snapshot = model(folder / "snapshots" / COMMIT, hidden, licence, **config)
    (folder / "blobs").mkdir()
    for number, file in enumerate(sorted(snapshot.iterdir())):
        blob = folder / "blobs" / f"{number:040x}"
        file.rename(blob)
        file.symlink_to(blob)


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two models in the hub's cache, of which the engine is told by its environment; the hub itself can't be asked."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub = tmp_path / "hf" / "hub"
    cached(hub, "some/reader", 64, "mit", model_type="bert", architectures=["BertModel"])
    cached(hub, "some/writer", 128, "apache-2.0", model_type="llama", architectures=["LlamaForCausalLM"])
    return hub
