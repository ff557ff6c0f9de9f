"""Compiled blocks: chosen by trying where that pays, tried without a trace, and computing what the plain ones do."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch._inductor.config as inductor
from bench import Bench, chat_rows, write_rows
from in_process import of_attempt, resume_here, told, train_here
from torch._dynamo.utils import counters
from tunedeck.engine import sources, tasks
from tunedeck.engine.batching.material import prepare
from tunedeck.engine.loop import compiling
from tunedeck.engine.loop.compiling import Compiling
from tunedeck.engine.loop.starting import Starter
from tunedeck.engine.loop.trainer import TuneTrainer
from tunedeck.engine.model import compilation, models, precision
from tunedeck.engine.model.measured import Measured
from tunedeck.engine.session import Session
from tunedeck.store import attempts, checkpoints
from tunedeck.store.records import Run

# torch's compiler looks at the gradients of what flows between the blocks.
pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")

MANY = compiling._FEWEST_UPDATES
STEPS, MIDDLE = 8, 4


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that was compiled before helps."""
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "compiled"))
    yield
    torch._dynamo.reset()


@pytest.fixture
def session(bench: Bench) -> Iterator[Session]:
    made = opened(bench, bench.queue(max_steps=MANY))
    yield made
    made.close()


def opened(bench: Bench, run: Run) -> Session:
    return Session(bench.home, run.id, attempts.start(bench.db, run.id).id)


def trainer_of(bench: Bench, session: Session, **changes: object) -> TuneTrainer:
    config = bench.config(**{"max_steps": MANY} | changes)
    task, source = tasks.of(config), sources.resolve(str(bench.model))
    material = prepare(config, task, models.load_tokenizer(source), session)
    arithmetic = precision.choose(config, Measured(session.folder.measured))
    start = Starter(config, task, source, arithmetic, session, None).start()
    return TuneTrainer(start, config, material, arithmetic, session)


def compiling_of(trainer: TuneTrainer) -> Compiling:
    def make(numbers: list[int]) -> None:
        trainer.training_step(trainer.tuned, numbers)

    return Compiling(trainer.config, trainer.tuned, trainer.feed, "cpu", trainer.session, make)


def test_a_run_of_few_updates_tries_nothing(bench: Bench, session: Session) -> None:
    def make(numbers: list[int]) -> None:
        pytest.fail("it made an update")

    for changes in ({"max_steps": MANY - 1}, {"torch_compile": "off"}):
        trainer = trainer_of(bench, session, **changes)
        replace(compiling_of(trainer), make=make).settle()
        assert not compilation.is_compiled(trainer.tuned)


def test_updates_that_are_tried_leave_no_trace(bench: Bench, session: Session) -> None:
    trainer = trainer_of(bench, session)
    before = {name: weight.clone() for name, weight in trainer.tuned.named_parameters()}
    drawn = torch.get_rng_state()
    compiling_of(trainer).settle()
    assert torch.get_rng_state().equal(drawn) and trainer.optimizer is None
    for name, weight in trainer.tuned.named_parameters():
        assert weight.equal(before[name]) and weight.grad is None, name
    assert any(text.startswith(f"not compiled: {MANY} updates of 0.0") for text in told(bench, session.run))


def test_what_a_run_measured_the_next_one_like_it_knows(bench: Bench, session: Session) -> None:
    made = list[list[int]]()
    compiling_of(trainer_of(bench, session)).settle()
    for changes, tried in (({}, 0), ({"per_device_train_batch_size": 2}, 3)):
        again = opened(bench, bench.queue(max_steps=MANY, **changes))
        found = compiling_of(trainer_of(bench, again, **changes))
        replace(found, make=made.append).settle()
        again.close()
        assert len(made) == tried


def test_of_two_paces_the_faster_is_kept(bench: Bench, session: Session) -> None:
    for ratio, is_kept in ((1.5, True), (1.01, False)):
        run = bench.queue(max_steps=MANY, torch_compile="auto")
        again = opened(bench, run)
        trainer = trainer_of(bench, again)
        compilation.compile_blocks(trainer.tuned)
        found = compiling_of(trainer)
        assert found._is_faster(compiling.Pace(3.0, 3.0 / ratio), "here") is is_kept
        assert compilation.is_compiled(trainer.tuned) is is_kept
        assert f"compiled blocks measured {ratio:.2f} times as fast here" in told(bench, run)
        again.close()


