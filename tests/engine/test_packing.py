"""Packing: full packs, nothing lost, and no row that knows of another (FAULTS 20)."""

import itertools
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from transformers import (
    FalconConfig,
    Gemma3TextConfig,
    GemmaConfig,
    GPT2Config,
    Lfm2Config,
    LlamaConfig,
    MambaConfig,
    MistralConfig,
    OPTConfig,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
)
from transformers.models.auto.modeling_auto import AutoModelForCausalLM
from tunedeck.engine.encoding import collate
from tunedeck.engine.encoding.example import IGNORED, Example
from tunedeck.engine.encoding.packing import collate_packed, fill, in_one_row, pack, reason_against
from tunedeck.engine.outputs.loss import item_losses, next_token_scores

Batch = dict[str, Tensor]
SIZES: dict[str, Any] = {
    "vocab_size": 64, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "max_position_embeddings": 64,
}  # fmt: skip
# Windows shorter than the rows, so that a window has to end at the border of a row too.
APART: dict[str, Callable[[], PreTrainedConfig]] = {
    "llama": lambda: LlamaConfig(**SIZES),
    "qwen2": lambda: Qwen2Config(**SIZES),
    "gpt2": lambda: GPT2Config(vocab_size=64, n_embd=32, n_layer=2, n_head=2, n_positions=64),
    "mistral": lambda: MistralConfig(**SIZES, sliding_window=4),
    "gemma": lambda: GemmaConfig(**SIZES, head_dim=16),
    "gemma3": lambda: Gemma3TextConfig(**SIZES, head_dim=16, sliding_window=4),
}
LEAKING: dict[str, Callable[[], PreTrainedConfig]] = {
    "opt": lambda: OPTConfig(
        vocab_size=64, hidden_size=32, ffn_dim=64, num_hidden_layers=2, num_attention_heads=2, word_embed_proj_dim=32
    ),
    "falcon": lambda: FalconConfig(vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=2),
    "lfm2": lambda: Lfm2Config(**SIZES, layer_types=["conv", "full_attention"]),
}


