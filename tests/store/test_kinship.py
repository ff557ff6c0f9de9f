"""Trees of runs: what stands under what, and what is read of each."""

import json
import sqlite3
from dataclasses import dataclass

import pytest
from tunedeck.store import attempts, datasets, exports, kinship, launch, metrics, runs, trash
from tunedeck.store.config import checked
from tunedeck.store.datasets import NewDataset
from tunedeck.store.kinship import Kin, KinshipReader, Node
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@dataclass
class Kindred:
    """A store in which runs come from each other."""

    db: sqlite3.Connection
    home: Home

    def run(self, name: str, *, model: str = "demo:minilm", like: Run | None = None, **row: object) -> Run:
        values = checked({"name": name, "data": "demo:drug-reviews", "model": model})
        made = launch.queue(self.db, self.home, values, forked_from=like.id if like else None)
        runs.claim(self.db)
        runs.finish(self.db, made.id, "stopped")
        for column, value in row.items():
            self.db.execute(f"UPDATE run SET {column} = ? WHERE id = ?", (value, made.id))
        return runs.get(self.db, made.id)

    def heir(self, name: str, origin: Run, step: int | None, like: Run | None = None) -> Run:
        model = f"run:{origin.id}@{'result' if step is None else step}"
        config = json.dumps(json.loads(origin.config) | {"model": model})
        forked = like.id if like else None
        return self.run(
            name, like=like, config=config, parent_run=origin.id, parent_checkpoint=step, forked_from=forked
        )

    def attempt(self, run: Run, start: int, points: dict[int, float], name: str = "eval_loss") -> None:
        attempt = attempts.start(self.db, run.id)
        attempts.set_start_step(self.db, attempt.id, start)
        metrics.write(self.db, attempt.id, [(name, step, value) for step, value in points.items()])

    @property
    def trees(self) -> list[str]:
        return drawn(KinshipReader().read(self.db))


def drawn(nodes: list[Node], depth: int = 0) -> list[str]:
    told = []
    for node in nodes:
        name = node.subject.run.name if isinstance(node.subject, Kin) else node.key.split()[0]
        told += [f"{'  ' * depth}{node.link} {name}", *drawn(node.children, depth + 1)]
    return told


@pytest.fixture
def kindred(db: sqlite3.Connection, home: Home, monkeypatch: pytest.MonkeyPatch) -> Kindred:
    monkeypatch.setenv("TUNEDECK_HOME", str(home.root))
    return Kindred(db, home)


def flat(nodes: list[Node]) -> list[Node]:
    return [each for node in nodes for each in (node, *flat(node.children))]


def kin_of(nodes: list[Node], name: str) -> Kin:
    return next(node.subject for node in flat(nodes) if isinstance(node.subject, Kin) and node.subject.run.name == name)


def test_weights_come_before_likeness_and_likeness_before_the_base(kindred: Kindred) -> None:
    first = kindred.run("first")
    like = kindred.run("like", like=first)
    kindred.run("other", model="demo:smollm2")
    kindred.heir("heir", like, 40)
    kindred.heir("both", first, None, like=like)
    assert kindred.trees == [
        "part base:demo:minilm",
        "  base first",
        "    weights both",
        "    set-up like",
        "      weights heir",
        "part base:demo:smollm2",
        "  base other",
    ]
    roots = KinshipReader().read(kindred.db)
    assert [root.count for root in roots] == [4, 1]
    both = kin_of(roots, "both")
    assert (both.stem, both.pattern) == (first, like)


def test_a_fork_is_noted_only_of_a_run_that_is_there(kindred: Kindred, db: sqlite3.Connection, home: Home) -> None:
    first = kindred.run("first")
    config = checked({"data": "demo:drug-reviews", "model": "demo:minilm"})
    made = launch.queue(db, home, config, forked_from=first.id)
    assert (made.kind, made.forked_from) == ("fork", first.id)
    made = launch.queue(db, home, config, forked_from="nobody")
    assert (made.kind, made.forked_from) == ("new", None)