def test_without_a_compiler_the_run_goes_on_as_it_was(bench: Bench, session: Session) -> None:
    trainer = trainer_of(bench, session, torch_compile="on")
    # pytest's own patch would leave torch's configuration without this entry.
    with inductor.patch({"cpp.cxx": ("no-such-compiler",)}):
        compiling_of(trainer).settle()
    assert not compilation.is_compiled(trainer.tuned)
    assert "not compiled: there is no C++ compiler here, such as g++" in told(bench, session.run)
    assert torch.isfinite(trainer.training_step(trainer.tuned, [0, 1]))


@pytest.mark.slow
def test_compiled_blocks_have_the_loss_and_gradients_of_plain_ones(bench: Bench, session: Session) -> None:
    trainer = adapted(bench, session, "fp32")
    windows = list(trainer.feed.updates)[:4]
    plain = [update(trainer, window) for window in windows]
    compilation.compile_blocks(trainer.tuned)
    for (loss, gradients), window in zip(plain, windows, strict=True):
        compiled_loss, compiled = update(trainer, window)
        assert compiled_loss == pytest.approx(loss, rel=1e-5)
        assert apart(compiled, gradients) < 1e-5
    graphs = counters["stats"]["unique_graphs"]
    trainer.evaluate()
    # One for the lowest block, whose input needs no gradient, and one for all others; none for the evaluation.
    assert 1 <= graphs <= 4 and counters["stats"]["unique_graphs"] == graphs


@pytest.mark.slow
def test_in_bf16_they_are_no_further_from_fp32(bench: Bench, session: Session) -> None:
    exact, trainer = adapted(bench, session, "fp32"), adapted(bench, session, "bf16")
    window = next(iter(trainer.feed.updates))
    loss, gradients = update(exact, window)
    plain = apart(update(trainer, window)[1], gradients)
    compilation.compile_blocks(trainer.tuned)
    compiled_loss, compiled = update(trainer, window)
    assert compiled_loss == pytest.approx(loss, rel=1e-2)
    assert apart(compiled, gradients) < 1.1 * plain < 0.1


def adapted(bench: Bench, session: Session, arithmetic: str) -> TuneTrainer:
    """With an adapter that does something."""
    trainer = trainer_of(bench, session, precision=arithmetic, lora_dropout=0.0)
    torch.manual_seed(0)
    for name, weight in trainer.tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return trainer


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / other.norm())


def update(trainer: TuneTrainer, window: list[int]) -> tuple[float, torch.Tensor]:
    """Loss and gradients of one update."""
    loss = float(trainer.training_step(trainer.tuned, window))
    return loss, torch.cat([weight.grad.flatten() for weight in trainer.tuned.parameters() if weight.grad is not None])


@pytest.mark.slow
def test_a_resumed_run_is_compiled_as_it_was_and_goes_the_same_way(own_bench: Bench) -> None:
    bench = own_bench
    write_rows(bench.data, chat_rows(41))
    run = bench.queue(torch_compile="on", max_steps=STEPS, save_steps=MIDDLE, eval_steps=MIDDLE)
    assert train_here(bench, run).state == "completed", bench.told(run)
    last = bench.home.run(run.id).checkpoints / f"checkpoint-{STEPS}"
    next(last.glob("*.safetensors")).write_bytes(b"")
    torch._dynamo.reset()
    assert resume_here(bench, run).state == "completed", bench.told(run)
    first, second = attempts.of_run(bench.db, run.id)
    assert second.start_step == MIDDLE and len(checkpoints.of_run(bench.db, run.id)) == 2
    went, goes = of_attempt(bench, first.id, "loss"), of_attempt(bench, second.id, "loss")
    assert goes == pytest.approx({step: went[step] for step in goes}, rel=1e-6)
    assert sum(text.startswith("the blocks are compiled, in ") for text in told(bench, run)) == 2
