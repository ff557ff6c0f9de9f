"""Sweeps and tests of the learning rate on the command line: queued, ranked, stopped, drawn, and refused in words."""

import json
import sqlite3
from pathlib import Path

import pytest
from bench import write_rows
from command import queued, refused, say
from tunedeck.store import attempts, commands, metrics, runs, sweeps, trash
from tunedeck.store.lr_curve import METRIC, Span
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.clean import is_clean
from tunedeck.tui.cli import lr_find
from tunedeck.tui.cli.pictures import rate_chart

HOSTILE = "\x1b]52;c;aGk=\x07\x9b31m\u202eevil[/]"


def misused(*arguments: str) -> str:
    told = say(*arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    return told.stderr


def end(db: sqlite3.Connection, run: Run, loss: float, *, cause: str = "") -> None:
    attempt = attempts.start(db, run.id)
    metrics.write(db, attempt.id, [("eval_loss", 0, 3.0), ("eval_loss", 4, loss)])
    runs.finish(db, run.id, "stopped" if cause else "completed", cause=cause)


@pytest.fixture
def swept(config: Path, idle_home: Home, db: sqlite3.Connection) -> list[Run]:
    """Three runs of a sweep: the first pruned, the second the best, the third still queued."""
    told = json.loads(say("sweep", str(config), "--set", "name=mine", "--grid", "r=8,16,32", "--json").stdout)
    made = [runs.get(db, run["run"]) for run in told["runs"]]
    end(db, made[0], 2.5, cause="pruned at step 4: eval_loss 2.5, the median of 3 others was 2 there")
    end(db, made[1], 1.75)
    return made


def test_a_grid_is_queued_and_its_runs_are_told(config: Path, idle_home: Home) -> None:
    told = json.loads(
        say("sweep", str(config), "--grid", "learning_rate=1e-4,3e-4", "--grid", "r=8,32", "--json").stdout
    )
    assert queued(idle_home) == 4 and [run["values"] for run in told["runs"]] == [
        {"learning_rate": rate, "r": r} for rate in (1e-4, 3e-4) for r in (8, 32)
    ]
    assert (told["sampler"], told["metric"], told["summary"]) == ("grid", "eval_loss", None)
    words = say("sweep", str(config), "--grid", "r=8,16", "use_dora=false,true").stdout
    assert words.startswith("4 runs are queued as sweep ") and "they go on when you leave" in words
    assert queued(idle_home) == 8


def test_chance_draws_what_is_asked_for_the_same_each_time(config: Path, idle_home: Home) -> None:
    asked = ("sweep", str(config), "--random", "5", "learning_rate=1e-5..1e-3", "r=8,16,32", "lora_dropout=0.0..0.2")
    first, second = (json.loads(say(*asked, "--json").stdout) for _ in range(2))
    assert [run["values"] for run in first["runs"]] == [run["values"] for run in second["runs"]]
    assert len(first["runs"]) == 5 and queued(idle_home) == 10


def test_one_by_optuna_queues_nothing_yet(config: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    pytest.importorskip("optuna")
    asked = ("sweep", str(config), "--optuna", "7", "r=8..64", "--metric", "token_accuracy", "--no-prune")
    words = say(*asked).stdout
    assert words.startswith("7 runs will be queued, one after the other, as sweep ") and queued(idle_home) == 0
    sweep = sweeps.find(db, "last")
    assert (sweep.sampler, sweep.trials, sweep.metric, sweep.prune) == ("optuna", 7, "eval_token_accuracy", 0)


def test_what_can_not_be_is_said_and_nothing_is_queued(config: Path, idle_home: Home) -> None:
    for line, sentence in (
        (["--grid", "r=0"], "r is 0: expected a whole number, 1 to 1024."),
        (["--grid", "r=8..16"], "r is a range: a grid takes values."),
        (["--random", "9", "r=8,16"], "Only 2 combinations are different."),
        (["--random", "3"], "Nothing varies."),
        (["--grid", "data=gone.jsonl"], "data is gone.jsonl: there is no such file."),
    ):
        assert sentence in refused("sweep", str(config), *line)
    with (config.parent / "rows.jsonl").open("a") as rows:
        rows.write('{"messages": 5}\n')
    assert "rows.jsonl line 5" in refused("sweep", str(config), "--grid", "r=8")
    assert queued(idle_home) == 0


def test_one_way_is_asked_for() -> None:
    one_of = "Say one of --grid, --random N, --optuna N, --show SWEEP and --stop SWEEP."
    assert one_of in misused("sweep", "run.toml")
    assert one_of in misused("sweep", "run.toml", "--grid", "r=8", "--random", "3")
    assert "Name the TOML file whose run is to vary." in misused("sweep", "--grid", "r=8")
    assert refused("sweep", "--show", "nine").startswith("There is no sweep 'nine'.")


def test_a_sweep_is_ranked_best_first(swept: list[Run]) -> None:
    lines = say("sweep", "--show", "mine").stdout.splitlines()
    assert lines[0].startswith("mine  (sweep ") and lines[0].endswith(", grid): 2 of 3 runs have ended")
    assert [line.split() for line in lines[2:]] == [
        ["run", "state", "r", "eval_loss", "step"],
        [swept[1].id, "completed", "16", "1.75", "4"],
        [swept[0].id, "pruned", "8", "2.5", "4"],
        [swept[2].id, "queued", "32", "-", "-"],
    ]
    told = json.loads(say("sweep", "--show", "last", "--json").stdout)
    assert [(run["run"], run["best"], run["pruned"]) for run in told["runs"]] == [
        (swept[1].id, 1.75, False), (swept[0].id, 2.5, True), (swept[2].id, None, False),
    ]  # fmt: skip


def test_a_run_tells_its_sweep(swept: list[Run], db: sqlite3.Connection) -> None:
    sweep = sweeps.find(db, "mine")
    assert f"sweep         mine ({sweep.id}): r=16, 1 of 3 by eval_loss 1.75\n" in say("show", swept[1].id).stdout
    assert f"sweep         mine ({sweep.id}): r=32\n" in say("show", swept[2].id).stdout
    assert json.loads(say("show", swept[1].id, "--json").stdout)["sweep"] == sweep.id
    trash.delete(db, Home.default(), swept[0])
    assert "1 of 2 by" in say("show", swept[1].id).stdout


def test_a_sweep_is_stopped(swept: list[Run], db: sqlite3.Connection) -> None:
    db.execute("UPDATE run SET state = 'running' WHERE id = ?", (swept[1].id,))
    told = say("sweep", "--stop", "mine").stdout
    assert f"You stopped it. The best of 3 runs, 1 pruned is {swept[1].id}: r=16, with eval_loss 1.75" in told
    assert commands.pending(db, swept[1].id) == ["stop"]
    assert runs.get(db, swept[2].id).state == "stopped"


def test_no_name_reaches_the_terminal_raw(swept: list[Run], db: sqlite3.Connection) -> None:
    db.execute("UPDATE sweep SET name = ?, summary = ?", (HOSTILE, HOSTILE))
    db.execute("UPDATE run SET config = json_set(config, '$.r', ?)", (HOSTILE,))
    for line in (["sweep", "--show", "last"], ["sweep", "--show", "last", "--json"], ["show", swept[0].id]):
        told = say(*line)
        assert told.exit_code == 0 and is_clean(told.stdout) and "evil" in told.stdout


def test_a_test_of_the_rate_is_queued_with_its_span(config: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    line = ("lr-find", str(config), "--set", "name=mine", "--from", "1e-6", "--steps", "50", "--no-follow", "--json")
    told = json.loads(say(*line).stdout)
    run = runs.get(db, told["run"])
    assert (run.name, run.kind, run.state) == ("mine lr-find", "lr-find", "queued")
    assert json.loads(run.options or "") == {"lowest": 1e-6, "highest": 1.0, "steps": 50}
    assert "kind          lr-find\n" in say("show", run.id).stdout
    assert json.loads(say("runs", "--json").stdout)[0]["kind"] == "lr-find"
    assert "A learning rate can't rise from 1 to 0.1." in refused("lr-find", str(config), "--from", "1", "--to", "0.1")
    write_rows(config.parent / "rows.jsonl", [{"prompt": "no completion"}])
    assert "rows.jsonl" in refused("lr-find", str(config))
    assert queued(idle_home) == 1


def test_what_the_test_found_is_told_as_facts(config: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    told = json.loads(say("lr-find", str(config), "--no-follow", "--json").stdout)
    attempt = attempts.start(db, told["run"])
    points = [(METRIC, 1, 3.0), (METRIC, 2, 2.0), ("learning_rate", 1, 1e-3), ("learning_rate", 2, 1e-2)]
    metrics.write(db, attempt.id, points)
    runs.finish(db, told["run"], "completed", cause="words", summary='{"suggested_learning_rate": 0.004, "steps": 2}')
    assert lr_find.result(db, runs.get(db, told["run"])) == {
        "run": told["run"], "state": "completed", "cause": "words", "suggested_learning_rate": 0.004,
        "cautious_learning_rate": None, "steepest_at": None, "lowest_at": None, "learning_rates": [1e-3, 1e-2],
        "losses": [3.0, 2.0],
    }  # fmt: skip


def test_the_curve_has_the_exponents_below_and_the_suggestion_marked() -> None:
    span = Span(1e-6, 1.0, 60)
    losses = [3.0 - 0.03 * at for at in range(40)] + [2.0 * 1.5**at for at in range(15)] + [float("nan")]
    lines = rate_chart(losses, span, 1e-3)
    assert "loss over log10(learning_rate)" in lines[0] and "suggested" in lines[1]
    assert lines[-1].split() == ["-6", "-4", "-2", "0"]
    # What came after the loss broke down does not flatten the fall.
    assert not any("100" in line for line in lines)
    assert len(rate_chart([3.0] * 10, span, None)) <= 16
