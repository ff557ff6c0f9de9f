"""Properties held against drawn input: a second's worth in the suite, the same each time, and hours of it on demand."""

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

# TUNEDECK_FUZZ_EXAMPLES=1000000 for a night.
LONG = int(os.environ.get("TUNEDECK_FUZZ_EXAMPLES", "10000"))
_MOST_SECONDS_OF_ONE = 2.0


def lengths(short: int) -> pytest.MarkDecorator:
    """The test twice: with `examples` few enough for the suite, and with many behind `-m slow`."""
    many = pytest.param(LONG, id="long", marks=pytest.mark.slow)
    return pytest.mark.parametrize("examples", [pytest.param(short, id="short"), many])


def holds(check: Callable[..., None], examples: int, *drawn: SearchStrategy[Any]) -> None:
    """Hold the property for so many drawn values; fewer than the long ones are the same each time.

    A value that takes two seconds of the processor, which other work on the machine does not lengthen, breaks it too.
    """

    def timed(values: tuple[Any, ...]) -> None:
        began = time.process_time()
        check(*values)
        assert time.process_time() - began < _MOST_SECONDS_OF_ONE, "that took too long"

    told = settings(
        max_examples=examples, derandomize=examples < LONG, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    told(given(st.tuples(*drawn))(timed))()
