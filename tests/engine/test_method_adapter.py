"""Adapters: what is trained beside them, what is saved, and what plain peft makes of it."""

import warnings
from pathlib import Path

import pytest
import torch
from method_families import AUTO_CLASSES, BERT_LIKE, IDS, TOKENS, adapted, knobs, logits, make, stir
from peft import PeftModel, TaskType, get_peft_model
from torch import nn
from transformers import LlamaConfig
from tunedeck.engine.methods import adapter
from tunedeck.engine.methods.quantization import four_bit
from tunedeck.store.errors import ConfigError, StateError

HEADS = {
    ("bert", "SEQ_CLS"): {"classifier"},
    ("bert", "TOKEN_CLS"): {"classifier"},
    ("bert", "QUESTION_ANS"): {"qa_outputs"},
    ("distilbert", "SEQ_CLS"): {"pre_classifier", "classifier"},
    ("roberta", "SEQ_CLS"): {"classifier"},
    ("modernbert", "SEQ_CLS"): {"head", "classifier"},
    ("gpt2", "SEQ_CLS"): {"score"},
    ("llama", "TOKEN_CLS"): {"score"},
    ("llama", "QUESTION_ANS"): {"qa_outputs"},
    ("t5", "SEQ_CLS"): {"classification_head"},
    ("bart", "SEQ_CLS"): {"classification_head"},
    ("llama", "CAUSAL_LM"): set(),
    ("gpt2", "CAUSAL_LM"): set(),
    ("t5", "SEQ_2_SEQ_LM"): set(),
    ("bart", "SEQ_2_SEQ_LM"): set(),
}


@pytest.mark.parametrize(("family", "task"), HEADS)
def test_the_adapter_and_the_head_are_trained_and_nothing_else(family: str, task: str) -> None:
    model = adapted(family, task)
    named = {name.removeprefix("base_model.model."): weight for name, weight in model.named_parameters()}
    trained = {name for name, weight in named.items() if weight.requires_grad}
    whole = {name for name in trained if ".lora_" not in name}
    assert {name.split(".")[0] for name in whole} == HEADS[family, task]
    assert not any(name.split(".")[0] in HEADS[family, task] | {"lm_head"} for name in trained - whole)
    assert len(trained - whole) == 2 * sum(".lora_A." in name for name in trained)


@pytest.mark.parametrize(("family", "task"), HEADS)
def test_plain_peft_loads_what_was_saved(family: str, task: str, tmp_path: Path) -> None:
    model = adapted(family, task)
    stir(model)
    adapter.save(model, tmp_path)
    base = make(family, task)
    untuned = logits(base)
    assert not logits(model).equal(untuned)
    assert logits(PeftModel.from_pretrained(base, str(tmp_path))).equal(logits(model))


def test_layers_that_the_files_lacked_are_saved_too(tmp_path: Path) -> None:
    model = adapter.with_method(
        make("bert"), knobs(), TaskType.SEQ_CLS, new_layers={"bert.pooler.dense.weight", "classifier.weight"}
    )
    stir(model)
    adapter.save(model, tmp_path)
    other = make("bert")
    nn.init.normal_(other.get_submodule("bert.pooler.dense").weight)
    assert logits(PeftModel.from_pretrained(other, str(tmp_path))).equal(logits(model))


def test_full_trains_every_weight() -> None:
    model = adapter.with_method(make("bert"), knobs(method="full"), TaskType.SEQ_CLS)
    assert all(weight.requires_grad for weight in model.parameters())
    assert adapter.sizes(model).endswith("(100.0%)")


def test_sizes_are_counted() -> None:
    model = adapted("llama", "CAUSAL_LM", target_modules="q_proj")
    assert adapter.sizes(model).startswith(f"{2 * 2 * 4 * 16:,} of ")


@pytest.mark.parametrize("options", [{"use_rslora": True}, {"use_dora": True}, {"init_lora_weights": "gaussian"}])
@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_every_variant_starts_as_the_base(family: str, options: dict[str, object]) -> None:
    model = adapted(family, "CAUSAL_LM", **options)
    torch.testing.assert_close(logits(model), logits(make(family, "CAUSAL_LM")), atol=1e-6, rtol=0)


def test_orthogonal_matrices_start_as_the_base_to_rounding() -> None:
    model = adapted("llama", "CAUSAL_LM", init_lora_weights="orthogonal")
    assert all(layer.weight.any() for name, layer in model.named_modules() if name.endswith("lora_B.default"))
    torch.testing.assert_close(logits(model), logits(make("llama", "CAUSAL_LM")), atol=1e-5, rtol=0)


def test_orthogonal_matrices_need_an_even_rank() -> None:
    with pytest.raises(ConfigError, match=r"even one.*Set r to 4") as caught:
        adapted("llama", "CAUSAL_LM", init_lora_weights="orthogonal", r=3)
    assert caught.value.field == "r"


def test_rslora_scales_by_the_root_of_the_rank() -> None:
    query = "base_model.model.bert.encoder.layer.0.attention.self.query"
    assert adapted("bert").get_submodule(query).scaling == {"default": 2.0}
    assert adapted("bert", use_rslora=True).get_submodule(query).scaling == {"default": 4.0}


@pytest.mark.parametrize("targets", ["no_such", "q_proj, v_prjo", "all-linear, q_proj", ","])
def test_a_name_that_fits_no_layer_is_refused(targets: str) -> None:
    with pytest.raises(ConfigError, match=r"It has down_proj, gate_proj, .*all-linear takes them all") as caught:
        adapted("llama", "CAUSAL_LM", target_modules=targets)
    assert caught.value.field == "target_modules"
    assert "q_proj," not in caught.value.what


