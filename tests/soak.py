"""The soak: real runs, two apps in real terminals and a long queue for many minutes, and whether anything grows.

`python tests/soak.py --minutes 20` prints a line a figure, with what it may be at most, and ends with 1 where one is
missed. Half of the time is one run of tiny steps, the rest a queue of short ones, 50 in 20 minutes. One app stays open
and is led through its screens at ever other sizes; another is opened again and again, and left, cut off or killed.
"""

import argparse
import itertools
import json
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median

sys.path += [str(Path(__file__).parent / folder) for folder in ("end_to_end", "engine")]

import soak_samples
from bench import Bench
from figure import Figure
from soak_samples import Sample, growth, of_process, ratio_of_quarters
from terminal import APP, Terminal, of_terminal
from tunedeck.store import commands, launch, runs
from tunedeck.store.records import Run

SIZES = ((80, 24), (160, 48), (60, 16), (200, 60), (120, 40))
# Into the run and through its panes, then to each place and question that changes nothing. No escape: where the machine
# is busy it is read together with the next key, as another one.
PATH = ("1", "\r", *"\t" * 7, "]", "]", "a", "L", "x", "1", "3", "4", "6", "8", "1", "?", "1", "5", "1")
SHORT_PATH = ("1", "\r", "\t", "1")
_LOOK_SECONDS, _KEY_SECONDS, _SIZE_SECONDS, _VISIT_SECONDS = 1.0, 0.7, 9.0, 12.0
_SHORT_RUNS_PER_MINUTE = 2.5
_LONG_SHARE = 0.5
_MOST_GROWTH_MB = 12.0
# An engine of a short run lives some 10 s, most of them for its imports.
_MOST_SECONDS_OF_A_SHORT_RUN = 60.0
_MOST_SECONDS_TO_A_STEP = 120.0


class Visitor:
    """The app that is opened, looked at, and left in another way each time."""

    def __init__(self, opened: Callable[[], Terminal]) -> None:
        self._open, self._terminal = opened, None
        self._ways = itertools.cycle((self._leave, self._cut_off, self._kill))
        self._keys: Iterator[str] = iter(())
        self.visits = 0

    def press(self) -> None:
        if self._terminal is not None and (key := next(self._keys, None)):
            self._terminal.press(key)

    def read(self) -> None:
        if self._terminal is not None:
            read_all(self._terminal, 0.0)

    def come_or_go(self) -> None:
        if self._terminal is None:
            self._terminal, self._keys = self._open(), iter(SHORT_PATH)
            self.visits += 1
        else:
            terminal, self._terminal = self._terminal, None
            next(self._ways)(terminal)

    def end(self) -> None:
        if self._terminal is not None:
            self._kill(self._terminal)
            self._terminal = None

    def _leave(self, terminal: Terminal) -> None:
        leave(terminal)

    def _cut_off(self, terminal: Terminal) -> None:
        terminal.close()
        assert terminal.process.wait(5) == 129, "the app did not end with its terminal"

    def _kill(self, terminal: Terminal) -> None:
        terminal.end()
        terminal.close()


def read_all(terminal: Terminal, seconds: float) -> None:
    """What comes within this time; all that came before is read first, so that nobody waits to write."""
    while terminal.read_some(0):
        pass
    terminal.read(seconds)


def leave(terminal: Terminal) -> None:
    """Back to the list, and out, with the exit code of an app that is well."""
    terminal.press("1")
    # Not until it is still: charts of a run that trains are drawn four times a second.
    read_all(terminal, 1.0)
    terminal.press("q")
    deadline = time.monotonic() + 20
    while terminal.process.poll() is None:
        read_all(terminal, 0.1)
        assert time.monotonic() < deadline, f"q did not end the app:\n{terminal.text}"
    assert terminal.process.returncode == 0, terminal.text
    terminal.close()


