"""The question of a sweep: which knobs of the form are to vary, over what."""

from .line_ask import LineAsk

_QUESTION = "Queue runs of this form that differ in these knobs, and rank them:"
_EXAMPLES = """\
 learning_rate=1e-4,3e-4 r=8,32         all combinations
 12 learning_rate=1e-5..1e-3 r=8..64    12 by chance"""


class VaryAsk(LineAsk[str]):
    """What was typed; None where nothing is to be queued."""

    def __init__(self, line: str) -> None:
        super().__init__(_QUESTION, _EXAMPLES, str, line)
