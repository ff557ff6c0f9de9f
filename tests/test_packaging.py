"""What is installed is what lies here: every package and every data file; and versions have an upper bound."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FOLDERS = ("engine", "store", "themes", "tui")
REQUIREMENTS = [
    *PROJECT["project"]["dependencies"],
    *(requirement for extra in PROJECT["project"]["optional-dependencies"].values() for requirement in extra),
]


def package(folder: Path) -> str:
    return ".".join(["tunedeck", *folder.relative_to(ROOT).parts])


def test_every_folder_of_modules_is_a_listed_package() -> None:
    with_modules = {path.parent for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}
    assert {path.parent for folder in FOLDERS for path in (ROOT / folder).rglob("__init__.py")} == with_modules
    assert sorted(SETUPTOOLS["packages"]) == sorted(map(package, with_modules))
    assert SETUPTOOLS["package-dir"] == {f"tunedeck.{folder}": folder for folder in FOLDERS}
    assert not (ROOT / "__init__.py").exists()


def test_every_data_file_is_installed() -> None:
    kinds = {
        (package(path.parent), f"*{path.suffix}")
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert kinds == {(name, kind) for name, listed in SETUPTOOLS["package-data"].items() for kind in listed}


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_a_requirement_has_both_bounds_and_is_met_here(requirement: str) -> None:
    assert re.fullmatch(r"[\w-]+>=[\w.]+,<=?[\w.]+", requirement)
    # For GPUs only.
    if requirement.startswith("bitsandbytes"):
        return
    assert metadata.version(re.split("[>=<]", requirement)[0])


def test_the_command_is_installed() -> None:
    [command] = metadata.entry_points(group="console_scripts", name="tunedeck")
    assert command.value == PROJECT["project"]["scripts"]["tunedeck"] and callable(command.load())
