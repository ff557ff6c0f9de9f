"""Runs side by side: the same rows found by what they say, each metric and its interval, and all of it in words."""

import csv
import io
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from command import refused, say
from pyarrow import parquet
from rich.cells import cell_len
from sklearn import metrics as sklearn_metrics
from tunedeck.store import attempts, metrics, runs, samples
from tunedeck.store.config import checked
from tunedeck.store.errors import UserError
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.comparing import comparison, telling

Rows = list[dict[str, Any]]


def made(db: sqlite3.Connection, home: Home, name: str, rows: Rows, told: Rows, *, step: int = 8, **knobs: Any) -> Run:
    """A completed run with its held-out rows and what it said of them."""
    config = checked({"data": "demo:drug-reviews", "model": "demo:minilm", "name": name, **knobs})
    run = runs.queue(db, home, name=name, config=config.model_dump_json(), versions={}, fingerprint="demo")
    runs.claim(db)
    attempt = attempts.start(db, run.id)
    folder = home.run(run.id).predictions
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "rows.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(told), folder / f"step-{step:08d}.parquet")
    points = [
        ("eval_loss", 0, 2.0),
        ("eval_loss", step, 1.5),
        ("retention_loss", 0, 3.0),
        ("retention_loss", step, 3.2),
    ]
    metrics.write(db, attempt.id, points)
    samples.write(db, run.id, attempt.id, step, "Why?", f"because of {name}")
    attempts.end(db, attempt.id, 0)
    runs.finish(db, run.id, "completed")
    return runs.get(db, run.id)


def texts(count: int, first_line: int = 1) -> Rows:
    return [{"row": first_line + number, "loss": None, "text": f"review {number}"} for number in range(count)]


def classified(count: int, wrong: set[int], first_line: int = 1) -> Rows:
    """Rows of three classes, some of them taken for the first one."""
    found = []
    for number in range(count):
        label = "abc"[number % 3]
        said = "a" if number in wrong else label
        loss = 2.0 if number in wrong else 0.5
        found.append(
            {"row": first_line + number, "loss": loss, "weight": 1.0 + number % 2, "label": label, "predicted": said}
        )
    return found


@pytest.fixture
def pair(db: sqlite3.Connection, home: Home) -> list[Run]:
    """Two runs over the same sixty rows, which stand on other lines for the second."""
    wrong = set(range(1, 60, 2))
    first = made(db, home, "first", texts(60), classified(60, wrong))
    rows, told = texts(60, 1000), classified(60, {1, 5}, 1000)
    return [first, made(db, home, "second", rows[::-1], told[::-1], learning_rate=3e-4)]


def test_rows_are_the_same_by_what_they_say_wherever_they_stand(
    db: sqlite3.Connection, home: Home, pair: list[Run]
) -> None:
    found = comparison.of(db, home, pair)
    assert len(found.keys) == 60 and not found.why_not
    assert [one.rows[found.keys[7]]["row"] for one in found.evaluated] == [8, 1007]


def test_each_metric_is_the_one_of_the_library(db: sqlite3.Connection, home: Home, pair: list[Run]) -> None:
    found = comparison.of(db, home, pair)
    told = classified(60, set(range(1, 60, 2)))
    labels, said = [row["label"] for row in told], [row["predicted"] for row in told]
    losses, weights = [row["loss"] for row in told], [row["weight"] for row in told]
    expected = {
        "loss": np.average(losses, weights=weights),
        "f1_macro": sklearn_metrics.f1_score(labels, said, average="macro"),
        "accuracy": sklearn_metrics.accuracy_score(labels, said),
    }
    assert {one.name: one.values[0] for one in found.measures} == pytest.approx(expected)
    assert all(one.differences[0] is None for one in found.measures)


def test_the_verdict_is_in_words_from_the_baselines_side(db: sqlite3.Connection, home: Home, pair: list[Run]) -> None:
    found = comparison.of(db, home, pair)
    [accuracy] = [sentence for sentence in telling.verdicts(found) if " accuracy " in sentence]
    assert accuracy.startswith("B against A: B is better: +") and accuracy.endswith(", 60 rows)")
    turned = telling.verdicts(comparison.of(db, home, pair, baseline=1))
    assert any(sentence.startswith("A against B: B is better: +") for sentence in turned)


def test_only_the_knobs_that_differ_are_told(db: sqlite3.Connection, home: Home, pair: list[Run]) -> None:
    found = comparison.of(db, home, pair)
    assert found.knobs == [("learning_rate", ["0.0002", "0.0003"])]
    assert f"{found.same_knobs} other knobs are the same." in telling.knob_text(found)


def test_columns_stand_below_each_other_whatever_is_in_them(db: sqlite3.Connection, home: Home) -> None:
    wide, plain = (
        made(db, home, name, texts(3), classified(3, set()), model=model)
        for name, model in (("a", "demo:minilm"), ("b", "demo:smollm2"))
    )
    wide = replace(wide, config=wide.config.replace("demo:minilm", "模型"))
    titles, row = telling.knob_text(comparison.of(db, home, [wide, plain])).splitlines()[3:5]
    assert cell_len(row[: row.index("demo:smollm2")]) == titles.index("B")


