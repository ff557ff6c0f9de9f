"""The parts of the README that are drawn from the code; `python tests/readme.py` writes them."""

import ast
import re
import subprocess
from functools import partial
from pathlib import Path

from tunedeck.store import config
from tunedeck.tui.screens.compare import CompareScreen
from tunedeck.tui.screens.data import DataScreen
from tunedeck.tui.screens.data_report import ReportScreen
from tunedeck.tui.screens.deck import DeckScreen
from tunedeck.tui.screens.help import key_names
from tunedeck.tui.screens.mask import MaskScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.review import ReviewScreen
from tunedeck.tui.screens.row_keys import RowKeys
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.run_keys import RunKeys
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.keys import declared_by

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FOLDERS = ("tui", "store", "engine", "themes", "tests")
# Fixtures and pictures of screens, named one by one by the tests that use them.
UNTOLD = {".txt", ".svg", ".jsonl"}


def keys() -> str:
    """A table of every key of every screen."""
    lines = ["| screen | keys |", "|---|---|"]
    titles = {
        RunsScreen: "Runs",
        RunScreen: "Run",
        RunKeys: "Runs, and run",
        CompareScreen: "Compare",
        DataScreen: "Data",
        RowsScreen: "Rows",
        RowKeys: "Rows, more",
        ReportScreen: "Report",
        MaskScreen: "Mask",
        ReviewScreen: "Review",
        NewRunScreen: "New run",
        DeckScreen: "everywhere",
    }
    for screen, title in titles.items():
        told = "; ".join(f"`{key_names(binding)}` {binding.description.lower()}" for binding in declared_by(screen))
        lines.append(f"| {title} | {told} |")
    return "\n".join(lines)


def knobs() -> str:
    """A table of every knob."""
    lines = ["| knob | default | takes | what it does |", "|---|---|---|---|"]
    for knob in config.knobs():
        default = "needed" if knob.required else f"`{knob.default}`" if knob.default not in ("", [], None) else ""
        takes = ", ".join(knob.choices) or f"{knob.range} {knob.unit}".strip()
        takes += f" ({knob.where})" if knob.only else ""
        lines.append(f"| `{knob.name}` | {default} | {takes} | {knob.help} |")
    return "\n".join(lines)


def tree() -> str:
    """Every file that git knows or would add, with its first sentence."""
    lines = ["```"]
    for folder in FOLDERS:
        lines += [f"{path:<40}  {phrase(ROOT / path)}".rstrip() for path in files(folder)]
    return "\n".join([*lines, "```"])


def files(folder: str) -> list[str]:
    """The folder's files as git sees them, those that only hold a phrase for their folder left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(path for path in listed if Path(path).suffix not in UNTOLD and (ROOT / path).exists())


def phrase(path: Path) -> str:
    """The first sentence of a module, or of a file's first comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        documented = ast.get_docstring(ast.parse(text)) or ""
        return documented.split("\n")[0]
    comment = re.search(r"^(?:#|/\*)\s*(.+?)(?:\*/)?$", text, re.MULTILINE)
    return comment[1].strip() if comment else ""


PARTS = {"keys": keys, "knobs": knobs, "tree": tree}


def written(readme: str) -> str:
    """The README with every drawn part as it should be."""
    for name, draw in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        readme = pattern.sub(partial(_filled, draw()), readme)
    return readme


def _filled(part: str, found: re.Match[str]) -> str:
    return f"{found[1]}\n{part}\n\n{found[2]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
