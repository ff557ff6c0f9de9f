"""Dropout reaches the modules, whatever a family's config calls it."""

import pytest
import torch
from method_families import IDS, language_model, make
from transformers import PreTrainedModel
from tunedeck.engine.methods.dropout import set_dropout
from tunedeck.store.errors import ConfigError

# The modules whose share of dropout becomes the hidden, the attention's and the head's, with the attribute's name.
PLACES = {
    "bert": ("bert.embeddings.dropout.p", "bert.encoder.layer.1.attention.self.dropout.p", "dropout.p"),
    "roberta": ("roberta.encoder.layer.0.output.dropout.p", "roberta.encoder.layer.0.attention.self.dropout.p",
                "classifier.dropout.p"),
    "distilbert": ("distilbert.transformer.layer.0.ffn.dropout.p",
                   "distilbert.transformer.layer.1.attention.dropout.p", "dropout.p"),
    "modernbert": ("model.layers.0.mlp.drop.p", "model.layers.0.attn.attention_dropout", "drop.p"),
    "bart": ("model.encoder.layers.0.dropout", "model.decoder.layers.1.encoder_attn.dropout",
             "classification_head.dropout.p"),
}  # fmt: skip
LANGUAGE_PLACES = {
    "gpt2": ("transformer.h.1.mlp.dropout.p", "transformer.h.1.attn.attn_dropout.p"),
    "falcon": ("config.hidden_dropout", "transformer.h.0.self_attention.attention_dropout.p"),
    "bart": ("model.decoder.dropout", "model.encoder.layers.0.self_attn.dropout"),
}


def value(model: PreTrainedModel, path: str) -> float:
    module, _, attribute = path.rpartition(".")
    return getattr(model.config if module == "config" else model.get_submodule(module), attribute)


@pytest.mark.parametrize("family", PLACES)
def test_three_shares_reach_a_classifier(family: str) -> None:
    model = make(family)
    set_dropout(model, 0.25, 0.375, 0.5)
    assert tuple(value(model, path) for path in PLACES[family]) == (0.25, 0.375, 0.5)


@pytest.mark.parametrize("family", LANGUAGE_PLACES)
def test_two_shares_reach_a_language_model(family: str) -> None:
    model = language_model(family)
    set_dropout(model, 0.25, 0.375)
    assert tuple(value(model, path) for path in LANGUAGE_PLACES[family]) == (0.25, 0.375)


def test_nothing_asked_changes_nothing() -> None:
    model = make("bert")
    before = model.config.to_dict()
    assert set_dropout(model) == ""
    assert model.config.to_dict() == before


def test_one_share_leaves_the_others() -> None:
    model = make("bert")
    assert set_dropout(model, hidden_dropout=0.25) == "hidden_dropout 0.25 in 5 places"
    assert value(model, "dropout.p") == value(model, "bert.encoder.layer.0.attention.self.dropout.p") == 0.1


def test_the_config_says_what_was_set() -> None:
    model = make("distilbert")
    set_dropout(model, 0.25, 0.375, 0.5)
    assert (model.config.dropout, model.config.attention_dropout, model.config.seq_classif_dropout) == (
        0.25,
        0.375,
        0.5,
    )
    assert not hasattr(model.config, "hidden_dropout_prob")


def test_a_config_that_does_not_name_it_is_found_too() -> None:
    model = make("llama", "TOKEN_CLS")
    set_dropout(model, classifier_dropout=0.25)
    assert value(model, "dropout.p") == 0.25


@pytest.mark.parametrize(
    ("family", "task", "knob", "others"),
    [
        ("llama", "CAUSAL_LM", "hidden_dropout", "it has attention_dropout"),
        ("t5", "SEQ_2_SEQ_LM", "attention_dropout", "it has hidden_dropout"),
        ("bert", "QUESTION_ANS", "classifier_dropout", "it has hidden_dropout and attention_dropout"),
        ("gpt2", "SEQ_CLS", "classifier_dropout", "it has hidden_dropout and attention_dropout"),
    ],
)
def test_a_dropout_that_a_model_lacks_is_refused(family: str, task: str, knob: str, others: str) -> None:
    with pytest.raises(ConfigError, match=f"{knob} is 0.2: .* has no such dropout of its own, {others}") as caught:
        set_dropout(make(family, task), **{knob: 0.2})
    assert caught.value.field == knob


@pytest.mark.parametrize(("family", "share"), [("llama", "attention_dropout"), ("falcon", "hidden_dropout")])
def test_it_works_while_training_only(family: str, share: str) -> None:
    model = language_model(family)
    set_dropout(model, **{share: 0.5})
    with torch.no_grad():
        first, second, quiet, still = (model.train(mode)(IDS).logits for mode in (True, True, False, False))
    assert not first.equal(second)
    assert quiet.equal(still)


def test_looking_for_places_draws_no_random_number() -> None:
    model = make("bert")
    before = torch.random.get_rng_state()
    set_dropout(model, 0.25)
    assert torch.random.get_rng_state().equal(before)
