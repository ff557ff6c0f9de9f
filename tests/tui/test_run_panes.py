"""What a run's panes and `tunedeck show` say of its scores, of where it came from, and of how it died."""

import json

import every_state
import pyarrow
import pytest
from cockpit import Cockpit, opened
from command import say
from keyboard import open_run
from pictures import compare
from pyarrow import parquet
from tunedeck.store import database, metrics
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui import predictions
from tunedeck.tui.widgets.last_lines import LastLines

TRACEBACK = (
    [f"step {step}: loss 2.1" for step in range(40)]
    + ["Traceback (most recent call last):", "", '  File "train.py", line 7, in step']
    + ["RuntimeError: CUDA error: an illegal memory access was encountered \x1b[31m" + "x" * 200]
)


@pytest.fixture
def opened_home(seeded: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TUNEDECK_HOME", str(seeded.root))
    return seeded


def predict(home: Home, run: Run, step: int, pairs: str) -> None:
    """Rows of which each is two letters: the class, and the one that is predicted."""
    folder = home.run(run.id)
    folder.predictions.mkdir(exist_ok=True)
    told = [
        {"row": row, "loss": 0.5, "label": f"class {true}", "predicted": f"class {said}", "probabilities": [0.5] * 3}
        for row, (true, said) in enumerate(pairs.split(), 1)
    ]
    parquet.write_table(pyarrow.Table.from_pylist(told), predictions.of_step(folder, step))


@pytest.fixture
def scored(opened_home: Home) -> Home:
    """The classifier with predictions of its base, its best and its newest weights."""
    paused = every_state.by_name(opened_home)["paused"]
    for step, pairs in ((0, "aa ab ba bb ca cb"), (80, "aa aa bb ba ca cc"), (100, "aa aa bb bb ca cc")):
        predict(opened_home, paused, step, pairs)
    db = database.connect(opened_home)
    [attempt] = db.execute("SELECT id FROM attempt WHERE run_id = ?", (paused.id,)).fetchone()
    metrics.write(db, attempt, [("eval_f1_class a", 100, 0.8), ("eval_f1_macro", 80, 0.9)])
    db.close()
    return opened_home


async def pane(cockpit: Cockpit, name: str) -> None:
    for _ in range(10):
        if f"[{name}]" in "\n".join(cockpit.picture()):
            return
        await cockpit.press("tab")
    raise AssertionError(f"no pane {name}")


async def test_the_scores_of_a_classifier_stand_in_tables(scored: Home) -> None:
    async with opened(scored) as cockpit:
        await open_run(cockpit, every_state.by_name(scored)["paused"])
        await pane(cockpit, "scores")
        await cockpit.until_shown("by class, at step 100")
        await compare(cockpit, "run-scores")


async def test_where_a_run_came_from_stands_in_a_pane(opened_home: Home) -> None:
    async with opened(opened_home) as cockpit:
        await open_run(cockpit, every_state.by_name(opened_home)["paused"])
        await pane(cockpit, "lineage")
        await cockpit.until_shown("Starts from the weights of step 40 of diverged.")
        await cockpit.until_shown("╘═ ■ paused   its weights of step 40   f1_macro 0.800@100   <- this run")


async def test_the_last_lines_of_its_log_stand_below_why_a_run_died(opened_home: Home) -> None:
    run = every_state.by_name(opened_home)["no checkpoint yet"]
    opened_home.run(run.id).log.write_text("\n".join(TRACEBACK))
    async with opened(opened_home) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("its log says more", "RuntimeError: CUDA error", "Traceback")
        assert cockpit.app.screen.query_one(LastLines).size.height == 4
        await compare(cockpit, "run-died")
        assert cockpit.app.screen.query_one(LastLines).size.height == 4
        await cockpit.pilot.resize_terminal(160, 48)
        await cockpit.until(lambda: cockpit.app.screen.query_one(LastLines).size.height == 8, "there is room for more")


async def test_a_run_that_did_not_die_has_no_last_words(opened_home: Home) -> None:
    async with opened(opened_home) as cockpit:
        await open_run(cockpit, every_state.by_name(opened_home)["finished"])
        await cockpit.until_shown("stopped early at step 200")
        assert not cockpit.app.screen.query_one(LastLines).display


def test_show_ends_with_the_last_lines_of_the_log(opened_home: Home) -> None:
    run = every_state.by_name(opened_home)["no checkpoint yet"]
    assert "the last lines" not in say("show", run.id).stdout
    opened_home.run(run.id).log.write_text("\n".join(TRACEBACK))
    *_, head, first, _, _, _, _, _, _, last = say("show", run.id).stdout.splitlines()
    assert head == "the last lines of its log"
    assert (first, last[:27]) == ("  step 35: loss 2.1", "  RuntimeError: CUDA error:")
    assert "\x1b" not in last


def test_show_scores_prints_the_pane_and_its_figures(scored: Home) -> None:
    told = say("show", "paused", "--scores").stdout
    assert "f1_macro" in told and "f1_class a" not in told
    assert "class a     2      0.667   1.000  0.800    0.400       0.667\n" in told
    assert "class a        2        0        0\nclass b        0        2        0\n" in told
    facts = json.loads(say("show", "paused", "--scores", "--json").stdout)
    assert [found["step"] for found in facts["evaluations"]] == [0, 80, 100]
    assert facts["evaluations"][2]["confusion"] == [[2, 0, 0], [0, 2, 0], [1, 0, 1]]
    assert facts["evaluations"][2]["by_name"][0] == {
        "name": "class a", "support": 2, "precision": pytest.approx(2 / 3), "recall": 1.0, "f1": pytest.approx(0.8),
    }  # fmt: skip
    assert say("show", "waits", "--scores").stdout == "waits has not been evaluated yet.\n"


def test_many_classes_are_told_by_the_pairs_that_are_confused(opened_home: Home) -> None:
    paused = every_state.by_name(opened_home)["paused"]
    letters = "abcdefghijklmnopqrst"
    predict(opened_home, paused, 100, " ".join([*(letter * 2 for letter in letters), "ab", "ab", "cd"]))
    told = say("show", "paused", "--scores").stdout
    assert "confused most, at step 100, of 20 classes" in told
    assert "class a taken for class b     2\nclass c taken for class d     1\n" in told


def test_tags_and_answers_have_tables_of_their_own(opened_home: Home) -> None:
    paused = every_state.by_name(opened_home)["paused"]
    folder = opened_home.run(paused.id)
    tags = [{"row": 1, "tags": ["B-PER", "I-PER", "O"], "predicted": ["B-PER", "O", "B-LOC"]}]
    parquet.write_table(pyarrow.Table.from_pylist(tags), predictions.of_step(folder, 100))
    told = say("show", "paused", "--scores").stdout
    assert "by type, at step 100: an entity is right as a whole" in told and "(together)" in told
    answered = [
        {"row": 1, "answers": ["x"], "predicted": "x", "exact_match": 1.0, "f1": 1.0},
        {"row": 2, "answers": [], "predicted": "y", "exact_match": 0.0, "f1": 0.0},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(answered), predictions.of_step(folder, 120))
    told = say("show", "paused", "--scores").stdout
    assert "all questions      2        0.500  0.500\nwith an answer     1        1.000  1.000\n" in told
    (folder.predictions / "step-00000120.parquet").write_bytes(b"PAR1 and nothing else")
    assert "step-00000120.parquet can't be read" in say("show", "paused", "--scores").stderr
