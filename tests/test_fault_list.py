"""Every fault of the list has a test that injects it, and the README's table has every fault."""

import ast
import re
from pathlib import Path

import fault_table
import pytest
from fault_list import FAULTS, Fault
from readme import README
from tally import Collected

ROOT = Path(__file__).parent
FAULT_COUNT, SECURITY_COUNT = 32, 9


def test_no_fault_of_the_list_is_missing() -> None:
    expected = [str(number + 1) for number in range(FAULT_COUNT)] + [f"S{row + 1}" for row in range(SECURITY_COUNT)]
    assert [fault.number for fault in FAULTS] == expected


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.number)
def test_a_fault_has_tests_and_they_are_there(fault: Fault) -> None:
    assert fault.tests
    for test in fault.tests:
        file, _, name = test.partition("::")
        defined = ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
        assert name in {each.name for each in defined if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}, test


def test_the_readmes_table_is_of_these_faults_and_nothing_was_lost() -> None:
    found = re.search(r"<!-- faults: [^>]*-->\n(.*?)<!-- end of faults -->", README.read_text("utf-8"), re.DOTALL)
    assert found
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found[1].strip().splitlines()[2:]]
    assert [row[:3] for row in rows] == [[one.number, one.fault, one.injected] for one in FAULTS]
    assert all(int(tried.replace(",", "")) > 0 and lost == "0" for *_, tried, lost in rows)


def test_the_table_counts_what_ran() -> None:
    ran = {f"tests/{test}": [2, 0] for test in FAULTS[0].tests} | {f"tests/{FAULTS[1].tests[0]}": [1, 1]}
    lines = fault_table.table(ran).splitlines()
    assert lines[2].endswith(f"| {2 * len(FAULTS[0].tests)} | 0 |") and lines[3].endswith("| 1 | 1 |")


def test_a_test_that_was_skipped_tried_nothing(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    collected = Collected(file)
    for outcome in ("passed", "skipped", "failed"):
        collected.pytest_runtest_logreport(
            pytest.TestReport(f"test_x.py::test_{outcome}", ("", 0, ""), {}, outcome, None, "call")
        )
    collected.pytest_sessionfinish()
    assert fault_table.read([file]) == {"test_x.py::test_passed": [1, 0], "test_x.py::test_failed": [1, 1]}
