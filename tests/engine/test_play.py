"""A conversation with a tuned model and its base: what evaluation said is said again, whatever the task."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_models
from bench import DEADLINE_SECONDS, Bench, write_rows
from in_process import train_here
from tunedeck.engine.playing import players, subject
from tunedeck.engine.playing.conversation import Conversation
from tunedeck.store import samples
from tunedeck.store.errors import NotFoundError, StateError, UserError
from tunedeck.store.records import Run

PROMPT = "Where is Rome?"
SENTENCE = "Grace was in Paris ."


def trained(bench: Bench, **knobs: object) -> Run:
    run = train_here(bench, bench.queue(**knobs))
    assert run.state == "completed", bench.told(run)
    return run


@pytest.fixture(scope="module")
def writer(bench: Bench) -> Run:
    """A LoRA run that moved far from its base."""
    return trained(
        bench, name="writer", learning_rate=1e-2, max_steps=32, eval_steps=16, save_steps=16, max_new_tokens=12
    )


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_bert(tmp_path_factory.mktemp("bert") / "bert")


def talk(bench: Bench, what: str, *requests: dict[str, Any] | str, **options: Any) -> list[dict[str, Any]]:
    """What a conversation in this process answers."""
    found = subject.find(bench.db, bench.home, what, options.pop("step", ""))
    cast = players.load(found, bench.home, lambda told: None, **options)
    said: list[dict[str, Any]] = []
    lines = [request if isinstance(request, str) else json.dumps(request) for request in requests]
    Conversation(cast, lines, said.append).hold()
    return said


def done(said: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The whole answers by who gave them; nobody failed."""
    assert not [answer for answer in said if "error" in answer], said
    return {answer["which"]: answer for answer in said if answer.get("done")}


def sampled(bench: Bench, run: Run) -> tuple[str, str]:
    """What base and tuned model answered to the first prompt while the run evaluated."""
    found = samples.of_run(bench.db, run.id)
    first = [sample.answer for sample in found if sample.prompt == found[0].prompt]
    return first[0], first[-1]


# what is said


def test_a_writer_says_what_it_said_in_its_evaluations(bench: Bench, writer: Run) -> None:
    said = talk(bench, writer.id, {"id": 1, "prompt": PROMPT})
    told = done(said)
    base, tuned = sampled(bench, writer)
    assert (told["base"]["text"], told["tuned"]["text"]) == (base, tuned) and base != tuned
    for which in ("base", "tuned"):
        pieces = [answer["piece"] for answer in said if answer.get("which") == which and "piece" in answer]
        assert "".join(pieces) == told[which]["text"]
    assert len(pieces) > 1
    assert {answer["id"] for answer in said} == {1} and told["tuned"]["stopped"] in ("end", "length")


def test_a_checkpoint_says_what_it_said_then(bench: Bench, writer: Run) -> None:
    answers = {sample.step: sample.answer for sample in samples.of_run(bench.db, writer.id)}
    assert done(talk(bench, f"run:{writer.id}@16", {"id": 1, "prompt": PROMPT}))["tuned"]["text"] == answers[16]
    assert done(talk(bench, "writer", {"id": 1, "prompt": PROMPT}, step="16"))["tuned"]["text"] == answers[16]


def test_all_weights_and_their_base_are_two_models(bench: Bench) -> None:
    run = trained(bench, method="full", learning_rate=1e-2, max_new_tokens=8)
    told = done(talk(bench, run.id, {"id": 1, "prompt": PROMPT}))
    assert (told["base"]["text"], told["tuned"]["text"]) == sampled(bench, run)
    cast = players.load(subject.find(bench.db, bench.home, run.id), bench.home, lambda told: None)
    alone = players.load(subject.find(bench.db, bench.home, run.id), bench.home, lambda told: None, with_base=False)
    assert cast.memory_bytes == 2 * alone.memory_bytes == 2 * 4 * alone.parameters
    assert list(alone.by_name) == ["tuned"]


def test_a_model_is_asked_by_its_name(bench: Bench, writer: Run) -> None:
    told = done(talk(bench, str(bench.model), {"id": 1, "prompt": PROMPT, "max_new_tokens": 12}))
    assert told.keys() == {"base"} and told["base"]["text"] == sampled(bench, writer)[0]


def test_a_text_run_goes_on_with_a_text(bench: Bench, tmp_path: Path) -> None:
    rows = [{"text": f"The capital of country {row} is where it was."} for row in range(30)]
    data = str(write_rows(tmp_path / "rows.jsonl", rows))
    run = trained(bench, data=data, learning_rate=1e-2, prompts=["The capital of"], max_new_tokens=8)
    told = done(talk(bench, run.id, {"id": 1, "prompt": "The capital of"}))
    assert (told["base"]["text"], told["tuned"]["text"]) == sampled(bench, run)


