"""The playground, driven by keys: who is asked, what is said, what is kept, and that no engine outlives its screen."""

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import every_state
import pytest
from asked import patient, reader
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, is_dim, shown
from pictures import LARGE, SMALL, compare
from played import CHAT, Script, stand_in, tiny_model, tuned_run
from textual.widgets import Input
from tunedeck.store import database, samples
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.playground import PlaygroundScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.marked_pane import MarkedPane

__all__ = ["patient", "reader", "stand_in"]

SLOW: list[dict[str, Any]] = [
    {"which": "tuned", "piece": "It goes on and"},
    {"waits": True},
    {"which": "tuned", "done": True, "text": "It goes on and", "tokens": 4, "seconds": 1.0, "stopped": "asked"},
    {"which": "base", "done": True, "text": "", "tokens": 0, "seconds": 0.0, "stopped": "asked"},
]


def playground(cockpit: Cockpit) -> PlaygroundScreen:
    screen = cockpit.app.screen
    assert isinstance(screen, PlaygroundScreen)
    return screen


async def open_talk(cockpit: Cockpit, *prompts: str, what: str = "tiny") -> None:
    """The talk is ready, and each of the prompts is answered."""
    cockpit.app.push_screen(PlaygroundScreen(what))
    await cockpit.until(shown(cockpit, PlaygroundScreen), "the playground is open")
    await cockpit.until_shown(" parameters, ")
    for prompt in prompts:
        await cockpit.type(prompt)
        await cockpit.press("enter")
    await cockpit.until(lambda: is_answered(cockpit, len(prompts)), "every prompt is answered")


def is_answered(cockpit: Cockpit, count: int) -> bool:
    talk = playground(cockpit).talk
    return talk is not None and len(talk.exchanges) == count and not talk.is_answering


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until_dead(pid: int) -> None:
    for _ in range(200):
        if not is_alive(pid):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the engine outlives the app")


def engine_of(cockpit: Cockpit) -> int:
    talk = playground(cockpit).talk
    assert talk is not None and talk._conversation is not None and talk._conversation.process is not None
    return talk._conversation.process.pid


def pane(cockpit: Cockpit, which: str) -> str:
    return cockpit.app.screen.query_one(f"#{which}", MarkedPane).text


# how it looks