def test_a_run_in_the_trash_stays_while_another_came_from_it(kindred: Kindred) -> None:
    first, childless = kindred.run("first"), kindred.run("childless")
    kindred.heir("heir", first, 40)
    trash.delete(kindred.db, kindred.home, first)
    trash.delete(kindred.db, kindred.home, childless)
    assert kindred.trees == ["part base:demo:minilm", "  base first", "    weights heir"]
    assert trash.empty(kindred.db, kindred.home) == 1
    assert kindred.trees == ["part base:demo:minilm", "  base first", "    weights heir"]
    kindred.db.execute("PRAGMA foreign_keys=OFF")
    kindred.db.execute("DELETE FROM run WHERE id = ?", (first.id,))
    kindred.db.execute("UPDATE run SET parent_run = NULL")
    assert kindred.trees == [f"part gone:{first.id}", "  weights heir"]


def test_resumes_and_the_best_evaluation_are_told(kindred: Kindred) -> None:
    run = kindred.run("run")
    kindred.attempt(run, 0, {0: 0.1, 20: 3.0, 40: 0.5})
    kindred.attempt(run, 20, {40: 2.0, 60: 2.5})
    kindred.attempt(run, 60, {80: float("nan")})
    kin = kin_of(KinshipReader().read(kindred.db), "run")
    assert kin.resumed == (20, 60)
    assert kin.best and (kin.best.name, kin.best.value, kin.best.step) == ("eval_loss", 2.0, 40)
    kindred.attempt(run, 80, {100: 0.4, 120: 0.6}, "eval_f1")
    best = kin_of(KinshipReader().read(kindred.db), "run").best
    assert best and (best.name, best.value, best.step) == ("eval_f1", 0.6, 120)


def test_runs_of_a_sweep_stand_together(kindred: Kindred) -> None:
    kindred.db.execute(
        "INSERT INTO sweep (id, name, config, space, sampler, seed, metric, trials, prune, created_at)"
        " VALUES ('s1', 'rates', '{}', '{}', 'grid', 1, 'eval_loss', 2, 0, 0)"
    )
    first = kindred.run("first", sweep_id="s1")
    kindred.run("second", sweep_id="s1")
    kindred.heir("heir", first, 40)
    assert kindred.trees == [
        "part base:demo:minilm",
        "  base sweep:s1",
        "    base second",
        "    base first",
        "      weights heir",
    ]


def test_exports_and_data_stand_under_the_run_that_made_them(kindred: Kindred) -> None:
    run = kindred.run("run")
    exports.note(kindred.db, run.id, "merged", "/srv/in the attic", 40)
    made = kindred.home.root / "made.parquet"
    made.write_bytes(b"rows")
    operation = json.dumps({"op": "add", "reason": f"run {run.id}", "sentence": "2 synthetic rows added"})
    new = NewDataset("reviews", "", None, operation, "x.csv", 2, 0, "sha")
    datasets.add(kindred.db, kindred.home, new, made)
    [export] = exports.of_all(kindred.db, run.id)
    assert (export.words, export.folder, export.step) == ("merged in /srv/in the attic", "/srv/in the attic", 40)
    assert kindred.trees == [
        "part base:demo:minilm",
        "  base run",
        f"    part export:{export.id}",
        "    part data:reviews@v1",
    ]


def test_a_family_is_what_a_run_came_from_and_led_to(kindred: Kindred) -> None:
    first = kindred.run("first")
    heir = kindred.heir("heir", first, 40)
    kindred.heir("grandchild", heir, None)
    kindred.run("like", like=heir)
    kindred.heir("sibling", first, 20)
    assert drawn(kinship.family(kindred.db, heir.id)) == [
        "part base:demo:minilm",
        "  base first",
        "    weights heir",
        "      set-up like",
        "      weights grandchild",
    ]


def test_trees_that_would_be_the_same_are_kept(kindred: Kindred) -> None:
    run = kindred.run("run")
    reader = KinshipReader()
    before = reader.read(kindred.db)
    assert reader.read(kindred.db) is before
    exports.note(kindred.db, run.id, "gguf", "/srv/x")
    after = reader.read(kindred.db)
    assert after is not before and len(flat(after)) == len(flat(before)) + 1
