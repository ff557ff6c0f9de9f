"""The generator `endpoint` against a server on loopback: what it asks, what it makes of it, what it never tells."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tunedeck.engine.augment.completions import Completions
from tunedeck.engine.augment.editable import Editable, Passage
from tunedeck.engine.augment.generators.endpoint import Endpoint, _key
from tunedeck.engine.augment.generators.generator import Request, Variant
from tunedeck.engine.report import Report
from tunedeck.store.augment import AugmentKnobs, checked
from tunedeck.store.errors import ConfigError, ModelError

KEY = "sk-planted-token"
Answer = tuple[int, dict[str, str], bytes]


def completion(text: str, **usage: int) -> Answer:
    body = {"choices": [{"message": {"role": "assistant", "content": text}}], "usage": usage}
    return 200, {}, json.dumps(body).encode()


@dataclass
class Server:
    """Answers by a function of the request's body and number, and remembers what it was sent."""

    answer: Callable[[dict[str, Any], int], Answer] = lambda body, number: completion("Rewritten: other words")
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""


@pytest.fixture
def server() -> Iterator[Server]:
    stub, lock = Server(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with lock:
                stub.bodies.append(body := json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                stub.headers.append(dict(self.headers))
                stub.at_once += 1
                stub.most_at_once = max(stub.most_at_once, stub.at_once)
                number = len(stub.bodies)
            status, headers, answer = stub.answer(body, number)
            with lock:
                stub.at_once -= 1
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(answer))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:
            """pytest needs no access log."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                stub.at_once = 0  # who asked has gone

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{listening.server_port}/v1"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield stub
    listening.shutdown()
    listening.server_close()
    thread.join()


def knobs(**changes: object) -> AugmentKnobs:
    values = {"generator": "endpoint", "url": "http://localhost/v1", "generator_model": "tiny"}
    return checked(values | changes)


def reporting(told: list[str]) -> Report:
    def report(text: str, *, level: str = "info") -> None:
        told.append(text)

    return report


def made(server: Server, count: int = 1, *, told: list[str] | None = None, timeout: float = 5.0, **changes: object):
    set_up = knobs(url=server.url, **changes)
    asked = Completions(server.url, "tiny", KEY, timeout, first_wait_seconds=0.01)
    endpoint = Endpoint(set_up, asked, lambda: None, reporting(told if told is not None else []))
    return endpoint.variants([request(number) for number in range(1, count + 1)])


def request(number: int) -> Request:
    source = Editable(number, {"text": f"text {number}", "label": "a"}, "a", (Passage(f"text {number}"),), (("text",),))
    return Request(number, source, 0, seed=2**40 + number)


def test_it_asks_with_the_key_and_the_knobs(server: Server) -> None:
    [variant] = made(server, temperature=0.5, max_new_tokens=9)
    assert variant.value == {"text": "other words", "label": "a"} and variant.generator == "endpoint:paraphrase"
    [body], [headers] = server.bodies, server.headers
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("tiny", 0.5, 9) and body["seed"] < 2**31
    assert body["messages"][0]["content"].endswith("\n\ntext 1")


def test_tokens_and_cost_are_the_servers_count(server: Server) -> None:
    server.answer = lambda body, number: completion("new", prompt_tokens=1000, completion_tokens=200)
    variants = made(server, 2, input_price=2.0, output_price=10.0)
    assert [(variant.tokens, round(variant.cost, 6)) for variant in variants] == [(200, 0.004)] * 2


def test_a_server_that_does_not_count_is_told_of_once(server: Server) -> None:
    told: list[str] = []
    made(server, 3, told=told)
    assert len(told) == 1 and "the cost told is too low" in told[0]


def test_as_many_are_asked_at_once_as_rows(server: Server) -> None:
    def slow(body: dict[str, Any], number: int) -> Answer:
        time.sleep(0.1)
        return completion("new")

    server.answer = slow
    made(server, 6, rows_at_once=3)
    assert server.most_at_once == 3


def test_answers_come_in_the_order_of_the_rows(server: Server) -> None:
    def echo(body: dict[str, Any], number: int) -> Answer:
        time.sleep(0.05 * (number % 2))
        return completion(body["messages"][0]["content"].rpartition("\n")[2] + "!")

    server.answer = echo
    assert [variant.value["text"] for variant in made(server, 4)] == [f"text {n}!" for n in range(1, 5)]  # type: ignore[index]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(server: Server, status: int) -> None:
    server.answer = lambda body, number: (status, {}, b"") if number < 4 else completion("new")
    assert made(server)[0].value == {"text": "new", "label": "a"} and len(server.bodies) == 4


def test_the_wait_that_is_asked_for_is_kept(server: Server) -> None:
    server.answer = lambda body, number: (429, {"Retry-After": "1"}, b"") if number == 1 else completion("new")
    started = time.monotonic()
    assert not made(server)[0].fault and time.monotonic() - started >= 1


def test_a_server_that_is_gone_ends_the_run_and_no_row(server: Server) -> None:
    server.answer = lambda body, number: (503, {}, b'{"error": {"message": "overloaded"}}')
    with pytest.raises(ModelError, match=r"503 Service Unavailable: overloaded.*resume the run"):
        made(server, 2)
    with pytest.raises(ModelError, match="refused"):
        made(Server(url="http://127.0.0.1:9/v1"))


def test_one_row_that_fails_leaves_the_others(server: Server) -> None:
    def picky(body: dict[str, Any], number: int) -> Answer:
        is_second = body["messages"][0]["content"].endswith("text 2")
        return (400, {}, b'{"error": "too long"}') if is_second else completion("new")

    server.answer = picky
    first, second, third = made(server, 3)
    assert not first.fault and not third.fault
    assert second == Variant(None, "endpoint:paraphrase", "the server did not answer: 400 Bad Request: too long")


def test_a_server_that_hangs_is_given_up(server: Server) -> None:
    def hang(body: dict[str, Any], number: int) -> Answer:
        time.sleep(0.5)
        return completion("late")

    server.answer = hang
    with pytest.raises(ModelError, match=r"no answer: timed out"):
        made(server, timeout=0.05)
    assert len(server.bodies) == 6


NO_COMPLETIONS = (
    b"{", b"[]", b'{"choices": []}', b"<html>", b"[" * 100_000, b'{"choices": [{"message": {"content": 5}}]}',
)  # fmt: skip
SECRET_URLS = (
    "localhost:8000", "ftp://x/v1", "http://me:secret@host/v1", "http://host/v1?key=secret", "http://[x",
)  # fmt: skip


@pytest.mark.parametrize("body", NO_COMPLETIONS)
def test_what_is_no_completion_is_said(server: Server, body: bytes) -> None:
    server.answer = lambda asked, number: (200, {}, body)
    with pytest.raises(ModelError, match=r"its answer (is no chat completion|holds no text)"):
        made(server)


def test_a_wrong_key_ends_the_run_at_once(server: Server) -> None:
    server.answer = lambda body, number: (401, {}, json.dumps({"error": {"message": f"Incorrect key {KEY}"}}).encode())
    with pytest.raises(ModelError) as refused:
        made(server)
    assert len(server.bodies) == 1 and "401" in str(refused.value) and "key_variable" in str(refused.value)
    assert KEY not in str(refused.value) and "[the key]" in str(refused.value)


@pytest.mark.parametrize(("status", "edge"), [(200, 200), (400, 383)])
def test_a_key_that_is_cut_off_leaves_no_half(server: Server, status: int, edge: int) -> None:
    server.answer = lambda body, number: (status, {}, f"{'x' * (edge - 5)}{KEY}".encode())
    with pytest.raises(ModelError) as refused:
        made(server)
    assert "xxx" in str(refused.value) and KEY[:3] not in str(refused.value)


def test_the_key_goes_nowhere_else(server: Server, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    server.answer = lambda body, number: (
        completion(f"the key is {KEY}") if number == 1 else (302, {"Location": f"{server.url}/{KEY}"}, b"")
    )
    [variant] = made(server)
    with pytest.raises(ModelError) as refused:
        made(server)
    told = [variant, refused.value, Completions(server.url, "tiny", KEY), caplog.text, *capfd.readouterr()]
    assert not any(KEY in str(one) or KEY in repr(one) for one in told)
    assert len(server.bodies) == 2


def test_a_stop_is_heard_while_the_server_thinks(server: Server) -> None:
    class Stop(Exception):
        pass

    def slow(body: dict[str, Any], number: int) -> Answer:
        time.sleep(2)
        return completion("late")

    def check() -> None:
        if server.bodies:
            raise Stop

    server.answer = slow
    endpoint = Endpoint(knobs(url=server.url), Completions(server.url, "tiny"), check, reporting([]))
    started = time.monotonic()
    with pytest.raises(Stop):
        endpoint.variants([request(1)])
    assert time.monotonic() - started < 1.5


def test_the_key_is_read_from_the_variable_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    report = reporting(told)
    monkeypatch.setenv("TUNEDECK_OTHER", f" {KEY}\n")
    assert _key(knobs(key_variable="TUNEDECK_OTHER"), report) == KEY and not told
    monkeypatch.delenv("TUNEDECK_API_KEY", raising=False)
    assert _key(knobs(), report) == "" and "asked without a key" in told[0]
    monkeypatch.setenv("TUNEDECK_API_KEY", "sk-ab\nX-Header: y")
    with pytest.raises(ConfigError) as refused:
        _key(knobs(), report)
    assert "sk-ab" not in str(refused.value)


@pytest.mark.parametrize("name", [KEY, "OPENAI_API_KEY", ""])
def test_a_variable_that_would_not_reach_the_run_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(ConfigError, match="TUNEDECK_") as refused:
        knobs(key_variable=name)
    assert refused.value.field == "key_variable" and KEY not in str(refused.value)


@pytest.mark.parametrize("url", SECRET_URLS)
def test_an_address_that_holds_a_secret_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        knobs(url=url)
    assert refused.value.field == "url" and "secret" not in str(refused.value)
