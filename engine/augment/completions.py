"""Chat completions as OpenAI's protocol has them: one request with its retries, and no more of the key than its use."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import IO, Any, NamedTuple

from ...store.errors import ModelError

_TRIES = 6
_LONGEST_WAIT_SECONDS = 60.0
_MOST_BYTES = 10_000_000
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_UNAVAILABLE = (408, 409, 425, 429)
# The key, the place or the model's name are wrong: no other request would do better.
_USELESS = (401, 403, 404, 405)
_ADVICE = {
    401: "Set the variable that key_variable names to a key that it takes.",
    403: "Set the variable that key_variable names to a key that may use this model.",
    404: "url most often ends in /v1, and generator_model is the name that the server knows.",
}


class Answer(NamedTuple):
    """What the model wrote, and the tokens that the server counts; None where it doesn't say."""

    text: str
    read_tokens: int | None
    written_tokens: int | None


class Refused(Exception):
    """The server won't answer this request, in words."""


class Unavailable(Exception):
    """The server did not answer, in words; it may do so later."""

    def __init__(self, reason: str, wait_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Whoever is named by a redirect would be given the key."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


@dataclass(frozen=True)
class Completions:
    """One model of one server; safe to be asked from several threads."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_seconds: float = 120.0
    first_wait_seconds: float = 1.0

    def answer(self, prompt: str, options: dict[str, Any], stopping: Event) -> Answer:
        """What the model writes to the prompt; tried up to six times, with waits of 1, 2, 4, 8 and 16 seconds.

        Raises:
            Refused: the server won't. Unavailable: it can't, or `stopping` was set. ModelError: it never will.
        """
        body = {"model": self.model, "messages": [{"role": "user", "content": prompt}], **options}
        for tried in range(1, _TRIES + 1):
            try:
                return self._once(json.dumps(body).encode())
            except Unavailable as error:
                wait = max(self.first_wait_seconds * 2 ** (tried - 1), min(error.wait_seconds, _LONGEST_WAIT_SECONDS))
                if tried == _TRIES or stopping.wait(wait):
                    raise
        raise AssertionError("the last try returns or raises")

    def _once(self, body: bytes) -> Answer:
        headers = {"Content-Type": "application/json", "User-Agent": "tunedeck"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(f"{self.url.rstrip('/')}/chat/completions", body, headers)
        try:
            with self._opener().open(request, timeout=self.timeout_seconds) as response:
                return self._read(self._body(response))
        except urllib.error.HTTPError as error:
            with error:
                raise self._fault(error) from None
        except (OSError, HTTPException) as error:
            raise Unavailable(self._without_key(f"no answer: {getattr(error, 'reason', error)}")) from None

    def _opener(self) -> urllib.request.OpenerDirector:
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if urllib.parse.urlsplit(self.url).hostname in _LOOPBACK:
            handlers.append(urllib.request.ProxyHandler({}))
        return urllib.request.build_opener(*handlers)

    def _body(self, response: Any) -> bytes:
        """All of it, unless it takes too long or is too much: a socket's timeout is for each piece alone."""
        ends_at, parts, size = time.monotonic() + self.timeout_seconds, list[bytes](), 0
        while part := response.read1(65536):
            parts.append(part)
            size += len(part)
            if size > _MOST_BYTES:
                raise Refused("its answer is longer than 10 MB")
            if time.monotonic() > ends_at:
                raise Unavailable(f"no whole answer in {self.timeout_seconds:g} s")
        return b"".join(parts)

    def _read(self, body: bytes) -> Answer:
        try:
            answer = json.loads(body)
            text = answer["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError):
            told = self._without_key(body.decode(errors="replace"))[:200]
            raise Refused(f"its answer is no chat completion: {told}") from None
        if not isinstance(text, str):
            raise Refused("its answer holds no text")
        usage = answer.get("usage")
        counts = usage if isinstance(usage, dict) else {}
        return Answer(self._without_key(text), _count(counts, "prompt_tokens"), _count(counts, "completion_tokens"))

    def _fault(self, error: urllib.error.HTTPError) -> Exception:
        said = _message(error.read(2000))
        reason = self._without_key(f"{error.code} {error.reason}{said and ': '}{said}")[:400]
        if error.code in _UNAVAILABLE or error.code >= 500:
            return Unavailable(reason, _seconds(error.headers.get("Retry-After")))
        if error.code in _USELESS or error.code < 400:
            return ModelError(f"{self.url} refuses: {reason.rstrip('.')}.", _ADVICE.get(error.code, ""))
        return Refused(reason)

    def _without_key(self, text: str) -> str:
        """A server may repeat the key, as OpenAI's does of a wrong one; cut before this, half of it would stay."""
        return text.replace(self.key, "[the key]") if self.key else text


def _message(body: bytes) -> str:
    """What the server says went wrong, in a line."""
    try:
        told = json.loads(body)["error"]
        said = told["message"] if isinstance(told, dict) else told
    except (ValueError, LookupError, TypeError, RecursionError):
        said = body.decode(errors="replace")
    return " ".join(str(said).split())


def _seconds(retry_after: str | None) -> float:
    """The wait that the server asks for; it may be a date, which is left to our own waits."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0


def _count(usage: dict[str, Any], name: str) -> int | None:
    value = usage.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def in_parallel(calls: list[Callable[[Event], Any]], threads: int, check: Callable[[], None]) -> list[Any | Exception]:
    """What the calls return or raise, in their order; `check` is called meanwhile, and what it raises ends the wait.

    The threads are daemons: one that waits for a server must not hold up the end of the engine.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    ended: SimpleQueue[tuple[int, Any]] = SimpleQueue()
    stopping = Event()
    for place in range(len(calls)):
        waiting.put(place)

    def work() -> None:
        while not stopping.is_set():
            try:
                place = waiting.get_nowait()
            except Empty:
                return
            try:
                ended.put((place, calls[place](stopping)))
            except Exception as error:  # noqa: BLE001 - whatever it is, who waits for the answer raises it
                ended.put((place, error))

    for _ in range(min(threads, len(calls))):
        Thread(target=work, daemon=True).start()
    found: dict[int, Any] = {}
    try:
        while len(found) < len(calls):
            check()
            try:
                place, result = ended.get(timeout=0.2)
            except Empty:
                continue
            found[place] = result
    finally:
        stopping.set()
    return [found[place] for place in range(len(calls))]
