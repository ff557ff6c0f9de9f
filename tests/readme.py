"""The parts of the README that are drawn from the code; `python tests/readme.py` writes them."""

import ast
import re
import subprocess
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from textual.binding import Binding
from tunedeck.store import config
from tunedeck.tui.screens.deck import DeckScreen
from tunedeck.tui.screens.every import all_screens
from tunedeck.tui.widgets.keys import bindings_of, declared_by, key_names

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FOLDERS = ("tui", "store", "engine", "themes", "tests")
# Fixtures and pictures of screens, named one by one by the tests that use them.
UNTOLD = {".txt", ".svg", ".jsonl"}


def keys() -> str:
    """A table of every key of every screen."""
    everywhere = {binding.action for binding in declared_by(DeckScreen)}
    lines = ["| screen | keys |", "|---|---|"]
    for screen in all_screens():
        own = [one for one in bindings_of(screen) if one.action not in everywhere]
        lines += [_keys_of(screen.heading.capitalize(), own)] if own else []
    return "\n".join([*lines, _keys_of("everywhere", declared_by(DeckScreen))])


def _keys_of(title: str, bindings: Iterable[Binding]) -> str:
    told = "; ".join(f"`{key_names(binding)}` {binding.description.lower()}" for binding in bindings)
    return f"| {title} | {told} |"


def knobs() -> str:
    """A table of every knob."""
    lines = ["| knob | default | takes | what it does |", "|---|---|---|---|"]
    for knob in config.knobs():
        default = "needed" if knob.required else f"`{knob.default}`" if knob.default not in ("", [], None) else ""
        takes = ", ".join(knob.choices) or f"{knob.range} {knob.unit}".strip()
        takes += f" ({knob.where})" if knob.only else ""
        told = f"{knob.help} {knob.costs}".strip()
        lines.append(f"| `{knob.name}` | {default} | {takes} | {told} |")
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
    comment = re.search(r"^(?:#|--|/\*)\s*(.+?)(?:\*/)?$", text, re.MULTILINE)
    return comment[1].strip() if comment else ""


PARTS = {"keys": keys, "knobs": knobs, "tree": tree}


def written(readme: str) -> str:
    """The README with every drawn part as it should be."""
    for name, draw in PARTS.items():
        readme = with_part(readme, name, draw())
    return readme


def with_part(readme: str, name: str, part: str) -> str:
    """The README with that part between its marks."""
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    return pattern.sub(partial(_filled, part), readme)


def _filled(part: str, found: re.Match[str]) -> str:
    return f"{found[1]}\n{part}\n\n{found[2]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
