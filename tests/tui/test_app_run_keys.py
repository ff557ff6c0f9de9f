"""Every key of a run's screen does what its help says, or says why it can't."""

from dataclasses import replace

import every_state
import pytest
from cockpit import opened
from keyboard import asked_of, covers, form_values, home_from, is_dim, open_run, row_of, shown
from textual.widgets import ContentSwitcher
from tunedeck.store import database, trash
from tunedeck.store.paths import Home
from tunedeck.tui.screens.chart_grid import ChartGrid
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.playground import PlaygroundScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.run_keys import why_not
from tunedeck.tui.screens.runs import RunsScreen


@covers(RunScreen, "tab", "l", "right", "shift+tab", "h", "left")
async def test_panes_follow_each_other_in_a_ring(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    signs = {
        "scores": "loss", "samples": "> What are you?", "errors": "No evaluation yet", "log": "done",
        "events": "897 rows read", "config": "* prompts", "checkpoints": "step     200  05-28",
        "lineage": "<- this run", "charts": "gradient norm",
    }  # fmt: skip
    async with opened(seeded, (100, 110)) as cockpit:
        await open_run(cockpit, run)
        forward, backward = keys[:3], keys[3:]
        for at, (tab, sign) in enumerate(signs.items()):
            await cockpit.press(forward[at % 3])
            assert cockpit.app.screen.query_one(ContentSwitcher).current == tab
            await cockpit.until_shown(f"[{tab}]", sign)
        for at, tab in enumerate([*list(signs)[-2::-1], "charts"]):
            await cockpit.press(backward[at % 3])
            assert cockpit.app.screen.query_one(ContentSwitcher).current == tab


@covers(RunScreen, "right_square_bracket", "left_square_bracket", "L")
async def test_charts_are_enlarged_in_turn_and_the_axis_is_switched(seeded: Home, keys: tuple[str, ...]) -> None:
    onward, back, log_axis = keys
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("loss   ─ train", "gradient norm")
        await cockpit.press(onward, onward)
        await cockpit.until(lambda: "gradient norm" not in "\n".join(cockpit.picture()), "one chart is alone")
        await cockpit.until_shown("learning rate   1.82e-5")
        await cockpit.press(log_axis)
        assert cockpit.status == "! Only the loss has a logarithmic axis: [ leads to it."
        await cockpit.press(back, back)
        await cockpit.until_shown("loss   ─ train", "gradient norm")
        await cockpit.press(log_axis)
        assert cockpit.status == "The axis of the loss is logarithmic."
        assert cockpit.app.screen.query_one(ChartGrid)._log_y
        await cockpit.press("tab", onward)
        assert cockpit.status == "! The charts are another pane: tab goes there."
        await cockpit.until(lambda: is_dim(cockpit, "]"), "] is dim")


@covers(RunScreen, "plus", "minus", "0", "tilde")
async def test_charts_are_zoomed_and_smoothed(seeded: Home, keys: tuple[str, ...]) -> None:
    closer, out, everything, smooth = keys
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded, (120, 40)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("loss   ─ train", "gradient norm")
        before = await cockpit.until_still()
        await cockpit.press(closer, closer)
        assert cockpit.status == "The last 1/4 of what was trained and what is to come."
        assert [line for line in await cockpit.until_still() if "150" in line]
        await cockpit.press(out)
        assert cockpit.status.startswith("The last 1/2 ")
        await cockpit.press(everything, smooth)
        assert cockpit.status == "Noisy curves are means of 10 points."
        await cockpit.until_shown("─ raw")
        await cockpit.press(smooth, smooth, smooth)
        assert cockpit.status == "Curves are as measured."
        assert (await cockpit.until_still())[5:30] == before[5:30]
        await cockpit.press("tab", closer)
        assert cockpit.status == "! The charts are another pane: tab goes there."


@covers(RunScreen, "a")
async def test_charts_are_laid_along_tokens_and_time(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded, (120, 40)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("loss   ─ train", "resumed", "best", "200")
        await cockpit.press(*keys)
        assert cockpit.status == "Charts by tokens."
        await cockpit.until_shown("loss by tokens   ─ train", "resumed", "best", "120k")
        await cockpit.press(*keys)
        await cockpit.until_shown("loss by time   ─ train", "resumed", "best", "5m")
        await cockpit.press("+")
        await cockpit.until_shown("3m", "4m", "5m")
        await cockpit.press(*keys)
        assert cockpit.status == "Charts by steps."
        await cockpit.press("tab", *keys)
        assert cockpit.status == "! The charts are another pane: tab goes there."


@covers(RunScreen, "x", "less_than_sign", "comma", "greater_than_sign", "full_stop")
async def test_a_crosshair_reads_all_charts_at_one_step(seeded: Home, keys: tuple[str, ...]) -> None:
    switch, back, also_back, on, also_on = keys
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded, (120, 40)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("loss   ─ train")
        before = await cockpit.until_still()
        await cockpit.press(back)
        assert cockpit.status == "! There is no crosshair: x puts one into the charts."
        await cockpit.press(switch)
        await cockpit.until_shown("step 200  train 1.039  eval 1.327  base 2.8  rate 1.82e-5")
        await cockpit.press(back, also_back)
        await cockpit.until_shown("step 192  train 1.", "eval 1.341")
        await cockpit.press(on, also_on, on, "plus", "plus", "plus", "plus", back)
        await cockpit.until_shown("step 199")
        await cockpit.press("0", "tilde")
        await cockpit.until_shown("step 199  train 1.", "mean of 10 1.2")
        await cockpit.press("tilde", "tilde", "tilde", "a")
        await cockpit.until(lambda: "train 1.0" not in "\n".join(cockpit.picture()[-4:]), "it is gone on another axis")
        await cockpit.press(switch, back)
        await cockpit.until_shown("117,600 tokens")
        await cockpit.press(switch, "a", "a")
        assert (await cockpit.until_still())[5:30] == before[5:30]
        await cockpit.press("tab", switch)
        assert cockpit.status == "! The charts are another pane: tab goes there."


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["small", "large"])
async def test_a_crosshair_reads_every_curve_however_many_lines_that_takes(seeded: Home, size: tuple[int, int]) -> None:
    async with opened(seeded, size) as cockpit:
        await open_run(cockpit, every_state.by_name(seeded)["paused"])
        await cockpit.until_shown("f1_macro", "loss   ─ train")
        await cockpit.press("tilde", "x")
        await cockpit.until_shown("step 100", "mean of 10", "f1_macro 0.8", "retention cka 0.95", "memory GB 1.55")


async def test_an_axis_that_an_older_version_did_not_record_is_told(seeded: Home) -> None:
    run = every_state.by_name(seeded)["finished"]
    for name, told in (("train_seconds", "time"), ("num_input_tokens_seen", "")):
        db = database.connect(seeded)
        db.execute("DELETE FROM metric WHERE key_id = (SELECT id FROM metric_key WHERE name = ?)", (name,))
        db.close()
        async with opened(seeded, (120, 40)) as cockpit:
            await open_run(cockpit, run)
            await cockpit.until_shown("loss   ─ train")
            await cockpit.press("a")
            if told:
                assert cockpit.status == f"Charts by tokens. Not recorded of this run: {told}."
            else:
                assert cockpit.status == "! Only steps are recorded of this run, neither tokens nor time."


@covers(RunScreen, "S", "E", "s")
async def test_a_running_run_is_asked(seeded: Home, keys: tuple[str, ...]) -> None:
    save, evaluate, stop = keys
    run = every_state.by_name(seeded)["learns"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.press(save)
        await cockpit.until(lambda: cockpit.status == "learns will save after this step.", "it is said")
        await cockpit.press(evaluate)
        await cockpit.until(lambda: cockpit.status == "learns will evaluate after this step.", "it is said")
        await cockpit.press(stop, "y")
        await cockpit.until_shown("● stopping, training")
    assert asked_of(seeded, run) == ["save", "evaluate", "stop"]


@pytest.mark.parametrize("key", ["S", "E", "s"])
async def test_a_run_that_ended_is_not_asked(seeded: Home, key: str) -> None:
    run = every_state.by_name(seeded)["diverged"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.press(key)
        assert cockpit.status.startswith("! diverged is failed: ")
    assert asked_of(seeded, run) == []


@covers(RunScreen, "r", "y")
async def test_a_run_is_resumed_and_its_id_copied_from_its_own_screen(seeded: Home, keys: tuple[str, ...]) -> None:
    resume, copy = keys
    run = every_state.by_name(seeded)["diverged"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("✗ failed", "max_grad_norm may keep it finite")
        await cockpit.press(copy)
        await cockpit.until(lambda: cockpit.app.clipboard == run.id, "the id is copied")
        await cockpit.press(resume)
        await cockpit.until_shown("◌ queued")
        assert "may keep it finite" not in "\n".join(cockpit.picture())
    assert row_of(seeded, run).state == "queued"


@covers(RunScreen, "f", "T")
async def test_a_run_is_forked_and_started_from_on_its_own_screen(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        for key, model in zip(keys, ("demo:smollm2", f"run:{run.id}"), strict=True):
            await open_run(cockpit, run)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            assert form_values(cockpit)["model"] == model
            await home_from(cockpit)


@covers(RunScreen, "e")
async def test_an_export_of_what_is_not_there_is_refused_with_the_reason(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["diverged"]
    async with opened(seeded, (160, 30)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.press(*keys)
        await cockpit.until_shown("Export the newest weights of diverged", "> adapter")
        await cockpit.press("enter")
        await cockpit.until(lambda: cockpit.status.startswith("✗ ") and "diverged" in cockpit.status, "it is refused")


@covers(RunScreen, "1", "n", "5", "t", "question_mark", "q", "escape")
async def test_a_runs_screen_has_the_keys_of_all_screens(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    after = {
        "1": RunsScreen, "n": NewRunScreen, "5": NewRunScreen, "t": RunScreen, "question_mark": HelpScreen,
        "q": RunsScreen, "escape": RunsScreen,
    }  # fmt: skip
    async with opened(seeded) as cockpit:
        for key in keys:
            await open_run(cockpit, run)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, after[key]), f"{key} leads to {after[key].__name__}")
            await home_from(cockpit)


async def test_a_classifier_shows_its_own_metrics_and_what_it_keeps(seeded: Home) -> None:
    run = every_state.by_name(seeded)["paused"]
    async with opened(seeded, (160, 48)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("f1_macro 0.300 → 0.800", "transfer from diverged@40")
        await cockpit.until_shown("accuracy   0.9000", "retention drift   0.1000", "retention cka", "gradient norm")
        await cockpit.press("]", "]")
        await cockpit.until(lambda: "retention" not in "\n".join(cockpit.picture()), "one chart is alone")
        await cockpit.until_shown("f1_macro   0.8000   ┄ base 0.3000")


async def test_the_rows_that_are_most_wrong_come_first(seeded: Home) -> None:
    run = every_state.by_name(seeded)["paused"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.press("tab", "tab", "tab")
        await cockpit.until_shown("the 2 worst held-out rows at step 100", "line 5   loss 3.000", "predicted good")
        picture = "\n".join(cockpit.picture())
        assert picture.index("line 5") < picture.index("line 2")
        (seeded.run(run.id).predictions / "step-00000100.parquet").write_bytes(b"PAR1 and nothing else")
        await cockpit.press("tab", "shift+tab")
        await cockpit.until_shown("step-00000100.parquet can't be read: ")


@covers(RunScreen, "P")
async def test_a_key_leads_to_the_playground_with_this_run(seeded: Home, keys: tuple[str, ...]) -> None:
    by_name = every_state.by_name(seeded)
    async with opened(seeded) as cockpit:
        await open_run(cockpit, by_name["waits"])
        await cockpit.press(*keys)
        assert cockpit.status == "! waits waits in the queue: it has no weights yet."
        await cockpit.press("q")
        await open_run(cockpit, by_name["finished"])
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, PlaygroundScreen), "the playground is open")
        await cockpit.until_shown("PLAYGROUND")


@covers(RunsScreen, "P")
async def test_the_playground_is_reached_from_the_list(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, PlaygroundScreen), "the playground is open")


@pytest.mark.parametrize("action", ["ask", "transfer", "export"])
def test_only_a_run_that_has_weights_can_pass_them_on(seeded: Home, action: str) -> None:
    trained = every_state.by_name(seeded)["finished"]
    assert why_not(action, replace(trained, kind="lr-find")) == (
        "finished is no training: it has no weights of its own."
    )
    assert why_not(action, replace(trained, state="queued")) == "", "queued again, it has its checkpoints"
    never = replace(trained, state="queued", total_steps=None)
    assert why_not(action, never) == "finished waits in the queue: it has no weights yet."


async def test_what_a_run_gained_stands_with_why_it_ended(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_run(cockpit, every_state.by_name(seeded)["finished"])
        await cockpit.until_shown("stopped early at step 200: ", "gained 1.47 loss on the task")


async def test_a_run_whose_files_are_gone_for_good_is_told(seeded: Home) -> None:
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        db = database.connect(seeded)
        trash.delete(db, seeded, run)
        trash.empty(db, seeded)
        db.close()
        await cockpit.until(lambda: cockpit.status.startswith(f"✗ There is no run '{run.id}'."), "it is said")
        await cockpit.press("q")
        await cockpit.until_shown("2 running, 1 queued, 5 ended")
