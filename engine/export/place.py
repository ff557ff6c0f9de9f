"""Where an export goes: a folder of the user's, which appears whole or not at all."""

import contextlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ...store import checkpoints
from ...store.errors import ConfigError, UserError
from ...store.paths import Home

# Beside the manifest it marks a folder as an export, which alone may be replaced.
FACTS = "export.json"
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 60


def safe_name(label: str, otherwise: str) -> str:
    """The label with only letters, digits, dots and dashes, so that no shell, path or program reads more into it."""
    return _NOT_IN_A_NAME.sub("-", label).strip("-._")[:_LONGEST_NAME].rstrip("-._") or otherwise


def target_folder(to: str, home: Home, *, overwrite: bool) -> Path:
    """The folder that is to be made, links resolved.

    Raises:
        ConfigError: it is a file, lies in Tunedeck's own folder, or holds something that may not be replaced.
    """
    try:
        target = Path(to).expanduser().resolve()
        target.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"to is {to}: that can't be a folder ({error}).", "Name another.", field="to") from error
    if target.is_relative_to(home.root.resolve()):
        raise ConfigError(f"{target} lies in Tunedeck's own folder.", "Name a folder of yours.", field="to")
    _check_free(target, overwrite=overwrite)
    return target


def _check_free(target: Path, *, overwrite: bool) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir():
        raise ConfigError(f"{target} is a file.", "Name a folder that is empty or not there yet.", field="to")
    strangers = _strangers(target)
    if strangers is None:
        raise ConfigError(f"{target} is not empty.", "Name a folder that is empty or not there yet.", field="to")
    if strangers:
        raise ConfigError(f"{target} holds {strangers[0]}, which is not of the export there.", "Move it.", field="to")
    if not overwrite:
        raise ConfigError(f"{target} holds an earlier export.", "--overwrite replaces it.", field="to")


def _strangers(folder: Path) -> list[str] | None:
    """What lies in the folder of an export and was not written by it; None where it is no export."""
    try:
        listed = json.loads((folder / checkpoints.MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(listed, dict) or FACTS not in listed:
        return None
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    return sorted(set(names) - set(listed) - {checkpoints.MANIFEST})


@contextlib.contextmanager
def writing(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """A new folder to fill; once filled it is listed in a manifest, synced, and put in the target's place.

    Where the block fails nothing is left behind, and what the target held stays.

    Raises:
        ConfigError: something came to lie in the target meanwhile; UserError: the disk refuses.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", suffix=".tmp", dir=target.parent) as scratch:
            folder = Path(scratch) / "new"
            folder.mkdir()
            yield folder
            checkpoints.write_manifest(folder)
            _check_free(target, overwrite=overwrite)
            _swap(folder, target, Path(scratch) / "old")
            checkpoints.sync(target.parent)
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename or target}"
        raise UserError(f"The export to {target} failed: {what}.", "Nothing was left there.") from error


def _swap(folder: Path, target: Path, old: Path) -> None:
    """Two renames: between them the target is missing, and an interruption puts the old one back."""
    if target.exists():
        target.rename(old)
    try:
        folder.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise


def check_room(folder: Path, needed_bytes: int) -> None:
    """Refuse what the disk can't hold, before it is written. Raises UserError."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise UserError(
            f"The export needs {needed_bytes / 1e6:,.0f} MB and {folder.parent.parent} has {free / 1e6:,.0f} MB free.",
            "Free some space, or name a folder on another disk.",
        )
