"""The probe's texts, what is left of them beside the training rows, general rows mixed in, and the sentence."""

import json
import math
import random
from pathlib import Path

import pytest
from tunedeck.engine.data.mixing import mix
from tunedeck.engine.retention.overlap import SHARED_WORDS, without_overlap
from tunedeck.engine.retention.probe import BUILT_IN, built_in, probe, spread
from tunedeck.engine.retention.sentence import Retention, sentence
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.errors import DataError


def configured(retention_data: str) -> RunConfig:
    return checked({"data": "demo:chat", "model": "demo:smollm2", "retention_data": retention_data})


def test_the_built_in_texts_are_varied_and_say_where_they_come_from() -> None:
    rows = [json.loads(line) for line in BUILT_IN.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == built_in() == probe(configured(""))
    assert len({row["text"] for row in rows}) == len(rows) == 97 and BUILT_IN.stat().st_size < 60_000
    assert all(row["source"] and row["licence"].startswith(("public domain", "Apache-2.0")) for row in rows)
    assert all(50 <= len(row["text"].split()) <= 120 for row in rows)
    kinds = {row["text"]: row["kind"] for row in rows}
    assert len({kinds[text] for text in spread(built_in(), 32)}) == len(set(kinds.values())) == 13


def test_none_measures_nothing() -> None:
    assert probe(configured("none")) == []


def test_texts_are_taken_evenly() -> None:
    assert spread(list("abcdefgh"), 4) == ["a", "c", "e", "g"]
    assert spread(list("abc"), 64) == list("abc") and spread([], 4) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.txt", "First text,\nstill the first.\n\nSecond text.\n"),
        ("mine.jsonl", '{"text": "First text,\\nstill the first."}\n"Second text."\n'),
        ("mine.csv", 'text,kind\n"First text,\nstill the first.",a\nSecond text.,b\n'),
    ],
)
def test_the_users_own_texts_are_read(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert probe(configured(str(tmp_path / name))) == ["First text,\nstill the first.", "Second text."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"text": "good"}\n{"words": 1}\n', "mine.jsonl line 2: there is no text in a column named text"),
        ('{"text": "  "}\n', "mine.jsonl line 1: there is no text"),
        ('{"text": "good"}\n{"text":\n', "mine.jsonl line 2: not valid JSON"),
        ("", "mine.jsonl is empty"),
    ],
)
def test_a_file_without_texts_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "mine.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=f"retention_data: {sentence}"):
        probe(configured(str(tmp_path / "mine.jsonl")))


def test_a_text_that_is_trained_is_no_probe() -> None:
    texts = built_in()
    shouted = " ".join(texts[5].upper().replace(",", " ,").split())
    kept, dropped = without_overlap(texts, ["unrelated", f"He read: {shouted} And then he stopped."])
    assert dropped == 1 and kept == texts[:5] + texts[6:]


@pytest.mark.parametrize("before", range(SHARED_WORDS + 1))
def test_thirteen_words_are_found_wherever_they_stand(before: int) -> None:
    words = [f"word{number}" for number in range(40)]
    for first in (0, 11, 40 - SHARED_WORDS):
        run = words[first : first + SHARED_WORDS]
        assert without_overlap([" ".join(words)], [" ".join(["x"] * before + run + ["y"])]) == ([], 1)
        kept = without_overlap([" ".join(words)], [" ".join(["x"] * before + run[1:] + ["y"])])
        assert kept == ([" ".join(words)], 0)


def test_a_short_text_is_found_as_a_whole() -> None:
    texts = ["Good morning, you two!", "Good night", "..."]
    assert without_overlap(texts, ["he said good  MORNING you two and left"]) == (["Good night", "..."], 1)
    assert without_overlap(texts, ["good morning, you", "goodnight"]) == (texts, 0)


def test_overlap_is_what_looking_at_every_run_of_words_finds() -> None:
    draw = random.Random(0)
    texts = [" ".join(draw.choices("ab", k=draw.randint(1, 20))) for _ in range(60)]
    training = [" ".join(draw.choices("ab", k=30)) for _ in range(40)]
    calls: list[None] = []
    kept, dropped = without_overlap(texts, training, each=lambda: calls.append(None))

    def is_shared(text: str) -> bool:
        words = text.split()
        length = min(SHARED_WORDS, len(words))
        runs = [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
        return any(run in trained for run in runs for trained in training)

    assert kept == [text for text in texts if not is_shared(text)] and dropped == len(texts) - len(kept)
    assert 0 < dropped < len(texts) and len(calls) == len(training)


def test_general_rows_make_up_their_share() -> None:
    chosen = mix(train_count=900, general_count=5000, mix_fraction=0.1, seed=7)
    assert len(set(chosen.rows)) == 100 and chosen.fraction == pytest.approx(0.1)
    assert chosen.rows == sorted(chosen.rows) and chosen.rows[0] >= 0 and chosen.rows[-1] < 5000
    assert mix(900, 5000, 0.1, 7) == chosen != mix(900, 5000, 0.1, 8)
    assert set(chosen.rows) < set(mix(900, 5000, 0.2, 7).rows)


def test_too_few_general_rows_all_join_once() -> None:
    assert mix(90, 5, 0.5, 0) == ([0, 1, 2, 3, 4], 5 / 95)
    assert mix(90, 5, 0.0, 0) == mix(90, 0, 0.5, 0) == mix(0, 5, 0.5, 0) == ([], 0.0)


@pytest.mark.parametrize("fraction", [-0.1, 1.0, math.nan])
def test_a_share_that_no_rows_can_have_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="mix_fraction"):
        mix(10, 10, fraction, 0)


GAINED = "gained 0.21 loss on the task"


@pytest.mark.parametrize(
    ("gain", "name", "retention", "expected"),
    [
        (0.21, "loss", Retention(0.03, 0.01), f"{GAINED}, lost 0.03 on general text"),
        (0.21, "loss", Retention(-0.02, 0.01), f"{GAINED}, gained 0.02 on general text"),
        (0.21, "loss", Retention(drift=0.08), f"{GAINED}, the embeddings of general text moved by 0.08 (cosine)"),
        (-0.1, "f1", Retention(0.5, 0.1), "lost 0.10 f1 on the task, lost 0.50 on general text"),
        (0.003, "f1", Retention(0.5, 0.1), "gained 0.003 f1 on the task, lost 0.50 on general text"),
        (0.0, "f1", Retention(0.5, 0.1), "the f1 on the task stayed the same, lost 0.50 on general text"),
        (math.nan, "f1", Retention(0.5, 0.1), "the f1 on the task is not a number, lost 0.50 on general text"),
    ],
)
def test_gain_and_retention_in_one_sentence(gain: float, name: str, retention: Retention, expected: str) -> None:
    assert sentence(gain, name, retention) == expected


@pytest.mark.parametrize(
    ("retention", "expected"),
    [
        (Retention(0.004, 0.012), "no clear change on general text (+0.004, within a noise of 0.01)"),
        (Retention(-0.02, math.inf), "no clear change on general text (-0.02, within the noise of a single text)"),
        (Retention(math.nan, math.nan), "the loss on general text is not a number"),
        (Retention(drift=math.nan), "the embeddings of general text are not numbers"),
    ],
)
def test_the_sentence_claims_no_more_than_was_measured(retention: Retention, expected: str) -> None:
    assert sentence(0.21, "loss", retention) == f"{GAINED}, {expected}"
