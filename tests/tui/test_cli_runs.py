"""Tags, groups, the queue, and what is new, on the command line."""

import json
import os
import sqlite3
import time

import every_state
import pytest
from command import refused, say
from tunedeck.store import attempts, database
from tunedeck.store.paths import Home
from tunedeck.tui.clean import is_clean


def tags_of(name: str) -> list[str]:
    return json.loads(say("show", name, "--json").stdout)["tags"]


# tags


def test_tags_are_put_on_and_taken_off(seeded: Home) -> None:
    assert say("tag").stdout == "No run has a tag yet. `tunedeck tag RUN good` puts one on.\n"
    assert say("tag", "lost", "good", "Paper-2").stdout == "lost is now tagged good paper-2.\n"
    assert say("tag", "lost", "paused", "+new", "-good").stdout == "2 runs are now tagged new, and no longer good.\n"
    assert (tags_of("lost"), tags_of("paused")) == (["new", "paper-2"], ["new"])
    assert "tags          new paper-2\n" in say("show", "lost").stdout
    assert say("tag", "lost").stdout == "lost: new paper-2\n" and say("tag", "learns").stdout == "learns: no tag\n"
    assert say("tag").stdout.splitlines() == ["tag      runs", "new      2", "paper-2  1"]
    assert json.loads(say("tag", "--json").stdout) == {"new": 2, "paper-2": 1}
    told = json.loads(say("tag", "lost", "--json", "-new").stdout)
    assert [(run["name"], run["tags"]) for run in told] == [("lost", ["paper-2"])]
    table = say("runs", "tag:paper-2").stdout.splitlines()
    assert len(table) == 2 and table[0].split()[-2:] == ["tags", "queued"] and "paper-2" in table[1]


def test_what_can_not_be_tagged_is_one_sentence(seeded: Home) -> None:
    assert "There is no run 'nine'." in refused("tag", "nine", "+good")
    assert "'a/b' is no tag." in refused("tag", "lost", "a/b")
    assert "Say which runs" in say("tag", "+good").stderr
    assert "tags" not in say("runs").stdout.splitlines()[0] and say("tag", "--json").stdout == "{}\n"


def test_a_pinned_run_is_listed_first(seeded: Home) -> None:
    assert say("tag", "lost", "pinned").stdout == "lost is pinned to the head of the list.\n"
    assert " lost " in say("runs").stdout.splitlines()[1]
    assert " lost " in say("runs", "--sort", "name").stdout.splitlines()[1]


# groups


def test_groups_have_a_line_with_count_and_best(seeded: Home) -> None:
    told = say("runs", "--by", "task").stdout.splitlines()
    headings = [line for line in told if line.endswith(("finished", "paused")) and ": " in line]
    assert headings == [
        "chat: 8 runs, best eval 1.327@200 of finished",
        "classify: 1 run, best eval F1 .800@100 of paused",
    ]
    facts = json.loads(say("runs", "--by", "parent", "--json").stdout)
    assert [(fact["name"], fact["group"]) for fact in facts if fact["group"] != "no family"] == [
        ("diverged", "diverged"), ("paused", "diverged"),
    ]  # fmt: skip
    assert "There are sweep, parent, model, task." in refused("runs", "--by", "luck")


# the queue


@pytest.fixture
def three(seeded: Home, db: sqlite3.Connection) -> None:
    for name in ("second", "third"):
        every_state.Seeding(db, seeded).queue(name)


def order() -> list[str]:
    return [run["name"] for run in json.loads(say("queue", "--json").stdout)]


def test_the_queue_is_listed_and_changed(three: None) -> None:
    assert order() == ["waits", "second", "third"]
    assert say("queue", "third", "--first").stdout == "third is now number 1 of 3 in the queue.\n"
    assert order() == ["third", "waits", "second"]
    assert json.loads(say("queue", "third", "--last", "--json").stdout)["place"] == 3
    say("queue", "third", "--before", "second")
    assert order() == ["waits", "third", "second"]
    table = say("queue").stdout.splitlines()
    assert table[0].split() == ["place", "id", "model", "made", "name"] and table[2].split()[0] == "2"
    assert [row["queue_place"] for row in json.loads(say("runs", "state=queued", "--json").stdout)] == [2, 3, 1]
    assert " queued 2 " in say("runs", "third").stdout


