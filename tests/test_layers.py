"""Who may import what: tui and engine meet only in the store, and the app is free of torch."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "datasets", "peft", "accelerate", "tokenizers", "safetensors", "huggingface_hub"}
OTHERS = {
    "store": {"sqlite_utils", "pydantic", "pydantic_core", "numpy", "tomli_w"},
    "engine": HEAVY
    | {"jinja2", "gguf", "yaml", "numpy", "pyarrow", "sklearn", "scipy", "sacrebleu", "optuna", "psutil", "trl"}
    | {"rensa", "py3langid", "ftfy"},
    "tui": {"textual", "rich", "plotext", "click", "numpy", "pyarrow", "psutil", "pynvml"},
    "themes": set(),
}
MAY_USE = {"store": {"store"}, "engine": {"engine", "store"}, "tui": {"tui", "store", "themes"}, "themes": set()}
MODULES = [path.relative_to(ROOT) for folder in OTHERS for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(module: Path) -> Iterator[str]:
    """The absolute name of everything that the module imports, wherever in its text."""
    # A module's package is its folder, whether it is the folder's __init__ or not.
    package = ["tunedeck", *module.parent.parts]
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), name.name]) for name in node.names)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_what_its_folder_may(module: Path) -> None:
    folder = module.parts[0]
    for name in imports(module):
        first, *rest = name.split(".")
        if first == "tunedeck":
            assert rest[0] in MAY_USE[folder], f"{module} imports {name}"
        else:
            assert first in sys.stdlib_module_names or first in OTHERS[folder], f"{module} imports {name}"


def test_the_rule_sees_relative_imports() -> None:
    assert "tunedeck.store.runs" in imports(Path("tui/actions.py"))
    assert "tunedeck.store.database" in imports(Path("tui/cli/runs.py"))


def rooms(module: Path) -> set[tuple[str, str]]:
    """From which room of the engine into which the module imports; a file of the engine itself is a room of its own."""

    def room(parts: Sequence[str]) -> str:
        return parts[0] if (ROOT / "engine" / parts[0]).is_dir() else f"{parts[0]}.py"

    here = room(module.with_suffix("").parts[1:])
    names = [name.split(".")[2:] for name in imports(module) if name.startswith("tunedeck.engine.")]
    return {(here, room(parts)) for parts in names if room(parts) != here}


def test_the_engines_rooms_import_one_way() -> None:
    """So that each can be read, and understood, after those that it stands on."""
    uses: dict[str, set[str]] = {}
    for module in MODULES:
        if module.parts[0] == "engine" and module.stem != "__init__":
            for here, there in rooms(module):
                uses.setdefault(here, set()).add(there)
    TopologicalSorter(uses).prepare()


def loaded_after(code: str) -> set[str]:
    """The top-level names in `sys.modules` of a fresh interpreter that has run the code."""
    told = subprocess.run(
        [sys.executable, "-P", "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT.parent,
    ).stdout  # fmt: skip
    return {name.partition(".")[0] for name in told.split()}


def dotted(folder: str) -> list[str]:
    parts = [path.with_suffix("").parts for path in MODULES if path.parts[0] == folder and path.stem != "__init__"]
    return [".".join(["tunedeck", *part]) for part in parts]


def test_the_whole_app_is_free_of_torch() -> None:
    loaded = loaded_after(f"import {', '.join(dotted('tui'))}")
    assert "textual" in loaded and not loaded & HEAVY


def test_the_store_needs_neither_app_nor_torch() -> None:
    assert not loaded_after(f"import {', '.join(dotted('store'))}") & (HEAVY | {"textual", "rich", "plotext"})


def test_the_runner_needs_the_standard_library_alone() -> None:
    before = loaded_after("")
    assert loaded_after("import tunedeck.engine.runner") - before - set(sys.stdlib_module_names) == {"tunedeck"}


def test_rows_are_read_without_torch() -> None:
    """The form checks rows before each launch: a second, where torch alone takes two to import."""
    assert not loaded_after("import tunedeck.engine.verbs.check, tunedeck.engine.tasks.sequence_classification") & {
        "torch"
    }


def test_the_command_line_needs_no_full_screen() -> None:
    assert not loaded_after("import tunedeck.tui.__main__, tunedeck.tui.cli.group") & {"textual", "plotext", "pydantic"}
