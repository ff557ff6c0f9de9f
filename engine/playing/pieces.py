"""What a model writes, piece by piece: the pieces together are the whole answer."""

from collections.abc import Callable

from torch import Tensor
from transformers import PreTrainedTokenizerBase
from transformers.generation.streamers import BaseStreamer

# Half of a character's bytes, which the next token may complete.
_INCOMPLETE = "\ufffd"


class Pieces(BaseStreamer):
    """Gives `say` each stretch of text as soon as no later token can change it; stripped, as the whole answer is."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, say: Callable[[str], None]) -> None:
        self._tokenizer, self._say = tokenizer, say
        self._has_prompt = False
        self._ids: list[int] = []
        self._said = ""

    def put(self, value: Tensor) -> None:
        """What the decoder has read comes first, then each token that it writes."""
        if not self._has_prompt:
            self._has_prompt = True
            return
        self._ids += value.flatten().tolist()
        text = str(self._tokenizer.decode(self._ids, skip_special_tokens=True)).strip()
        # Some tokenizers take a space back that stood before a sign: then the whole answer, at its end, corrects it.
        if text.startswith(self._said) and len(text) > len(self._said) and not text.endswith(_INCOMPLETE):
            piece, self._said = text[len(self._said) :], text
            self._say(piece)

    def end(self) -> None:
        """Nothing is held back that another token could have completed."""
