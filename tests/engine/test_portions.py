"""Work in portions: halved when memory runs out, in order, and stopped between two of them."""

from collections.abc import Sequence

import pytest
import torch
from bench import Bench
from task_checks import a_session
from tunedeck.engine.outputs.portions import Portions
from tunedeck.engine.session import StopRequested
from tunedeck.store import commands
from tunedeck.store.errors import ConfigError


def in_room_for(count: int, items: Sequence[int]) -> list[int]:
    if len(items) > count:
        raise torch.OutOfMemoryError("out of memory")
    return [item * 10 for item in items]


def test_what_does_not_fit_is_halved_for_good_and_stays_in_order(bench: Bench) -> None:
    with a_session(bench) as session:
        portions = Portions(8, "cpu", session)
        assert list(portions.of(range(5), lambda items: in_room_for(2, items))) == [[0, 10], [20, 30], [40]]
        assert portions.rows == 2


def test_one_that_does_not_fit_names_the_knob_to_lower(bench: Bench) -> None:
    with a_session(bench) as session:
        portions = Portions(1, "cpu", session, field="rows_at_once", lower="max_new_tokens")
        with pytest.raises(ConfigError, match="Lower max_new_tokens, or take") as caught:
            list(portions.of([1], lambda items: in_room_for(0, items)))
        assert caught.value.field == "rows_at_once"


def test_a_stop_waits_until_what_was_found_last_is_used(bench: Bench) -> None:
    with a_session(bench) as session:
        portions = Portions(2, "cpu", session)
        commands.ask(bench.db, session.run.id, "stop")
        assert list(portions.of([1, 2], list)) == [[1, 2]]
        with pytest.raises(StopRequested):
            list(portions.of([1, 2, 3], list))