def test_what_can_not_be_moved_is_one_sentence(three: None) -> None:
    assert refused("queue", "learns", "--first", exit_code=1).startswith("learns is not queued.")
    assert refused("queue", "second", "--before", "learns", exit_code=1).startswith("learns is not queued.")
    for wrong in (("second",), ("--first",), ("second", "--first", "--last")):
        assert "Say RUN and one of --first, --last and --before OTHER" in say("queue", *wrong).stderr
    assert order() == ["waits", "second", "third"]


def test_an_empty_queue_says_so_and_a_resting_one_how_it_goes_on(home: Home, db: sqlite3.Connection) -> None:
    assert (say("queue").stdout, say("queue", "--json").stdout) == ("No run waits in the queue.\n", "[]\n")
    run = every_state.Seeding(db, home).queue("alone")
    assert say("queue").stdout.endswith(f"The queue rests: `tunedeck resume {run.id}` lets it go on.\n")


# what is new


def test_since_tells_what_has_ended_and_lists_only_that(seeded: Home, db: sqlite3.Connection) -> None:
    db.execute("UPDATE attempt SET ended_at = ? WHERE ended_at IS NOT NULL", (time.time() - 7200,))
    attempt = attempts.of_run(db, every_state.by_name(seeded)["paused"].id)[-1]
    db.execute("UPDATE attempt SET ended_at = ? WHERE id = ?", (time.time() - 60, attempt.id))
    told = say("runs", "--since", "1h").stdout.splitlines()
    assert told[0] == "In the last 1h: paused was stopped." and len(told) == 3 and "paused" in told[2]
    assert say("runs", "--since", "5s").stdout == "In the last 5s: no run has ended.\n"
    assert say("runs", "--since", "0h").stdout == "In the last 0h: no run has ended.\n"
    counted = "In the last 1d: 1 stopped early, 1 stopped, 1 out of memory, 2 failed, 1 interrupted."
    assert say("runs", "--since", "1d", "task=classify").stdout.splitlines()[0] == counted
    assert "No key was ever pressed in the app." in refused("runs", "--since", "last")
    assert "--since soon is no time. Write it like 8h or 2d, or last." in refused("runs", "--since", "soon")
    seeded.last_key.touch()
    os.utime(seeded.last_key, (1, time.time() - 3600))
    assert say("runs", "--since", "last").stdout.startswith("Since you left: paused was stopped.\n")
    assert [run["name"] for run in json.loads(say("runs", "--since", "last", "--json").stdout)] == ["paused"]


# the trash


def test_the_trash_has_sizes(seeded: Home) -> None:
    run = every_state.by_name(seeded)["lost"]
    (seeded.run(run.id).root / "weights").write_bytes(b"0" * 2_000_000)
    say("delete", "lost")
    assert say("trash").stdout.splitlines()[1].split()[-3:] == ["2.0", "MB", "lost"]
    assert json.loads(say("trash", "--json").stdout)[0]["size_bytes"] >= 2_000_000
    assert json.loads(say("trash", "--empty", "--json").stdout) == {"did": "1 run was deleted for good."}
    assert say("trash", "--json").stdout == "[]\n"


@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_hostile_names_are_printed_as_text(kind: str, home: Home) -> None:
    every_state.fill_hostile(home, every_state.HOSTILE[kind])
    home.last_key.touch()
    os.utime(home.last_key, (1, 1))
    db = database.connect(home)
    db.execute("UPDATE run SET state = 'queued' WHERE number = 2")
    db.close()
    for line in (("runs", "--by", "parent"), ("runs", "--since", "last"), ("queue",), ("tag", "1", "good"), ("trash",)):
        told = say(*line)
        assert told.exit_code == 0 and is_clean(told.stdout), line
