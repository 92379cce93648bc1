"""OpenAI-compatible servers to test against: `transformers serve`, and a small one that has every trouble there is."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx

DIRECT_REPLY = "Your refund arrives on the card within 5–7 business days after it was approved. [3]"
COMPLETE_REPLY = (
    "Thank you for writing. The Flexible policy gives you a full refund if you cancel at least 24 hours before "
    "check-in. [1] Open Trips and choose the booking. [2] Choose Cancel stay. [2]"
)
_STARTED_WITHIN_S = 120.0


@contextmanager
def served_by_transformers(model: Path, folder: Path) -> Iterator[str]:
    """`transformers serve` on a free port, with that model loaded; yields its base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu", str(model)]
    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(folder), "HF_HUB_DISABLE_TELEMETRY": "1"}
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}/health", process, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTED_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url, timeout=5.0).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"transformers serve did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


Answer = Callable[["ChatHandler", dict[str, Any]], None]


class ChatHandler(BaseHTTPRequestHandler):
    """One request: the next of the server's answers is given, the last one again and again."""

    server: ChatServer  # type: ignore[assignment]

    def do_GET(self) -> None:
        self.send_json(
            200, {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.models]}
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/load_lora_adapter"):
            self.server.loaded.append(body)
            self.send_json(self.server.load_status, {"status": "ok"})
            return
        with self.server.lock:
            self.server.requests.append({**body, "authorization": self.headers.get("Authorization")})
            answers = self.server.answers
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self, body)

    def send_json(self, status: int, body: dict[str, Any], **headers: str) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, *parts: str, finish: str | None = "stop", pause_s: float = 0.0) -> None:
        """A streamed chat completion in so many parts; `finish` None: the connection ends in the middle."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for part in parts:
            self._event({"delta": {"content": part}, "index": 0, "finish_reason": None})
            time.sleep(pause_s)
        if finish:
            self._event({"delta": {}, "index": 0, "finish_reason": finish})
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choice: dict[str, Any]) -> None:
        chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at `requests`."""


class ChatServer(ThreadingHTTPServer):
    """Answers chat completions with `answers`, one after the other, and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ChatHandler)
        self.answers: list[Answer] = [says_what_is_asked]
        self.models = ["some-model"]
        self.requests: list[dict[str, Any]] = []
        self.loaded: list[dict[str, Any]] = []
        self.load_status = 200
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """The base URL, as in AITL_OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that has waited long enough goes away, as it should."""


def says_what_is_asked(handler: ChatHandler, body: dict[str, Any]) -> None:
    """The parrot's two replies, by the style that the prompt asks for."""
    wants_all = "complete reply" in body["messages"][-1]["content"]
    handler.stream(*(COMPLETE_REPLY if wants_all else DIRECT_REPLY).partition(" "))


def says(*parts: str, finish: str | None = "stop", pause_s: float = 0.0) -> Answer:
    """These words, part by part."""
    return lambda handler, body: handler.stream(*parts, finish=finish, pause_s=pause_s)


def refuses(
    status: int, message: str = "no", *, param: str | None = None, code: str | None = None, **headers: str
) -> Answer:
    """An error as OpenAI words it."""
    body = {"error": {"message": message, "type": "error", "param": param, "code": code}}
    return lambda handler, _: handler.send_json(status, body, **headers)


def says_garbage(content_type: str, data: bytes) -> Answer:
    """Something that is no chat completion."""

    def answer(handler: ChatHandler, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer
