"""Every key of the form does what its help says; nothing is queued that could not run."""

import json
from pathlib import Path

import every_state
import pytest
from asked import patient, reader  # noqa: F401 - fixtures
from cockpit import Cockpit, opened
from keyboard import covers, form_values, home_from, open_form, shown
from textual.widgets import Input
from tunedeck.store.config import knobs
from tunedeck.store.paths import Home
from tunedeck.tui.screens.checked_form import CheckedForm
from tunedeck.tui.screens.form import FormScreen
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.preflight import PreflightScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.vary import VaryAsk
from tunedeck.tui.widgets.table import Table


async def set_knob(cockpit: Cockpit, name: str, value: str) -> None:
    """Put a value in the place of the one that stands in the form."""
    await cockpit.go_to(name)
    await cockpit.press("enter", "ctrl+e", "ctrl+u")
    await cockpit.paste(value)
    await cockpit.press("enter")


@covers(FormScreen, "enter", "x")
async def test_each_kind_of_knob_is_edited_and_set_back(seeded: Home, keys: tuple[str, ...]) -> None:
    edit, default = keys
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        values = form_values(cockpit)
        for name, typed in (("name", "mine"), ("r", "32"), ("learning_rate", "3e-4"), ("prompts", '["a", "b, c"]')):
            await set_knob(cockpit, name, typed)
        assert [str(values[name]) for name in ("name", "r", "learning_rate")] == ["mine", "32", "3e-4"]
        assert values["prompts"] == ["a", "b, c"]
        for name, changed in (
            ("drop_duplicates", "false"),
            ("optim", "adamw_torch_fused"),
            ("method", "qlora"),
            ("method", "full"),
        ):
            await cockpit.go_to(name)
            await cockpit.press(edit)
            assert values[name] == changed
        await cockpit.go_to("r")
        assert "only with method lor" in "\n".join(cockpit.picture())
        for name in ("r", "prompts", "drop_duplicates"):
            await cockpit.go_to(name)
            await cockpit.press(default)
        assert [values[name] for name in ("r", "prompts", "drop_duplicates")] == [16, [], True]
        await cockpit.go_to("[Run]")
        for key in keys:
            await cockpit.press(key)
            assert cockpit.status == "! This line is a heading: go to a knob with j or k."


@covers(FormScreen, "l", "right", "h", "left")
async def test_choices_go_forward_and_back_and_dim_what_they_rule_out(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded, (160, 48)) as cockpit:
        await open_form(cockpit)
        values = form_values(cockpit)
        await cockpit.go_to("task")
        for key, task in zip(
            keys,
            ("sequence-classification", "token-classification", "sequence-classification", "causal-lm"),
            strict=True,
        ):
            await cockpit.press(key)
            assert values["task"] == task
            rules_out = "only with task causal-lm" in "\n".join(cockpit.picture())
            assert rules_out == (task != "causal-lm")
        await cockpit.press("k", keys[0])
        assert cockpit.status == "! name is typed, not chosen: enter changes it."


@covers(FormScreen, "right_square_bracket", "left_square_bracket")
async def test_sections_follow_each_other_in_a_ring(seeded: Home, keys: tuple[str, ...]) -> None:
    onward, back = keys
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        table = cockpit.app.screen.query_one(Table)
        for key, section in ((back, "Data"), (back, "Run"), (back, "Hardware"), (onward, "Run"), (onward, "Data")):
            await cockpit.press(key)
            assert table.cursor_key == f"[{section}]"


async def test_a_knob_that_may_be_empty_is_emptied_by_typing_nothing(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        values = form_values(cockpit)
        for typed, kept in (("0.2", "0.2"), ("", None)):
            await set_knob(cockpit, "hidden_dropout", typed)
            assert values["hidden_dropout"] == kept
            assert not cockpit.app.screen.query(".-error")
        assert cockpit.status == "hidden_dropout is empty."


async def test_escape_leaves_the_value_as_it_was(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await cockpit.press("enter")
        assert cockpit.app.focused is cockpit.app.screen.query_one("#editor", Input)
        await cockpit.type("q?1")
        await cockpit.press("escape")
        assert form_values(cockpit)["data"] == "demo:chat"
        assert cockpit.status == ""
        assert type(cockpit.app.screen) is NewRunScreen


async def test_every_knob_can_be_reached_and_tells_what_it_takes(seeded: Home) -> None:
    async with opened(seeded, (120, 110)) as cockpit:
        await open_form(cockpit)
        picture = "\n".join(cockpit.picture())
        for knob in knobs():
            assert knob.name in picture
            await cockpit.go_to(knob.name)
            told = " ".join(" ".join(cockpit.picture()).split())
            assert knob.help in told


@covers(NewRunScreen, "P")
@pytest.mark.usefixtures("patient")
async def test_check_reads_the_rows_and_queues_nothing(
    seeded: Home,
    keys: tuple[str, ...],
    rows: Path,
    reader: Path,  # noqa: F811
) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await set_knob(cockpit, "model", str(reader))
        await cockpit.press(*keys, *keys)
        await cockpit.until(shown(cockpit, PreflightScreen), "all is good")
        await cockpit.until_shown("Every knob is good. data: 2 rows")
        await cockpit.press("q")
        reviews = rows.with_name("reviews.csv")
        reviews.write_text("review,rating\n" + "".join(f"fine {n},good\nbad {n},poor\n" for n in range(9)))
        await set_knob(cockpit, "data", str(reviews))
        await cockpit.go_to("task")
        await cockpit.press("l", *keys)
        await cockpit.until_shown("18 rows, columns: text = review, label = rating")
    assert len(every_state.by_name(seeded)) == 9


@covers(CheckedForm, "L")
@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("r", "0", "r is 0: expected a whole number, 1 to 1024"),
        ("learning_rate", "fast", "learning_rate is fast: expected a number, above 0, at most 1"),
        ("data", "", "data is empty: name one"),
        ("data", "/nowhere/rows.jsonl", "there is no such file"),
        ("model", "./nowhere", "there is no such file or folder"),
        ("prompts", "[a", "prompts is [a: expected a list of texts"),
    ],
)
async def test_a_bad_value_starts_nothing(
    seeded: Home, keys: tuple[str, ...], name: str, value: str, fault: str
) -> None:
    async with opened(seeded, (160, 48)) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, name, value)
        await cockpit.go_to("[Hardware]")
        await cockpit.press(*keys)
        await cockpit.until(lambda: cockpit.status == "✗ Nothing was queued: 1 to mend, marked with !.", "told")
        assert cockpit.app.screen.query_one(Table).cursor_key == name
        assert fault in " ".join(" ".join(cockpit.picture()).split())
    assert len(every_state.by_name(seeded)) == 9


