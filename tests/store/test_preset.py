"""Presets are good values of knobs; those of one kind take each other back, and a bad file of the user's is told."""

from pathlib import Path

import pytest
from tunedeck.store import preset
from tunedeck.store.config import knobs
from tunedeck.store.errors import NotFoundError
from tunedeck.store.paths import config_folder
from tunedeck.store.preset import KINDS, Preset

DEFAULTS = {knob.name: knob.default for knob in knobs()} | {"data": "rows.jsonl", "model": "demo:smollm2"}
BAD = {
    "knob.toml": ("[knobs]\nlerning_rate = 1e-4", "lerning_rate is not a knob"),
    "value.toml": ("[knobs]\nr = 0", "r is 0: expected a whole number, 1 to 1024"),
    "none.toml": ('title = "None"', "it sets no knob"),
    "kind.toml": ('kind = "mood"\n[knobs]\nr = 8', "kind is 'mood'"),
    "field.toml": ("r = 8", "r is unknown"),
    "title.toml": ("title = 5\n[knobs]\nr = 8", "title or what is not a line of text"),
    "syntax.toml": ("title = ", "it is not valid TOML"),
    "bytes.toml": ("\udcff", "is not UTF-8"),
}


@pytest.fixture
def folder() -> Path:
    folder = config_folder() / "presets"
    folder.mkdir(parents=True)
    return folder


def of_kind(kind: str) -> list[Preset]:
    return [one for one in preset.load()[0] if one.kind == kind]


def test_ours_are_good_and_stand_in_their_order() -> None:
    found, failed = preset.load()
    assert [one.name for one in found] == [
        "quick", "balanced", "thorough", "chat", "classify", "extract", "answer", "rewrite",
    ]  # fmt: skip
    assert not failed and all(one.title and one.what.endswith(".") for one in found)


@pytest.mark.parametrize("kind", KINDS)
def test_those_of_one_kind_set_the_same_knobs(kind: str) -> None:
    assert len({tuple(sorted(one.knobs)) for one in of_kind(kind)}) == 1


def test_an_effort_and_a_purpose_never_set_the_same_knob() -> None:
    efforts, purposes = (of_kind(kind)[0].knobs.keys() for kind in KINDS)
    assert not efforts & purposes


@pytest.mark.parametrize("one", preset.load()[0], ids=lambda one: one.name)
def test_every_value_of_ours_has_a_reason(one: Preset) -> None:
    """The file says why, in comments, more than once."""
    text = (Path(preset.__file__).parent / "presets" / f"{one.name}.toml").read_text(encoding="utf-8")
    assert text.count("\n# ") >= 3


def test_what_it_changes_is_told_by_meaning_not_by_spelling() -> None:
    [quick] = preset.find(["quick"])
    typed = DEFAULTS | {"max_steps": "50", "num_train_epochs": "1", "r": "a bad value"}
    assert quick.changes(typed) == {"eval_steps": (0, 25), "save_total_limit": (3, 2), "retention_rows": (32, 8)}
    assert quick.changes(DEFAULTS)["max_steps"] == (0, 50)


def test_the_users_own_win_over_ours_and_come_last(folder: Path) -> None:
    (folder / "quick.toml").write_text('kind = "effort"\n[knobs]\nmax_steps = 7\n')
    (folder / "mine.toml").write_text('title = "Mine"\n[knobs]\ndata = "mine.jsonl"\nlearning_rate = 1e-4\n')
    found = {one.name: one for one in preset.load()[0]}
    assert dict(found["quick"].knobs) == {"max_steps": 7}
    assert list(found)[-1] == "mine" and found["mine"].knobs["data"] == "mine.jsonl"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_left_out_with_its_reason(folder: Path, name: str) -> None:
    text, reason = BAD[name]
    (folder / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    found, [sentence] = preset.load()
    assert len(found) == 8 and name in sentence and reason in sentence


def test_a_name_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no preset 'nope'.*quick, balanced"):
        preset.find(["quick", "nope"])
