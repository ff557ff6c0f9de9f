"""The demos: what they run, and what they make of the figures; the real ones where slow tests are asked for."""

import json
import os
import subprocess
import sys

import pyarrow
import pytest
from every_state import Seeding
from pyarrow import parquet
from tunedeck.store import catalog, database, metrics, overview, runs, samples
from tunedeck.store.overview import Overview
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui import predictions
from tunedeck.tui.cli.demo import TASKS
from tunedeck.tui.cli.demos import chat, classification, transfer
from tunedeck.tui.cli.demos.demo import Demo

DEMOS: dict[str, Demo] = {"chat": chat.DEMO, "classification": classification.DEMO, "transfer": transfer.DEMO}
LABELS = ["a"] * 12 + ["b"] * 6 + ["c"] * 2


@pytest.fixture
def seeding(home: Home) -> Seeding:
    return Seeding(database.connect(home), home)


def view(seeding: Seeding, run: Run) -> Overview:
    return overview.of_run(seeding.db, runs.get(seeding.db, run.id))


def judge(seeding: Seeding, run: Run, attempt: int, step: int, predicted: list[str]) -> None:
    """An evaluation at which these were predicted for the rows with LABELS."""
    folder = seeding.home.run(run.id)
    folder.predictions.mkdir(exist_ok=True)
    triples = list(zip(range(1, 21), LABELS, predicted, strict=True))
    told = [{"row": row, "loss": 1.0, "label": label, "predicted": said} for row, label, said in triples]
    parquet.write_table(pyarrow.Table.from_pylist(told), predictions.of_step(folder, step))
    rows = [{"row": row, "text": f"text {row}\nof {label}"} for row, label, _ in reversed(triples)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), predictions.rows_file(folder))
    right = sum(label == said for _, label, said in triples) / 20
    points = {"eval_f1_macro": right, "eval_f1_a": right, "eval_f1_b": 0.5, "eval_accuracy": right, "eval_loss": 1.0}
    metrics.write(seeding.db, attempt, [(name, step, value) for name, value in points.items()])


def ended(seeding: Seeding, name: str, *evaluations: list[str]) -> Overview:
    """A completed run with an evaluation each 10 steps."""
    run, attempt = seeding.start(name)
    for number, predicted in enumerate(evaluations):
        judge(seeding, run, attempt, 10 * number, predicted)
    seeding.end(run, attempt, "completed", summary='{"steps": 10, "seconds": 2.0}')
    return view(seeding, run)


@pytest.mark.parametrize("task", TASKS)
def test_a_demo_runs_on_parts_that_it_fetches(task: str) -> None:
    demo = DEMOS[task]
    for steps in (1, demo.steps):
        made = [demo.config(steps, [f"run{n}" for n in range(number)]) for number in range(demo.count)]
        named = {name for config in made for name in (config.data, config.eval_data, config.model) if name}
        assert {name for name in named if name.startswith("demo:")} == set(demo.parts)
        assert set(demo.parts) <= {part.name for part in catalog.PARTS}
        assert all(1 <= config.max_steps <= steps and config.eval_steps <= steps for config in made)


def test_the_second_run_of_transfer_starts_from_the_first_and_the_third_differs_in_nothing_else() -> None:
    _, second, third = (transfer.DEMO.config(100, ["one", "two"][:number]) for number in range(3))
    assert (second.model, third.model) == ("run:one", "demo:minilm")
    differ = {name for name in type(second).model_fields if getattr(second, name) != getattr(third, name)}
    assert differ == {"name", "model"}


def test_a_classifier_is_held_against_the_largest_class(seeding: Seeding, capsys: pytest.CaptureFixture[str]) -> None:
    views = [ended(seeding, "demo", ["b"] * 20, LABELS, ["a"] * 20)]
    result = classification.DEMO.result(seeding.db, seeding.home, views)
    assert (result["rows"], result["step"], result["better"]) == (20, 10, True)
    assert (result["majority_f1_macro"], result["tuned_f1_macro"]) == (pytest.approx(0.25), 1.0)
    assert result["f1_by_class"] == {"a": 1.0, "b": 0.5}
    json.dumps(result)
    classification.DEMO.tell(seeding.db, seeding.home, views, result)
    told = capsys.readouterr().out
    assert "> text 13 of b\n  is b   untuned b   tuned b\n" in told
    assert "the largest class for every row  0.250" in told and "the tuned model is better: +0.75 f1_macro" in told
    worse = classification.DEMO.result(seeding.db, seeding.home, [ended(seeding, "worse", LABELS, ["a"] * 20)])
    assert worse["better"] is False


def test_transfer_is_told_by_rows_that_both_runs_saw(seeding: Seeding, capsys: pytest.CaptureFixture[str]) -> None:
    imdb = ended(seeding, "demo imdb", ["a"] * 20)
    views = [imdb, ended(seeding, "transfer", ["a"] * 20, LABELS), ended(seeding, "base", ["c"] * 20, ["a"] * 20)]
    result = transfer.DEMO.result(seeding.db, seeding.home, views)
    assert (result["base_accuracy_before"], result["base_accuracy"]) == (0.1, 0.6)
    assert (result["transfer_accuracy_before"], result["transfer_accuracy"]) == (0.6, 1.0)
    assert str(result["verdict"]).startswith("the run from the IMDB run is better: +0.40 accuracy (95% interval ")
    assert result["better"] is True
    json.dumps(result)
    transfer.DEMO.tell(seeding.db, seeding.home, views, result)
    assert "the run from the IMDB run      0.600   1.000" in capsys.readouterr().out
    assert transfer.DEMO.result(seeding.db, seeding.home, [imdb, views[2], views[1]])["better"] is False


def test_chat_shows_what_base_and_tuned_model_say(seeding: Seeding, capsys: pytest.CaptureFixture[str]) -> None:
    run, attempt = seeding.start("demo", total=40)
    seeding.train(run, attempt, 40)
    for step, answer in ((0, "\x1b[31mred"), (40, "Fine,\nthanks.")):
        samples.write(seeding.db, run.id, attempt, step, "How are you?", answer)
    seeding.end(run, attempt, "completed", summary='{"base_eval_loss": 2.8, "tuned_eval_loss": 1.9, "steps": 40}')
    views = [view(seeding, run)]
    result = chat.DEMO.result(seeding.db, seeding.home, views)
    assert (result["base_eval_loss"], result["tuned_eval_loss"], result["better"]) == (2.8, 1.9, True)
    chat.DEMO.tell(seeding.db, seeding.home, views, result)
    told = capsys.readouterr().out
    assert "> How are you?\n  base   [31mred\n  tuned  Fine, thanks.\n" in told
    assert "perplexity        base 16.4   tuned 7.2" in told


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_the_real_demo_ends_better_than_it_began(task: str, home: Home) -> None:
    """7 minutes at most on two cores; the parts are fetched into the cache that TUNEDECK_TEST_CACHE names."""
    cache = os.environ.get("TUNEDECK_TEST_CACHE") or str(home.root.parent / "cache")
    command = [sys.executable, "-P", "-m", "tunedeck.tui", "demo", "--task", task, "--json"]
    told = subprocess.run(command, env=os.environ | {"TUNEDECK_CACHE": cache}, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    assert json.loads(told.stdout)["better"] is True
