"""Where an export goes: whole or not at all, never over what it didn't write, never into Tunedeck's own folder."""

import json
import os
import shutil
from pathlib import Path

import pytest
from tunedeck.engine.export import place
from tunedeck.store.errors import ConfigError, UserError
from tunedeck.store.paths import Home


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "mine" / "out"


def write(target: Path, *names: str) -> None:
    """An export of those files."""
    with place.writing(target, overwrite=True) as folder:
        for name in (place.FACTS, *names):
            (folder / name).write_text(name)


def target_of(to: Path | str, tmp_path: Path, *, overwrite: bool = False) -> Path:
    return place.target_folder(str(to), Home(tmp_path / "home"), overwrite=overwrite)


def test_a_folder_appears_with_a_manifest_and_nothing_beside_it(target: Path, tmp_path: Path) -> None:
    assert target_of(target, tmp_path) == target
    write(target, "model.safetensors")
    assert {path.name for path in target.iterdir()} == {"MANIFEST.json", place.FACTS, "model.safetensors"}
    assert set(json.loads((target / "MANIFEST.json").read_text())) == {place.FACTS, "model.safetensors"}
    assert list(target.parent.iterdir()) == [target]


def test_an_export_that_fails_leaves_nothing(target: Path) -> None:
    with pytest.raises(ZeroDivisionError), place.writing(target, overwrite=True) as folder:
        (folder / "half").write_text("")
        _ = 1 / 0
    assert list(target.parent.iterdir()) == []


def test_a_full_folder_is_refused(target: Path, tmp_path: Path) -> None:
    target.mkdir(parents=True)
    assert target_of(target, tmp_path) == target, "an empty one is as good as none"
    (target / "thesis.txt").write_text("")
    for overwrite in (False, True):
        with pytest.raises(ConfigError, match="is not empty"):
            target_of(target, tmp_path, overwrite=overwrite)
    with pytest.raises(ConfigError, match=r"thesis.txt is a file"):
        target_of(target / "thesis.txt", tmp_path)


def test_an_earlier_export_is_replaced_only_when_asked_to_and_only_when_nothing_else_lies_there(
    target: Path, tmp_path: Path
) -> None:
    write(target, "old")
    with pytest.raises(ConfigError, match=r"holds an earlier export. --overwrite replaces it"):
        target_of(target, tmp_path)
    write(target_of(target, tmp_path, overwrite=True), "new")
    assert {path.name for path in target.iterdir()} == {"MANIFEST.json", place.FACTS, "new"}
    (target / "notes").mkdir()
    (target / "notes" / "mine.txt").write_text("")
    with pytest.raises(ConfigError, match=r"holds notes/mine.txt, which is not of the export there"):
        target_of(target, tmp_path, overwrite=True)


def test_a_checkpoint_is_no_export(target: Path, tmp_path: Path) -> None:
    target.mkdir(parents=True)
    (target / "MANIFEST.json").write_text('{"optimizer.pt": {}}')
    (target / "optimizer.pt").write_text("")
    with pytest.raises(ConfigError, match="is not empty"):
        target_of(target, tmp_path, overwrite=True)


def test_a_failed_replacement_leaves_the_earlier_export(target: Path) -> None:
    write(target, "old")
    with pytest.raises(UserError, match="failed: No such file"), place.writing(target, overwrite=True) as folder:
        shutil.rmtree(folder)
    assert (target / "old").exists() and list(target.parent.iterdir()) == [target]


def test_what_came_to_lie_there_meanwhile_stays(target: Path) -> None:
    with pytest.raises(ConfigError, match="is not empty"), place.writing(target, overwrite=True):
        target.mkdir()
        (target / "thesis.txt").write_text("")
    assert [path.name for path in target.iterdir()] == ["thesis.txt"]
    assert list(target.parent.iterdir()) == [target]


def test_tunedecks_own_folder_is_out_of_bounds_through_links_too(tmp_path: Path) -> None:
    (tmp_path / "home" / "runs").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "home" / "runs")
    for to in ("home/runs/x", "link/x", "mine/../home/x", "home"):
        with pytest.raises(ConfigError, match="lies in Tunedeck's own folder"):
            target_of(tmp_path / to, tmp_path)


def test_a_link_to_a_folder_means_that_folder(target: Path, tmp_path: Path) -> None:
    write(target, "old")
    (tmp_path / "link").symlink_to(target)
    write(target_of(tmp_path / "link", tmp_path, overwrite=True), "new")
    assert (tmp_path / "link").is_symlink() and (target / "new").exists()


@pytest.mark.parametrize("to", ["a\0b", "~nobody-of-that-name/x", "x" * 5000])
def test_what_can_be_no_folder_is_refused(to: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="that can't be a folder"):
        target_of(to, tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with (
        pytest.raises(UserError, match="Permission denied"),
        place.writing(tmp_path / "locked" / "out", overwrite=False),
    ):
        pass


def test_what_the_disk_can_not_hold_is_not_begun(tmp_path: Path) -> None:
    place.check_room(tmp_path, 1)
    with pytest.raises(UserError, match=r"needs 1,000,000,000,000 MB and .* has [\d,]+ MB free"):
        place.check_room(tmp_path, 10**18)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("my run/../..", "my-run"),
        ("-rf *; $(id)", "rf-id"),
        ("\x1b]52;c;aGk=\x07evil", "52-c-aGk-evil"),
        ("Größe", "Gr-e"),
        ("...", "r1"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_name_of_a_folder_has_letters_digits_dots_and_dashes(label: str, name: str) -> None:
    assert place.safe_name(label, "r1") == name