async def test_who_can_be_asked_is_listed(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("7")
        await cockpit.until_shown("whom to ask?", "demo:smollm2", "finished")
        assert is_dim(cockpit, "*")
        for key in ("asterisk", "tab"):
            await cockpit.press(key)
            assert cockpit.status == "! Nobody is asked yet: enter opens a run or a model."
            await cockpit.press("j")
            cockpit.app.say("")
        await cockpit.pilot.resize_terminal(120, 24)
        await cockpit.until_shown("classify", "diverged@40")
        await cockpit.press("q")
        await cockpit.until(shown(cockpit, RunsScreen), "the list of runs is back")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_base_and_tuned_are_side_by_side(home: Home, stand_in: Script, size: tuple[int, int]) -> None:
    async with opened(home, size) as cockpit:
        await open_talk(cockpit, "My router is slow.", "And now?")
        await cockpit.press("escape")
        await compare(cockpit, "playground", size)


@pytest.mark.parametrize("task", ["sequence-classification", "token-classification", "question-answering"])
async def test_each_task_has_answers_of_its_own(home: Home, stand_in: Script, task: str) -> None:
    text = "Ada Lovelace lived in London."
    answers: dict[str, list[dict[str, Any]]] = {
        "sequence-classification": [
            {"text": "bad 0.91", "probabilities": {"good": 0.06, "so-so": 0.03, "bad": 0.91}},
            {"text": "good 0.34", "probabilities": {"good": 0.34, "so-so": 0.33, "bad": 0.33}},
        ],
        "token-classification": [
            {"of": text, "text": "PER: Ada Lovelace; LOC: London", "entities": [
                {"start": 0, "end": 12, "type": "PER", "score": 0.98},
                {"start": 22, "end": 28, "type": "LOC", "score": 0.75},
            ]},
            {"of": text, "text": "(no entities)", "entities": []},
        ],
        "question-answering": [
            {"of": text, "answer": "London", "text": "London", "start": 22, "end": 28, "score": 7, "null_score": 1},
            {"of": text, "answer": "", "text": "(no answer)", "start": None, "end": None, "score": 1, "null_score": 2},
        ],
    }  # fmt: skip
    whose = ("tuned", "base")
    told = [
        {"which": which, "done": True, "seconds": 0.021, **one} for which, one in zip(whose, answers[task], strict=True)
    ]
    stand_in(told, task=task, prompts=[f"Where did Ada live?\n{text}"])
    async with opened(home) as cockpit:
        await open_talk(cockpit, "Where is she?")
        await cockpit.press("escape")
        await compare(cockpit, f"playground-{task}", SMALL)
        if task == "question-answering":
            talk = playground(cockpit).talk
            assert talk and talk.exchanges[0].prompt == f"Where is she?\n{text}"


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(PlaygroundScreen)
async def test_hostile_answers_are_shown_as_text(home: Home, stand_in: Script, kind: str) -> None:
    text = every_state.HOSTILE[kind]
    whole = {"done": True, "seconds": 1.0, "tokens": 3, "stopped": "end", "text": f"{text}\n{text}"}
    answers = [{"which": which, **one} for which in ("tuned", "base") for one in ({"piece": text}, whole)]
    stand_in(answers, name=f"name {text}", base=f"base {text}", prompts=[text], notes=[f"note {text}"])
    async with opened(home, (140, 60)) as cockpit:
        await open_talk(cockpit)
        await check(cockpit, SIGNS[kind])
        await cockpit.press("up", "enter")
        await cockpit.until(lambda: is_answered(cockpit, 1), "it is answered")
        await check(cockpit, SIGNS[kind])
        stand_in([{"error": f"error {text}"}])
        await cockpit.press("escape", "o")
        await check(cockpit, "whom to ask?")
    labels = {which: {"which": which, "done": True, "seconds": 1, "text": text, "probabilities": {text: 1.0}}
              for which in ("tuned", "base")}  # fmt: skip
    stand_in(list(labels.values()), task="sequence-classification")
    async with opened(home, (140, 60)) as cockpit:
        await open_talk(cockpit, "a")
        await check(cockpit, SIGNS[kind][:14])


# every key


@covers(PlaygroundScreen, "enter", "i", "escape", "tab", "up", "down")
async def test_prompts_are_written_and_recalled(home: Home, stand_in: Script, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_talk(cockpit, "My router?")
        field = cockpit.app.screen.query_one(Input)
        await cockpit.press("up")
        assert field.value == "My router?"
        await cockpit.press("up", "up", "up")
        assert field.value == "What are you?"
        await cockpit.press("down")
        assert field.value == "Who wrote Hamlet?"
        await cockpit.press("enter")
        await cockpit.until(lambda: is_answered(cockpit, 2), "it is answered")
        await cockpit.press("escape")
        assert not field.has_focus
        for key in ("i", "enter"):
            await cockpit.press(key)
            assert field.has_focus
            await cockpit.press("escape")
        await cockpit.press("tab", "tab")
        assert cockpit.app.focused is cockpit.app.screen.query_one("#base")
        await cockpit.press("tab", "tab")
        assert field.has_focus


@covers(PlaygroundScreen, "asterisk", "left_square_bracket", "right_square_bracket", "r")
async def test_all_prompts_are_asked_and_looked_back_on(home: Home, stand_in: Script, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_talk(cockpit)
        await cockpit.press("escape")
        await cockpit.press("left_square_bracket")
        assert cockpit.status == "! Nothing was asked yet."
        await cockpit.press("r")
        assert cockpit.status == "! There is no whole answer yet."
        await cockpit.press("asterisk")
        await cockpit.until(lambda: is_answered(cockpit, 2), "both are answered")
        await cockpit.until_shown("2/2  Who wrote Hamlet?")
        await cockpit.press("left_square_bracket")
        await cockpit.until_shown("1/2  What are you?")
        await cockpit.press("r")
        await cockpit.until(lambda: is_answered(cockpit, 3), "the first is answered again")
        await cockpit.until_shown("3/3  What are you?")
        await cockpit.press("right_square_bracket")
        await cockpit.until_shown("1/3  What are you?")


async def test_an_engine_that_fails_is_told(home: Home, stand_in: Script) -> None:
    stand_in(error={"what": "There is no run 'tiny'.", "next_step": "Look.", "kind": "NotFoundError"})
    async with opened(home) as cockpit:
        cockpit.app.push_screen(PlaygroundScreen("tiny"))
        await cockpit.until_shown("There is no run 'tiny'. Look.", "the same again.")
        await cockpit.type("Hi")
        await cockpit.press("enter")
        assert "The talk has ended" in cockpit.status


@covers(PlaygroundScreen, "s")
async def test_an_answer_is_stopped(home: Home, stand_in: Script, keys: tuple[str, ...]) -> None:
    stand_in(SLOW)
    async with opened(home) as cockpit:
        await open_talk(cockpit)
        for key in ("escape", "s"):
            cockpit.app.screen.query_one(Input).focus()
            await cockpit.type("Hi")
            await cockpit.press("enter")
            await cockpit.until_shown("It goes on and")
            if key == "s":
                cockpit.app.screen.set_focus(None)
            await cockpit.press(key)
            await cockpit.until(lambda: not playground(cockpit).talk.is_answering, "it is stopped")  # type: ignore
            await cockpit.until_shown("4 tokens, 4/s, stopped")
        cockpit.app.screen.set_focus(None)
        await cockpit.press("S")
        assert cockpit.status == "! This is no run: a model has no samples."
        await cockpit.press("s")
        assert cockpit.status == "! Nothing is being written."


@covers(PlaygroundScreen, "plus", "minus", "e")
async def test_settings_are_sent_with_the_next_prompt(home: Home, stand_in: Script, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_talk(cockpit, "Hi")
        await cockpit.press("escape", "minus")
        assert "temperature 0 (greedy), up to 48 tokens" in cockpit.heading
        await cockpit.press("plus", "plus", "minus", "plus")
        assert "temperature 0.2, top_p 1, seed 42, up to 48 tokens" in cockpit.heading
        await cockpit.press("e")
        await cockpit.until(shown(cockpit, LineAsk), "the settings are asked")
        field = cockpit.app.screen.query_one(Input)
        assert field.value == "temperature=0.2 top_p=1 seed=42 max_new_tokens=48"
        field.value = "temperature=hot"
        await cockpit.press("enter")
        await cockpit.until_shown("temperature is 'hot', expected 0 to 100.")
        field.value = "temperature=0.7 seed=7 max_new_tokens=9"
        await cockpit.press("enter")
        await cockpit.until(lambda: "temperature 0.7, top_p 1, seed 7, up to 9" in cockpit.heading, "they are set")
        await cockpit.press("r")
        await cockpit.until(lambda: is_answered(cockpit, 2), "it is asked again")
        talk = playground(cockpit).talk
        assert talk and talk.exchanges[1].request == {
            "id": 2, "prompt": "Hi", "temperature": 0.7, "top_p": 1.0, "seed": 8, "max_new_tokens": 9,
        }  # fmt: skip


@covers(PlaygroundScreen, "y", "w", "o")
async def test_answers_are_copied_and_written(
    home: Home, stand_in: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(home) as cockpit:
        await open_talk(cockpit, "Hi")
        await cockpit.press("escape", "y")
        await cockpit.until(lambda: cockpit.app.clipboard == CHAT[2]["text"], "it is copied")
        await cockpit.press("w")
        file = tmp_path / "playground-router-help.jsonl"
        await cockpit.until(file.exists, "it is written")
        row = json.loads(file.read_text())
        assert (row["prompt"], row["tuned"], row["base"]) == ("Hi", CHAT[2]["text"], CHAT[4]["text"])
        assert (row["base_model"], row["temperature"], row["step"]) == ("demo:smollm2", 0.0, 1200)
        engine = engine_of(cockpit)
        await cockpit.press("o")
        await cockpit.until_shown("whom to ask?", "demo:smollm2")
        await cockpit.until(lambda: not is_alive(engine), "its engine has ended")


@covers(PlaygroundScreen, "ctrl+o")
async def test_a_prompt_is_written_in_an_editor(home: Home, stand_in: Script, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_talk(cockpit)
        await cockpit.press("ctrl+o")
        await cockpit.until_shown("This terminal can't be lent to an editor.")


async def test_leaving_ends_the_engine(home: Home, stand_in: Script) -> None:
    async with opened(home) as cockpit:
        await open_talk(cockpit, "Hi")
        left = engine_of(cockpit)
        assert is_alive(left)
        await cockpit.press("escape", "q")
        await cockpit.until(lambda: not is_alive(left), "the engine of the screen that was left has ended")
        await open_talk(cockpit)
        quit_with = engine_of(cockpit)
    await until_dead(quit_with)


# the real engine


@pytest.fixture
def tiny(db: sqlite3.Connection, home: Home, reader: Path, tmp_path: Path) -> Run:
    return tuned_run(db, home, tiny_model(reader, tmp_path / "llama"), tmp_path / "rows.jsonl")


@covers(PlaygroundScreen, "S")
async def test_a_tuned_run_answers(home: Home, tiny: Run, patient: None, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await cockpit.press("7")
        await cockpit.go_to(tiny.id)
        await cockpit.press("enter")
        await cockpit.type("Early?")
        await cockpit.press("enter")
        await cockpit.until_shown("It is asked as soon as the weights are loaded.")
        await cockpit.until_shown("1 model of 0.0 M parameters, 0.00 GB, cpu fp32", "tuned tiny@8")
        await cockpit.until(lambda: is_answered(cockpit, 1), "it is answered")
        assert pane(cockpit, "tuned") != pane(cockpit, "base")
        await cockpit.press("escape", "S")
        await cockpit.until_shown("Kept among the samples of tiny: step 8 and the base.")
        await cockpit.press("asterisk")
        await cockpit.until(lambda: is_answered(cockpit, 2), "the run's prompt is answered")
        await cockpit.press("S")
        await cockpit.until_shown("Kept among the samples")
        await cockpit.press("S")
        await cockpit.until_shown("tiny has answers to this prompt at step 8 already.")
        engine = engine_of(cockpit)
    db = database.connect(home)
    kept = {(sample.step, sample.prompt) for sample in samples.of_run(db, tiny.id)}
    db.close()
    assert kept == {(step, prompt) for step in (0, 8) for prompt in ("Early?", "Where is Rome?")}
    await until_dead(engine)
