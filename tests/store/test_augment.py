"""The knobs of an augmentation, what it leaves behind, and how it is queued."""

import json
import sqlite3
from pathlib import Path

import pytest
from tunedeck.store import augment, datasets, launch, made
from tunedeck.store.config import checked
from tunedeck.store.datasets import NewDataset
from tunedeck.store.errors import ConfigError, StateError
from tunedeck.store.made import MadeRow, MadeRows, Review
from tunedeck.store.paths import Home, RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def row(number: int, verdict: made.Verdict = "kept") -> MadeRow:
    return MadeRow(number, 7, {"text": f"row {number} é"}, "edits:swap", verdict, "")


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (
            {"generator": "magic"},
            "generator is magic: expected edits, mask, model, back-translation, endpoint or command.",
        ),
        ({"per_row": "0"}, "per_row is 0: expected a whole number, 1 to 1000."),
        ({"max_rows": "many"}, "max_rows is many: expected a whole number, 0 to 100000000."),
        ({"length_min": "x"}, "length_min is x: expected a number."),
        ({"balance": ""}, "balance is empty: expected a number, 0 to 1."),
        ({"size": 3}, "size is not a knob."),
        ({"generator": "mask"}, "generator_model is empty: the generator mask needs one."),
        ({"generator": "back-translation", "generator_model": "a"}, "back_model is empty"),
        ({"generator": "command"}, "command is empty"),
        ({"length_min": 3}, "length_min is above length_max, so that no row could be kept."),
    ],
)
def test_a_bad_knob_is_named_with_what_is_expected(values: dict[str, object], what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        augment.checked(values)
    assert raised.value.what.startswith(what)
    assert raised.value.field in what


def test_a_knob_of_some_generators_applies_beside_these_only() -> None:
    by_name = {knob.name: knob for knob in augment.knobs()}
    assert list(by_name) == list(augment.AugmentKnobs.model_fields)
    assert by_name["temperature"].applies({"generator": "model"})
    assert not by_name["temperature"].applies({"generator": "edits"})
    assert by_name["per_row"].applies({"generator": "edits"}) and by_name["edits"].where == "generator edits"


def test_rows_are_read_as_they_were_written(folder: RunFolder) -> None:
    rows = [row(1), MadeRow(2, 8, None, "command", "unreadable", "half a pair \ud800")]
    made.append(folder, rows[:1])
    made.append(folder, rows[1:])
    assert list(made.read(folder)) == rows and list(MadeRows(folder)) == rows
    assert MadeRows(folder)[-1] == rows[1] and MadeRows(folder)[:1] == rows[:1]


def test_a_line_that_was_cut_off_is_no_row_and_goes(folder: RunFolder) -> None:
    made.append(folder, [row(1), row(2)])
    whole = made.place(folder).read_bytes()
    made.place(folder).write_bytes(whole + row(3).line[:-9])
    assert len(list(made.read(folder))) == len(MadeRows(folder)) == 2
    made.mend(folder)
    assert made.place(folder).read_bytes() == whole


def test_rows_that_come_are_found_by_looking_again(folder: RunFolder) -> None:
    rows = MadeRows(folder)
    assert len(rows) == 0 and not rows.look()
    made.append(folder, [row(1)])
    assert rows.look() and rows[0] == row(1) and not rows.look()


def test_rows_behind_others_are_read_in_one_go(folder: RunFolder) -> None:
    assert list(MadeRows(folder).behind(0)) == []
    made.append(folder, [row(1), row(2), row(3)])
    assert list(MadeRows(folder).behind(1)) == [row(2), row(3)] and list(MadeRows(folder).behind(3)) == []


@pytest.mark.parametrize("line", [b"no row\n", b"[1]\n", b'{"number": 1}\n', b"\xff\n"])
def test_a_damaged_row_is_told(folder: RunFolder, line: bytes) -> None:
    made.place(folder).write_bytes(line)
    with pytest.raises(StateError, match=r"made\.jsonl is damaged"):
        list(made.read(folder))


def test_accepted_is_what_was_kept_and_not_rejected(folder: RunFolder) -> None:
    made.append(folder, [row(1), row(2, "duplicate"), row(3), row(4)])
    assert [each.number for each in made.accepted(folder)] == [1, 3, 4]
    Review(rejected={3}, accepted={1}).save(folder)
    assert [each.number for each in made.accepted(folder)] == [1, 4]
    assert Review.of(folder) == Review({3}, {1})


def test_a_damaged_review_is_told(folder: RunFolder) -> None:
    (folder.root / "review.json").write_text("[1")
    with pytest.raises(StateError, match=r"review\.json is damaged"):
        Review.of(folder)


def version(db: sqlite3.Connection, home: Home, role: str) -> str:
    file = home.root / "made.parquet"
    file.write_bytes(b"rows")
    return datasets.add(db, home, NewDataset("reviews", role, None, "{}", "x", 1, 0, ""), file).reference


def test_an_augmentation_is_queued_with_its_version_and_its_knobs(db: sqlite3.Connection, home: Home) -> None:
    version(db, home, "train")
    config = checked({"data": "data:reviews", "model": "demo:minilm"})
    run = launch.queue_augmentation(db, home, config, augment.checked({"per_row": 3}))
    assert (run.kind, run.name) == ("augment", "minilm-reviews-v1 augment")
    assert json.loads(run.config)["data"] == "data:reviews@v1"
    assert json.loads(run.options or "")["per_row"] == 3


def test_rows_set_apart_for_evaluation_are_never_augmented(db: sqlite3.Connection, home: Home) -> None:
    config = checked({"data": version(db, home, "evaluation"), "model": "demo:minilm"})
    with pytest.raises(ConfigError, match="was set apart for evaluation"):
        launch.queue_augmentation(db, home, config, augment.checked({}))


def test_a_run_that_makes_or_judges_is_named_for_good(db: sqlite3.Connection, home: Home) -> None:
    config = checked({"data": version(db, home, "train"), "model": "demo:minilm"})
    judge = launch.queue(db, home, config)
    home.run(judge.id).adapter.mkdir(parents=True)
    run = launch.queue_augmentation(db, home, config, augment.checked({"judge": f"run:{judge.id}"}))
    assert json.loads(run.options or "")["judge"] == f"run:{judge.id}@result"
    with pytest.raises(ConfigError, match="There is no run 'nobody'"):
        launch.queue_augmentation(db, home, config, augment.checked({"judge": "run:nobody"}))