def test_a_talk_of_several_turns_is_gone_on_with(bench: Bench, writer: Run) -> None:
    turns = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": PROMPT}]
    by_turns, plain = (
        done(talk(bench, writer.id, {"id": 1, **fields}))["tuned"]
        for fields in ({"messages": turns[1:]}, {"prompt": PROMPT})
    )
    assert by_turns["text"] == plain["text"]
    assert done(talk(bench, writer.id, {"id": 1, "messages": turns}))["tuned"]["text"]


def test_a_seed_makes_a_warm_answer_again(bench: Bench, writer: Run) -> None:
    request = {"prompt": PROMPT, "temperature": 1.5, "which": "tuned", "max_new_tokens": 20}
    said = talk(bench, writer.id, *({"id": seed, "seed": seed % 2, **request} for seed in range(4)))
    texts = [answer["text"] for answer in said if answer.get("done")]
    assert texts[0] == texts[2] != texts[1] == texts[3]
    nearly_cold = {"id": 1, "prompt": PROMPT, "temperature": 1.5, "top_p": 0.001}
    assert done(talk(bench, writer.id, nearly_cold))["tuned"]["text"] == sampled(bench, writer)[1]


# other tasks


def test_a_classifier_tells_how_likely_each_label_is(bench: Bench, bert: Path, tmp_path: Path) -> None:
    rows = [{"text": f"{name} {verb} {end}", "label": label}
            for name in ("Ada", "Grace") for verb in ("lived", "was", "is", "wrote")
            for end, label in (("in London", "in"), ("to Paris", "to"))]  # fmt: skip
    run = trained(
        bench, task="sequence-classification", model=str(bert), data=str(write_rows(tmp_path / "rows.jsonl", rows)),
        max_steps=20, eval_steps=10, learning_rate=1e-2, prompts=["Ada was to Paris"],
    )  # fmt: skip
    told = done(talk(bench, run.id, {"id": 1, "prompt": "Ada was to Paris"}, {"id": 2, "text": "Ada was to Paris"}))
    assert told["tuned"]["text"] == sampled(bench, run)[1] and told["tuned"]["text"].startswith("to ")
    for answer in told.values():
        assert answer["probabilities"].keys() == {"in", "to"}
        assert sum(answer["probabilities"].values()) == pytest.approx(1)
    cast = players.load(subject.find(bench.db, bench.home, run.id), bench.home, lambda told: None)
    assert cast.notes == ["bert has no head for this task: what it answers is drawn by chance."]


def test_entities_are_told_by_their_characters(bench: Bench, bert: Path, tmp_path: Path) -> None:
    rows = [
        {"tokens": f"{name} {verb} in {place} .", "tags": "B-PER O O B-LOC O"}
        for name in ("Ada", "Grace")
        for verb in ("lived", "wrote", "was", "is")
        for place in ("London", "Paris", "York")
    ]
    run = trained(
        bench, task="token-classification", model=str(bert), data=str(write_rows(tmp_path / "rows.jsonl", rows)),
        max_steps=24, eval_steps=12, learning_rate=1e-2, prompts=[SENTENCE],
    )  # fmt: skip
    told = done(talk(bench, run.id, {"id": 1, "text": f"  {SENTENCE}"}))["tuned"]
    assert told["text"] == sampled(bench, run)[1] == "PER: Grace; LOC: Paris"
    found = [(told["of"][entity["start"] : entity["end"]], entity["type"]) for entity in told["entities"]]
    assert found == [("Grace", "PER"), ("Paris", "LOC")]
    assert all(0.4 < entity["score"] <= 1 for entity in told["entities"])


def test_an_answer_is_told_with_its_place(bench: Bench, bert: Path, tmp_path: Path) -> None:
    rows = [
        {
            "question": f"Where {verb} {name}?",
            "context": f"{name} {verb} in {place} and wrote to the {other}.",
            "answers": {"text": [place], "answer_start": [len(f"{name} {verb} in ")]},
        }
        for name, other in (("Ada", "Grace"), ("Grace", "Ada"))
        for verb in ("lived", "was", "is")
        for place in ("London", "Paris", "York", "France")
    ]
    context = "Ada lived in London and wrote to the Grace."
    run = trained(
        bench, task="question-answering", model=str(bert), data=str(write_rows(tmp_path / "rows.jsonl", rows)),
        max_steps=40, eval_steps=20, learning_rate=1e-2, prompts=[f"Where lived Ada?\n{context}"],
    )  # fmt: skip
    told = done(talk(bench, run.id, {"id": 1, "question": "Where lived Ada?", "context": context}))["tuned"]
    assert told["answer"] == sampled(bench, run)[1] == context[told["start"] : told["end"]] == "London"
    by_prompt = done(talk(bench, run.id, {"id": 1, "prompt": f"Where lived Ada?\n{context}"}))["tuned"]
    assert by_prompt["score"] == told["score"] and by_prompt["start"] == 13
    [said] = talk(bench, run.id, {"id": 1, "prompt": "Where is Rome?"})
    assert said["error"].startswith("There is no context. Write the question, a line break")


