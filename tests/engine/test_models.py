"""Finding and loading models: what is said where it fails, and what is loaded where it doesn't."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from tunedeck.engine import sources
from tunedeck.engine.model import models
from tunedeck.store.errors import FetchError, ModelError


@pytest.fixture
def copy(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model's folder, to damage."""
    return Path(shutil.copytree(tiny_model, tmp_path / "copy"))


def load(folder: Path) -> None:
    source = sources.resolve(str(folder))
    models.load_tokenizer(source)
    models.load_model(source, torch.float32)


def test_a_folder_is_loaded_in_the_given_dtype(tiny_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = sources.resolve(str(tiny_model))
    model = models.load_model(source, torch.bfloat16)
    assert model.dtype == torch.bfloat16
    assert len(models.load_tokenizer(source)) == model.config.vocab_size
    assert capfd.readouterr() == ("", "")


def test_a_missing_folder_and_one_without_config_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing does not exist"):
        sources.resolve(str(tmp_path / "nothing"))
    with pytest.raises(ModelError, match=r"has no config\.json"):
        sources.resolve(str(tmp_path))
    with pytest.raises(ModelError, match=r"The model file .*x\.gguf does not exist"):
        sources.resolve(str(tmp_path / "x.gguf"))
    with pytest.raises(FetchError, match="There is no demo part 'demo:nothing'"):
        sources.resolve("demo:nothing")


def test_weights_that_are_pickled_are_not_loaded(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(ModelError, match="has no weights as safetensors"):
        load(copy)


def test_code_that_comes_with_a_model_is_not_run(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config |= {"model_type": "odd", "auto_map": {"AutoConfig": "odd.Config", "AutoModelForCausalLM": "odd.Model"}}
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "odd.py").write_text("raise SystemExit('was run')")
    with pytest.raises(ModelError, match="needs code of its own"):
        models.load_model(sources.resolve(str(copy)), torch.float32)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_file_is_an_error_without_traceback(copy: Path, name: str) -> None:
    (copy / name).write_text("damaged")
    with pytest.raises(ModelError, match="can't be loaded"):
        load(copy)


def test_a_missing_tokenizer_is_named(copy: Path) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (copy / name).unlink()
    with pytest.raises(ModelError, match="has no tokenizer"):
        models.load_tokenizer(sources.resolve(str(copy)))


def test_a_damaged_gguf_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_text("damaged")
    with pytest.raises(ModelError, match=r"The tokenizer of .*x\.gguf can't be loaded"):
        models.load_tokenizer(sources.resolve(str(tmp_path / "x.gguf")))


def test_a_hub_id_that_is_not_in_the_cache_says_so_when_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="someone/nothing is neither a folder here nor in the hub's cache"):
        models.load_tokenizer(sources.resolve("someone/nothing"))


def test_only_a_repository_on_the_hub_has_a_revision(tiny_model: Path) -> None:
    assert sources.resolve("someone/something", "v1.0").revision == "v1.0"
    assert sources.resolve("someone/something").revision == "main"
    assert sources.resolve(str(tiny_model), "v1.0").revision == "main"
