"""The retention meter: its figures are those of the formulas, whatever the model, the batches and the adapters."""

import copy
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from torch.nn import functional
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    BertConfig,
    LlamaConfig,
    PretrainedConfig,
    PreTrainedTokenizerFast,
    T5Config,
)
from tunedeck.engine.model.precision import Arithmetic
from tunedeck.engine.retention.embeddings import drift, linear_cka
from tunedeck.engine.retention.kinds import kind_of
from tunedeck.engine.retention.meter import RetentionMeter
from tunedeck.engine.retention.passages import halves
from tunedeck.engine.retention.predictions import paired_change
from tunedeck.store.errors import DataError, StateError

TEXTS = (
    "What is the capital of France? The capital of France is Paris.",
    "The rain fell all night, and in the morning the river stood among the trees.",
    "Good morning!",
    "Twelve and seven are nineteen; nineteen and one are twenty.",
    "def twice(number):\n    return 2 * number\n",
)
FP32 = Arithmetic("cpu", False, "as configured")
VOCABULARY = 300
SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
CONFIGS: dict[str, PretrainedConfig] = {
    "llama": LlamaConfig(
        vocab_size=VOCABULARY, num_key_value_heads=1, max_position_embeddings=128, pad_token_id=2, **SIZES
    ),
    "bert": BertConfig(vocab_size=VOCABULARY, max_position_embeddings=128, **SIZES),
    "t5": T5Config(
        vocab_size=VOCABULARY, d_model=32, d_ff=64, d_kv=16, num_layers=2, num_heads=2, decoder_start_token_id=0
    ),
}
AUTO_CLASSES = {
    "llama": ("CausalLM", "SequenceClassification", "TokenClassification", "QuestionAnswering"),
    "bert": ("MaskedLM", "SequenceClassification", "TokenClassification", "QuestionAnswering"),
    "t5": ("Seq2SeqLM", "SequenceClassification", "TokenClassification", "QuestionAnswering"),
}


def made(auto_class: Any, family: str) -> Any:
    """A model of two layers, in training mode, whose dropout is on."""
    torch.manual_seed(0)
    return auto_class.from_config(copy.deepcopy(CONFIGS[family])).train()  # T5's heads write into theirs


def shaken(model: nn.Module, scale: float = 0.05) -> nn.Module:
    """The model with all weights moved a little, the same each time."""
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():
            weight += scale * torch.randn(weight.shape, generator=draw)
    return model


def meter_of(tokenizer: PreTrainedTokenizerFast, texts: Sequence[str] = TEXTS, **options: Any) -> RetentionMeter:
    return RetentionMeter(texts, tokenizer, FP32, **options)


