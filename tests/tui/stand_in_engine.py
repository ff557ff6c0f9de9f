"""Stands in for the engine's verb play: says what a file tells it to say, so that pictures of it stay the same."""

import json
import sys
from pathlib import Path


def main() -> None:
    """The script holds `ready`, and the `answers` to every prompt; one with `waits` goes on when it is stopped."""
    script = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if error := script.get("error"):
        _say({"error": error})
        sys.exit(2)
    _say({"loading": "loading the stand-in"})
    if "ready" not in script:
        sys.stdin.read()
        return
    _say({"ready": script["ready"]})
    for line in sys.stdin:
        request = json.loads(line)
        for answer in [] if request.get("stop") else script["answers"]:
            if answer.get("waits"):
                assert json.loads(sys.stdin.readline()) == {"id": request["id"], "stop": True}
                continue
            _say({"id": request["id"], **answer})


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