class Soak:
    """The store with its runs, the two apps, and all that was seen of them."""

    def __init__(self, folder: Path, minutes: float) -> None:
        self._folder, self._minutes = folder, minutes
        self.bench = Bench(folder, _tiny_model(folder))
        self.samples: list[Sample] = []
        self.resident = self._open()
        self.visitor = Visitor(self._open)
        self._path, self._sizes = itertools.cycle(PATH), itertools.cycle(SIZES)

    def go(self) -> None:
        """All of it, from the first run to the last process gone."""
        self.long_run = self.bench.queue(name="long", max_steps=10**7, save_steps=500, eval_steps=1000)
        self.runner = self.bench.start_runner()
        self._until_all_was_shown()
        began = self.began = time.monotonic()
        self._until(lambda: time.monotonic() - began > 60 * self._minutes * _LONG_SHARE)
        self.short_runs = list(self._queued_runs())
        commands.ask(self.bench.db, self.long_run.id, "stop")
        deadline = time.monotonic() + _MOST_SECONDS_OF_A_SHORT_RUN * (1 + len(self.short_runs))
        self._until(lambda: runs.queued_count(self.bench.db) + len(self._running()) == 0 or time.monotonic() > deadline)
        self.visitor.end()
        leave(self.resident)
        self.bench.until(lambda: not self._left(), "no process is left", 30)
        self.minutes_taken = (time.monotonic() - began) / 60

    def _until_all_was_shown(self) -> None:
        """The run trains, and since then the app was at each place: with its first curve it imports 90 MB, and beside
        other work on the machine that is a minute from the start. What grows, grows from here on."""
        deadline = time.monotonic() + _MOST_SECONDS_TO_A_STEP
        self._until(lambda: bool(self.bench.steps_and_losses(self.long_run)[0]) or time.monotonic() > deadline)
        shown = time.monotonic() + len(PATH) * _KEY_SECONDS
        self._until(lambda: time.monotonic() > shown)

    def _running(self) -> list[Run]:
        return [run for run in runs.listed(self.bench.db) if run.state == "running"]

    def _left(self) -> tuple[soak_samples.Process, ...]:
        self.runner.poll()
        return soak_samples.taken(self.bench.home).processes

    def _queued_runs(self) -> Iterator[Run]:
        for number in range(max(3, round(_SHORT_RUNS_PER_MINUTE * self._minutes))):
            config = self.bench.config(name=f"short-{number}", max_steps=6, eval_steps=3, save_steps=3)
            yield launch.queue(self.bench.db, self.bench.home, config)

    def _until(self, is_over: Callable[[], bool]) -> None:
        """Press, resize, come and go, each at its own pace, and look at everything once a second."""
        doing = {
            self._look: _LOOK_SECONDS, self._press: _KEY_SECONDS, self._resize: _SIZE_SECONDS,
            self.visitor.come_or_go: _VISIT_SECONDS,
        }  # fmt: skip
        due = dict.fromkeys(doing, 0.0)
        while not is_over():
            for act, every in doing.items():
                if time.monotonic() >= due[act]:
                    act()
                    due[act] = time.monotonic() + every
            read_all(self.resident, 0.1)
            self.visitor.read()

    def _look(self) -> None:
        self.samples.append(soak_samples.taken(self.bench.home))

    def _press(self) -> None:
        assert self.resident.process.poll() is None, f"the app ended by itself:\n{self.resident.text}"
        self.resident.press(next(self._path))
        self.visitor.press()

    def _resize(self) -> None:
        self.resident.resize(next(self._sizes))

    def _open(self) -> Terminal:
        (self._folder / "config").mkdir(exist_ok=True)
        (self._folder / "config" / "settings.toml").write_text("tour_shown = true\n")
        places = {"TUNEDECK_CONFIG": self._folder / "config", "TUNEDECK_CACHE": self._folder / "cache"}
        told = {name: str(place) for name, place in places.items()}
        return Terminal(*APP, environment=of_terminal(self.bench.environment) | told)


def _tiny_model(folder: Path) -> Path:
    """A two-layer Llama of 30,000 weights with its tokenizer."""
    import torch
    from tiny_tokenizer import make_tokenizer
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer()
    torch.manual_seed(0)
    size = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **size)).save_pretrained(folder / "tiny")
    tokenizer.save_pretrained(folder / "tiny")
    return folder / "tiny"


def figures(soak: Soak) -> Iterator[Figure]:
    """All that was measured, with what was promised of it."""
    yield Figure("minutes", soak.minutes_taken, "min")
    yield Figure("times the second app was opened and left", soak.visitor.visits, "")
    yield from _of_process(soak, "app", soak.resident.process.pid)
    yield from _of_process(soak, "runner", soak.runner.pid)
    yield from _of_process(soak, "engine", soak.bench.engine_pid(soak.long_run))
    yield from _of_machine(soak)
    yield from _of_runs(soak)
    yield from _of_store(soak)


