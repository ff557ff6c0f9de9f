"""The filters of a run in their order, the cheap ones first; a row is told the first objection to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...store.augment import AugmentKnobs
from ...store.made import KEPT, MadeRow
from .filters.copies import Duplicates, Known, NearEvaluation, NearSource
from .filters.filter import Candidate, Filter, Objection
from .filters.judge import Judge
from .filters.length import Length
from .filters.perplexity import Perplexity
from .generators.generator import Request, Variant
from .loading import Loader
from .plan import Plan
from .rows import Rows


def filters(knobs: AugmentKnobs, plan: Plan, near: NearEvaluation, loader: Loader) -> list[Filter]:
    """Those that the knobs ask for. Raises ModelError, ConfigError."""
    found: list[Filter] = [near, Duplicates(Known(plan.rows)), Length(knobs.length_min, knobs.length_max)]
    if knobs.source_similarity < 1:
        found.append(NearSource(knobs.source_similarity))
    if knobs.perplexity_model:
        loaded = loader.load(knobs.perplexity_model, "AutoModelForCausalLM", "asked for perplexities")
        found.append(Perplexity(loaded, knobs.perplexity_min, knobs.perplexity_max))
    if knobs.judge:
        judge = Judge.of(knobs.judge, knobs.judge_min, loader)
        judge.check(plan.labels)
        found.append(judge)
    return found


@dataclass(frozen=True)
class Judging:
    """Turns variants into synthetic rows with a verdict."""

    rows: Rows
    filters: Sequence[Filter]

    def remember(self, row: MadeRow) -> None:
        """Take into account a row that was made before a stop."""
        if made := self.rows.editable(row.number, row.row):
            for each in self.filters:
                if isinstance(each, Duplicates):
                    each.add(row.number, made)

    def judged(self, requests: Sequence[Request], variants: Sequence[Variant]) -> list[MadeRow]:
        """A synthetic row for each request, in order."""
        pairs = list(zip(requests, variants, strict=True))
        candidates = [found for pair in pairs if (found := self._candidate(*pair))]
        objections = self._objections(candidates)
        readable = {candidate.number for candidate in candidates}
        return [_made(*pair, readable, objections.get(pair[0].number)) for pair in pairs]

    def _candidate(self, request: Request, variant: Variant) -> Candidate | None:
        made = None if variant.fault else self.rows.editable(request.number, variant.value)
        return Candidate(request.number, made, request.source) if made else None

    def _objections(self, candidates: Sequence[Candidate]) -> dict[int, Objection]:
        """By number the first objection; later filters don't see the row any more."""
        found: dict[int, Objection] = {}
        for each in self.filters:
            told = each.objections(candidates) if candidates else []
            found |= {one.number: said for one, said in zip(candidates, told, strict=True) if said}
            candidates = [candidate for candidate in candidates if candidate.number not in found]
        return found


def _made(request: Request, variant: Variant, readable: set[int], objection: Objection | None) -> MadeRow:
    if request.number not in readable:
        objection = Objection("unreadable", variant.fault or "it is no row of this task any more")
    verdict, note = objection or (KEPT, "")
    return MadeRow(request.number, request.source.line, variant.value, variant.generator, verdict, note)