def made(config: PreTrainedConfig, attention: str = "sdpa", dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(config, attn_implementation=attention, dtype=dtype).eval()


def ragged(*lengths: int) -> list[Example]:
    """Rows of plain text: every token is a label, the first one too."""
    draw = random.Random(1)
    rows = [[draw.randrange(3, 64) for _ in range(length)] for length in lengths]
    return [Example(tokens, tokens, line) for line, tokens in enumerate(rows)]


def alone(row: Example) -> Batch:
    """The row as a batch of its own, unpacked."""
    return collate.inputs([row], pad_id=0) | {"labels": collate.place_labels([row])}


def summed_loss(model: nn.Module, batch: Batch) -> Tensor:
    return item_losses(next_token_scores(model, **batch)).losses.sum()


def update(model: nn.Module, batches: Iterable[Batch]) -> tuple[float, list[Tensor]]:
    """Loss and gradients of one update made of these batches, per trained token of all of them."""
    batches = list(batches)
    tokens = sum(int((batch["labels"][:, 1:] != IGNORED).sum()) for batch in batches)
    model.zero_grad()
    loss = 0.0
    for batch in batches:
        part = summed_loss(model, batch) / tokens
        part.backward()
        loss += part.item()
    return loss, [weight.grad.clone() for weight in model.parameters() if weight.grad is not None]


def assert_same_update(one: tuple[float, list[Tensor]], other: tuple[float, list[Tensor]]) -> None:
    assert one[0] == pytest.approx(other[0], abs=1e-5)
    assert len(one[1]) == len(other[1]) > 10
    for expected, gradient in zip(one[1], other[1], strict=True):
        torch.testing.assert_close(gradient, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_every_row_is_in_one_pack_and_no_pack_is_too_long(seed: int) -> None:
    draw = random.Random(seed)
    lengths = [min(512, int(draw.lognormvariate(4.5, 0.8)) + 2) for _ in range(700)]
    packs = pack(lengths, max_length=512, seed=seed)
    assert sorted(itertools.chain(*packs)) == list(range(700))
    assert max(sum(lengths[row] for row in chosen) for chosen in packs) <= 512
    assert fill(packs, lengths, 512) > 0.99


def test_each_row_goes_where_the_least_room_is_left() -> None:
    assert pack([7, 6, 4, 3], max_length=10, seed=0) == [[0, 3], [1, 2]]
    assert fill([[0, 3], [1, 2]], [7, 6, 4, 3], max_length=10) == 1.0


def test_the_seed_decides_among_rows_of_the_same_length() -> None:
    lengths = [5] * 40
    assert pack(lengths, 10, seed=1) == pack(lengths, 10, seed=1) != pack(lengths, 10, seed=2)


def test_a_row_longer_than_a_pack_is_an_error() -> None:
    with pytest.raises(ValueError, match="a row of 11 tokens is longer than max_length = 10"):
        pack([3, 11], max_length=10, seed=0)


def test_positions_begin_anew_and_no_first_token_is_a_target() -> None:
    rows = [Example([5, 6, 7], [5, 6, 7], 1), Example([8, 9], [IGNORED, 9], 2), Example([3, 4], [3, 4], 3)]
    batch = collate_packed([rows[:2], rows[2:]], pad_id=1, pad_to_multiple_of=3)
    assert batch["input_ids"].tolist() == [[5, 6, 7, 8, 9, 1], [3, 4, 1, 1, 1, 1]]
    assert batch["position_ids"].tolist() == [[0, 1, 2, 0, 1, 0], [0, 1, 0, 0, 0, 0]]
    assert batch["labels"].tolist() == [[IGNORED, 6, 7, IGNORED, 9, IGNORED], [IGNORED, 4] + [IGNORED] * 4]
    flat = collate_packed([rows[:2], rows[2:]], pad_id=1, in_one_row=True)
    assert flat["input_ids"].tolist() == [[5, 6, 7, 8, 9, 3, 4, 1]]
    assert flat["position_ids"].tolist() == [[0, 1, 2, 0, 1, 0, 1, 0]]


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
@pytest.mark.parametrize("family", APART)
def test_packed_rows_have_the_losses_and_gradients_that_they_have_alone(family: str, attention: str) -> None:
    model = made(APART[family](), attention)
    assert reason_against(model) == ""
    rows = ragged(11, 2, 7, 5, 9, 3)
    separate = update(model, map(alone, rows))
    assert_same_update(separate, update(model, [collate_packed([rows[:3], rows[3:]], pad_id=0)]))
    assert_same_update(separate, update(model, [collate_packed([rows[:3], rows[3:]], pad_id=0, in_one_row=True)]))


def test_two_packs_at_once_are_one_pack_twice_and_six_rows_one_by_one() -> None:
    model = made(APART["llama"]())
    rows = ragged(11, 2, 7, 5, 9, 3)
    at_once = update(model, [collate_packed([rows[:4], rows[4:]], pad_id=0)])
    accumulated = update(model, [collate_packed([rows[:4]], pad_id=0), collate_packed([rows[4:]], pad_id=0)])
    assert_same_update(at_once, accumulated)
    assert_same_update(at_once, update(model, map(alone, rows)))


@pytest.mark.filterwarnings("ignore:`gradient_checkpointing_enable` is deprecated:FutureWarning")
def test_an_adapter_and_recomputed_activations_keep_rows_apart() -> None:
    base = made(APART["mistral"]())
    model = get_peft_model(base, LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False))
    rows = ragged(11, 2, 7, 5, 9, 3)
    separate = update(model, map(alone, rows))
    base.gradient_checkpointing_enable({"use_reentrant": False})
    base.enable_input_require_grads()
    model.train()
    assert_same_update(separate, update(model, [collate_packed([rows[:4], rows[4:]], pad_id=0)]))


def test_rows_run_together_would_leak() -> None:
    """What the equality above is worth: without the positions it is off by a hundred times its tolerance."""
    model = made(APART["llama"]())
    rows = ragged(11, 2, 7, 5)
    packed = collate_packed([rows], pad_id=0)
    del packed["position_ids"]
    expected = sum(summed_loss(model, alone(row)).item() for row in rows)
    assert abs(summed_loss(model, packed).item() - expected) > 1e-3


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=["fp32", "bf16"])
@pytest.mark.parametrize("family", LEAKING)
def test_a_model_that_looks_over_the_border_is_refused(family: str, dtype: torch.dtype) -> None:
    model = made(LEAKING[family](), dtype=dtype)
    assert reason_against(model) == (
        f"in {type(model).__name__} with sdpa attention a packed row sees the rows before it"
    )


def test_a_model_without_positions_is_refused() -> None:
    model = made(MambaConfig(vocab_size=64, hidden_size=32, num_hidden_layers=2, state_size=8), "eager")
    assert reason_against(model) == "MambaForCausalLM takes no position_ids"


def test_a_model_that_counts_positions_otherwise_is_refused() -> None:
    model = made(APART["gpt2"]())
    # As RoBERTa's embeddings do: positions that are given to it mean other places than those that it counts itself.
    model.get_submodule("transformer.wpe").register_forward_pre_hook(lambda _, given: (given[0] + len(given[0]) - 1,))
    assert "a packed row is read otherwise than alone: " in reason_against(model)


def test_a_model_of_broken_weights_is_refused() -> None:
    model = made(APART["llama"]())
    next(model.parameters()).data.fill_(torch.nan)
    assert reason_against(model)


@pytest.mark.parametrize("family", APART)
def test_rounding_is_no_leak(family: str) -> None:
    assert reason_against(made(APART[family](), dtype=torch.bfloat16)) == ""


def test_the_probe_leaves_the_model_as_it_was() -> None:
    model = made(APART["gpt2"]()).train()
    before = [weight.clone() for weight in model.state_dict().values()]
    random_state = torch.get_rng_state()
    reason_against(model)
    assert model.training and all(weight.grad is None for weight in model.parameters())
    assert all(torch.equal(one, other) for one, other in zip(before, model.state_dict().values(), strict=True))
    assert torch.equal(random_state, torch.get_rng_state())
    assert not model.get_input_embeddings()._forward_hooks


def test_flash_attention_gets_all_packs_in_one_row() -> None:
    model = made(APART["llama"]())
    assert not in_one_row(model)
    # The config alone: setting it on the model asks for the package.
    model.config._attn_implementation = "flash_attention_2"
    assert in_one_row(model)
