"""The README tells the truth: its tables and tree are those of the code, its commands those that CI runs."""

import re

import pytest
import readme
from click.testing import CliRunner
from tunedeck.tui.cli.group import Verbs, tunedeck

TEXT = readme.README.read_text(encoding="utf-8")


@pytest.mark.parametrize("part", readme.PARTS)
def test_a_drawn_part_is_as_the_code_has_it(part: str) -> None:
    found = re.search(rf"<!-- {part}: [^>]*-->\n(.*?)<!-- end of {part} -->", TEXT, re.DOTALL)
    assert found, f"the README has no part {part}"
    assert found[1].strip() == readme.PARTS[part](), "run: python tests/readme.py"


@pytest.mark.parametrize("verb", Verbs.VERBS)
def test_every_verb_is_in_the_readme_and_has_help(verb: str) -> None:
    assert re.search(rf"\b{verb}\b", TEXT)
    told = CliRunner().invoke(tunedeck, [verb, "--help"])
    assert told.exit_code == 0
    assert len(told.output.splitlines()) > 3


def test_every_module_says_its_job() -> None:
    silent = [path for folder in readme.FOLDERS for path in readme.files(folder) if not _says(path)]
    assert silent == []


def _says(path: str) -> bool:
    return path.endswith("__main__.py") or bool(readme.phrase(readme.ROOT / path))


def test_ci_runs_the_readmes_test_command() -> None:
    script = (readme.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "grep -m1 'python -m pytest' README.md" in script
    commands = [line for line in TEXT.splitlines() if "python -m pytest" in line]
    assert len(commands) == 1


def test_the_pictures_are_there_and_no_others() -> None:
    shown = set(re.findall(r"\((tests/pictures/[^)]+)\)", TEXT))
    assert shown == {f"tests/pictures/{file.name}" for file in readme.ROOT.glob("tests/pictures/*")}
    assert all((readme.ROOT / name).stat().st_size > 1000 for name in shown)
