"""Labs for the tests of faults: a tiny model and its rows, and a store of its own with the real runner and engine."""

from collections.abc import Iterator

import pytest
from labs import OpenLab
from tunedeck.engine.faults import tiny
from tunedeck.engine.faults.lab import Lab
from tunedeck.engine.faults.tiny import Tiny


@pytest.fixture(scope="session")
def tiny_parts(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny.make(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def open_lab(tmp_path_factory: pytest.TempPathFactory, tiny_parts: Tiny) -> Iterator[OpenLab]:
    """Opens labs; all that was started in them ends with the module."""
    opened: list[Lab] = []

    def open_one(name: str) -> Lab:
        opened.append(Lab(tmp_path_factory.mktemp(name), tiny_parts))
        return opened[-1]

    yield open_one
    for lab in opened:
        lab.close()


@pytest.fixture
def lab(open_lab: OpenLab) -> Lab:
    return open_lab("lab")