def test_a_source_is_rewritten_piece_by_piece(bench: Bench, tmp_path: Path) -> None:
    rows = [{"source": f"{name} {verb} in {place} .", "target": f"{place} {place}"}
            for name in ("Ada", "Grace") for verb in ("lived", "was", "is")
            for place in ("London", "Paris", "York", "France")]  # fmt: skip
    run = trained(
        bench, task="seq2seq-lm", model=str(tiny_models.save_t5(tmp_path / "t5")),
        data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_steps=30, eval_steps=15, learning_rate=1e-2,
        max_target_length=8, max_new_tokens=8, prompts=["Ada lived in Paris ."],
    )  # fmt: skip
    said = talk(bench, run.id, {"id": 1, "source": "Ada lived in Paris ."})
    told = done(said)
    assert (told["base"]["text"], told["tuned"]["text"]) == sampled(bench, run)
    pieces = [answer["piece"] for answer in said if answer["which"] == "tuned" and "piece" in answer]
    assert "".join(pieces) == told["tuned"]["text"]


# what is refused


def test_a_bad_request_is_told_and_the_next_one_answered(bench: Bench, writer: Run) -> None:
    bad = [
        "no JSON", "[]", {"id": 1}, {"id": 2, "prompt": 3}, {"id": 3, "prompt": "  "},
        {"id": 4, "prompt": "a", "temperature": -1}, {"id": 5, "prompt": "a", "max_new_tokens": 1.5},
        {"id": 6, "prompt": "a", "which": "nobody"}, {"id": 7, "messages": []}, {"id": 8, "prompt": "Yes. " * 400},
        {"id": 9, "messages": [{"role": "tool", "content": "a"}]}, {"id": 10, "prompt": "a", "seed": True},
    ]  # fmt: skip
    said = talk(bench, writer.id, *bad, {"id": "good", "prompt": PROMPT})
    errors = [answer for answer in said if "error" in answer]
    assert [answer["id"] for answer in errors] == [None, None, *range(1, 11)]
    assert "expected a number from 0 to 100" in errors[5]["error"] and "256 at most" in errors[9]["error"]
    assert [answer["id"] for answer in said if answer.get("done")] == ["good"] * 2


def test_who_is_not_there_is_told(bench: Bench, writer: Run) -> None:
    with pytest.raises(NotFoundError, match="There is no run 'nobody'"):
        subject.find(bench.db, bench.home, "nobody")
    with pytest.raises(NotFoundError, match="no whole checkpoint 5"):
        subject.find(bench.db, bench.home, writer.id, "5")
    with pytest.raises(StateError, match="has saved no weights yet"):
        subject.find(bench.db, bench.home, bench.queue(name="waits").id)
    with pytest.raises(UserError, match="it has no step 4"):
        subject.find(bench.db, bench.home, str(bench.model), "4")


# as a process


@pytest.fixture
def engine(bench: Bench, writer: Run) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-P", "-m", "tunedeck.engine", "play", writer.id]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=bench.environment) as process:
        yield process
        process.kill()


def heard(engine: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert engine.stdout is not None
    return map(json.loads, engine.stdout)


def ask(engine: subprocess.Popen[str], **request: object) -> None:
    assert engine.stdin is not None
    engine.stdin.write(json.dumps(request) + "\n")
    engine.stdin.flush()


def test_a_stop_ends_the_answer_and_not_the_conversation(engine: subprocess.Popen[str]) -> None:
    answers = heard(engine)
    facts = next(answer["ready"] for answer in answers if "ready" in answer)
    assert (facts["name"], facts["which"], facts["models"]) == ("writer", ["tuned", "base"], 1)
    assert facts["memory_bytes"] == 4 * facts["parameters"] and facts["task"] == "causal-lm"
    ask(engine, id=1, prompt=PROMPT, temperature=50.0, max_new_tokens=4096)
    next(answers)
    ask(engine, id=1, stop=True)
    ended = [next(answer for answer in answers if "done" in answer) for _ in range(2)]
    assert [answer["stopped"] for answer in ended] == ["asked", "asked"] and ended[0]["tokens"] < 240
    ask(engine, id=1, prompt=PROMPT, which="tuned")
    assert next(answer for answer in answers if "done" in answer)["stopped"] != "asked"
    assert engine.stdin is not None
    engine.stdin.close()
    assert engine.wait(timeout=DEADLINE_SECONDS) == 0


def test_it_ends_when_nobody_reads_its_answers(engine: subprocess.Popen[str]) -> None:
    assert engine.stdin is not None and engine.stdout is not None
    next(answer for answer in heard(engine) if "ready" in answer)
    ask(engine, id=1, prompt=PROMPT, temperature=50.0, max_new_tokens=4096)
    engine.stdout.close()
    assert engine.wait(timeout=DEADLINE_SECONDS) == 1
