"""The README's table of faults, made of what their tests counted: `python tests/fault_table.py [COUNTED.json...]`.

Without a file it runs them, which takes long; the files are those of `pytest --faults FILE`. `--readme` names another
README than ours.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import readme
from fault_list import FAULTS, Fault


def table(counts: Mapping[str, Sequence[int]]) -> str:
    """What each fault's tests tried and lost; `counts` has both by the test, as `pytest --faults` leaves them."""
    lines = ["| | fault | injected by | tried | lost |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(_row(fault, counts) for fault in FAULTS)])


def _row(fault: Fault, counts: Mapping[str, Sequence[int]]) -> str:
    ran = [counts.get(f"tests/{test}", (0, 0)) for test in fault.tests]
    tried, lost = (sum(one[place] for one in ran) for place in (0, 1))
    return f"| {fault.number} | {fault.fault} | {fault.injected} | {tried:,} | {lost} |"


def counted(file: Path) -> dict[str, list[int]]:
    """Run the tests of all faults, those that take minutes too; what they count is left in the file."""
    tests = sorted({f"tests/{test}" for fault in FAULTS for test in fault.tests})
    command = [sys.executable, "-m", "pytest", "-q", "-m", "slow or not slow", "--faults", str(file), *tests]
    subprocess.run(command, cwd=readme.ROOT, check=False)
    return read([file])


def read(files: Iterable[Path]) -> dict[str, list[int]]:
    """What earlier runs counted, each with `pytest --faults FILE`; of a test that ran twice the last."""
    counts: dict[str, list[int]] = {}
    for file in files:
        counts |= json.loads(file.read_text(encoding="utf-8"))
    return counts


def not_run(counts: Mapping[str, Sequence[int]]) -> list[str]:
    """The tests of the list that count nothing: they were skipped, or not asked for."""
    return [test for fault in FAULTS for test in fault.tests if f"tests/{test}" not in counts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counted", type=Path, nargs="*")
    parser.add_argument("--readme", type=Path, default=readme.README)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = read(asked.counted) if asked.counted else counted(Path(folder) / "faults.json")
    for test in not_run(counts):
        print(f"{test} did not run.", file=sys.stderr)
    text = asked.readme.read_text(encoding="utf-8")
    asked.readme.write_text(readme.with_part(text, "faults", table(counts)), encoding="utf-8")


if __name__ == "__main__":
    main()
