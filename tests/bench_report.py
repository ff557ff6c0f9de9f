"""Measures a report on 100,000 labelled texts of 40 words: `python tests/bench_report.py [MODEL]`; the bar is 60 s."""

import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tunedeck.engine.curation.report import report
from tunedeck.engine.data import source

ROWS = 100_000
WORDS = 40


def write(path: Path, seed: int = 7) -> None:
    """Texts in the words of the drug reviews, each word after one that it follows there; 7% are no new ones."""
    chance = random.Random(seed)
    following = _following()
    labels, made = ("good", "bad", "so-so"), list[dict[str, str]]()
    with path.open("w", encoding="utf-8") as file:
        for number in range(ROWS):
            row = {"text": _text(following, chance), "label": chance.choice(labels)}
            if number > 100 and (kind := chance.random()) < 0.07:
                row = _again(chance.choice(made), kind, chance)
            made.append(row)
            file.write(json.dumps(row) + "\n")


def _following() -> dict[str, list[str]]:
    following: dict[str, list[str]] = defaultdict(list)
    for line in source.find("demo:drug-reviews").read_text(encoding="utf-8").splitlines():
        words = json.loads(line)["text"].split()
        for word, after in zip(words, [*words[1:], words[0]], strict=True):
            following[word].append(after)
    return following


def _text(following: dict[str, list[str]], chance: random.Random) -> str:
    words = [chance.choice(list(following)[:500])]
    for _ in range(chance.randint(WORDS - 15, WORDS + 15)):
        words.append(chance.choice(following[words[-1]]))
    return " ".join(words)


def _again(row: dict[str, str], kind: float, chance: random.Random) -> dict[str, str]:
    """The same row in capitals, or with one word out."""
    if kind < 0.04:
        return row | {"text": row["text"].upper()}
    words = row["text"].split()
    words.pop(chance.randrange(len(words)))
    return row | {"text": " ".join(words)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.jsonl")
        write(path)
        started, used = time.monotonic(), time.process_time()
        told = report(str(path), ["--model", sys.argv[1]] if len(sys.argv) > 1 else [])
        seconds, processor_seconds = time.monotonic() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{told['rows']:,} rows: {seconds:.1f} s, {processor_seconds:.1f} s of processor, peak {peak:,.0f} MiB")
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    for finding in told["findings"]:
        print(f"{finding['kind']}: {finding['sentence']}")


if __name__ == "__main__":
    main()
