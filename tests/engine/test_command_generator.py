"""The generator `command` with real programs: what they read, what is made of what they write, and how they fail."""

import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tunedeck.engine.augment.editable import Editable, Passage
from tunedeck.engine.augment.generators.command import Command
from tunedeck.engine.augment.generators.generator import Request, Variant
from tunedeck.store.errors import ConfigError, DataError, ModelError

LOOP = "import json, sys\nfor line in sys.stdin:\n    row = json.loads(line)\n    "
TELL = "print(json.dumps({'id': row['id'], %s}))"


def request(number: int) -> Request:
    text = f"tëxt {number}"
    source = Editable(number, {"text": text, "label": "a"}, "a", (Passage(text),), (("text",),))
    return Request(number, source, variant=0, seed=7)


@pytest.fixture
def asked(tmp_path: Path) -> Callable[..., list[Variant]]:
    """Rows from a program of these lines of Python."""

    def ask(program: str, count: int = 3, *, timeout: float = 20.0, check: Callable[[], None] = lambda: None) -> Any:
        path = tmp_path / "make rows.py"
        path.write_text(program, encoding="utf-8")
        words = shlex.split(f"{sys.executable} {shlex.quote(str(path))}")
        return Command(words, timeout, check).variants([request(number) for number in range(1, count + 1)])

    return ask


def test_a_line_is_answered_by_a_text_or_a_row_in_any_order(asked: Callable[..., list[Variant]]) -> None:
    program = (
        "import json, sys\nrows = [json.loads(line) for line in sys.stdin]\nfor row in reversed(rows):\n"
        "    new = {'row': row['row'] | {'text': 'whole'}} if row['id'] == 2 else {'text': row['texts'][0].upper()}\n"
        "    print(json.dumps({'id': row['id'], **new}))"
    )
    first, second, third = asked(program)
    assert [variant.value["text"] for variant in (first, second, third)] == ["TËXT 1", "whole", "TËXT 3"]  # type: ignore[index]
    assert first.value == {"text": "TËXT 1", "label": "a"} and first.generator.startswith("command:python")


def test_what_is_not_answered_has_a_fault(asked: Callable[..., list[Variant]]) -> None:
    program = LOOP + "answer = {1: {'fault': 'no words'}, 2: {'texts': ['a', 'b']}}.get(row['id'])\n"
    program += "    if answer: print(json.dumps({'id': row['id'], **answer}))"
    assert [variant.fault for variant in asked(program)] == [
        "no words", "the answer holds neither a row nor a text for each", "the command gave no answer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    ["no json", "{}", '{"id": 9, "text": "x"}', '{"id": 1, "text": "x"}\n{"id": 1, "text": "y"}', "[" * 99999],
)
def test_a_line_that_is_no_answer_is_named(asked: Callable[..., list[Variant]], written: str) -> None:
    with pytest.raises(DataError, match=r"Line [12] of what python.* wrote is no answer"):
        asked(f"print({written!r})")


def test_an_exit_code_is_told_and_stderr_is_the_runs(asked: Callable[..., list[Variant]], capfd: Any) -> None:
    with pytest.raises(ModelError, match=r"ended with exit code 3\. The run's log"):
        asked("import sys\nprint('why', file=sys.stderr)\nsys.exit(3)")
    assert "why" in capfd.readouterr().err
    with pytest.raises(ModelError, match="signal 9"):
        asked("import os\nos.kill(os.getpid(), 9)")


def test_one_that_goes_on_and_on_is_ended_with_its_children(
    asked: Callable[..., list[Variant]], tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    child = f"import time, pathlib; time.sleep(1); pathlib.Path({str(mark)!r}).touch()"
    program = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)"
    with pytest.raises(ModelError, match=r"took longer than 0\.3 s"):
        asked(program, timeout=0.3)
    time.sleep(1.2)
    assert not mark.exists()


def test_a_stop_ends_it(asked: Callable[..., list[Variant]]) -> None:
    class Stop(Exception):
        pass

    def check() -> None:
        raise Stop

    started = time.monotonic()
    with pytest.raises(Stop):
        asked("import time\ntime.sleep(60)", check=check)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_flood_is_bounded(asked: Callable[..., list[Variant]], stream: str) -> None:
    with pytest.raises(ModelError, match="more than 64 MB"):
        asked(f"import sys\nfor _ in range(100): sys.{stream}.write('x' * 1_000_000)")


def test_of_what_it_says_the_log_has_the_end(asked: Callable[..., list[Variant]], capfd: Any) -> None:
    asked("import sys\nsys.stderr.write('x' * 1_000_000 + 'the end')")
    told = capfd.readouterr().err
    assert len(told) == 10_000 and told.endswith("the end")


def test_no_shell_is_asked(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(ConfigError, match="can't be started: No such file") as refused:
        Command(shlex.split(f"nothing; touch {mark}"), 5, lambda: None).variants([request(1)])
    assert refused.value.field == "command" and not mark.exists()
