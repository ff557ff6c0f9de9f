"""Files that would run code when they are opened: in each place that the engine opens, they run nothing."""

import hashlib
import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from bench import Bench, chat_rows, write_rows
from in_process import copy_of, resume_here, train_here
from tunedeck.engine import sources
from tunedeck.engine.model import models
from tunedeck.store import checkpoints
from tunedeck.store.errors import ModelError
from tunedeck.store.records import Run

Finished = tuple[Bench, Run]


class Payload:
    """Whoever unpickles it makes the file."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self._mark,)


def as_torch(mark: Path, target: Path) -> None:
    torch.save({"state": Payload(mark)}, target)


def as_old_torch(mark: Path, target: Path) -> None:
    torch.save({"state": Payload(mark)}, target, _use_new_zipfile_serialization=False)


def as_pickle(mark: Path, target: Path) -> None:
    # The protocol that torch reads without a warning.
    target.write_bytes(pickle.dumps({"state": Payload(mark)}, protocol=2))


WRITERS = {"torch": as_torch, "old torch": as_old_torch, "pickle": as_pickle}


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "was-run"


@pytest.mark.parametrize("kind", WRITERS)
def test_the_payload_does_what_it_says(tmp_path: Path, mark: Path, kind: str) -> None:
    WRITERS[kind](mark, tmp_path / "file")
    with (tmp_path / "file").open("rb") as file:
        pickle.load(file) if kind == "pickle" else torch.load(file, weights_only=False)
    assert mark.exists()


# a run's own checkpoints, handed over by somebody who wrote their manifest anew


@pytest.fixture(scope="module")
def finished(bench: Bench) -> Finished:
    write_rows(bench.data, chat_rows(12))
    run = train_here(bench, bench.queue(max_steps=2, save_steps=1, eval_steps=2, method="full"))
    assert run.state == "completed", bench.told(run)
    return bench, run


@pytest.fixture
def handed_over(finished: Finished, tmp_path: Path) -> Iterator[Finished]:
    """A copy of that run, to be resumed from its first step."""
    bench, run = finished
    copied = copy_of(bench, tmp_path / "copy")
    shutil.rmtree(checkpoint_of(copied, run, 2))
    copied.db.execute("DELETE FROM checkpoint WHERE step = 2")
    yield copied, run
    copied.close()


def checkpoint_of(bench: Bench, run: Run, step: int) -> Path:
    return bench.home.run(run.id).checkpoints / checkpoints.folder_name(step)


def sign(bench: Bench, folder: Path) -> None:
    """Make the files as they are now those that the store expects."""
    (folder / checkpoints.MANIFEST).unlink()
    digest, _ = checkpoints.write_manifest(folder)
    bench.db.execute("UPDATE checkpoint SET manifest_hash = ? WHERE step = 1", (digest,))
    assert hashlib.sha256((folder / checkpoints.MANIFEST).read_bytes()).hexdigest() == digest


def test_the_pickled_files_of_a_checkpoint_are_those_that_are_tried_here(finished: Finished) -> None:
    names = {path.name for path in checkpoint_of(*finished, 1).iterdir()}
    assert {name for name in names if not name.endswith((".json", ".safetensors"))} == {*OPENED}


OPENED = ("optimizer.pt", "scheduler.pt", "rng_state.pth")
NEVER_OPENED = ("training_args.bin", "pytorch_model.bin", "adapter_model.bin")


@pytest.mark.parametrize("name", OPENED)
@pytest.mark.parametrize("kind", WRITERS)
def test_a_state_that_would_run_code_ends_the_resume(handed_over: Finished, mark: Path, name: str, kind: str) -> None:
    bench, run = handed_over
    WRITERS[kind](mark, checkpoint_of(bench, run, 1) / name)
    sign(bench, checkpoint_of(bench, run, 1))
    ended = resume_here(bench, run)
    assert not mark.exists()
    assert ended.state == "failed" and "holds more than numbers" in (ended.cause or ""), ended.cause
    assert "\x1b" not in (ended.cause or "") and "weights_only" not in (ended.cause or "")


def test_a_scaler_which_no_run_of_ours_has_runs_nothing(handed_over: Finished, mark: Path) -> None:
    bench, run = handed_over
    as_torch(mark, checkpoint_of(bench, run, 1) / "scaler.pt")
    sign(bench, checkpoint_of(bench, run, 1))
    assert resume_here(bench, run).state == "failed" and not mark.exists()


def test_what_a_checkpoint_holds_besides_is_never_opened(handed_over: Finished, mark: Path) -> None:
    bench, run = handed_over
    for name in NEVER_OPENED:
        as_torch(mark, checkpoint_of(bench, run, 1) / name)
    sign(bench, checkpoint_of(bench, run, 1))
    assert resume_here(bench, run).state == "completed", bench.told(run)
    assert not mark.exists()


def test_pickled_weights_in_the_place_of_a_checkpoints_are_refused(handed_over: Finished, mark: Path) -> None:
    bench, run = handed_over
    folder = checkpoint_of(bench, run, 1)
    (folder / "model.safetensors").unlink()
    as_torch(mark, folder / "pytorch_model.bin")
    sign(bench, folder)
    ended = resume_here(bench, run)
    assert not mark.exists() and ended.state == "failed"


# a model's folder


@pytest.fixture
def folder(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


def load(folder: Path) -> None:
    source = sources.resolve(str(folder))
    models.load_config(source)
    models.load_tokenizer(source)
    models.load_model(source, torch.float32)


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.safetensors", "model.pt", "model.ckpt"])
def test_a_base_model_that_would_run_code_is_refused(folder: Path, mark: Path, name: str, kind: str) -> None:
    (folder / "model.safetensors").unlink()
    WRITERS[kind](mark, folder / name)
    with pytest.raises(ModelError):
        load(folder)
    assert not mark.exists()


def test_an_index_that_leads_to_pickled_weights_is_refused(folder: Path, mark: Path) -> None:
    (folder / "model.safetensors").unlink()
    as_torch(mark, folder / "part.bin")
    index = {"metadata": {}, "weight_map": {"model.embed_tokens.weight": "part.bin"}}
    for name in ("model.safetensors.index.json", "pytorch_model.bin.index.json"):
        (folder / name).write_text(json.dumps(index))
    with pytest.raises(ModelError):
        load(folder)
    assert not mark.exists()


def test_a_pickle_beside_good_weights_is_not_opened(folder: Path, mark: Path) -> None:
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt", "tokenizer.pkl", "vocab.bin"):
        as_torch(mark, folder / name)
    load(folder)
    assert not mark.exists()


def test_an_adapter_of_pickled_weights_is_refused(folder: Path, mark: Path, finished: Finished) -> None:
    bench, _ = finished
    adapter = folder.parent / "adapter"
    adapter.mkdir()
    told = {"base_model_name_or_path": str(folder), "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4}
    (adapter / "adapter_config.json").write_text(json.dumps(told | {"target_modules": ["q_proj"]}))
    as_torch(mark, adapter / "adapter_model.bin")
    for start in ("continue", "merge"):
        ended = train_here(bench, bench.queue(model=str(adapter), start_adapter=start, max_steps=1))
        assert ended.state == "failed" and "no weights as safetensors" in (ended.cause or ""), ended.cause
        assert not mark.exists()


CODE = """
from pathlib import Path
Path({mark!r}).touch()
class Config: pass
class Model: pass
class Tokenizer: pass
"""


@pytest.mark.parametrize("model_type", ["llama", "odd"])
def test_code_in_a_models_folder_is_never_run(
    folder: Path, mark: Path, model_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known kind of model is loaded by the library's own class; an unknown one is refused."""
    for variable in ("HF_TRUST_REMOTE_CODE", "TRUST_REMOTE_CODE", "HF_HUB_TRUST_REMOTE_CODE"):
        monkeypatch.setenv(variable, "1")
    monkeypatch.chdir(folder)
    for name in ("modeling_odd.py", "configuration_odd.py", "tokenization_odd.py", "json.py", "conftest.py"):
        (folder / name).write_text(CODE.format(mark=str(mark)))
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": model_type, "trust_remote_code": True, "auto_map": {
        "AutoConfig": "configuration_odd.Config", "AutoModelForCausalLM": "modeling_odd.Model",
    }}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    told = json.loads((folder / "tokenizer_config.json").read_text())
    told |= {"trust_remote_code": True, "auto_map": {"AutoTokenizer": ["tokenization_odd.Tokenizer", None]}}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    if model_type == "llama":
        load(folder)
    else:
        with pytest.raises(ModelError, match="needs code of its own"):
            load(folder)
    assert not mark.exists()


def test_a_kernel_from_the_hub_that_a_model_asks_for_is_not_fetched(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"attn_implementation": "someone/kernel"}))
    with pytest.raises(ModelError, match="asks for someone/kernel from the hub, which is code"):
        load(folder)
