"""What a test run says of faults: how often each test injected its own, and what was lost; for the README's table.

`pytest --faults FILE` leaves it as JSON: `{"tests/engine/test_x.py::test_y": [tried, lost]}`.
"""

import json
from pathlib import Path

import pytest

_FILE, _NAME = "--faults", "tally"


class Tally:
    """Where a test counts; one that does not has tried once (skipped: never), and lost something if it fails."""

    def __init__(self) -> None:
        self.tried = self.lost = 0

    def add(self, losses: list[str] | tuple[str, ...] = (), *, tried: int = 1) -> None:
        """So many more injections, and what they lost, which fails the test."""
        self.tried += tried
        self.lost += len(losses)
        assert not losses


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    made = Tally()
    request.node.user_properties.append((_NAME, made.__dict__))
    return made


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(_FILE, type=Path, help="write how often each test injected a fault, and what was lost")


class Collected:
    """The counts of all tests, of every worker."""

    def __init__(self, file: Path) -> None:
        self._file, self._counts = file, dict[str, list[int]]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed or (report.when == "call" and report.passed):
            told = dict(report.user_properties).get(_NAME, {})
            assert isinstance(told, dict)
            tried, lost = told.get("tried") or 1, told.get("lost", 0)
            test = self._counts.setdefault(report.nodeid.partition("[")[0], [0, 0])
            test[0] += tried
            test[1] += max(lost, int(report.failed))

    def pytest_sessionfinish(self) -> None:
        self._file.write_text(json.dumps(self._counts, indent=1), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    # A worker's reports reach the one that writes the file.
    if config.getoption(_FILE) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collected(config.getoption(_FILE)))
