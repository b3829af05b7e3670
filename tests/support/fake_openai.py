"""A server on the loopback that answers as OpenAI's Responses API does: its shapes, none of its intelligence.

What it answers is scripted; without a script it proposes what `proposals` makes of the passage. It keeps every request.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

Body = dict[str, Any]
Suggestions = list[dict[str, Any]]

INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS = 1_500, 1_024, 200


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `seconds` is how long the server thinks about it."""

    body: Mapping[str, Any] | str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class FakeOpenAi:
    """The server's address, what it was asked, and what it is to answer next."""

    url: str = ""
    requests: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    script: deque[Answer] = field(default_factory=deque)
    proposals: Callable[[str], Suggestions] = field(default=lambda _text: [])

    def answer(self, request: Body) -> Answer:
        """The next scripted answer, else one with what is proposed for the passage."""
        return self.script.popleft() if self.script else suggesting(self.proposals(passage_of(request)))

    def will(self, *answers: Answer) -> None:
        """Answer so next, in this order."""
        self.script.extend(answers)


def passage_of(request: Body) -> str:
    """The passage of a request, as a model would read it: the JSON string between the marks."""
    passage: str = json.loads(request["input"].split(">>\n", 1)[1].rsplit("\n<<end", 1)[0])
    return passage


def suggestion(original: str, suggested: str, kind: str = "style", **more: Any) -> dict[str, Any]:
    """One entry of a model's answer."""
    return {"type": kind, "original": original, "suggested": suggested, "reason": "Shorter.", "confidence": 0.8, **more}


def suggesting(suggestions: Suggestions) -> Answer:
    """A completed answer that fits the schema."""
    return saying(json.dumps({"suggestions": suggestions}, ensure_ascii=False))


def saying(text: str, **more: Any) -> Answer:
    """A completed answer with any text."""
    return Answer(response([{"type": "output_text", "text": text, "annotations": []}], **more))


def refusing() -> Answer:
    """The model declines."""
    return Answer(response([{"type": "refusal", "refusal": "I can't help with that."}]))


def truncated() -> Answer:
    """The answer ran out of model tokens."""
    content = [{"type": "output_text", "text": '{"suggestions":[{"type":"sty', "annotations": []}]
    return Answer(response(content, status="incomplete", incomplete_details={"reason": "max_output_tokens"}))


def failing(status: int, code: str | None, message: str = "It failed.", **headers: str) -> Answer:
    """An error as the API words it."""
    error = {"message": message, "type": "error", "param": None, "code": code}
    return Answer({"error": error}, status, {name.replace("_", "-"): value for name, value in headers.items()})


numbers = count(1)


def response(content: list[dict[str, Any]], *, status: str = "completed", **more: Any) -> Body:
    """A Response object with one message."""
    number = next(numbers)
    return {
        "id": f"resp_{number:08d}",
        "object": "response",
        "created_at": 1_790_000_000,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": "gpt-5-mini-2025-08-07",
        "output": [
            {"type": "reasoning", "id": f"rs_{number:08d}", "summary": []},
            {"type": "message", "id": f"msg_{number:08d}", "role": "assistant", "status": status, "content": content},
        ],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "store": False,
        "usage": {
            "input_tokens": INPUT_TOKENS,
            "input_tokens_details": {"cached_tokens": CACHED_TOKENS, "cache_write_tokens": 0},
            "output_tokens": OUTPUT_TOKENS,
            "output_tokens_details": {"reasoning_tokens": 64},
            "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
        },
        **more,
    }


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hung up is part of some tests."""


@contextmanager
def fake_openai() -> Iterator[FakeOpenAi]:
    """Serve on a free port of the loopback until the test ends."""
    fake = FakeOpenAi()
    server = Server(("127.0.0.1", 0), handler_of(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def handler_of(fake: FakeOpenAi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/v1/responses":
                self.reply(failing(404, "unknown_url"))
                return
            fake.requests.append(request)
            fake.keys.append(self.headers["Authorization"])
            answer = fake.answer(request)
            time.sleep(answer.seconds)
            self.reply(answer)

        def reply(self, answer: Answer) -> None:
            content = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
            self.send_response(answer.status)
            for name, value in {"x-request-id": f"req_{next(numbers):08d}", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler
