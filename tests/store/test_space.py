"""What a sweep varies: read from what people type, and drawn the same for the same seed."""

import math
import statistics
from pathlib import Path

import pytest
from tunedeck.store import space
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.errors import ConfigError
from tunedeck.store.space import Choices, Range

BASE: RunConfig = checked({"data": "demo:chat", "model": "demo:smollm2"})


def test_values_and_ranges_have_the_types_of_their_knobs() -> None:
    read = space.read(BASE, ["learning_rate=1e-5..1e-3", "r=8, 16,8", "use_dora=false,true", "lora_alpha=8..64"])
    assert read == {
        "learning_rate": Range(1e-5, 1e-3),
        "r": Choices((8, 16)),
        "use_dora": Choices((False, True)),
        "lora_alpha": Range(8, 64),
    }
    assert isinstance(read["lora_alpha"], Range) and read["lora_alpha"].is_whole
    assert space.loaded(space.dumped(read)) == read


def test_values_with_commas_are_written_as_a_list() -> None:
    read = space.read(BASE, ['target_modules=["q_proj,v_proj", "all-linear"]', "hidden_dropout=0.1,"])
    assert read == {
        "target_modules": Choices(("q_proj,v_proj", "all-linear")), "hidden_dropout": Choices((0.1, None)),
    }  # fmt: skip


def test_files_are_found_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.jsonl").touch()
    assert space.read(BASE, ["data=demo:chat,other.jsonl"]) == {
        "data": Choices(("demo:chat", str(tmp_path / "other.jsonl")))
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("learning_rat=1e-4", "learning_rat is not a knob. Did you mean learning_rate?"),
        ("r=8,0", "r is 0: expected a whole number, 1 to 1024."),
        ("r=8..2000", "r is 2000: expected a whole number, 1 to 1024."),
        ("r=16..8", "r can't go from 16 to 8."),
        ("hidden_dropout=..0.2", "hidden_dropout can't go from  to 0.2."),
        ("r", "'r' has no knob and values."),
        ("name=a,b", "name can't vary."),
        ("prompts=a,b", "prompts is a: expected a list of texts."),
        ('target_modules=["a', "not a TOML list"),
    ],
)
def test_what_can_not_vary_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        space.read(BASE, [typed])
    assert sentence in str(refused.value)


def test_a_knob_varies_once_and_something_must() -> None:
    with pytest.raises(ConfigError, match="r can't vary twice"):
        space.read(BASE, ["r=8,16", "r=32"])
    with pytest.raises(ConfigError, match="Nothing varies"):
        space.read(BASE, [])


def test_a_grid_is_every_combination_in_order() -> None:
    read = space.read(BASE, ["learning_rate=1e-4,1e-3", "r=8,16"])
    assert [tuple(values.values()) for values in space.grid(read)] == [(1e-4, 8), (1e-4, 16), (1e-3, 8), (1e-3, 16)]
    with pytest.raises(ConfigError, match="r is a range: a grid takes values"):
        space.grid({"r": Range(8, 16)})
    with pytest.raises(ConfigError, match="The sweep would be 256 runs"):
        space.grid({"r": Choices(tuple(range(16))), "seed": Choices(tuple(range(16)))})


def test_chance_is_the_same_for_the_same_seed() -> None:
    read = space.read(BASE, ["learning_rate=1e-5..1e-3", "r=8,16,32", "lora_alpha=1..100", "lora_dropout=0.0..0.2"])
    drawn = space.drawn(read, 200, seed=1)
    assert drawn == space.drawn(read, 200, seed=1) != space.drawn(read, 200, seed=2)
    for values in drawn:
        assert checked(BASE.model_dump() | values).learning_rate == values["learning_rate"]
        assert values["learning_rate"] == float(f"{values['learning_rate']:.3g}")
    rates = [math.log10(values["learning_rate"]) for values in drawn]  # type: ignore[arg-type]
    # Over the logarithms the middle of 1e-5 and 1e-3 is 1e-4; evenly drawn it would be 5e-4.
    assert -5 <= min(rates) < -4.8 and -3.2 < max(rates) <= -3 and abs(statistics.median(rates) + 4) < 0.2
    alphas = [values["lora_alpha"] for values in drawn]
    assert all(isinstance(alpha, int) for alpha in alphas) and {1, 2} < set(alphas) and max(alphas) <= 100  # type: ignore[type-var]
    dropouts = [values["lora_dropout"] for values in drawn]
    assert abs(statistics.mean(dropouts) - 0.1) < 0.02  # type: ignore[arg-type]


def test_no_combination_is_drawn_twice() -> None:
    choices = {"r": Choices((8, 16)), "seed": Range(1, 3)}
    assert len({tuple(values.values()) for values in space.drawn(choices, 6, seed=0)}) == 6
    with pytest.raises(ConfigError, match="Only 6 combinations are different"):
        space.drawn(choices, 7, seed=0)
    with pytest.raises(ConfigError, match="The sweep would be 201 runs"):
        space.drawn(choices, 201, seed=0)
