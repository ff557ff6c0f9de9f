"""`tunedeck bench`: what it refuses before anything trains, and what it found before."""

import json

import compared
import pytest
from command import refused, say
from tunedeck.store import benches
from tunedeck.store.errors import StateError
from tunedeck.store.paths import Home

FACTS = compared.facts()


def test_a_comparison_that_can_not_be_is_refused() -> None:
    assert "bench needs a repeat and two updates at least" in refused("bench", "--updates", "1")
    assert "there is no contender torchtune" in refused("bench", "--against", "torchtune")


def test_what_was_found_before_is_listed(home: Home) -> None:
    assert say("bench", "--past").stdout == "Nothing was compared yet: `tunedeck bench` does it.\n"
    benches.keep(home, FACTS)
    [_, line] = say("bench", "--past").stdout.splitlines()
    assert line.split(maxsplit=2)[2] == "chat-lora  12       5        hf_best 2.52x, trl_best void"
    [facts] = json.loads(say("bench", "--past", "--json").stdout)
    assert FACTS.items() <= facts.items()


def test_a_file_that_holds_no_comparison_is_named(home: Home) -> None:
    benches.keep(home, FACTS)
    for content in (b"", b"[]", b'{"work": 1}', b"\xff"):
        (home.benches / "0.json").write_bytes(content)
        assert f"{home.benches / '0.json'} can't be read" in refused("bench", "--past", exit_code=1)


def test_what_can_not_be_kept_is_said(home: Home) -> None:
    home.root.mkdir(parents=True, exist_ok=True)
    home.benches.write_text("in the way")
    with pytest.raises(StateError, match="can't be kept in"):
        benches.keep(home, FACTS)
