"""Runs through the queue, to their end, and back into the queue."""

import hashlib
import json
import multiprocessing
import sqlite3
from pathlib import Path

import pytest
import seeds
from tunedeck.store import commands, launch, runs
from tunedeck.store.errors import NotFoundError, StateError
from tunedeck.store.paths import Home

CLAIMERS, QUEUED = 4, 12


def test_the_queue_is_worked_in_order(db: sqlite3.Connection, home: Home) -> None:
    queued = [seeds.queue(db, home, name) for name in ("one", "two", "three")]
    assert runs.queued_count(db) == 3
    assert [runs.claim(db) for _ in queued] == [runs.get(db, run.id) for run in queued]
    assert runs.claim(db) is None and {run.state for run in runs.listed(db)} == {"running"}


def test_every_run_is_claimed_once_whoever_claims(db: sqlite3.Connection, home: Home) -> None:
    queued = {seeds.queue(db, home).id for _ in range(QUEUED)}
    spawn = multiprocessing.get_context("spawn")
    barrier, claimed = spawn.Barrier(CLAIMERS), spawn.Queue()
    claimers = [spawn.Process(target=seeds.claim_all, args=(home.root, barrier, claimed)) for _ in range(CLAIMERS)]
    for claimer in claimers:
        claimer.start()
    got = [claimed.get(timeout=60) for _ in queued]
    for claimer in claimers:
        claimer.join(60)
    assert sorted(got) == sorted(queued) and claimed.empty()


def test_a_run_lies_beside_its_files_as_json(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    assert json.loads(home.run(run.id).description.read_text()) == run.__dict__


def test_a_run_is_found_by_what_people_type(db: sqlite3.Connection, home: Home) -> None:
    one, two = seeds.queue(db, home, "one"), seeds.queue(db, home, "two")
    assert {runs.find(db, told).id for told in ("one", one.id, one.id[:5], "1")} == {one.id}
    assert runs.find(db, "last").id == two.id
    with pytest.raises(NotFoundError, match=r"There is no run 'nine'. `tunedeck runs` lists them."):
        runs.find(db, "nine")


def test_a_name_that_two_runs_have_is_refused_with_both_ids(db: sqlite3.Connection, home: Home) -> None:
    one, two = seeds.queue(db, home, "same"), seeds.queue(db, home, "same")
    with pytest.raises(NotFoundError, match=f"'same' could be 2 runs \\({one.id}, {two.id}\\)"):
        runs.find(db, "same")
    seeds.queue(db, home, name=one.id)
    assert runs.find(db, one.id) == one


@pytest.mark.parametrize("state", runs.RESUMABLE)
def test_a_run_that_ended_early_goes_to_the_end_of_the_queue(state: str, db: sqlite3.Connection, home: Home) -> None:
    early, other = seeds.ended(db, home, state=state), seeds.queue(db, home, "other")
    runs.requeue(db, early)
    assert runs.get(db, early.id).cause is None
    assert [runs.claim(db).id for _ in range(2)] == [other.id, early.id]  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("state", ["completed", "queued", "running"])
def test_no_other_run_is_queued_again(state: str, db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    db.execute("UPDATE run SET state = ?", (state,))
    with pytest.raises(StateError, match=f"first is {state}: only a run that ended early can be resumed"):
        runs.requeue(db, run)


def test_a_run_without_a_checkpoint_can_not_go_on(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    db.execute("UPDATE checkpoint SET state = 'bad'")
    with pytest.raises(StateError, match=f"no checkpoint to resume from. Start it anew: tunedeck show {run.id} --toml"):
        runs.requeue(db, run)


def test_a_run_that_never_trained_may_start_after_all(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    runs.withdraw(db, run)
    runs.requeue(db, run)
    assert runs.get(db, run.id).state == "queued"


def test_what_was_asked_of_an_earlier_attempt_is_forgotten(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    for _ in range(3):
        commands.ask(db, run.id, "stop")
    assert commands.pending(db, run.id) == ["stop"]
    runs.requeue(db, run)
    runs.claim(db)
    assert commands.pending(db, run.id) == []


def test_a_queued_run_leaves_the_queue_once(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    assert runs.withdraw(db, run) and not runs.withdraw(db, run)
    assert runs.get(db, run.id).cause == "taken out of the queue" and runs.claim(db) is None


def test_a_file_of_rows_that_changes_has_another_fingerprint(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    for content in (b"one", b"other"):
        rows.write_bytes(content)
        for _ in range(2):
            assert launch.fingerprint(str(rows)) == f"sha256:{hashlib.sha256(content).hexdigest()}"
