"""The filter of runs: what each condition picks, and what is no condition."""

from dataclasses import replace

import pytest
from tunedeck.store import run_filter
from tunedeck.store.config import checked
from tunedeck.store.errors import ConfigError
from tunedeck.store.overview import Overview
from tunedeck.store.records import Run
from tunedeck.store.scores import Best


def view(number: int, name: str, state: str, best: float | None, **knobs: object) -> Overview:
    config = checked({"data": "demo:chat", "model": "demo:smollm2", **knobs}).model_dump_json()
    facts = {"name": name, "state": state, "kind": "new", "config": config, "versions": "{}", "fingerprint": ""}
    nothing = dict.fromkeys(Run.__dataclass_fields__)
    run = Run(**nothing | facts | {"number": number, "id": f"id{number}", "created_at": 0.0, "total_steps": 10})
    metric = "eval_f1_macro" if knobs.get("task") == "sequence-classification" else "eval_loss"
    scored = None if best is None else Best(metric, best, 5)
    return Overview(run, "", number, best, best, 2.0, best, 5 if best else None, (), None, 0.0, False, scored)


RUNS = [
    view(4, "Chat big", "running", 1.1, learning_rate=3e-4, r=32),
    view(3, "imdb", "completed", 0.4, task="sequence-classification", model="demo:minilm", data="demo:imdb"),
    replace(view(2, "chat small", "completed", 1.5, packing=True), parent_name="big"),
    view(1, "broken", "failed", None),
]


def picked(text: str) -> list[int]:
    return [found.run.number for found in run_filter.matching(RUNS, run_filter.parse(text))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [4, 3, 2, 1]),
        ("chat", [4, 2, 1]),
        ("CHAT !big", [2, 1]),
        ("chat ! big", [2, 1]),
        ("!\r1.2", [4, 3, 2, 1]),
        ("!!imdb", [3]),
        ("name~chat", [4, 2]),
        ("state=completed", [3, 2]),
        ("state!=completed", [4, 1]),
        ("!state=completed", [4, 1]),
        ("task=chat", [4, 2, 1]),
        ("task=Classify", [3]),
        ("best<1.2", [4, 3]),
        ("best>=1.1 state=running", [4]),
        ("!best<1.2", [2, 1]),
        ("learning_rate>2.5e-4", [4]),
        ("r=32", [4]),
        ("packing=true", [2]),
        ("model~minilm", [3]),
        ("step<=2", [2, 1]),
        ("age>1d", [4, 3, 2, 1]),
        ("age<90s", []),
        ("!started<2h", [4, 3, 2, 1]),
        ("kind=new id=id2", [2]),
        ("parent=big", [2]),
        ("nowhere", []),
    ],
)
def test_all_conditions_hold_of_what_is_picked(text: str, numbers: list[int]) -> None:
    assert picked(text) == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("bst<1.2", "bst<1.2: runs have no bst. Did you mean best?"),
        ("best<low", "best<low: 'low' is no number. Write it like best<1.2"),
        ("best<nan", "best<nan: 'nan' is no number. Write it like best<1.2"),
        ("age<soon", "age<soon: 'soon' is no duration. Write it like age<2d"),
        ("zzzzzz=1", "zzzzzz=1: runs have no zzzzzz."),
    ],
)
def test_what_can_not_be_asked_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        run_filter.parse(text)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("order", "numbers"),
    [("newest", [4, 3, 2, 1]), ("best", [3, 4, 2, 1]), ("name", [1, 4, 2, 3]), ("step", [1, 2, 3, 4])],
)
def test_runs_stand_in_order_and_those_without_a_value_last(order: str, numbers: list[int]) -> None:
    assert [found.run.number for found in run_filter.ordered(RUNS, order)] == numbers


def test_by_best_the_highest_score_and_the_lowest_loss_are_first() -> None:
    names = ("eval_f1_macro", "eval_f1_macro", "eval_loss", "eval_loss")
    views = [
        replace(RUNS[0], best=Best(name, value, 5)) for name, value in zip(names, (0.5, 0.9, 1.4, 1.1), strict=True)
    ]
    order = [view.best.value for view in run_filter.ordered(views, "best") if view.best]
    assert order == [0.9, 0.5, 1.1, 1.4]


def test_an_order_that_there_is_not_is_named() -> None:
    with pytest.raises(ConfigError, match="There is no order 'luck'"):
        run_filter.ordered(RUNS, "luck")


def test_durations_are_read_as_people_write_them() -> None:
    assert [run_filter.seconds(text) for text in ("90s", "1.5m", "8h", "2d", "1w")] == [
        90,
        90,
        28_800,
        172_800,
        604_800,
    ]
    assert [run_filter.seconds(text) for text in ("", "2", "d", "2 d", "2x", "-2d", "1e3s")] == [None] * 7


def test_names_are_those_that_people_use() -> None:
    models = ("demo:smollm2", "/models/tiny/", "hub/owner", "run:abc@25", "/")
    assert [run_filter.model_name(model) for model in models] == ["smollm2", "tiny", "owner", "run:abc@25", "/"]
    assert [run_filter.task_word(task) for task in ("causal-lm", "preference")] == ["chat", "preference"]


def test_a_run_that_is_stopping_is_found_by_what_the_list_says() -> None:
    stopping = replace(RUNS[0], stopping=True)
    assert run_filter.matching([stopping], run_filter.parse("state=stopping")) == [stopping]
