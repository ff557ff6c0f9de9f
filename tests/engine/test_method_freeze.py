"""Parts and freezing, on every family by its structure alone."""

import pytest
from method_families import adapted, language_model, make
from torch import nn
from tunedeck.engine.methods.freeze import freeze
from tunedeck.engine.methods.parts import head_names, levels, parts
from tunedeck.store.errors import ConfigError

FIRST_BLOCK = {
    "bert": "bert.encoder.layer.0.",
    "roberta": "roberta.encoder.layer.0.",
    "distilbert": "distilbert.transformer.layer.0.",
    "modernbert": "model.layers.0.",
    "gpt2": "transformer.h.0.",
    "llama": "model.layers.0.",
    "falcon": "transformer.h.0.",
    "t5": "transformer.encoder.block.0.",
    "bart": "model.encoder.layers.0.",
}
EMBEDDINGS = {
    "bert": "bert.embeddings.",
    "roberta": "roberta.embeddings.",
    "distilbert": "distilbert.embeddings.",
    "modernbert": "model.embeddings.",
    "gpt2": ("transformer.wte.", "transformer.wpe."),
    "llama": "model.embed_tokens.",
    "falcon": "transformer.word_embeddings.",
    "t5": "transformer.shared.",
    "bart": ("model.shared.", "model.encoder.embed_", "model.encoder.layernorm_embedding.", "model.decoder.embed_",
             "model.decoder.layernorm_embedding."),
}  # fmt: skip


def frozen(model: nn.Module) -> set[str]:
    return {name for name, weight in model.named_parameters() if not weight.requires_grad}


@pytest.mark.parametrize("family", FIRST_BLOCK)
def test_the_first_block_is_frozen_with_the_embeddings_below(family: str) -> None:
    model = make(family)
    names = {name for name, _ in model.named_parameters()}
    blocks = 4 if family in ("t5", "bart") else 2
    assert freeze(model, "nothing", 1) == f"the embeddings and the first 1 of {blocks} layers are frozen"
    expected = {name for name in names if name.startswith(FIRST_BLOCK[family]) or name.startswith(EMBEDDINGS[family])}
    assert frozen(model) == expected


@pytest.mark.parametrize("family", FIRST_BLOCK)
def test_the_embeddings_are_frozen_alone(family: str) -> None:
    model = make(family)
    assert freeze(model, "embeddings", 0) == "the embeddings are frozen"
    assert frozen(model) == {name for name, _ in model.named_parameters() if name.startswith(EMBEDDINGS[family])}


@pytest.mark.parametrize("family", FIRST_BLOCK)
def test_the_head_alone_is_trained(family: str) -> None:
    model = make(family)
    assert freeze(model, "all-but-head", 0) == "all but the head is frozen"
    heads = tuple(f"{name}." for name in head_names(model))
    assert frozen(model) == {name for name, _ in model.named_parameters() if not name.startswith(heads)}


def test_a_head_that_shares_its_weights_is_said_to() -> None:
    model = language_model("gpt2")
    assert freeze(model, "all-but-head", 0) == "all but the head is frozen (it shares its weights with the embeddings)"
    assert frozen(model) == {name for name, _ in model.named_parameters()} - {"transformer.wte.weight"}
    assert freeze(language_model("t5"), "embeddings", 0) == "the embeddings (the head shares their weights) are frozen"


def test_the_encoder_is_frozen_before_the_decoder() -> None:
    model = language_model("bart")
    freeze(model, "nothing", 3)
    blocks = {name.rsplit(".layers.")[0] + name.split(".layers.")[1][0] for name in frozen(model) if ".layers." in name}
    assert blocks == {"model.encoder0", "model.encoder1", "model.decoder0"}


def test_adapters_of_frozen_layers_are_frozen_too() -> None:
    model = adapted("llama", "CAUSAL_LM")
    freeze(model, "nothing", 1)
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert trained
    assert all(".layers.1." in name for name in trained)


def test_nothing_to_freeze_says_nothing() -> None:
    model = make("bert")
    assert freeze(model, "nothing", 0) == ""
    assert not frozen(model)


def test_more_layers_than_there_are_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"freeze_layers is 3: the model has 2 layers\. Freeze at most 2") as caught:
        freeze(make("bert"), "nothing", 3)
    assert caught.value.field == "freeze_layers"


def test_a_model_with_nothing_left_to_train_is_refused() -> None:
    with pytest.raises(ConfigError, match="nothing is left to train"):
        freeze(adapted("llama", "CAUSAL_LM"), "nothing", 2)


def test_lists_inside_of_blocks_are_no_blocks() -> None:
    assert [type(block).__name__ for block in parts(make("t5")).blocks] == ["T5Block"] * 4


def test_levels_rise_from_the_embeddings_to_the_head() -> None:
    found = levels(make("bert"))
    assert found["bert.embeddings.LayerNorm.weight"] == 0
    assert found["bert.encoder.layer.1.output.dense.weight"] == 2
    assert found["bert.pooler.dense.weight"] == found["classifier.bias"] == 3
