"""The command line: one sentence and an exit code for every mistake, JSON for scripts, and no escape from any name."""

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from command import queued, refused, say
from tunedeck.store import attempts, commands, database, events, locks, metrics, runs, states, toml
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.clean import is_clean
from tunedeck.tui.cli.group import Verbs
from tunedeck.tui.follow import follow

HOSTILE = "\x1b]52;c;aGk=\x07\x9b31m\u202eevil\u2066\r\x00[/][@click=app.quit]"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("learning_rat = 1", "learning_rat is not a knob. Did you mean learning_rate?"),
        ("r = 0", "r is 0: expected a whole number, 1 to 1024."),
        ("r = true", "r is true: expected a number."),
        ('method = "dora"', "method is dora: expected lora, qlora or full."),
        ("r = ", "is not TOML"),
        ('eval_data = "gone.jsonl"', "eval_data is gone.jsonl: there is no such file."),
        ('eval_data = "demo:poems"', "eval_data is demo:poems: there is no such demo part."),
    ],
)
def test_a_bad_knob_is_named_and_nothing_is_queued(line: str, sentence: str, config: Path, home: Home) -> None:
    config.write_text(config.read_text() + line + "\n")
    assert sentence in refused("run", str(config))
    assert queued(home) == 0


def test_what_is_missing_is_named(config: Path, tmp_path: Path, home: Home) -> None:
    assert "No such file or directory" in refused("run", str(tmp_path / "gone.toml"))
    config.write_text('model = "model"\n')
    assert f"{config}: data is missing." in refused("run", str(config))
    gone = f"data is {tmp_path / 'gone.jsonl'}: there is no such file."
    assert gone in refused("run", str(config), "--set", f"data={tmp_path / 'gone.jsonl'}")
    assert queued(home) == 0


@pytest.mark.parametrize("name", ["x" * 5000, "~nobody-has-this-name/x", "/a\\u0000b"])
def test_a_name_that_can_be_no_file_is_one_sentence(name: str, config: Path) -> None:
    config.write_text(f'data = "{name}"\nmodel = "model"\n')
    assert "there is no such file." in refused("run", str(config))


def test_bad_rows_are_named_with_their_line_and_nothing_is_queued(config: Path, home: Home) -> None:
    with (config.parent / "rows.jsonl").open("a") as rows:
        rows.write('{"messages": 5}\n')
    told = refused("run", str(config))
    assert told.startswith("data: rows.jsonl line 5: messages is a number, expected a list.")
    assert queued(home) == 0


def test_a_good_configuration_is_queued(config: Path, idle_home: Home) -> None:
    told = json.loads(say("run", str(config), "--set", "name=mine", "--json").stdout)
    assert told["state"] == "queued" and told["name"] == "mine" and queued(idle_home) == 1
    db = database.connect(idle_home)
    values = json.loads(runs.get(db, told["run"]).config)
    db.close()
    assert values["data"] == str(config.parent / "rows.jsonl")


@pytest.mark.parametrize("verb", ["show", "errors", "fork", "transfer", "metrics", "stop", "resume", "kill", "delete"])
def test_an_unknown_run_is_one_sentence(verb: str, db: sqlite3.Connection) -> None:
    assert refused(verb, "nine") == "There is no run 'nine'. `tunedeck runs` lists them."


def test_every_verb_has_help_that_says_what_it_does() -> None:
    assert all(verb in say("--help").stdout for verb in Verbs.VERBS)
    for verb in Verbs.VERBS:
        told = say(verb, "--help")
        assert told.exit_code == 0 and told.stdout.startswith("Usage: tunedeck")


def test_runs_and_show_tell_people_and_scripts(run: Run) -> None:
    table = say("runs").stdout.splitlines()
    assert len(table) == 2 and run.id in table[1] and "stopped" in table[1]
    shown = say("show", "first").stdout
    assert "state         stopped: you stopped it at step 3; its state is saved" in shown
    assert "checkpoints   3\n" in shown and "loss   4.000  -       -" in shown
    told = json.loads(say("show", run.id, "--json").stdout)
    assert (told["state"], told["base_eval_loss"], told["samples"][0]["answer"]) == ("stopped", 4.0, "Ho")
    assert json.loads(say("runs", "--json").stdout)[0]["config"]["r"] == 8


def test_a_runs_configuration_can_be_run_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "again.toml").write_text(say("show", "last", "--toml").stdout)
    assert toml.load(tmp_path / "again.toml").model_dump_json() == run.config


def test_metrics_come_as_table_csv_and_json(run: Run) -> None:
    assert say("metrics", "1").stdout.splitlines()[1].split() == ["loss", "3", "3", "2", "2"]
    rows = list(csv.DictReader(io.StringIO(say("metrics", "1", "--csv").stdout)))
    assert [row["step"] for row in rows] == ["0", "1", "2", "3"]
    assert [row["loss"] for row in rows] == ["", "3.0", "nan", "2.0"] and rows[0]["eval_loss"] == "4.0"
    told = json.loads(say("metrics", "1", "--json").stdout)
    assert told["loss"] == {"steps": [1, 2, 3], "values": [3.0, None, 2.0]}


def test_a_metric_that_was_lost_with_its_attempt_is_not_shown(run: Run, db: sqlite3.Connection) -> None:
    metrics.write(db, attempts.of_run(db, run.id)[0].id, [("lost", 9, 1.0)])
    attempts.set_start_step(db, attempts.start(db, run.id).id, 3)
    told = say("metrics", "1")
    assert told.exit_code == 0 and "lost" not in told.stdout


