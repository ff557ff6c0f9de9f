"""Groups of weights, the optimizer over them, and its scheduler."""

from pathlib import Path

import pytest
import torch
from method_families import CONFIGS, IDS, adapted, make
from torch import nn
from transformers import Trainer, TrainingArguments
from tunedeck.engine.methods.groups import parameter_groups
from tunedeck.engine.methods.optimizer import optimizer_cls_and_kwargs
from tunedeck.engine.methods.schedule import scheduler_kwargs
from tunedeck.store.errors import ConfigError


def arguments(folder: Path, **more: object) -> TrainingArguments:
    values = {"learning_rate": 0.01, "weight_decay": 0.1, "use_cpu": True, "report_to": [], "optim": "adamw_torch"}
    return TrainingArguments(output_dir=str(folder), **values | more)


def rates(model: nn.Module, decay: float) -> dict[str, float]:
    names = {weight: name for name, weight in model.named_parameters()}
    groups = parameter_groups(model, 1.0, 0.1, decay)
    return {names[weight]: group["lr"] for group in groups for weight in group["params"]}


@pytest.mark.parametrize("family", CONFIGS)
@pytest.mark.parametrize("decay", [1.0, 0.9])
def test_every_trained_weight_is_in_one_group(family: str, decay: float) -> None:
    for model in (make(family), adapted(family)):
        grouped = [weight for group in parameter_groups(model, 1.0, 0.1, decay) for weight in group["params"]]
        trained = {weight for weight in model.parameters() if weight.requires_grad}
        assert len(grouped) == len(trained)
        assert set(grouped) == trained


@pytest.mark.parametrize("family", CONFIGS)
def test_the_weights_that_decay_are_those_of_trainer(family: str, tmp_path: Path) -> None:
    model = make(family)
    names = {weight: name for name, weight in model.named_parameters()}
    decaying = {
        names[p] for group in parameter_groups(model, 1.0, 0.1) if group["weight_decay"] for p in group["params"]
    }
    theirs = set(Trainer(model, arguments(tmp_path)).get_decay_parameter_names(model)) & set(names.values())
    # T5's table of relative positions, which Trainer takes for a bias by its name, and GPT-2's norms named ln_1.
    table = {name for name in decaying if "relative_attention_bias" in name}
    flat = {name for name in theirs if model.get_parameter(name).ndim == 1}
    assert decaying - table == theirs - flat


def test_each_layer_learns_slower_than_the_one_above() -> None:
    found = rates(make("bert"), 0.5)
    assert found["classifier.weight"] == found["bert.pooler.dense.bias"] == 1.0
    assert found["bert.encoder.layer.1.output.dense.weight"] == 0.5
    assert found["bert.encoder.layer.0.output.LayerNorm.weight"] == 0.25
    assert found["bert.embeddings.word_embeddings.weight"] == 0.125


def test_the_highest_trained_layer_learns_at_the_full_rate() -> None:
    found = rates(adapted("llama", "CAUSAL_LM"), 0.5)
    assert set(found.values()) == {1.0, 0.5}
    assert all((rate == 1.0) == (".layers.1." in name) for name, rate in found.items())


def test_the_rate_that_trainer_logs_is_the_one_of_the_run() -> None:
    assert parameter_groups(make("t5"), 1.0, 0.1, 0.5)[0]["lr"] == 1.0


@pytest.mark.parametrize("name", ["adamw_torch", "adamw_torch_fused", "adafactor", "sgd", "rmsprop", "adagrad"])
def test_trainer_makes_the_optimizer_of_our_groups(name: str, tmp_path: Path) -> None:
    model = adapted("bert")
    trainer = Trainer(model, arguments(tmp_path, optim=name))
    trainer.optimizer_cls_and_kwargs = optimizer_cls_and_kwargs(model, trainer.args, 0.5)
    optimizer = trainer.create_optimizer()
    assert [group["lr"] for group in optimizer.param_groups] == [0.01, 0.01, 0.005, 0.0025]
    assert [group["weight_decay"] for group in optimizer.param_groups] == [0.1, 0.0, 0.1, 0.1]
    before = {key: weight.clone() for key, weight in model.named_parameters() if weight.requires_grad}
    model(input_ids=IDS, labels=torch.tensor([0, 1])).loss.backward()
    optimizer.step()
    assert any(not weight.equal(before[key]) for key, weight in model.named_parameters() if key in before)


