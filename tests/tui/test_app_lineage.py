"""Lineage: the tree, what can be done from its lines, and what a run's own screen and the verbs say of it."""

import json
import sqlite3

import every_state
import pytest
from cockpit import Cockpit, opened
from command import say
from hostile import SIGNS, check, fuzzed
from keyboard import covers, form_values, home_from, shown
from pictures import compare
from tunedeck.store import attempts, database, datasets, exports, launch, metrics, runs, trash
from tunedeck.store.config import checked
from tunedeck.store.datasets import NewDataset
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.screens.export import ExportAsk
from tunedeck.tui.screens.lineage import LineageScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.playground import PlaygroundScreen
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.widgets.table import Table

BASE = "base:demo:smollm2"


@pytest.fixture
def kindred(seeded: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The runs of every state, with a fork, a sweep, an export and a version of data, and one in the trash."""
    monkeypatch.setenv("TUNEDECK_HOME", str(seeded.root))
    db = database.connect(seeded)
    known = {run.name: run for run in runs.listed(db)}
    add(db, seeded, "like finished", known["finished"])
    db.execute(
        "INSERT INTO sweep (id, name, config, space, sampler, seed, metric, trials, prune, created_at, ended_at,"
        " summary) VALUES ('s1', 'rates', '{}', '[\"r\"]', 'grid', 1, 'eval_loss', 2, 0, 0, 1, 'The best is r=16.')"
    )
    for r in (8, 16):
        run = add(db, seeded, f"rates r={r}")
        db.execute("UPDATE run SET sweep_id = 's1' WHERE id = ?", (run.id,))
        metrics.write(db, attempts.start(db, run.id).id, [("eval_loss", 0, 1.0), ("eval_loss", 10, 2 - r / 10)])
    exports.note(db, known["finished"].id, "gguf", "/srv/models/finished", 200)
    version(db, seeded, known["paused"])
    trash.delete(db, seeded, known["diverged"])
    db.close()
    return seeded


def add(db: sqlite3.Connection, home: Home, name: str, like: Run | None = None) -> Run:
    config = checked({"name": name, "data": "demo:chat", "model": "demo:smollm2"})
    run = launch.queue(db, home, config, forked_from=like.id if like else None)
    runs.withdraw(db, run)
    return run


def version(db: sqlite3.Connection, home: Home, maker: Run) -> None:
    made = home.root / "made.parquet"
    made.write_bytes(b"rows")
    operation = json.dumps({"op": "add", "reason": f"run {maker.id}", "sentence": "2 synthetic rows added"})
    datasets.add(db, home, NewDataset("films", "", "films@v1", operation, "x.csv", 2, 0, "sha"), made)


async def open_lineage(cockpit: Cockpit) -> None:
    await cockpit.press("6")
    await cockpit.until(shown(cockpit, LineageScreen), "the lineage is open")
    await cockpit.until_shown("LINEAGE   ")


def keys_of(cockpit: Cockpit) -> list[str]:
    return [row.key for row in cockpit.app.screen.query_one(Table).rows]


async def test_the_tree_looks_as_it_should(kindred: Home) -> None:
    async with opened(kindred) as cockpit:
        await open_lineage(cockpit)
        await compare(cockpit, "lineage")


@covers(LineageScreen, "enter")
async def test_enter_opens_what_a_line_is(kindred: Home, keys: tuple[str, ...]) -> None:
    known = every_state.by_name(kindred)
    after = {
        BASE: NewRunScreen, known["finished"].id: RunScreen, "data:films@v1": RowsScreen,
    }  # fmt: skip
    async with opened(kindred) as cockpit:
        for key, screen in after.items():
            await open_lineage(cockpit)
            await cockpit.go_to(key)
            await cockpit.press(*keys)
            await cockpit.until(shown(cockpit, screen), f"{key} opens {screen.__name__}")
            await home_from(cockpit)
        await open_lineage(cockpit)
        await cockpit.go_to(next(key for key in keys_of(cockpit) if key.startswith("export:")))
        await cockpit.press(*keys)
        assert cockpit.status == "! An export is a folder outside of tunedeck: y copies its name."
        sweep = next(key for key in keys_of(cockpit) if key.startswith("sweep:"))
        await cockpit.go_to(sweep)
        await cockpit.press(*keys)
        await cockpit.until(lambda: known["rates r=8"].id in keys_of(cockpit), "the sweep is unfolded")


@covers(LineageScreen, "n", "5")
async def test_a_run_is_set_up_from_a_model(kindred: Home, keys: tuple[str, ...]) -> None:
    async with opened(kindred) as cockpit:
        for key in keys:
            await open_lineage(cockpit)
            await cockpit.go_to(BASE)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            assert form_values(cockpit)["model"] == "demo:smollm2"
            await home_from(cockpit)


@covers(LineageScreen, "f", "T", "e")
async def test_a_run_is_forked_started_from_and_exported(kindred: Home, keys: tuple[str, ...]) -> None:
    fork, transfer, export = keys
    run = every_state.by_name(kindred)["finished"]
    async with opened(kindred) as cockpit:
        await open_lineage(cockpit)
        for key, model in ((fork, "demo:smollm2"), (transfer, f"run:{run.id}")):
            await cockpit.go_to(run.id)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            assert form_values(cockpit)["model"] == model
            await cockpit.press("q")
            await cockpit.until(shown(cockpit, LineageScreen), "the lineage is open again")
        await cockpit.press(export)
        await cockpit.until(shown(cockpit, ExportAsk), "the question is asked")
        await cockpit.press("escape")
        await cockpit.go_to(BASE)
        await cockpit.press(fork)
        assert cockpit.status == "! This line is no run: go to one with j or k."


@covers(LineageScreen, "P")
async def test_the_model_of_a_run_in_the_tree_is_asked(kindred: Home, keys: tuple[str, ...]) -> None:
    async with opened(kindred) as cockpit:
        await open_lineage(cockpit)
        await cockpit.go_to(every_state.by_name(kindred)["finished"].id)
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, PlaygroundScreen), "the playground is open")


async def test_a_form_opened_by_fork_notes_the_run(kindred: Home, db: sqlite3.Connection) -> None:
    run = every_state.by_name(kindred)["finished"]
    async with opened(kindred) as cockpit:
        await open_lineage(cockpit)
        await cockpit.go_to(run.id)
        await cockpit.press("f")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        form = cockpit.app.screen
        assert isinstance(form, NewRunScreen) and form.forked_from == run.id


@covers(LineageScreen, "z", "Z", "h", "left", "l", "right")
async def test_lines_are_folded_and_unfolded(kindred: Home, keys: tuple[str, ...]) -> None:
    fold, fold_all, *sideways = keys
    known = every_state.by_name(kindred)
    async with opened(kindred, (100, 40)) as cockpit:
        await open_lineage(cockpit)
        await cockpit.go_to(known["finished"].id)
        below = known["like finished"].id
        for away, back in ((fold, fold), (sideways[0], sideways[2]), (sideways[1], sideways[3])):
            await cockpit.press(away)
            await cockpit.until(lambda: below not in keys_of(cockpit), "it is folded")
            await cockpit.until_shown("finished  (+2)")
            await cockpit.press(back)
            await cockpit.until(lambda: below in keys_of(cockpit), "it is unfolded")
        await cockpit.go_to(below)
        await cockpit.press(sideways[0])
        assert cockpit.app.screen.query_one(Table).cursor_key == known["finished"].id
        await cockpit.go_to(below)
        await cockpit.press(fold)
        assert cockpit.status == "! Nothing came from it that could be folded."
        await cockpit.press(fold_all)
        await cockpit.until(lambda: keys_of(cockpit) == [BASE], "only the model is left")
        await cockpit.press(fold_all)
        await cockpit.until(lambda: below in keys_of(cockpit), "everything is there again")


@covers(LineageScreen, "y")
async def test_what_a_line_is_called_is_copied(kindred: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(kindred)["finished"]
    async with opened(kindred) as cockpit:
        await open_lineage(cockpit)
        export = next(key for key in keys_of(cockpit) if key.startswith("export:"))
        called = {
            BASE: "demo:smollm2",
            run.id: run.id,
            export: "/srv/models/finished",
            "data:films@v1": "data:films@v1",
        }
        for key, name in called.items():
            await cockpit.go_to(key)
            await cockpit.press(*keys)
            await cockpit.until(lambda name=name: cockpit.app.clipboard == name, f"{name} is copied")


async def test_a_run_in_the_trash_is_told_and_left_alone(kindred: Home) -> None:
    async with opened(kindred) as cockpit:
        await open_lineage(cockpit)
        paused = every_state.by_name(kindred)["paused"]
        await cockpit.go_to(paused.id)
        await cockpit.until_shown("Starts from the weights of step 40 of diverged, which is in the trash.")
        await cockpit.press("h", "h", "h", "k")
        await cockpit.go_to(str(paused.parent_run))
        for key in ("enter", "f", "T"):
            await cockpit.press(key)
            assert cockpit.status == (f"! diverged is in the trash: tunedeck restore {paused.parent_run} takes it out.")


async def test_where_there_is_nothing_it_says_what_to_do(home: Home) -> None:
    database.connect(home).close()
    async with opened(home) as cockpit:
        await open_lineage(cockpit)
        await cockpit.until_shown("No runs yet: n sets one up, and what comes of it grows here.")
        await cockpit.press("f")
        assert cockpit.status == "! No runs yet: n sets one up, and what comes of it grows here."


async def test_in_ascii_the_guides_are_drawn_with_ascii(kindred: Home) -> None:
    async with opened(kindred, ascii_only=True) as cockpit:
        await open_lineage(cockpit)
        await cockpit.until_shown("|  |- export gguf", "|  +. # like finished")
        assert "\n".join(await cockpit.until_still()).isascii()


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(LineageScreen)
async def test_the_lineage_shows_hostile_text_as_text(kind: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNEDECK_HOME", str(home.root))
    text = every_state.HOSTILE[kind]
    every_state.fill_hostile(home, text)
    db = database.connect(home)
    for run in runs.listed(db):
        exports.note(db, run.id, f"merged {text}", text)
        db.execute("UPDATE run SET config = json_set(config, '$.model', ?) WHERE id = ?", (f"m {text}", run.id))
    db.close()
    async with opened(home, (140, 40)) as cockpit:
        await open_lineage(cockpit)
        for _ in range(4):
            await check(cockpit, SIGNS[kind])
            await cockpit.press("j")


# the verbs


def test_the_verb_draws_the_same_tree(kindred: Home) -> None:
    known = every_state.by_name(kindred)
    told = say("lineage").stdout
    assert "│  ├─ export gguf in /srv/models/finished" in told
    assert "│  └┄ ■ like finished" in told and "set up like it" in told
    assert "╘═ ■ paused" in told and "its weights of step 40" in told
    assert "sweep rates" in told and "2 runs                  loss 0.400@10\n" in told
    assert say("lineage", "--ascii").stdout.isascii()
    family = json.loads(say("lineage", "paused", "--json").stdout)
    assert [line["kind"] for line in family] == ["base", "run", "run", "data"]
    paused = family[2]
    assert (paused["run"], paused["parent_run"]) == (known["paused"].id, known["paused"].parent_run)
    assert paused["best"] == {"name": "eval_f1_macro", "value": 0.8, "step": 100}


def test_without_runs_the_verb_says_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNEDECK_HOME", str(home.root))
    assert say("lineage").stdout.startswith("There are no runs yet.")
    assert json.loads(say("lineage", "--json").stdout) == []
