"""The learning-rate range test as a run: the rates rise, a rate is suggested, and no weights are left behind."""

import hashlib
import json
import math
import threading
from pathlib import Path

import pytest
from bench import Bench, chat_rows, write_rows
from in_process import train_here
from tunedeck.store import checkpoints, commands, events, launch, lr_curve, metrics, overview, runs
from tunedeck.store.errors import StateError
from tunedeck.store.lr_curve import Span
from tunedeck.store.records import Run

SPAN = Span(1e-5, 1.0, 40)


def find(bench: Bench, span: Span = SPAN, **changes: object) -> Run:
    config = bench.config(**{"method": "full", "name": "mine", "per_device_train_batch_size": 8} | changes)
    return train_here(bench, launch.queue_range_test(bench.db, bench.home, config, span))


def curve(bench: Bench, run: Run) -> list[float]:
    return metrics.series(bench.db, run.id, lr_curve.METRIC)[1]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def tested(bench: Bench) -> Run:
    write_rows(bench.data, chat_rows(60))
    before = digests(bench.model)
    run = find(bench)
    assert digests(bench.model) == before
    return run


def test_it_suggests_a_rate_at_which_the_loss_falls(tested: Run, bench: Bench) -> None:
    assert tested.state == "completed", bench.told(tested)
    summary = json.loads(tested.summary or "")
    assert 1e-4 < summary["suggested_learning_rate"] < 1e-1
    assert summary["cautious_learning_rate"] < summary["suggested_learning_rate"] < summary["lowest_at"]
    assert tested.cause == lr_curve.suggestion(curve(bench, tested), SPAN).sentence
    assert (tested.cause or "").startswith(f"suggested learning_rate {summary['suggested_learning_rate']:.1e}")
    assert events.of_run(bench.db, tested.id)[-1].text == f"completed: {tested.cause}"


def test_its_points_are_metrics_whose_rate_rises_by_the_same_factor(tested: Run, bench: Bench) -> None:
    steps, rates = metrics.series(bench.db, tested.id, "learning_rate")
    assert steps == list(range(1, len(steps) + 1)) and len(steps) > 20
    assert rates == pytest.approx(SPAN.rates()[: len(rates)].tolist())
    assert tested.total_steps == SPAN.steps and len(bench.steps_and_losses(tested)[1]) == len(steps)


def test_each_loss_is_held_against_what_the_base_makes_of_the_same_rows(bench: Bench) -> None:
    """At rates too small to learn anything the model stays the base, in the second epoch too."""
    run = find(bench, Span(1e-12, 1e-11, 20), per_device_train_batch_size=2)
    losses, adjusted = bench.steps_and_losses(run)[1], curve(bench, run)
    assert max(losses) - min(losses) > 0.005
    assert adjusted == pytest.approx([sum(losses) / len(losses)] * len(losses), abs=1e-5)


def test_nothing_is_evaluated_saved_or_answered(tested: Run, bench: Bench) -> None:
    assert bench.steps_and_losses(tested, "eval_loss") == ([], [])
    assert checkpoints.of_run(bench.db, tested.id) == []
    folder = bench.home.run(tested.id)
    assert not folder.adapter.exists() and not list(folder.checkpoints.glob("*"))
    assert not list(folder.root.rglob("*.safetensors"))
    view = overview.of_run(bench.db, tested)
    assert (tested.name, tested.kind, view.best_eval_loss, view.eval_losses) == ("mine lr-find", "lr-find", None, ())


def test_layers_keep_their_share_of_the_rate(bench: Bench) -> None:
    """With the highest at the rate itself, as the charts show it."""
    run = find(bench, Span(1e-6, 1e-3, 20), layerwise_lr_decay=0.5, learning_rate=5e-5)
    rates = metrics.series(bench.db, run.id, "learning_rate")[1]
    assert rates == pytest.approx(Span(1e-6, 1e-3, 20).rates().tolist())


def test_a_loss_that_can_not_fall_gives_no_suggestion(bench: Bench) -> None:
    run = find(bench, Span(1e-9, 1e-8, 20))
    assert (run.state, run.cause) == (
        "completed", "no suggestion: the loss never falls clearly, at rates up to 1.0e-08",
    ), bench.told(run)  # fmt: skip


def test_it_ends_where_the_loss_breaks_down(bench: Bench) -> None:
    run = find(bench, Span(1e-3, 1e4, 60), optim="sgd", max_grad_norm=1000.0)
    losses = curve(bench, run)
    assert run.state == "completed" and len(losses) < 60, bench.told(run)
    assert lr_curve.has_diverged(losses) and not lr_curve.has_diverged(losses[:-1])
    assert json.loads(run.summary or "")["steps"] == len(losses)
    assert not math.isfinite(losses[-1]) or losses[-1] > 2 * losses[0]


def test_it_can_be_stopped_and_is_begun_anew_not_resumed(bench: Bench) -> None:
    queued = launch.queue_range_test(bench.db, bench.home, bench.config(), Span(1e-6, 1e-5, 300))

    def stop_once_it_trains() -> None:
        bench.wait_for_step(queued, 1)
        commands.ask(bench.db, queued.id, "stop")

    asking = threading.Thread(target=stop_once_it_trains)
    asking.start()
    run = train_here(bench, queued)
    asking.join()
    made = len(bench.steps_and_losses(run)[0])
    assert (run.state, run.cause) == ("stopped", f"you stopped it after {made} of 300 updates"), bench.told(run)
    assert checkpoints.of_run(bench.db, run.id) == []
    with pytest.raises(StateError, match=r"Start it anew: .* && tunedeck lr-find again\.toml"):
        runs.requeue(bench.db, run)