def test_a_running_run_is_asked_to_stop_once(run: Run, db: sqlite3.Connection, idle_home: Home) -> None:
    assert "first is not running: it is stopped." in refused("stop", "first", exit_code=1)
    db.execute("UPDATE run SET state = 'running'")
    for _ in range(2):
        assert say("stop", "first").stdout == "first will save its state and stop.\n"
    assert commands.pending(db, run.id) == ["stop"]


def test_a_stopped_run_is_queued_again_and_withdrawn(run: Run, idle_home: Home) -> None:
    assert say("resume", "first").stdout == "first goes on from its newest checkpoint.\n"
    assert "first waits in the queue already." in refused("resume", "first", exit_code=1)
    assert json.loads(say("stop", "first", "--json").stdout) == {
        "run": run.id, "did": "first was taken out of the queue.",
    }  # fmt: skip


def test_a_run_that_is_not_running_can_not_be_killed(run: Run) -> None:
    assert "first is not running: it is stopped." in refused("kill", "first", "--yes", exit_code=1)


def test_the_trash_takes_gives_back_and_is_emptied(run: Run, home: Home) -> None:
    assert say("trash").stdout == "The trash is empty.\n"
    assert say("delete", "first").stdout == f"first is in the trash. `tunedeck restore {run.id}` takes it out.\n"
    assert run.id in say("trash").stdout and "no runs yet" in say("runs").stdout
    assert "There is no run 'first' in the trash." in refused("restore", "first")
    assert say("restore", run.id).stdout == "first is back.\n"
    say("delete", "first")
    assert say("trash", "--empty").stdout == "1 run was deleted for good.\n"
    assert not list(home.trash.iterdir())


def test_a_run_whose_engine_is_gone_can_be_deleted(run: Run, db: sqlite3.Connection) -> None:
    db.execute("UPDATE run SET state = 'running'")
    assert say("delete", "first").exit_code == 0
    assert runs.get(db, run.id).state == "interrupted"


def test_no_name_or_text_reaches_the_terminal_raw(run: Run, db: sqlite3.Connection) -> None:
    db.execute("UPDATE run SET name = ?, cause = ?", (HOSTILE, HOSTILE))
    db.execute("UPDATE run SET config = json_set(config, '$.name', ?, '$.model', ?)", (HOSTILE, HOSTILE))
    events.write(db, run.id, HOSTILE)
    for verb in (
        ["runs"],
        ["show", run.id],
        ["show", run.id, "--toml"],
        ["metrics", run.id],
        ["stop", run.id],
        ["trash"],
    ):
        for option in ([], ["--json"]):
            told = say(*verb, *option)
            assert is_clean(told.stdout) and is_clean(told.stderr), (verb, option)
            assert verb[0] in ("metrics", "trash") or "evil" in told.output or told.exit_code, told.output


def test_a_store_that_is_none_is_one_sentence(home: Home) -> None:
    home.root.mkdir()
    home.store.write_bytes(b"not a database, " * 300)
    assert "file is not a database" in refused("runs", exit_code=1)


def test_a_newer_store_is_shown_and_what_would_write_is_refused(
    run: Run, db: sqlite3.Connection, idle_home: Home
) -> None:
    db.execute(f"PRAGMA user_version={database.SCHEMA_VERSION + 1}")
    told = say("runs")
    assert run.id in told.stdout and say("show", "first").exit_code == 0
    newer = "is of a newer Tunedeck: it is read, and not written. Install the newer one."
    assert told.stderr == f"{idle_home.store} {newer}\n"
    assert "It is of a newer Tunedeck" in refused("resume", "first", exit_code=1)


def test_a_broken_page_is_one_sentence(run: Run, db: sqlite3.Connection, home: Home) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [page] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'run'").fetchone()
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    content = home.store.read_bytes()
    home.store.write_bytes(content[: (page - 1) * size] + b"\xff" * size + content[page * size :])
    assert "malformed" in refused("runs", exit_code=1)


def test_following_ends_when_engine_and_runner_are_gone(run: Run, db: sqlite3.Connection, home: Home) -> None:
    db.execute("UPDATE run SET state = 'running', cause = NULL")
    lock = locks.try_lock(home.run(run.id).lock)
    assert lock is not None
    said: list[str] = []

    def note(text: str) -> None:
        said.append(text)
        if len(said) == 1:
            os.close(lock)

    assert follow(db, home, run.id, note).run.state == "interrupted"
    assert any("engine and runner ended without a word" in text for text in said)
    assert states.claimed(db) == []


def test_the_command_says_its_version(home: Home) -> None:
    told = subprocess.run([sys.executable, "-P", "-m", "tunedeck.tui", "--version"], capture_output=True, text=True)
    assert told.stdout.startswith("tunedeck, version ") and told.stderr == ""


def test_runs_are_filtered_and_sorted(seeded: Home) -> None:
    told = json.loads(say("runs", "state=completed", "--json").stdout)
    assert [run["name"] for run in told] == ["finished"]
    names = [run["name"] for run in json.loads(say("runs", "!state=queued", "--sort", "name", "--json").stdout)]
    assert names == sorted(names, key=str.casefold)
    assert say("runs", "no-such-word").stdout == "No run is like that.\n"
    assert "runs have no stte. Did you mean state?" in refused("runs", "stte=running")
