"""One attempt of an augmentation: rows are planned, made, judged and written down, and a stop loses none of them."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from ...store import augment, made
from ...store.augment import KIND
from ...store.config import RunConfig
from .. import tasks
from ..loop import resume
from ..model import precision
from ..model.measured import Measured
from ..outputs.portions import Portions
from ..result import Outcome
from ..session import Session
from . import generators, judging
from .editable import Editable
from .filters.copies import NearEvaluation
from .generators.generator import Generator, Variant
from .judging import Judging
from .loading import Loader
from .plan import Plan
from .rows import Rows

__all__ = ["KIND", "augmented"]

_UNSPLIT = (
    "no evaluation rows are named: what is held out of the new version later may have near copies among its synthetic"
    " rows; split the data first (tunedeck data split)"
)


def augmented(config: RunConfig, session: Session) -> Outcome:
    """Make the rows that are not made yet; they lie in the run's folder, each with its verdict.

    Raises:
        UserError: the data, a model or a knob can't be used; StopRequested.
    """
    resume.check_data(session.run, config.data)
    knobs = augment.checked(json.loads(session.run.options or "{}"))
    made.mend(session.folder)
    session.enter("reading the data", expect_seconds=600)
    task = tasks.of(config)
    rows = Rows.of(config.data, task, session.event)
    near = NearEvaluation(_evaluation_rows(config, rows, session), knobs.evaluation_similarity)
    plan = Plan.of(rows, knobs, near.holds, session.check)
    session.planned(len(plan.counts))
    arithmetic = precision.choose(config, Measured(session.folder.measured))
    loader = Loader(session, arithmetic)
    judge = Judging(rows, judging.filters(knobs, plan, near, loader))
    tally = Tally(plan.total)
    for row in made.read(session.folder):
        judge.remember(row)
        tally.add(row)
    session.started_at(plan.sources_done(tally.made))
    if tally.made < plan.total:
        generator = generators.of(knobs, loader)
        Job(session, plan, generator, judge, tally, arithmetic.device).run()
    return Outcome("completed", tally.sentence, tally.summary)


def _evaluation_rows(config: RunConfig, rows: Rows, session: Session) -> list[Editable]:
    if not config.eval_data:
        session.event(_UNSPLIT, level="warning")
        return []
    return list(Rows.of(config.eval_data, rows.task, session.event))


@dataclass
class Tally:
    """How many rows were made of those planned, by verdict, and in which time; those of earlier attempts too."""

    planned: int
    verdicts: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)
    rows: int = 0
    tokens: int = 0
    cost: float = 0.0

    def add(self, row: made.MadeRow) -> None:
        """Count a row of an earlier attempt."""
        self.verdicts[row.verdict] += 1

    def add_made(self, rows: Sequence[made.MadeRow], variants: Sequence[Variant]) -> None:
        """Count rows made now."""
        for row in rows:
            self.add(row)
        self.rows += len(rows)
        self.tokens += sum(variant.tokens for variant in variants)
        self.cost += sum(variant.cost for variant in variants)

    @property
    def made(self) -> int:
        return self.verdicts.total()

    @property
    def kept(self) -> int:
        return self.verdicts[made.KEPT]

    @property
    def rows_per_second(self) -> float:
        return self.rows / max(time.monotonic() - self.began, 1e-6)

    @property
    def sentence(self) -> str:
        """`240 of 300 synthetic rows kept; left out: 40 label-changed, 20 duplicate`."""
        others = [f"{count:,} {name}" for name, count in self.verdicts.most_common() if name != made.KEPT]
        left_out = f"; left out: {', '.join(others)}" if others else ""
        return f"{self.kept:,} of {self.made:,} synthetic rows kept{left_out}"

    @property
    def figures(self) -> dict[str, float]:
        """What is drawn while it goes on; tokens and cost only where there are any."""
        figures: dict[str, float] = {
            "made": self.made, "kept": self.kept, "rows_per_second": self.rows_per_second,
        }  # fmt: skip
        if self.tokens:
            figures["tokens_per_second"] = self.tokens / max(time.monotonic() - self.began, 1e-6)
        if self.cost:
            figures["cost"] = self.cost
        return figures

    @property
    def summary(self) -> dict[str, object]:
        facts: dict[str, object] = {"made": self.made, "kept": self.kept, "verdicts": dict(self.verdicts)}
        return facts | {name: round(value, 4) for name, value in self.figures.items() if name not in facts}


@dataclass
class Job:
    """Makes rows in batches; every batch is on the disk before the next one is begun."""

    session: Session
    plan: Plan
    generator: Generator
    judging: Judging
    tally: Tally
    device: str

    def __post_init__(self) -> None:
        rows = self.generator.rows_at_once
        self._portions = Portions(rows, self.device, self.session, field="rows_at_once", lower="max_new_tokens")
        self.tally.cost = self.session.last_value("cost") or 0.0
        self.tally.began = time.monotonic()

    def run(self) -> None:
        """Raises StopRequested between two batches, or within one, which is made again then."""
        self.session.enter("augmenting", expect_seconds=120)
        requests = self.plan.requests(after=self.tally.made)
        while batch := list(islice(requests, self._portions.rows)):
            began = time.monotonic()
            asked = [request for _, request in batch]
            variants = list(chain.from_iterable(self._portions.of(asked, self.generator.variants)))
            rows = self.judging.judged(asked, variants)
            made.append(self.session.folder, rows)
            self.tally.add_made(rows, variants)
            self._report(batch[-1][0], time.monotonic() - began)
            self.session.check()
        self.session.flush()

    def _report(self, sources_done: int, batch_seconds: float) -> None:
        self.session.step = sources_done
        self.session.measure(**self.tally.figures)
        per_source = self.plan.total / len(self.plan.counts)
        self.session.beat(10 + 5 * batch_seconds, self.tally.rows_per_second / per_source)