def test_the_headline_is_the_metric_that_people_look_at_first(
    db: sqlite3.Connection, home: Home, pair: list[Run]
) -> None:
    for baseline, opening in enumerate(("B against A: ", "A against B: ")):
        told = telling.headline(comparison.of(db, home, pair, baseline))
        assert told.startswith(opening) and " f1_macro " in told


def test_rows_on_which_they_disagree_and_words_that_differ_are_shown(
    db: sqlite3.Connection, home: Home, pair: list[Run]
) -> None:
    found = comparison.of(db, home, pair)
    unlike = {f"review {number}" for number in range(60) if number % 2 and number % 3 and number not in (1, 5)}
    assert {found.evaluated[0].rows[key]["text"] for key in found.disagreements} == unlike
    assert "  A  because of first\n  B  because of [second]" in telling.output_text(found)


def test_what_was_gained_stands_beside_what_was_forgotten(db: sqlite3.Connection, home: Home, pair: list[Run]) -> None:
    gain = comparison.of(db, home, pair).gains[0]
    assert (gain.gained, gain.forgot) == (pytest.approx(0.5), pytest.approx(0.2))


def test_runs_without_a_row_in_common_are_told_apart_from_runs_without_an_evaluation(
    db: sqlite3.Connection, home: Home, pair: list[Run]
) -> None:
    other = made(db, home, "other", [{"row": 1, "loss": None, "text": "nowhere else"}], classified(1, set()))
    assert "not scored on a single row in common" in comparison.of(db, home, [pair[0], other]).why_not
    empty = runs.queue(db, home, name="empty", config=pair[0].config, versions={}, fingerprint="demo")
    assert comparison.of(db, home, [pair[0], empty]).why_not == (
        "empty has no evaluation yet. Compare it once it has one."
    )


def test_entities_are_scored_over_all_rows_at_once(db: sqlite3.Connection, home: Home) -> None:
    counts = [(2, 2, 2), (3, 1, 1), (0, 2, 0)]
    told = [
        {
            "row": number + 1,
            "loss": 1.0,
            "weight": 1.0,
            "entities": there,
            "entities_predicted": said,
            "entities_right": ok,
        }
        for number, (there, said, ok) in enumerate(counts)
    ]
    pair = [made(db, home, name, texts(3), told) for name in ("first", "second")]
    assert {one.name: one.values for one in comparison.of(db, home, pair).measures}["f1"] == pytest.approx([0.6, 0.6])


def test_one_run_or_the_same_twice_is_refused(db: sqlite3.Connection, home: Home, pair: list[Run]) -> None:
    for chosen in (pair[:1], [pair[0], pair[0]], [*pair] * 4):
        with pytest.raises(UserError, match="Name 2 to 6 different ones"):
            comparison.of(db, home, chosen)


def test_names_and_values_are_no_markdown(db: sqlite3.Connection, home: Home) -> None:
    hostile = "a|b\n# big <b>*x*</b> \x1b[31m"
    pair = [made(db, home, name, texts(9), classified(9, {1})) for name in (hostile, "plain")]
    page = telling.markdown(comparison.of(db, home, pair))
    assert "\x1b" not in page and "\\|b" in page and "<b>" not in page.replace("\\<b\\>", "")
    assert not any(line.startswith("# big") for line in page.splitlines())


def test_the_command_line_prints_writes_and_refuses(pair: list[Run], tmp_path: Path) -> None:
    told = say("compare", "first", "second")
    assert told.exit_code == 0 and "B is better" in told.stdout and "learning_rate" in told.stdout
    facts = json.loads(say("compare", "first", "second", "--baseline", "second", "--json").stdout)
    assert facts["baseline"] == pair[1].id and facts["rows"] == 60
    assert facts["metrics"]["accuracy"][0]["mean"] < 0
    page, table = tmp_path / "page.md", tmp_path / "table.csv"
    assert say("compare", "first", "second", "--to", str(page)).exit_code == 0
    assert "## Metrics" in page.read_text()
    assert say("compare", "first", "second", "--to", str(table)).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert {row["metric"] for row in rows} == {"loss", "f1_macro", "accuracy"} and len(rows) == 6
    assert "which is there already" in refused("compare", "first", "second", "--to", str(page))
    assert "written are .md, .csv and .svg" in refused("compare", "first", "second", "--to", str(tmp_path / "x.pdf"))


def test_a_baseline_that_is_not_compared_is_refused(db: sqlite3.Connection, home: Home, pair: list[Run]) -> None:
    made(db, home, "third", texts(1), classified(1, set()))
    assert "names a run that is not compared" in refused("compare", "first", "second", "--baseline", "third")
