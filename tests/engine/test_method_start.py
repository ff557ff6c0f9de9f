"""PiSSA and OLoRA change the base: what is saved must fit the base as it was, and a resume must find it again."""

from pathlib import Path

import pytest
import torch
from method_families import adapted, logits, make, stir
from peft import PeftModel
from safetensors.torch import load_file
from tunedeck.engine.methods import adapter
from tunedeck.store.errors import ConfigError

STARTS = [
    ("llama", "CAUSAL_LM", {"init_lora_weights": "pissa"}),
    ("llama", "CAUSAL_LM", {"init_lora_weights": "pissa", "use_rslora": True}),
    ("llama", "CAUSAL_LM", {"init_lora_weights": "pissa", "use_dora": True}),
    ("llama", "CAUSAL_LM", {"init_lora_weights": "pissa", "target_modules": "q_proj,embed_tokens"}),
    ("llama", "CAUSAL_LM", {"init_lora_weights": "pissa_niter_4"}),
    ("llama", "CAUSAL_LM", {"init_lora_weights": "olora"}),
    ("gpt2", "CAUSAL_LM", {"init_lora_weights": "pissa"}),
    ("distilbert", "SEQ_CLS", {"init_lora_weights": "pissa"}),
    ("bert", "TOKEN_CLS", {"init_lora_weights": "olora"}),
    ("t5", "SEQ_2_SEQ_LM", {"init_lora_weights": "olora"}),
]
Start = tuple[str, str, dict[str, object]]


@pytest.fixture(params=STARTS, ids=lambda start: "-".join([start[0], *map(str, start[2].values())]))
def start(request: pytest.FixtureRequest) -> Start:
    return request.param


def test_it_begins_as_the_base_but_not_at_zero(start: Start) -> None:
    family, task, options = start
    model = adapted(family, task, **options)
    torch.testing.assert_close(logits(model), logits(make(family, task)), atol=2e-5, rtol=0)
    first = [weight for name, weight in model.named_parameters() if "lora_B" in name]
    assert first
    assert all(weight.any() for weight in first)


def test_plain_peft_lays_it_on_the_base_as_it_was(start: Start, tmp_path: Path) -> None:
    family, task, options = start
    model = adapted(family, task, **options)
    stir(model)
    adapter.save(model, tmp_path)
    base = make(family, task)
    untuned = logits(base)
    loaded = PeftModel.from_pretrained(base, str(tmp_path))
    torch.testing.assert_close(logits(loaded), logits(model), atol=2e-5, rtol=0)
    assert (logits(model) - untuned).abs().max() > 1e-2
    assert loaded.peft_config["default"].r == 8


def test_a_resume_is_exact_in_every_bit(start: Start, tmp_path: Path) -> None:
    family, task, options = start
    model = adapted(family, task, **options)
    stir(model)
    adapter.save(model, tmp_path / "first")
    again = adapted(family, task, checkpoint=tmp_path / "first", **options)
    adapter.load(again, tmp_path / "first")
    found = again.state_dict()
    assert all(weight.equal(found[name]) for name, weight in model.state_dict().items())
    adapter.save(again, tmp_path / "second")
    first, second = (load_file(tmp_path / name / "adapter_model.safetensors") for name in ("first", "second"))
    assert first.keys() == second.keys()
    assert all(weight.equal(second[name]) for name, weight in first.items())


@pytest.mark.parametrize("how", ["pissa", "olora"])
def test_a_rank_above_the_smallest_layer_is_refused(how: str) -> None:
    with pytest.raises(ConfigError, match=r"r is 12, and \w+ finds only 8 directions in model.layers.0") as caught:
        adapted("llama", "CAUSAL_LM", init_lora_weights=how, r=12)
    assert caught.value.field == "r"


def test_olora_is_refused_where_weights_lie_transposed() -> None:
    with pytest.raises(ConfigError, match=r"can't start in transformer\.h\.0\.attn\.c_attn"):
        adapted("gpt2", "CAUSAL_LM", init_lora_weights="olora")