def _of_process(soak: Soak, name: str, pid: int) -> Iterator[Figure]:
    seen = of_process((sample for sample in soak.samples if sample.at >= soak.began), pid)
    times, processes = [at for at, _ in seen], [process for _, process in seen]
    memory = [process.memory_bytes / 1e6 for process in processes]
    yield Figure(f"{name}: memory, median of the last quarter", median(memory[-(1 + len(memory) // 4) :]), "MB")
    yield Figure(f"{name}: memory, growth of a line after the warm-up", growth(times, memory), "MB", _MOST_GROWTH_MB)
    for what in ("handles", "threads"):
        counts = [getattr(process, what) for process in processes]
        yield Figure(f"{name}: {what}, most", max(counts), "")
        yield Figure(f"{name}: {what}, growth of a line", growth(times, counts), "", 2)
    used = [(after.cpu_seconds - before.cpu_seconds) for before, after in itertools.pairwise(processes)]
    yield Figure(f"{name}: processor, mean", 100 * sum(used) / (times[-1] - times[0]), "%")


def _of_machine(soak: Soak) -> Iterator[Figure]:
    yield Figure("processes at once, most", max(len(sample.processes) for sample in soak.samples), "")
    seen = [(sample.at, len(sample.processes)) for sample in soak.samples if sample.at >= soak.began]
    yield Figure("processes at once, growth of a line", growth(*zip(*seen, strict=True)), "", 2)
    yield Figure("zombies that stayed", len(lasting_zombies(soak.samples)), "", 0)


def lasting_zombies(samples: Iterable[Sample]) -> set[int]:
    """Those that were there for five seconds: a parent that looks now and then needs a moment."""
    first_seen: dict[int, float] = {}
    for sample in samples:
        for pid in sample.zombies:
            first_seen.setdefault(pid, sample.at)
    last_seen = {pid: sample.at for sample in samples for pid in sample.zombies}
    return {pid for pid, at in first_seen.items() if last_seen[pid] - at > 5}


def _of_runs(soak: Soak) -> Iterator[Figure]:
    steps, clock = soak.bench.steps_and_losses(soak.long_run, "train_seconds")
    taken = [1000 * (after - before) for before, after in itertools.pairwise(clock)]
    yield Figure("steps of the long run", len(steps), "")
    yield Figure("its steps that are missing", max(steps) - len(steps), "", 0)
    yield Figure("a step, median", median(taken), "ms")
    yield Figure("a step, fastest tenth of the last quarter over the first", ratio_of_quarters(taken), "x", 1.25)
    states = [soak.bench.now(run).state for run in soak.short_runs]
    yield Figure("short runs", len(states), "")
    yield Figure("short runs that did not complete", sum(state != "completed" for state in states), "", 0)


def _of_store(soak: Soak) -> Iterator[Figure]:
    points = soak.bench.db.execute("SELECT COUNT(*) FROM metric").fetchone()[0]
    last = soak.samples[-1]
    yield Figure("store, a point", last.store_bytes / points, "B", 60)
    yield Figure("store's log, most", max(sample.log_bytes for sample in soak.samples) / 1e6, "MB", 16)
    yield Figure("lines in logs of a locked store or a traceback", len(list(_bad_lines(soak.bench.home.root))), "", 0)


def _bad_lines(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.txt")):
        content = path.read_text(encoding="utf-8", errors="replace")
        yield from (line for line in content.splitlines() if re.search("locked|Traceback", line))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--samples", type=Path, help="a file for all that was seen, a line a second")
    asked = parser.parse_args()
    # Ended from outside it ends what it has started too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        found = list(soaked(Path(folder), asked.minutes, asked.samples))
    for figure in found:
        print(json.dumps(figure._asdict()) if asked.json else figure)
    sys.exit(any(figure.is_missed for figure in found))


def soaked(folder: Path, minutes: float, samples: Path | None = None) -> list[Figure]:
    """The figures of a soak of so many minutes in this folder; all that was seen can be kept."""
    soak = Soak(folder, minutes)
    try:
        soak.go()
        return list(figures(soak))
    finally:
        if samples:
            samples.write_text("".join(json.dumps(sample, default=list) + "\n" for sample in soak.samples))
        soak.visitor.end()
        soak.resident.end()
        soak.bench.close()


if __name__ == "__main__":
    main()
