"""What keeps a model from overfitting: the anchor, the average, the noise, the agreement, and the words for it."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from method_families import IDS, adapted, language_model, make, stir
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel, Trainer, TrainingArguments
from tunedeck.engine.methods.anchor import Anchor
from tunedeck.engine.methods.average import Average
from tunedeck.engine.methods.early_stopping import EarlyStopping
from tunedeck.engine.methods.noise import add_noise
from tunedeck.engine.methods.overfit import diagnosis
from tunedeck.engine.methods.rdrop import symmetric_kl
from tunedeck.store.errors import StateError


def step(model: nn.Module, optimizer: torch.optim.Optimizer, penalty: Tensor | float = 0.0) -> None:
    loss = model(input_ids=IDS, labels=torch.tensor([0, 1])).loss + penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def test_the_anchor_is_the_papers_penalty_under_sgd() -> None:
    alpha, anchored, penalised = 0.5, make("bert"), make("bert")
    optimizer = torch.optim.SGD(anchored.parameters(), lr=0.1)
    Anchor(anchored, alpha).attach(optimizer)
    other = torch.optim.SGD(penalised.parameters(), lr=0.1)
    start = [weight.detach().clone() for weight in penalised.parameters()]
    for _ in range(4):
        step(anchored, optimizer)
        far = [(w - w0).square().sum() for w, w0 in zip(penalised.parameters(), start, strict=True)]
        step(penalised, other, alpha / 2 * torch.stack(far).sum())
    for one, two in zip(anchored.parameters(), penalised.parameters(), strict=True):
        torch.testing.assert_close(one, two, atol=1e-6, rtol=0)


@pytest.mark.parametrize("family", ["bert", "llama"])
def test_the_anchor_keeps_the_weights_closer(family: str) -> None:
    gone = []
    for alpha in (0.0, 1.0):
        model = adapted(family)
        trained = [weight for weight in model.parameters() if weight.requires_grad]
        start = [weight.detach().clone() for weight in trained]
        optimizer = torch.optim.AdamW(trained, lr=0.05, weight_decay=0.0)
        Anchor(model, alpha).attach(optimizer)
        for _ in range(10):
            step(model, optimizer)
        gone.append(sum((weight - first).square().sum().item() for weight, first in zip(trained, start, strict=True)))
    assert 0 < gone[1] < 0.8 * gone[0]


def test_each_group_is_pulled_at_its_own_rate() -> None:
    model = make("bert")
    stir_start = [weight.detach().clone() for weight in model.parameters()]
    anchor = Anchor(model, 1.0)
    stir(model)
    weights = list(model.parameters())
    moved = [weight.detach().clone() for weight in weights]
    anchor.pull(torch.optim.SGD([{"params": weights[:3], "lr": 0.5}, {"params": weights[3:], "lr": 0.0}]))
    for place, weight in enumerate(weights):
        expected = (moved[place] + stir_start[place]) / 2 if place < 3 else moved[place]
        torch.testing.assert_close(weight, expected)


@pytest.mark.parametrize("make_one", [make, adapted], ids=["full", "lora"])
def test_a_new_head_has_no_anchor(make_one: Callable[[str], nn.Module]) -> None:
    model = make_one("bert")
    anchor = Anchor(model, 1.0, new_weights=frozenset({"classifier.weight"}))
    trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    start = {name: weight.detach().clone() for name, weight in trained.items()}
    stir(model)
    anchor.pull(torch.optim.SGD(trained.values(), lr=1.0))
    free = {name for name, weight in trained.items() if not weight.equal(start[name])}
    assert {name for name in trained if "classifier" in name and name.endswith("weight")} == free


def test_anchor_and_average_work_once_an_update_inside_of_trainer(tmp_path: Path) -> None:
    class Tuner(Trainer):
        def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
            optimizer = super().create_optimizer(model)
            Anchor(self.model, 0.5).attach(optimizer)
            self.average = Average(self.model, 0.9)
            self.average.attach(optimizer)
            return optimizer

    rows = [{"input_ids": IDS[0], "labels": torch.tensor(row % 2)} for row in range(8)]
    args = TrainingArguments(
        output_dir=str(tmp_path),
        use_cpu=True,
        max_steps=3,
        per_device_train_batch_size=2,
        gradient_accumulation_steps=2,
        disable_tqdm=True,
        report_to=[],
        save_strategy="no",
        dataloader_pin_memory=False,
    )
    trainer = Tuner(adapted("bert"), args, train_dataset=rows)
    trainer.train()
    assert trainer.average.updates == 3


def test_the_average_forgets_the_start_first() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 0.0)
    average = Average(model, 0.5)
    expected = 0.0
    for update, value in enumerate((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)):
        nn.init.constant_(model.weight, value)
        average.update()
        decay = min(0.5, (1 + update) / (10 + update))
        expected = decay * expected + (1 - decay) * value
    with average.averaged():
        assert model.weight.item() == pytest.approx(expected)
    assert model.weight.item() == 10


def test_the_average_follows_the_optimizer_and_leaves_frozen_weights() -> None:
    model = adapted("bert")
    optimizer = torch.optim.SGD([weight for weight in model.parameters() if weight.requires_grad], lr=0.5)
    average = Average(model, 0.9)
    average.attach(optimizer)
    for _ in range(3):
        step(model, optimizer)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    with average.averaged():
        changed = {name for name, weight in model.named_parameters() if not weight.equal(before[name])}
    assert average.updates == 3
    assert changed
    assert changed <= {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert all(weight.equal(before[name]) for name, weight in model.named_parameters())


def test_the_average_is_taken_out_again_after_an_error() -> None:
    model = nn.Linear(2, 2)
    average, before = Average(model, 0.9), model.weight.detach().clone()
    stir(model)
    average.update()
    after = model.weight.detach().clone()
    with pytest.raises(KeyError), average.averaged():
        assert not model.weight.equal(after)
        raise KeyError
    assert model.weight.equal(after)
    assert not after.equal(before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_average_goes_on_exactly_after_a_resume(dtype: torch.dtype, tmp_path: Path) -> None:
    straight, halves = nn.Linear(4, 4).to(dtype), nn.Linear(4, 4).to(dtype)
    halves.load_state_dict(straight.state_dict())
    whole, first = Average(straight, 0.99), Average(halves, 0.99)
    for seed in range(6):
        stir(straight, seed=seed)
        stir(halves, seed=seed)
        whole.update()
        first.update()
        if seed == 2:
            first.save(tmp_path / "average.safetensors")
            first = Average(halves, 0.99)
            first.load(tmp_path / "average.safetensors")
    with whole.averaged(), first.averaged():
        assert straight.weight.equal(halves.weight)
    assert straight.weight.equal(halves.weight)
    assert first.updates == 6


def test_the_average_of_other_weights_is_not_taken(tmp_path: Path) -> None:
    Average(nn.Linear(2, 2), 0.9).save(tmp_path / "average.safetensors")
    with pytest.raises(StateError, match="holds the average of other weights"):
        Average(nn.Linear(2, 2, bias=False), 0.9).load(tmp_path / "average.safetensors")


def forward_twice(model: nn.Module) -> list[Tensor]:
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        elif isinstance(getattr(module, "dropout", None), float):
            module.dropout = 0.0
    torch.manual_seed(0)
    return [model(input_ids=IDS, labels=IDS).loss for _ in range(2)]


@pytest.mark.parametrize("with_adapter", [False, True])
@pytest.mark.parametrize("family", ["llama", "gpt2", "t5", "bart"])
def test_noise_is_on_the_embeddings_while_training_only(family: str, with_adapter: bool) -> None:
    task = "SEQ_2_SEQ_LM" if family in ("t5", "bart") else "CAUSAL_LM"
    model = adapted(family, task, lora_dropout=0.0) if with_adapter else language_model(family)
    first, second = forward_twice(model.train())
    assert first.equal(second)
    add_noise(model, 5.0)
    noisy, noisier = forward_twice(model)
    assert not noisy.equal(noisier)
    quiet, still = forward_twice(model.eval())
    assert quiet.equal(still)
    assert quiet.equal(first)


def test_noise_has_the_papers_size() -> None:
    model = language_model("llama")
    assert isinstance(model, PreTrainedModel)
    embeddings = model.get_input_embeddings().train()
    quiet = embeddings(IDS)
    add_noise(model, 5.0)
    largest = 5.0 / math.sqrt(IDS.shape[1] * quiet.shape[2])
    found = (embeddings(IDS) - quiet).abs()
    assert 0.9 * largest < found.max() <= largest


def test_agreement_is_torchs_divergence_both_ways() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(5, 3), torch.randn(5, 3)
    p, q = (functional.log_softmax(logits, dim=-1) for logits in (a, b))
    both = [functional.kl_div(x, y, log_target=True, reduction="none").sum(-1) for x, y in ((p, q), (q, p))]
    expected = (both[0] + both[1]) / 2
    torch.testing.assert_close(symmetric_kl(a, b), expected.sum())


def test_agreement_is_zero_for_equals_and_has_a_gradient_for_both() -> None:
    a = torch.tensor([[1e4, -1e4], [0.0, 1.0]], requires_grad=True)
    b = torch.tensor([[1.0, 0.0], [0.0, 1.0]], requires_grad=True)
    assert symmetric_kl(a, a).item() == 0
    symmetric_kl(a, b).backward()
    for logits in (a, b):
        assert logits.grad is not None
        assert logits.grad.isfinite().all()
    assert symmetric_kl(a.bfloat16(), b).dtype == torch.float32


def test_agreement_of_several_labels_is_that_of_their_sigmoids() -> None:
    z, y = torch.tensor([0.3]), torch.tensor([-1.2])
    p, q = z.sigmoid(), y.sigmoid()
    expected = ((p - q) * (p / q).log() + (q - p) * ((1 - p) / (1 - q)).log()) / 2
    pairs = [torch.stack((logit, torch.zeros(1)), dim=-1) for logit in (z, y)]
    torch.testing.assert_close(symmetric_kl(pairs[0], pairs[1]), expected.sum())


def test_overfitting_is_named_with_its_numbers_and_knobs() -> None:
    said = diagnosis([2.0, 1.5, 1.2, 0.9, 0.6], [2.0, 1.6, 1.5, 1.6, 1.8])
    assert said.startswith(
        "It overfits: since evaluation 3 of 5 the held-out loss rose from 1.500 to 1.800"
        " while the training loss fell from 1.200 to 0.600."
    )
    assert all(
        knob in said for knob in ("early_stopping_patience", "num_train_epochs", "hidden_dropout", "weight_decay")
    )
    assert "a smaller r" in diagnosis([2.0, 1.0, 0.5], [1.0, 1.1, 1.2], method="lora")


@pytest.mark.parametrize(
    ("train_losses", "eval_losses"),
    [
        ([], []),
        ([2.0, 1.0], [1.0, 2.0]),
        ([2.0, 1.5, 1.2, 1.0], [2.0, 1.6, 1.4, 1.3]),
        ([2.0, 1.5, 1.2, 1.0, 0.9], [2.0, 1.5, 1.51, 1.50, 1.51]),
        ([2.0, 1.5, 1.2, 1.0, 0.9], [2.0, 1.5, 1.7, 1.4, 1.6]),
        ([2.0, 1.5, 1.6, 1.7, 1.8], [2.0, 1.5, 1.6, 1.7, 1.8]),
        ([2.0, 1.5, 1.2, 1.0, 0.9], [2.0, 1.5, 1.7, 1.9, 1.51]),
        ([1.0, 0.5, 0.4], [math.nan, math.nan, math.nan]),
        ([1.0, 0.5, 0.4], [1e-5, 2e-5, 3e-5]),
    ],
    ids=["none", "two", "falling", "flat", "wavering", "diverging", "recovered", "not finite", "tiny"],
)
def test_what_is_no_overfitting_is_not_named(train_losses: list[float], eval_losses: list[float]) -> None:
    assert diagnosis(train_losses, eval_losses) == ""


def test_noise_on_a_plateau_is_seldom_named() -> None:
    torch.manual_seed(0)
    falling = torch.linspace(2, 1, 20)
    named = [bool(diagnosis(falling.tolist(), (1.5 + 0.01 * torch.randn(20)).tolist())) for _ in range(500)]
    assert sum(named) < 25


def test_early_stopping_counts_what_is_no_progress() -> None:
    stopping = EarlyStopping(2, 0.1)
    assert [stopping.update(loss) for loss in (1.0, 0.95, 0.85, 0.84, 0.8)] == [False, False, False, False, True]


def test_early_stopping_goes_up_where_greater_is_better() -> None:
    stopping = EarlyStopping(2, greater_is_better=True)
    assert [stopping.update(f1) for f1 in (0.5, 0.6, 0.6, 0.55)] == [False, False, False, True]


def test_a_patience_of_nothing_never_stops() -> None:
    stopping = EarlyStopping(0)
    assert not any(stopping.update(loss) for loss in (1.0, 2.0, 3.0, math.nan))


def test_a_loss_that_is_not_finite_is_no_progress() -> None:
    stopping = EarlyStopping(2)
    assert [stopping.update(loss) for loss in (math.nan, 1.0, math.inf, math.nan)] == [False, False, False, True]


def test_early_stopping_is_rebuilt_from_what_it_was_told() -> None:
    values = [1.0, 0.9, 0.95, 0.91, 0.92]
    straight = EarlyStopping(3)
    stops = [straight.update(value) for value in values]
    for cut in range(len(values)):
        again = EarlyStopping(3)
        for value in values[:cut]:
            again.update(value)
        assert [again.update(value) for value in values[cut:]] == stops[cut:]
