"""The comparison with other trainers: arithmetic as torch counts it, medians, void ratios, and real contenders."""

import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import torch
from bench import chat_rows, write_rows
from peft import LoraConfig, get_peft_model
from torch.utils.flop_counter import FlopCounterMode
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    LlamaConfig,
    LlamaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from tunedeck.engine.bench import comparison, flops, work
from tunedeck.engine.bench.clock import Clock
from tunedeck.engine.bench.judge import Judge
from tunedeck.engine.bench.trained import Trained
from tunedeck.engine.loop import memory
from tunedeck.store.config import checked
from tunedeck.store.errors import ConfigError

ROWS, LENGTH = 4, 32
"""Of a batch without padding."""


SHAPE = {
    "vocab_size": 96, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4,
    "attn_implementation": "eager",
}  # fmt: skip


def llama() -> LlamaForCausalLM:
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**SHAPE))


def counted(model: torch.nn.Module, **inputs: torch.Tensor) -> float:
    """Operations of a token, forwards and backwards, as torch counts what it really does."""
    with FlopCounterMode(display=False) as counter:
        model(**inputs).loss.backward()
    return counter.get_total_flops() / (ROWS * LENGTH)


def test_all_weights_need_what_torch_counts() -> None:
    model, ids = llama(), torch.randint(0, 96, (ROWS, LENGTH))
    said = flops.needed(model, mean_length=LENGTH, trained_share=1.0)
    assert said == pytest.approx(counted(model, input_ids=ids, labels=ids), rel=0.01)


def test_an_adapter_needs_no_gradients_of_what_is_frozen() -> None:
    model = get_peft_model(llama(), LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM"))
    ids = torch.randint(0, 96, (ROWS, LENGTH))
    said = flops.needed(model, mean_length=LENGTH, trained_share=1.0)
    assert said == pytest.approx(counted(model, input_ids=ids, labels=ids), rel=0.05)
    assert said < 0.8 * flops.needed(llama(), mean_length=LENGTH, trained_share=1.0)


def test_a_head_on_a_frozen_model_needs_nothing_backwards_below_it() -> None:
    model = BertForSequenceClassification(BertConfig(**SHAPE))
    model.bert.requires_grad_(False)
    ids, labels = torch.randint(0, 96, (ROWS, LENGTH)), torch.zeros(ROWS, dtype=torch.long)
    with_head = counted(model, input_ids=ids, labels=labels)
    assert flops.needed(model, mean_length=LENGTH, trained_share=1.0) == pytest.approx(with_head, rel=0.1)


def test_a_decoder_beside_an_encoder_reads_only_the_target() -> None:
    shape: dict[str, Any] = {"vocab_size": 96, "d_model": 64, "d_kv": 16, "d_ff": 128, "num_layers": 3, "num_heads": 4}
    model = T5ForConditionalGeneration(T5Config(**shape, decoder_start_token_id=0))
    ids, labels = torch.randint(0, 96, (ROWS, LENGTH)), torch.randint(0, 96, (ROWS, LENGTH // 4))
    said = flops.needed(model, mean_length=LENGTH, trained_share=0.25)
    assert said == pytest.approx(counted(model, input_ids=ids, labels=labels), rel=0.01)


def test_scores_count_only_where_somebody_needs_them() -> None:
    whole, tenth = (flops.needed(llama(), mean_length=LENGTH, trained_share=share) for share in (1.0, 0.1))
    assert whole - tenth == pytest.approx(0.9 * 6 * 96 * 64)


def test_the_peak_is_a_rate_that_a_product_reaches() -> None:
    assert flops.peak("cpu") > 1e9


def trained(contender: str, seconds: float, loss: float) -> Trained:
    return Trained(contender, 4, 24, 2400, seconds, 5.0, 20.0, 2.0, 10**9, "weights", "as it comes", loss)


def test_medians_are_compared_and_a_peer_with_a_better_loss_voids_its_ratio() -> None:
    runs = [trained("tunedeck", seconds, 2.0) for seconds in (1.0, 2.0, 9.0)]
    runs += [trained("hf_default", seconds, 2.01) for seconds in (6.0, 8.0, 7.0)]
    runs += [trained("trl_best", 4.0, 1.9)] * 3
    found = {result.contender: result for result in comparison.results(runs, flops=1e6, peak=2.4e9)}
    assert next(iter(found)) == "tunedeck" and found["tunedeck"].examples_per_second == 12.0
    assert found["tunedeck"].mfu == pytest.approx(1200 * 1e6 / 2.4e9) and found["tunedeck"].eval_share == 0.1
    assert comparison.ratios(list(found.values())) == {"hf_default": 3.5, "trl_best": None}
    assert "2.0000 is more than 1% above its 1.9000" in found["trl_best"].why_void


def test_a_loss_that_is_no_number_voids_the_ratio() -> None:
    runs = [trained("tunedeck", 1.0, math.nan), trained("hf_default", 6.0, 2.0)]
    assert comparison.results(runs, flops=1e6, peak=2.4e9)[1].ratio is None


def test_rows_laid_one_behind_the_other_are_counted_each() -> None:
    model, clock = llama(), Clock(0.0)
    clock.on_train_begin(TrainingArguments(use_cpu=True), TrainerState(), TrainerControl(), model=model)
    model(input_ids=torch.ones(1, 5, dtype=torch.long), position_ids=torch.tensor([[0, 1, 2, 0, 1]]))
    model(input_ids=torch.ones(2, 3, dtype=torch.long), attention_mask=torch.tensor([[1, 1, 1], [1, 0, 0]]))
    for _ in range(2):
        clock.on_step_end(TrainingArguments(use_cpu=True), TrainerState(), TrainerControl())
    assert (clock.examples, clock.tokens) == ([4, 4], [9, 9])


def test_the_peak_of_a_process_is_its_own_and_not_that_of_the_larger_one_that_started_it() -> None:
    ours = memory.peak_bytes("cpu")
    asked = "from tunedeck.engine.loop import memory; print(memory.peak_bytes('cpu'))"
    block = torch.ones(ours // 2, dtype=torch.float32)
    told = subprocess.run([sys.executable, "-P", "-c", asked], capture_output=True, text=True, check=True)
    assert int(told.stdout) < block.nbytes


def test_an_unknown_work_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"There is no work 'chess'. There are chat-lora, classify-full"):
        work.of("chess")


@pytest.mark.slow
def test_every_contender_trains_the_same_rows_and_is_judged_alike(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    values = {
        "data": str(write_rows(tmp_path / "rows.jsonl", chat_rows(60))), "model": str(tiny_model), "max_steps": 4,
        "eval_steps": 4, "save_steps": 4, "per_device_train_batch_size": 4, "r": 4, "retention_data": "none",
        "lora_dropout": 0.0, "precision": "fp32", "max_length": 256,
    }  # fmt: skip
    config = checked(values)
    judge = Judge(config)
    names = ["tunedeck", "hf_default", "hf_best", "trl_default", "trl_best"]
    found = {one.contender: one for one in comparison.trainings(config, names, 1, judge.loss)}
    assert list(found) == names
    for one in found.values():
        assert (one.updates, one.examples) == (4, 12) and one.seconds > 0 and one.tokens > 100
        assert 0 < one.first_update_at < one.total_seconds
    losses = [one.eval_loss for one in found.values()]
    assert max(losses) < 1.05 * min(losses)
    assert not [
        path for path in Path("/tmp").glob("tunedeck-bench-*") if path.stat().st_mtime > tmp_path.stat().st_mtime
    ]