def test_betas_and_epsilon_reach_adam(tmp_path: Path) -> None:
    args = arguments(tmp_path, adam_beta1=0.8, adam_beta2=0.9, adam_epsilon=1e-6)
    made, options = optimizer_cls_and_kwargs(make("bert"), args)
    assert made is torch.optim.AdamW
    assert (options["betas"], options["eps"]) == ((0.8, 0.9), 1e-6)


@pytest.mark.parametrize("name", ["galore_adamw", "apollo_adamw", "lomo", "adamw_torch_4bit"])
def test_an_optimizer_that_is_not_here_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"optim is {name}: .* adamw_torch is always there") as caught:
        optimizer_cls_and_kwargs(make("bert"), arguments(tmp_path, optim=name))
    assert caught.value.field == "optim"


@pytest.mark.parametrize(
    ("pairs", "scheduler", "expected"),
    [
        ([], "cosine", {}),
        (["min_lr_rate = 0.1"], "cosine_with_min_lr", {"min_lr_rate": 0.1}),
        (["num_cycles=3"], "cosine_with_restarts", {"num_cycles": 3}),
        (["lr_end=1e-6", "power=2"], "polynomial", {"lr_end": 1e-6, "power": 2}),
        (
            ["num_decay_steps=20", "decay_type=linear"],
            "warmup_stable_decay",
            {"num_decay_steps": 20, "decay_type": "linear"},
        ),
    ],
)
def test_pairs_become_arguments(pairs: list[str], scheduler: str, expected: dict[str, object]) -> None:
    assert scheduler_kwargs(pairs, scheduler) == expected


@pytest.mark.parametrize(
    ("pairs", "scheduler", "sentence"),
    [
        (["min_lr_rate"], "cosine_with_min_lr", "min_lr_rate is not of the form name=value"),
        ([""], "cosine", "an empty text is not of the form"),
        (["a b=1"], "cosine", "a b=1 is not of the form"),
        (["min_lr_rate=0.1"], "cosine", "cosine takes no min_lr_rate. It takes num_cycles"),
        (["power=2"], "constant", "constant takes no power. It takes nothing"),
        (["optimizer=1"], "linear", "linear takes no optimizer"),
        ([], "cosine_with_min_lr", "cosine_with_min_lr: .*min_lr"),
        ([], "warmup_stable_decay", "warmup_stable_decay: .*num_decay_steps"),
        (["num_cycles=many"], "cosine", "cosine: could not convert"),
        (["num_cycles=null"], "cosine", "cosine: "),
        (["min_lr_rate=5"], "cosine_with_min_lr", "the learning rate would go to .* times learning_rate"),
        (["min_lr_rate=NaN"], "cosine_with_min_lr", "cosine_with_min_lr: unsupported operand"),
        (["num_decay_steps=20", "decay_type=steep"], "warmup_stable_decay", "decay_type"),
        (["lr_end=1"], "polynomial", "lr_end"),
    ],
)
def test_nonsense_is_refused(pairs: list[str], scheduler: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=f"lr_scheduler_kwargs: .*{sentence}") as caught:
        scheduler_kwargs(pairs, scheduler)
    assert caught.value.field == "lr_scheduler_kwargs"


def test_adamw_makes_its_update_in_one_pass_and_the_same(tmp_path: Path) -> None:
    models = [make("bert"), make("bert")]
    made, options = optimizer_cls_and_kwargs(models[0], arguments(tmp_path))
    plain = torch.optim.AdamW(parameter_groups(models[1], 0.01, 0.1), lr=0.01, foreach=False)
    optimizers = [made(options.pop("params"), **options), plain]
    assert options["fused"]
    for update in range(5):
        for model, optimizer in zip(models, optimizers, strict=True):
            torch.manual_seed(update)
            for weight in model.parameters():
                weight.grad = torch.randn_like(weight)
            optimizer.step()
    for one, other in zip(models[0].parameters(), models[1].parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-7)