def test_gpt2_names_its_layers_too() -> None:
    with pytest.raises(ConfigError, match="It has c_attn, c_fc, c_proj"):
        adapted("gpt2", "CAUSAL_LM", target_modules="q_proj")


def test_a_name_of_what_takes_no_adapter_is_refused() -> None:
    with pytest.raises(ConfigError, match="target_modules is input_layernorm: one of them is no layer"):
        adapted("llama", "CAUSAL_LM", target_modules="input_layernorm")


def test_the_start_depends_on_the_seed_alone() -> None:
    first = adapted("llama", "CAUSAL_LM", seed=7).state_dict()
    base = make("llama", "CAUSAL_LM")
    torch.rand(100)
    before = torch.random.get_rng_state()
    again = adapter.with_method(base, knobs(seed=7), TaskType.CAUSAL_LM).state_dict()
    assert all(weight.equal(again[name]) for name, weight in first.items())
    assert before.equal(torch.random.get_rng_state())


def test_heads_over_a_base_in_bf16_are_trained_in_fp32() -> None:
    model = adapter.with_method(make("bert").bfloat16(), knobs(), TaskType.SEQ_CLS)
    kinds = {weight.requires_grad: weight.dtype for weight in model.parameters()}
    assert kinds == {True: torch.float32, False: torch.bfloat16}


@pytest.mark.parametrize("use_dora", [False, True])
def test_inputs_that_are_taken_as_they_are_give_the_same_to_the_last_bit(use_dora: bool) -> None:
    model = adapter.with_method(
        make("llama", "CAUSAL_LM").bfloat16(), knobs(use_dora=use_dora, lora_dropout=0.0), TaskType.CAUSAL_LM
    )
    stir(model)
    found = []
    for _ in range(2):
        model.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(input_ids=IDS, labels=IDS).loss
        loss.backward()
        found.append([loss.detach(), *(weight.grad for weight in model.parameters() if weight.requires_grad)])
        adapter.take_inputs_as_they_are(model)
    assert all(one.equal(other) for one, other in zip(*found, strict=True))


def test_a_saved_adapter_is_taken_up_to_the_last_bit(tmp_path: Path) -> None:
    model = adapted("distilbert", use_dora=True)
    stir(model)
    adapter.save(model, tmp_path)
    again = adapted("distilbert", use_dora=True, seed=3)
    adapter.load(again, tmp_path)
    assert logits(again).equal(logits(model))


@pytest.mark.parametrize("other", [{"r": 2}, {"target_modules": "q_lin"}, {"use_dora": True}])
def test_an_adapter_of_another_shape_is_not_taken_up(other: dict[str, object], tmp_path: Path) -> None:
    adapter.save(adapted("distilbert"), tmp_path)
    with pytest.raises(StateError, match=r"weights of .* were not taken over"):
        adapter.load(adapted("distilbert", **other), tmp_path)


def test_a_model_that_was_wrapped_twice_does_not_take_it_up(tmp_path: Path) -> None:
    adapter.save(adapted("distilbert"), tmp_path)
    once = adapted("distilbert")
    with warnings.catch_warnings(action="ignore"):
        twice = get_peft_model(once, once.peft_config["default"])  # pyright: ignore[reportArgumentType]
    assert isinstance(twice, PeftModel)
    with pytest.raises(StateError, match=r"weights of .* were not taken over"):
        adapter.load(twice, tmp_path)


def test_two_saved_adapters_share_one_base(tmp_path: Path) -> None:
    said = {}
    for seed, name in enumerate(("calm", "rude"), start=1):
        model = adapted("bert", r=2 * seed)
        stir(model, seed=seed)
        adapter.save(model, tmp_path / name)
        said[name] = logits(model)
    base = make("bert")
    untuned = logits(base)
    both = PeftModel.from_pretrained(base, str(tmp_path / "calm"), adapter_name="calm")
    both.load_adapter(str(tmp_path / "rude"), adapter_name="rude")
    for name in ("rude", "calm", "rude"):
        both.set_adapter(name)
        assert logits(both).equal(said[name])
    with both.disable_adapter():
        assert logits(both).equal(untuned)


@pytest.mark.parametrize("family", ["llama", "t5"])
def test_merging_gives_the_same_answers(family: str) -> None:
    model = adapted(family, "SEQ_2_SEQ_LM" if family == "t5" else "CAUSAL_LM")
    stir(model)
    tuned = logits(model)
    torch.testing.assert_close(logits(model.merge_and_unload()), tuned, atol=1e-5, rtol=0)


def test_a_packed_base_learns_under_its_adapter(tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    auto = AUTO_CLASSES["CAUSAL_LM"]
    # bitsandbytes packs 64 weights under one scale.
    auto.from_config(LlamaConfig(**TOKENS, **BERT_LIKE | {"hidden_size": 64})).save_pretrained(tmp_path)
    packed = auto.from_pretrained(tmp_path, quantization_config=four_bit(), device_map={"": "cpu"})
    model = adapter.with_method(packed, knobs(method="qlora"), TaskType.CAUSAL_LM)
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=0.01)
    losses = []
    for _ in range(5):
        loss = model(input_ids=IDS, labels=IDS).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert {weight.dtype for weight in model.parameters()} == {torch.uint8, torch.float32}
