"""A store that can't be written costs the training nothing, and lacks nothing afterwards (FAULTS 7, 24)."""

import json
import math
import time
from collections.abc import Iterator

import pytest
from bench import Bench, holding_the_store
from tunedeck.engine.session import Session
from tunedeck.store import attempts, checkpoints, commands, events, heartbeats, metrics, samples


@pytest.fixture
def session(bench: Bench) -> Iterator[Session]:
    run = bench.queue()
    made = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    made.db.execute("PRAGMA busy_timeout=20")
    yield made
    made.close()


def report(session: Session) -> None:
    """One of everything that an engine reports."""
    session.step = 3
    session.measure(loss=1.5, grad_norm=math.nan)
    session.flush()
    session.beat(7.0)
    session.event("something happened")
    session.sample("Hi", "Ho")
    session.planned(8)
    session.saving(3)
    session.saved(3, "hash", 10, 1.25, 1.25)


def is_all_there(bench: Bench, session: Session) -> bool:
    run_id, beat = session.run.id, heartbeats.of_run(bench.db, session.run.id)
    [sample], [checkpoint] = samples.of_run(bench.db, run_id), checkpoints.of_run(bench.db, run_id)
    return (
        metrics.series(bench.db, run_id, "loss") == ([3], [1.5])
        and math.isnan(metrics.series(bench.db, run_id, "grad_norm")[1][0])
        and beat is not None
        and (beat.step, beat.expect_next_s) == (3, 7.0)
        and [event.text for event in events.of_run(bench.db, run_id)] == ["something happened"]
        and (sample.answer, checkpoint.step, checkpoint.eval_loss) == ("Ho", 3, 1.25)
        and bench.now(session.run).total_steps == 8
    )


def test_a_healthy_store_has_everything_at_once_and_no_spool(bench: Bench, session: Session) -> None:
    report(session)
    assert is_all_there(bench, session) and not session.folder.spool.exists()


def test_a_locked_store_holds_nothing_up_and_lacks_nothing_later(
    bench: Bench, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    with holding_the_store(bench.home):
        began = time.monotonic()
        for _ in range(100):
            session.beat(7.0)
        assert time.monotonic() - began < 1, "only the first call may wait for the lock"
        report(session)
        assert len(session.spool) == 107 and session.folder.spool.read_text().count("\n") == 107
        assert metrics.series(bench.db, session.run.id, "loss") == ([], [])
    assert session.spool.replay(at_once=True) and is_all_there(bench, session)
    assert not session.folder.spool.exists()
    said = capsys.readouterr().out
    assert said.count("can't be written (database is locked)") == 1 and said.count("nothing is missing from it") == 1


def test_what_an_engine_could_not_write_before_it_died_is_written_by_the_next(bench: Bench, session: Session) -> None:
    with holding_the_store(bench.home):
        report(session)
    with session.folder.spool.open("a") as spool:
        spool.write('["event", "cut sho')
    heir = Session(bench.home, session.run.id, session.attempt_id)
    assert is_all_there(bench, heir) and not heir.folder.spool.exists()
    heir.close()
    session.spool._kept.clear()


def test_a_command_is_obeyed_once_though_it_cannot_be_marked(bench: Bench, session: Session) -> None:
    commands.ask(bench.db, session.run.id, "evaluate")
    with holding_the_store(bench.home):
        assert [session.take("evaluate") for _ in range(3)] == [True, False, False]
    bench.db.execute("UPDATE run SET name = 'touched' WHERE id = ?", (session.run.id,))
    assert not session.take("evaluate")
    assert session.spool.replay(at_once=True) and commands.pending(bench.db, session.run.id) == []


def test_a_full_disk_keeps_the_rows_in_memory(bench: Bench, session: Session) -> None:
    session.folder.spool.mkdir()
    with holding_the_store(bench.home):
        report(session)
    session.folder.spool.rmdir()
    assert session.spool.replay(at_once=True) and is_all_there(bench, session)


def test_every_row_of_the_spool_is_json(bench: Bench, session: Session) -> None:
    with holding_the_store(bench.home):
        report(session)
        lines = session.folder.spool.read_text().splitlines()
    assert [json.loads(line)[0] for line in lines] == [
        "metrics", "heartbeat", "event", "sample", "total_steps", "checkpoint_begin", "checkpoint_complete",
    ]  # fmt: skip
