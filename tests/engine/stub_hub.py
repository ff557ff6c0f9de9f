"""A hub on the loopback interface: a few data sets, and the ways in which the real one refuses them, and models."""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"
Files = Mapping[str, bytes]
# What a repository answers instead of its files.
REFUSALS: dict[str, tuple[int, str]] = {
    "them/gated": (403, "GatedRepo"),
    "them/private": (401, "RepoNotFound"),
    "them/broken": (500, ""),
}
REPOSITORY = r"/(?:api/)?(?:datasets|models)/(?P<repository>[\w.-]+/[\w.-]+)"


class Hub(BaseHTTPRequestHandler):
    """Answers like the hub, as far as `huggingface_hub` and `datasets` ask."""

    protocol_version = "HTTP/1.1"
    repositories: ClassVar[Mapping[str, Files]] = {}
    asked: ClassVar[list[str]] = []
    hangs_seconds = 0.0

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's output is its own."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append(f"{self.command} {self.path} {self.headers.get('Authorization', '')}")
        time.sleep(self.hangs_seconds)
        url = urlsplit(self.path)
        if url.path == "/api/datasets":
            return self._search(parse_qs(url.query))
        found = re.match(REPOSITORY + r"(?P<rest>/.*)?$", unquote(url.path))
        if found is None:
            return self._send(404, b"{}")
        if refusal := REFUSALS.get(found["repository"]):
            return self._send(refusal[0], b"{}", {"X-Error-Code": refusal[1], "X-Error-Message": "no"})
        files = self.repositories.get(found["repository"])
        if files is None:
            return self._send(401, b"{}", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "no"})
        self._of_repository(found["repository"], files, found["rest"] or "", body)

    def _search(self, query: dict[str, list[str]]) -> None:
        words = query.get("search", [""])[0]
        found = [name for name in [*self.repositories, *REFUSALS] if words in name]
        self._json([self._about(name, self.repositories.get(name, {})) for name in found])

    def _of_repository(self, name: str, files: Files, rest: str, body: bytes) -> None:
        if rest.startswith("/resolve/"):
            return self._file(files, rest.split("/", 3)[3])
        if rest.startswith("/tree/"):
            folder = f"{rest.split('/', 3)[3]}/" if rest.count("/") > 2 else ""
            return self._json(_listed(folder, files))
        if rest.startswith("/paths-info/"):
            asked = set(parse_qs(body.decode()).get("paths", []))
            return self._json([_entry(path, files) for path in files if path in asked])
        if rest in ("", f"/revision/{REVISION}", "/revision/main"):
            return self._json(self._about(name, files))
        self._send(404, b"{}", {"X-Error-Code": "RevisionNotFound"})

    def _about(self, name: str, files: Files) -> dict[str, object]:
        siblings = [{"rfilename": path} for path in files]
        gated = "auto" if name == "them/gated" else False
        return {
            "_id": name, "id": name, "sha": REVISION, "siblings": siblings, "tags": [], "private": False,
            "gated": gated, "disabled": False, "downloads": 1200, "likes": 7,
            "lastModified": "2024-05-01T00:00:00.000Z",
        }  # fmt: skip

    def _file(self, files: Files, path: str) -> None:
        content = files.get(path)
        if content is None:
            return self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
        status, headers = 200, {"ETag": f'"{_oid(content)}"', "X-Repo-Commit": REVISION, "Accept-Ranges": "bytes"}
        if part := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            start, end = int(part[1]), int(part[2]) if part[2] else len(content) - 1
            end = min(end, len(content) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
            status, content = 206, content[start : end + 1]
        self._send(status, content, headers)

    def _json(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        # One who has waited for too long is gone.
        with suppress(BrokenPipeError):
            if self.command != "HEAD":
                self.wfile.write(content)


def _oid(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


def _listed(folder: str, files: Files) -> list[dict[str, object]]:
    """What is right in the folder."""
    inside = [path for path in files if path.startswith(folder)]
    folders = {folder + path.removeprefix(folder).partition("/")[0] for path in inside if "/" in path[len(folder) :]}
    entries = [_entry(path, files) for path in inside if "/" not in path[len(folder) :]]
    return [{"type": "directory", "path": path, "size": 0, "oid": _oid(path.encode())} for path in folders] + entries


def _entry(path: str, files: Files) -> dict[str, object]:
    return {"type": "file", "path": path, "size": len(files[path]), "oid": _oid(files[path])}


@contextmanager
def serving(repositories: Mapping[str, Files], hangs_seconds: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    """The address of a hub that has these repositories, and what it is asked as it goes."""
    asked: list[str] = []
    told = {"repositories": repositories, "asked": asked, "hangs_seconds": hangs_seconds}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OurHub", (Hub,), told))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
