"""Packed rows in a run: the same losses in fewer tokens, resumed and healed, and left alone where a model leaks."""

from pathlib import Path

import pytest
import torch
from bench import Bench
from in_process import of_attempt, queue_unmeasured, resume_here, told, train_here
from safetensors.torch import load_file
from scarce import activations_of_up_to
from transformers import BloomConfig, BloomForCausalLM, PreTrainedTokenizerFast
from tunedeck.store import attempts
from tunedeck.store.records import Run

KNOBS = {"packing": True, "max_length": 256, "max_steps": 4, "save_steps": 2}


def queue(bench: Bench, **changes: object) -> Run:
    return queue_unmeasured(bench, **KNOBS | changes)


def test_packed_rows_make_the_same_updates_as_rows_one_by_one(own_bench: Bench) -> None:
    knobs = {"method": "full", "per_device_train_batch_size": 64}
    plain = train_here(own_bench, queue(own_bench, packing=False, **knobs))
    packed = train_here(own_bench, queue(own_bench, **knobs))
    assert packed.state == "completed", own_bench.told(packed)
    for name in ("loss", "grad_norm", "num_input_tokens_seen", "eval_loss"):
        assert own_bench.steps_and_losses(packed, name)[1] == pytest.approx(
            own_bench.steps_and_losses(plain, name)[1], rel=1e-5
        ), name
    weights, others = (load_file(own_bench.home.run(run.id).adapter / "model.safetensors") for run in (plain, packed))
    assert all((weight - others[name]).abs().max() < 1e-5 for name, weight in weights.items())
    assert "37 rows are packed into 9 of up to 256 tokens, 91% full" in told(own_bench, packed)


def test_a_packed_run_resumes_exactly(own_bench: Bench) -> None:
    run = queue(own_bench, per_device_train_batch_size=2, gradient_accumulation_steps=2, max_steps=5, save_steps=4)
    assert train_here(own_bench, run).state == "completed", own_bench.told(run)
    last = own_bench.home.run(run.id).checkpoints / "checkpoint-5" / "adapter_model.safetensors"
    last.write_bytes(bytes(last.stat().st_size))
    assert resume_here(own_bench, run).state == "completed", own_bench.told(run)
    first, second = attempts.of_run(own_bench.db, run.id)
    assert second.start_step == 4
    for name in ("loss", "grad_norm"):
        assert of_attempt(own_bench, second.id, name) == {5: of_attempt(own_bench, first.id, name)[5]}, name


def test_packs_are_put_through_one_by_one_when_memory_is_short(own_bench: Bench) -> None:
    knobs = {"method": "full", "per_device_train_batch_size": 4}
    with activations_of_up_to(float("inf")) as activations:
        plain = train_here(own_bench, queue(own_bench, **knobs))
    with activations_of_up_to(0.3 * activations.peak):
        healed = train_here(own_bench, queue(own_bench, **knobs))
    assert own_bench.steps_and_losses(healed)[1] == pytest.approx(own_bench.steps_and_losses(plain)[1], rel=1e-5)
    # The longest of the packs that were four at once.
    assert any(": 245 tokens at once, padding counted" in text for text in told(own_bench, healed))


@pytest.fixture
def leaky_model(tmp_path: Path, tokenizer: PreTrainedTokenizerFast) -> Path:
    """A model that knows no positions: it looks back as far as there are tokens."""
    torch.manual_seed(0)
    config = BloomConfig(
        vocab_size=len(tokenizer), hidden_size=32, n_layer=2, n_head=2, hidden_dropout=0.0, attention_dropout=0.0,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    BloomForCausalLM(config).save_pretrained(tmp_path / "leaky")
    tokenizer.save_pretrained(tmp_path / "leaky")
    return tmp_path / "leaky"


def test_a_model_that_would_look_into_other_rows_gets_them_one_by_one(own_bench: Bench, leaky_model: Path) -> None:
    knobs = {"model": str(leaky_model), "method": "full"}
    plain = train_here(own_bench, queue(own_bench, packing=False, **knobs))
    packed = train_here(own_bench, queue(own_bench, **knobs))
    assert packed.state == "completed", own_bench.told(packed)
    assert "packing is off: BloomForCausalLM takes no position_ids" in told(own_bench, packed)
    assert own_bench.steps_and_losses(packed) == own_bench.steps_and_losses(plain)
