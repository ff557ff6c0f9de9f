"""Dropout of hidden values, attention weights and head inputs, on any family whatever its config calls them."""

import copy
import inspect
import re
import sys
from typing import NamedTuple

import torch
from torch import nn
from transformers import PreTrainedModel

from ...store.errors import ConfigError

# The names in transformers' configs, by the knob that sets them; T5's dropout_rate is its attention's too.
NAMES = {
    "hidden_dropout": (
        "hidden_dropout_prob", "hidden_dropout", "dropout", "dropout_rate", "dropout_prob", "resid_pdrop", "embd_pdrop",
        "emb_pdrop", "resid_dropout", "residual_dropout", "embed_dropout", "embedding_dropout", "mlp_dropout",
        "ffn_dropout",
    ),
    "attention_dropout": (
        "attention_probs_dropout_prob", "attention_dropout", "attention_dropout_prob", "attn_pdrop", "attn_dropout",
    ),
    "classifier_dropout": (
        "classifier_dropout", "classifier_dropout_prob", "classif_dropout", "seq_classif_dropout", "cls_dropout",
        "qa_dropout", "pooler_dropout", "summary_first_dropout", "summary_last_dropout", "head_dropout",
    ),
}  # fmt: skip


class Places(NamedTuple):
    """Where a model keeps shares of dropout: (module, attribute), and the names in its config."""

    attributes: list[tuple[str, str]]
    config_names: set[str]


def set_dropout(
    model: PreTrainedModel,
    hidden_dropout: float | None = None,
    attention_dropout: float | None = None,
    classifier_dropout: float | None = None,
) -> str:
    """Set each share that is given, in the modules and in the config, and say in how many places; None leaves one.

    Raises:
        ConfigError: the model has no dropout of that kind.
    """
    wanted = dict(zip(NAMES, (hidden_dropout, attention_dropout, classifier_dropout), strict=True))
    asked = {knob: share for knob, share in wanted.items() if share is not None}
    found = _places(model) if asked else {}
    for knob, share in asked.items():
        if not found[knob].config_names:
            others = [other for other, places in found.items() if places.config_names]
            raise _has_none(model, knob, share, others)
    return ", ".join(f"{knob} {share:g} in {_set(model, found[knob], share)} places" for knob, share in asked.items())


def _set(model: PreTrainedModel, places: Places, share: float) -> int:
    for module, attribute in places.attributes:
        setattr(model.get_submodule(module), attribute, share)
    for name in places.config_names:
        setattr(model.config, name, share)
    return len(places.attributes) or len(places.config_names)


def _places(model: PreTrainedModel) -> dict[str, Places]:
    """Found by experiment: the same model without weights, each name in its config given a number of its own."""
    names = [(knob, name) for knob, names in NAMES.items() for name in names]
    # Numbers that nothing else in a module is likely to be.
    marks = {0.61803 + place / 1024: name for place, name in enumerate(names)}
    asked = _asked_while_running(model)
    found = {knob: Places([], asked.intersection(names)) for knob, names in NAMES.items()}
    for path, module in _without_weights(model, {name: mark for mark, (_, name) in marks.items()}).named_modules():
        for attribute, value in vars(module).items():
            if isinstance(value, float) and value in marks:
                knob, name = marks[value]
                found[knob].attributes.append((path, attribute))
                found[knob].config_names.add(name)
    return found


def _without_weights(model: PreTrainedModel, changes: dict[str, float]) -> nn.Module:
    config = copy.deepcopy(model.config)
    for name, value in changes.items():
        setattr(config, name, value)
    with torch.random.fork_rng(devices=[]), torch.device("meta"):
        return type(model)(config)


def _asked_while_running(model: PreTrainedModel) -> set[str]:
    """Names that the model's code asks its config for at each step, as Falcon's does."""
    return set(re.findall(r"self\.config\.(\w+)", inspect.getsource(sys.modules[type(model).__module__])))


def _has_none(model: PreTrainedModel, knob: str, share: float, others: list[str]) -> ConfigError:
    has = f"it has {' and '.join(others)}" if others else "it has none at all"
    return ConfigError(
        f"{knob} is {share:g}: {type(model).__name__} has no such dropout of its own, {has}.",
        f"Leave {knob} empty; lora_dropout and weight_decay hold every model back.",
        field=knob,
    )
