"""`tunedeck bench`: what it refuses before anything trains."""

from command import refused


def test_a_comparison_that_can_not_be_is_refused() -> None:
    assert "bench needs a repeat and two updates at least" in refused("bench", "--updates", "1")
    assert "there is no contender torchtune" in refused("bench", "--against", "torchtune")