async def test_rows_that_cannot_be_read_start_nothing(seeded: Home, rows: Path) -> None:
    rows.write_text('{"prompt": "a", "completion": "b"}\n{"messages": [{"role": "user", "content": 7}]}\n')
    async with opened(seeded, (160, 48)) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.press("L")
        assert cockpit.status == "Reading the rows..."
        await cockpit.press("L")
        assert cockpit.status == "! The rows are being read."
        await cockpit.until_shown("rows.jsonl line 2: messages[0].content is a number", "Nothing was queued")
    assert len(every_state.by_name(seeded)) == 9


async def test_who_leaves_while_the_rows_are_read_is_told_on_the_list(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", "demo:chat")
        await cockpit.press("L", "q")
        await cockpit.until(lambda: "is queued." in cockpit.status, "it is said")
        assert type(cockpit.app.screen) is RunsScreen
    named = every_state.by_name(seeded)
    assert named["smollm2-chat"].state == "queued"


@covers(NewRunScreen, "1", "t", "question_mark", "q", "escape")
async def test_the_form_has_the_keys_of_all_screens(seeded: Home, keys: tuple[str, ...]) -> None:
    after = {"t": NewRunScreen, "question_mark": HelpScreen}
    async with opened(seeded) as cockpit:
        for key in keys:
            await open_form(cockpit)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, after.get(key, RunsScreen)), f"{key} leads on")
            await home_from(cockpit)


@covers(NewRunScreen, "F")
async def test_find_rate_queues_a_test_of_the_form_and_opens_it(
    seeded: Home, keys: tuple[str, ...], rows: Path
) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await set_knob(cockpit, "r", "4")
        await cockpit.go_to("[Run]")
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, RunScreen), "the test is open")
        await cockpit.until(lambda: "A test of the learning rate is queued" in cockpit.status, "it is said")
        await cockpit.until(lambda: "smollm2-rows lr-find" in cockpit.heading, "it is named")
    made = every_state.by_name(seeded)["smollm2-rows lr-find"]
    assert (made.state, made.kind, json.loads(made.config)["r"]) == ("queued", "lr-find", 4)
    assert json.loads(made.options or "") == {"lowest": 1e-7, "highest": 1.0, "steps": 100}


@covers(VaryAsk, "escape")
async def test_a_sweep_is_left_without_queueing(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await cockpit.press("V")
        await cockpit.until_shown("Queue runs of this form that differ in these knobs")
        await cockpit.press(*keys)
        await cockpit.until(lambda: cockpit.status == "Nothing was queued.", "it is left")


@covers(NewRunScreen, "V")
async def test_vary_asks_what_and_queues_all_combinations(seeded: Home, keys: tuple[str, ...], rows: Path) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.press(*keys)
        await cockpit.until_shown("Queue runs of this form")
        await cockpit.type("r=4,8 learning_rate=1e-4,3e-4")
        await cockpit.press("enter")
        await cockpit.until(shown(cockpit, RunScreen), "the first run is open")
        await cockpit.until(lambda: "The runs of the sweep are queued" in cockpit.status, "it is said")
    made = [json.loads(run.config) for run in every_state.by_name(seeded).values() if run.sweep_id]
    assert sorted((config["r"], config["learning_rate"]) for config in made) == [
        (4, 1e-4), (4, 3e-4), (8, 1e-4), (8, 3e-4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("varied", "said"),
    [("nope=1,2", "nope"), ("r=1..8", "r is a range"), ("r=8,,4", "r is empty"), ("3 r=4..64", "")],
    ids=["no knob", "a range in a grid", "no value", "by chance"],
)
async def test_what_cannot_be_varied_queues_nothing(seeded: Home, rows: Path, varied: str, said: str) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.press("V")
        await cockpit.until_shown("Queue runs of this form")
        await cockpit.type(varied)
        await cockpit.press("enter")
        if said:
            await cockpit.until(lambda: said in cockpit.status and "Nothing was queued" in cockpit.status, "it is told")
            await cockpit.press("V")
            await cockpit.until_shown(varied)
        else:
            await cockpit.until(shown(cockpit, RunScreen), "the first run is open")
    assert sum(bool(run.sweep_id) for run in every_state.by_name(seeded).values()) == (0 if said else 3)


async def test_a_bad_knob_starts_no_test_of_the_rate(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "r", "0")
        await cockpit.press("F")
        await cockpit.until(lambda: cockpit.status == "✗ Nothing was queued: 1 to mend, marked with !.", "told")
    assert not any(run.kind == "lr-find" for run in every_state.by_name(seeded).values())
