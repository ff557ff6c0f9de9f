"""The Models screen, driven by keys: what a run can start from, and the way into the form."""

from pathlib import Path

import every_state
import pytest
from asked import patient  # noqa: F401 - a fixture
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, form_values, is_dim, shown
from pictures import LARGE, SMALL, compare
from shelved import cached, hub_cache  # noqa: F401 - a fixture
from tunedeck.store.paths import Home
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.models import ModelsScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.palette import PaletteScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.table import Table

pytestmark = pytest.mark.usefixtures("patient", "hub_cache")


async def open_models(cockpit: Cockpit) -> None:
    """The screen, once everything is listed."""
    await cockpit.press("4")
    await cockpit.until(shown(cockpit, ModelsScreen), "the list is open")
    await cockpit.until_shown("MODELS   4 models")
    await cockpit.until(lambda: not cockpit.app.screen.why_not("read"), "all are found")  # pyright: ignore


def names(cockpit: Cockpit) -> list[str]:
    return [row.key for row in cockpit.app.screen.query_one(Table).rows]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_the_list_looks_as_it_did(home: Home, size: tuple[int, int]) -> None:
    async with opened(home, size) as cockpit:
        await open_models(cockpit)
        await cockpit.go_to("demo:minilm")
        await compare(cockpit, "models", size)


async def test_the_model_under_the_cursor_is_told_in_words(home: Home) -> None:
    async with opened(home, LARGE) as cockpit:
        await open_models(cockpit)
        await cockpit.go_to("some/writer")
        await cockpit.until_shown(
            "LlamaForCausalLM. Suits causal-lm, sequence-classification.", "Trains here with LoRA and in full"
        )


@covers(ModelsScreen, "enter", "n", "5")
async def test_a_run_is_set_up_with_the_model(home: Home, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_models(cockpit)
        for key in keys:
            await cockpit.go_to("some/reader")
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            values = form_values(cockpit)
            assert (values["model"], values["task"]) == ("some/reader", "sequence-classification")
            await cockpit.press("q")
            await cockpit.until(shown(cockpit, ModelsScreen), "the list is back")


@pytest.mark.parametrize("key", ["n", "5"])
async def test_a_run_is_set_up_though_no_model_is_listed_yet(home: Home, key: str) -> None:
    async with opened(home) as cockpit:
        await cockpit.press("4", key)
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        assert form_values(cockpit)["model"] == "demo:smollm2"


@covers(ModelsScreen, "slash", "o")
async def test_models_are_filtered_by_words_and_ordered(home: Home, keys: tuple[str, ...]) -> None:
    slash, order = keys
    async with opened(home) as cockpit:
        await open_models(cockpit)
        await cockpit.press(order)
        assert names(cockpit) == ["demo:minilm", "demo:smollm2", "some/reader", "some/writer"]
        await cockpit.press(order)
        assert names(cockpit)[:2] == ["some/writer", "some/reader"]
        await cockpit.press(slash)
        await cockpit.until(shown(cockpit, LineAsk), "it asks")
        await cockpit.type("bert hub")
        await cockpit.press("enter")
        await cockpit.until_shown("MODELS   1 model with bert hub")
        assert names(cockpit) == ["some/reader"]
        await cockpit.press(slash)
        await cockpit.type(" nobody")
        await cockpit.press("enter")
        await cockpit.until_shown("No model has all of these words")
        await cockpit.press("y")
        assert cockpit.status == "! There is no model under the cursor."
        await cockpit.press(slash, "escape")
        assert names(cockpit) == []


@covers(ModelsScreen, "s")
async def test_a_search_says_that_the_hub_cannot_be_asked(home: Home, keys: tuple[str, ...]) -> None:
    async with opened(home, (120, 24)) as cockpit:
        await open_models(cockpit)
        await cockpit.press(*keys, "enter")
        await cockpit.until_shown("There is nothing to search for.")
        await cockpit.type("smollm2")
        await cockpit.press("enter")
        await cockpit.until_shown("The search failed: HF_HUB_OFFLINE keeps the hub from being asked.")
        assert len(names(cockpit)) == 4


@covers(ModelsScreen, "f", "y")
async def test_only_demo_parts_are_fetched(
    home: Home, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fetch, copy = keys
    # A cache that can't be written: the engine says so before it asks for anything.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TUNEDECK_CACHE", str(tmp_path / "file"))
    async with opened(home, (120, 24)) as cockpit:
        await open_models(cockpit)
        await cockpit.go_to("some/reader")
        assert is_dim(cockpit, fetch)
        await cockpit.press(fetch)
        assert cockpit.status == "! some/reader is no demo part: a run fetches what it needs of the hub."
        await cockpit.go_to("demo:minilm")
        await cockpit.press(fetch)
        assert cockpit.status == "demo:minilm is being fetched..."
        await cockpit.press(fetch)
        await cockpit.until_shown("demo:minilm can't be made in")
        await cockpit.press(copy)
        await cockpit.until_shown("The name demo:minilm")


@covers(ModelsScreen, "colon", "ctrl+p")
async def test_every_action_stands_in_the_palette_too(home: Home, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_models(cockpit)
        for key in keys:
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, PaletteScreen), "the palette is open")
            await cockpit.press("escape")
            await cockpit.until(shown(cockpit, ModelsScreen), "the list is back")


@covers(ModelsScreen, "r", "t", "question_mark", "1", "2", "q", "escape", "3", "6", "7", "8")
async def test_models_are_looked_for_again_and_left(
    home: Home,
    keys: tuple[str, ...],
    hub_cache: Path,  # noqa: F811
) -> None:
    async with opened(home) as cockpit:
        await open_models(cockpit)
        cached(hub_cache, "some/new", 32, model_type="bert")
        await cockpit.press("r")
        await cockpit.until_shown("some/new")
        await cockpit.press("t", "question_mark")
        await cockpit.until(shown(cockpit, HelpScreen), "the help is open")
        await cockpit.press("q")
        for key in ("1", "q", "escape"):
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, RunsScreen), "the runs are back")
            await cockpit.press("4")
            await cockpit.until(shown(cockpit, ModelsScreen), "the list is open")
        for key in ("2", "3", "6", "7", "8"):
            await cockpit.press(key)
            await cockpit.until(lambda: not shown(cockpit, ModelsScreen)(), "another screen is open")
            await cockpit.press("4")
            await cockpit.until(shown(cockpit, ModelsScreen), "the list is back")


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(ModelsScreen)
async def test_hostile_text_of_a_model_is_shown_as_text(kind: str, home: Home, hub_cache: Path) -> None:  # noqa: F811
    text = every_state.HOSTILE[kind]
    cached(hub_cache, "some/hostile", 64, model_type="bert", architectures=[text])
    async with opened(home, (140, 50)) as cockpit:
        await cockpit.press("4")
        await cockpit.go_to("some/hostile")
        await check(cockpit, SIGNS[kind])


async def test_ascii_is_all_that_is_shown_where_no_more_is_wanted(home: Home) -> None:
    async with opened(home, ascii_only=True) as cockpit:
        await open_models(cockpit)
        assert "\n".join(cockpit.picture()).isascii()
