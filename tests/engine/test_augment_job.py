"""Augmentations as runs: rows are made and judged, a stop or a kill loses none, and none is made twice."""

import json
import os
import signal
from pathlib import Path

import pytest
from bench import Bench, write_rows
from in_process import resume_here, told, train_here
from tunedeck.store import augment, commands, launch, made, metrics
from tunedeck.store.made import MadeRow
from tunedeck.store.records import Run

KINDS = ("nice", "ugly", "plain")


def sentences(count: int, start: int = 0) -> list[dict[str, str]]:
    return [
        {"text": f"{number * 7919} people called the {kind} house of {number * 104729} a home", "label": kind}
        for number in range(start, start + count)
        for kind in [KINDS[number % 3]]
    ]


@pytest.fixture
def spot(own_bench: Bench) -> Bench:
    """Sixty rows, and ten others to evaluate."""
    write_rows(own_bench.data, sentences(60))
    write_rows(own_bench.data.with_name("eval.jsonl"), sentences(10, 1000))
    return own_bench


def queue(bench: Bench, eval_data: str = "eval.jsonl", **knobs: object) -> Run:
    bench.wait_for_no_runner()
    named = str(bench.data.with_name(eval_data)) if eval_data else ""
    config = bench.config(task="sequence-classification", eval_data=named)
    return launch.queue_augmentation(bench.db, bench.home, config, augment.checked(knobs))


def made_by(bench: Bench, run: Run) -> list[MadeRow]:
    return list(made.read(bench.home.run(run.id)))


def content(bench: Bench, run: Run) -> bytes:
    return made.place(bench.home.run(run.id)).read_bytes()


def test_rows_are_made_judged_and_summed_up(spot: Bench) -> None:
    run = train_here(spot, queue(spot, per_row=2, only="label=nice"))
    rows = made_by(spot, run)
    assert run.state == "completed", spot.told(run)
    assert [row.number for row in rows] == list(range(1, 41)) and run.total_steps == 20
    assert {row.origin for row in rows} == set(range(1, 61, 3))
    assert all(row.row["label"] == "nice" for row in rows if row.verdict == "kept")  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
    kept = sum(row.verdict == "kept" for row in rows)
    summary = json.loads(run.summary or "")
    assert (summary["made"], summary["kept"], sum(summary["verdicts"].values())) == (40, kept, 40) and kept > 30
    assert summary["rows_per_second"] > 0
    assert (run.cause or "").startswith(f"{kept} of 40 synthetic rows kept")
    assert metrics.series(spot.db, run.id, "made") == ([20], [40.0])


def test_the_same_seed_makes_the_same_rows_and_another_does_not(spot: Bench) -> None:
    first, again, other = (train_here(spot, queue(spot, seed=seed)) for seed in (1, 1, 2))
    assert content(spot, first) == content(spot, again) != content(spot, other)


def test_nothing_comes_near_an_evaluation_row(spot: Bench) -> None:
    """Rows of the data that say what an evaluation row says are no sources either."""
    write_rows(spot.data.with_name("eval.jsonl"), sentences(20))
    near = [row | {"text": row["text"] + " again"} for row in sentences(20)]
    write_rows(spot.data, [*near, *sentences(30)])
    rows = made_by(spot, train_here(spot, queue(spot, per_row=1)))
    assert {row.origin for row in rows} == {*range(1, 21), *range(41, 51)}
    verdicts = [row.verdict for row in rows if row.origin <= 20]
    assert verdicts.count("near-evaluation") > 10 and set(verdicts) <= {"near-evaluation", "kept"}
    assert all("evaluation row" in row.note for row in rows if row.verdict == "near-evaluation")
    assert "kept" in {row.verdict for row in rows if row.origin > 20}


def test_without_evaluation_rows_a_warning_says_what_may_happen(spot: Bench) -> None:
    run = train_here(spot, queue(spot, "", max_rows=1))
    assert any(text.startswith("no evaluation rows are named") for text in told(spot, run))


def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(spot: Bench) -> None:
    write_rows(spot.data, sentences(400))
    whole = train_here(spot, queue(spot, per_row=10))
    run = queue(spot, per_row=10)
    spot.start_runner()
    folder = spot.home.run(run.id)
    spot.until(lambda: len(made_by(spot, run)) > 0, "rows are made", pause_seconds=0.002)
    os.kill(spot.engine_pid(run), signal.SIGKILL)
    assert spot.wait_until_ended(run).state == "killed"
    before = made_by(spot, run)
    assert 0 < len(before) < 4000
    with made.place(folder).open("ab") as file:
        file.write(b'{"number": 99, "or')
    ended = spot.resume(run)
    assert ended.state == "completed", spot.told(run)
    assert content(spot, ended) == content(spot, whole)
    assert json.loads(ended.summary or "")["verdicts"] == json.loads(whole.summary or "")["verdicts"]


def test_a_stop_is_heard_and_the_rest_is_made_later(spot: Bench) -> None:
    whole = train_here(spot, queue(spot, per_row=4))
    run = queue(spot, per_row=4)
    lines = content(spot, whole).splitlines(keepends=True)
    made.place(spot.home.run(run.id)).write_bytes(b"".join(lines[:101]))
    commands.ask(spot.db, run.id, "stop")
    rest = resume_here(spot, run)
    assert rest.state == "completed" and content(spot, rest) == content(spot, whole)
    assert metrics.series(spot.db, rest.id, "made")[1][-1] == 240


def test_a_bad_knob_or_source_ends_it_with_a_sentence(spot: Bench) -> None:
    run = train_here(spot, queue(spot, only="label=huge"))
    assert run.state == "failed" and "no row with label=huge to make others from" in (run.cause or "")
    run = train_here(spot, queue(spot, edits="shuffle"))
    assert (run.cause or "").startswith("edits is shuffle: expected some of swap, delete, typo, case.")
    assert made_by(spot, run) == []


def test_data_that_has_changed_is_not_gone_on_with(spot: Bench, tmp_path: Path) -> None:
    run = queue(spot)
    write_rows(spot.data, sentences(61))
    assert "has changed since this run was queued" in (train_here(spot, run).cause or "")