@torch.no_grad()
def causal_log_probs(model: nn.Module, tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[Tensor, Tensor]:
    """Row by row, without padding: log-probabilities (tokens, vocabulary), and the tokens that came."""
    ids = torch.tensor(tokenizer(text)["input_ids"])
    return functional.log_softmax(model.eval()(input_ids=ids[None]).logits[0, :-1], dim=-1), ids[1:]


@torch.no_grad()
def second_half_log_probs(model: nn.Module, tokenizer: PreTrainedTokenizerFast, text: str) -> tuple[Tensor, Tensor]:
    first, second = (torch.tensor(tokenizer(part)["input_ids"]) for part in halves(text))
    shifted = torch.cat([torch.tensor([0]), second[:-1]])
    logits = model.eval()(input_ids=first[None], decoder_input_ids=shifted[None]).logits[0]
    return functional.log_softmax(logits, dim=-1), second


WRITERS = {
    "llama": (AutoModelForCausalLM, causal_log_probs),
    "t5": (AutoModelForSeq2SeqLM, second_half_log_probs),
}


@pytest.mark.parametrize("family", WRITERS)
def test_loss_and_divergence_are_the_exact_ones(family: str, tokenizer: PreTrainedTokenizerFast) -> None:
    auto_class, plain = WRITERS[family]
    model = made(auto_class, family)
    meter = meter_of(tokenizer, top_k=VOCABULARY)
    started = meter.start(model)
    then = [plain(model, tokenizer, text) for text in TEXTS]
    figures = meter.measure(shaken(model))
    now = [plain(model, tokenizer, text) for text in TEXTS]

    targets = torch.cat([tokens for _, tokens in now])
    base, tuned = (torch.cat([log_probs for log_probs, _ in part]) for part in (then, now))
    assert started["retention_loss"] == pytest.approx(functional.nll_loss(base, targets).item(), abs=1e-5)
    assert figures["retention_loss"] == pytest.approx(functional.nll_loss(tuned, targets).item(), abs=1e-5)
    exact = functional.kl_div(tuned, base, reduction="batchmean", log_target=True).item()
    assert exact > 0.01 and figures["retention_kl"] == pytest.approx(exact, rel=1e-4)
    assert meter.retention.loss_change == pytest.approx(figures["retention_loss"] - started["retention_loss"])


@pytest.mark.parametrize("family", WRITERS)
def test_fewer_likeliest_tokens_bound_the_divergence_from_below(
    family: str, tokenizer: PreTrainedTokenizerFast
) -> None:
    found = []
    for top_k in (1, 8, 64, VOCABULARY - 1, VOCABULARY, 10 * VOCABULARY):
        model = made(WRITERS[family][0], family)
        meter = meter_of(tokenizer, top_k=top_k)
        meter.start(model)
        found.append(meter.measure(shaken(model))["retention_kl"])
    assert 0 < found[0] < found[1] < found[2] < found[3] + 1e-7
    assert found[3] == pytest.approx(found[4], rel=1e-4) and found[4] == found[5]


@pytest.mark.parametrize(
    ("family", "head"), [(family, head) for family in AUTO_CLASSES for head in AUTO_CLASSES[family]]
)
def test_every_head_of_every_family_is_measured(family: str, head: str, tokenizer: PreTrainedTokenizerFast) -> None:
    model = made(getattr(transformers, f"AutoModelFor{head}"), family)
    meter = meter_of(tokenizer)
    started, same, moved = meter.start(model), meter.measure(model), meter.measure(shaken(model))
    assert all(math.isfinite(value) for value in [*started.values(), *same.values(), *moved.values()])
    assert same == pytest.approx(started, abs=1e-6)
    if head in ("CausalLM", "Seq2SeqLM"):
        assert started.keys() == {"retention_loss", "retention_kl"} and moved["retention_kl"] > 1e-3
    else:
        assert started.keys() == {"retention_drift", "retention_cka"} and moved["retention_drift"] > 1e-3


def test_nothing_of_the_model_or_of_chance_is_touched(tokenizer: PreTrainedTokenizerFast) -> None:
    model = made(AutoModelForSequenceClassification, "bert")
    weights, chance = {name: part.clone() for name, part in model.state_dict().items()}, torch.get_rng_state()
    meter = meter_of(tokenizer)
    meter.start(model)
    meter.measure(model)
    assert model.training and torch.equal(torch.get_rng_state(), chance)
    assert all(torch.equal(part, weights[name]) for name, part in model.state_dict().items())


def test_a_head_that_learns_moves_no_embedding(tokenizer: PreTrainedTokenizerFast) -> None:
    model = made(AutoModelForSequenceClassification, "bert")
    meter = meter_of(tokenizer)
    meter.start(model)
    shaken(model.classifier)
    assert meter.measure(model) == pytest.approx({"retention_drift": 0.0, "retention_cka": 1.0}, abs=1e-9)


@pytest.mark.parametrize(("family", "task_type"), [("llama", "CAUSAL_LM"), ("bert", "SEQ_CLS"), ("t5", "SEQ_2_SEQ_LM")])
def test_an_adapter_is_at_work_when_it_has_learned(
    family: str, task_type: str, tokenizer: PreTrainedTokenizerFast
) -> None:
    auto_class = WRITERS.get(family, (AutoModelForSequenceClassification,))[0]
    plain, base = made(auto_class, family), made(auto_class, family)
    tuned = get_peft_model(base, LoraConfig(r=2, target_modules="all-linear", task_type=task_type))
    meter, other = meter_of(tokenizer), meter_of(tokenizer)
    assert kind_of(tuned) == kind_of(plain)
    assert meter.start(tuned) == pytest.approx(other.start(plain), abs=1e-6)
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight += 0.1
    moved = meter.measure(tuned)
    assert moved.get("retention_kl", moved.get("retention_drift", 0.0)) > 1e-4
    with tuned.disable_adapter():
        assert meter.measure(tuned) == pytest.approx(other.measure(plain), abs=1e-6)


@pytest.mark.parametrize("family", AUTO_CLASSES)
def test_a_resumed_run_is_compared_with_its_true_base(
    family: str, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    model = made(getattr(transformers, f"AutoModelFor{AUTO_CLASSES[family][0]}"), family)
    meter, resumed = meter_of(tokenizer), meter_of(tokenizer)
    meter.start(model)
    meter.save(tmp_path / "base.safetensors")
    shaken(model)
    resumed.restore(tmp_path / "base.safetensors")
    assert resumed.measure(model) == meter.measure(model) and resumed.retention == meter.retention
    assert [file.name for file in tmp_path.iterdir()] == ["base.safetensors"]


def test_a_base_that_is_not_ours_or_not_whole_is_refused(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    file = tmp_path / "base.safetensors"
    meter = meter_of(tokenizer)
    with pytest.raises(StateError, match="missing or damaged"):
        meter.restore(file)
    meter.start(made(AutoModelForCausalLM, "llama"))
    meter.save(file)
    with pytest.raises(StateError, match="other texts"):
        meter_of(tokenizer, TEXTS[1:]).restore(file)
    content = file.read_bytes()
    file.write_bytes(content[:-64] + bytes(64))
    with pytest.raises(StateError, match="content has changed"):
        meter.restore(file)
    file.write_bytes(content[:100])
    with pytest.raises(StateError, match="missing or damaged"):
        meter.restore(file)


def test_long_work_can_be_stopped_between_batches(tokenizer: PreTrainedTokenizerFast) -> None:
    calls: list[None] = []

    def each() -> None:
        calls.append(None)
        if len(calls) == 2:
            raise KeyboardInterrupt

    model = made(AutoModelForCausalLM, "llama")
    with pytest.raises(KeyboardInterrupt):
        meter_of(tokenizer, [f"{number} {'a long story ' * 20}" for number in range(20)], each=each).start(model)
    assert len(calls) == 2 and model.training and not torch.is_inference_mode_enabled()


def test_texts_longer_than_the_model_are_cut_and_empty_ones_left_out(tokenizer: PreTrainedTokenizerFast) -> None:
    model = made(AutoModelForCausalLM, "llama")
    meter = meter_of(tokenizer, ["no end " * 500, "x", *TEXTS])
    assert math.isfinite(meter.start(model)["retention_loss"])
    with pytest.raises(DataError, match="no text has two tokens"):
        meter_of(tokenizer, ["x"]).start(model)


def test_a_text_parts_at_the_white_space_nearest_to_its_middle() -> None:
    assert halves("one two three four") == ("one two", "three four")
    assert halves("unbroken") == ("unbr", "oken")


def test_embeddings_that_only_turn_are_alike_and_moved() -> None:
    torch.manual_seed(0)
    base = torch.randn(12, 5, dtype=torch.float64)
    turned = 3 * base @ torch.linalg.qr(torch.randn(5, 5, dtype=torch.float64))[0] + 7
    assert linear_cka(base, turned) == pytest.approx(1.0) and drift(base, turned) > 0.1
    assert drift(base, 3 * base) == pytest.approx(0.0) and drift(base, -base) == pytest.approx(2.0)
    other = torch.randn(12, 4, dtype=torch.float64)
    one, two = base - base.mean(0), other - other.mean(0)
    by_features = (two.T @ one).norm() ** 2 / ((one.T @ one).norm() * (two.T @ two).norm())
    assert linear_cka(base, other) == pytest.approx(by_features.item())


def test_the_margin_covers_the_true_change_in_nineteen_of_twenty_draws() -> None:
    torch.manual_seed(0)
    hits = 0
    for _ in range(400):
        tokens = torch.randint(50, 150, (32,))
        base = 3.0 * tokens.double()
        change, margin = paired_change(base, base + (0.1 + 0.2 * torch.randn(32).double()) * tokens, tokens)
        hits += abs(change - 0.1) <= margin
    assert 0.91 < hits / 400 < 0.98
    assert paired_change(base, base + 0.1 * tokens, tokens) == pytest.approx((0.1, 0.0))
    assert paired_change(base[:1], base[:1], tokens[:1]) == (0.0, math.inf)
