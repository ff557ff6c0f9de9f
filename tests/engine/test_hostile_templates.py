"""Chat templates that come with a model and would do more than write a conversation: none gets out of its sandbox."""

from pathlib import Path

import pytest
from test_causal_lm import talk
from tiny_tasks import say_nothing, task_of
from tiny_tokenizer import CHATML, make_tokenizer
from tunedeck.store.errors import DataError, ModelError

MARK = "was-run"
TEMPLATES = {
    "a function's globals": f"{{{{ cycler.__init__.__globals__.os.system('touch {MARK}') }}}}",
    "the classes there are": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a format that reaches inside": "{{ '{0.__class__.__init__.__globals__}'.format(cycler) }}",
    "a row that is changed": "{{ messages.append('x') }}",
    "another file": "{% include '/etc/passwd' %}",
    "no end": "{% for _ in range(10 ** 9) %}{% endfor %}",
    "another's code": f"{{% import 'os' as os %}}{{{{ os.system('touch {MARK}') }}}}",
}


@pytest.mark.parametrize("attack", TEMPLATES)
def test_a_template_that_would_reach_outside_is_refused_in_a_sentence(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    task = task_of()
    with pytest.raises((DataError, ModelError), match="chat template"):
        task.use(make_tokenizer(CHATML + TEMPLATES[attack]), say_nothing)
        task.encode(talk("Hi", "Hello"))
    assert list(tmp_path.iterdir()) == []
