"""Receiving over HTTP: a web server in a thread of its own, and threads of their own for what it takes in."""

from __future__ import annotations

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Thread

import uvicorn
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier

from bot.http_endpoint import build_endpoint
from bot.receiver import Host, MakeReceiver
from core.errors import ConfigurationError
from core.settings import Settings

log = logging.getLogger("aitl.http")

DEFAULT_HOST = "127.0.0.1"
DELIVERY_THREADS = 32
STARTS_WITHIN_S = 20.0
# Slack has given up on a delivery by then.
FINISH_S = 3.0
# Longer than the proxy in front keeps idle connections, so that it never writes into one that we just closed.
KEEP_ALIVE_S = 75
# Connections beyond this are answered 503, and Slack tries again.
MAX_CONNECTIONS = 1000


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """`PORT`, `HOST:PORT` or `[IPv6]:PORT`. Raises ConfigurationError for anything else."""
        host, colon, port = text.strip().rpartition(":")
        host = host.removeprefix("[").removesuffix("]") if colon else DEFAULT_HOST
        if not host or not (port.isascii() and port.isdecimal() and 0 < int(port) <= 65_535):
            raise ConfigurationError(f"--http is {text!r}, expected a port such as 3000, or HOST:PORT.")
        return cls(host, int(port))


def over_http(address: Address) -> MakeReceiver:
    """Makes the receiver of a bot that Slack reaches by HTTP."""

    def make(app: App, settings: Settings, host: Host) -> HttpServer:
        secret = settings.slack_signing_secret.reveal()
        if not secret.strip():
            raise ConfigurationError(
                "SLACK_SIGNING_SECRET is not set. Copy it from api.slack.com/apps → Basic Information → "
                "App Credentials into it."
            )
        return HttpServer(app, SignatureVerifier(secret), host, address)

    return make


class HttpServer:
    """Serves one bot. A Receiver."""

    def __init__(self, app: App, verifier: SignatureVerifier, host: Host, address: Address) -> None:
        self._host, self._address = host, address
        # Apart from the loop and from the listeners: neither keeps a delivery from being acknowledged.
        self._deliveries = ThreadPoolExecutor(DELIVERY_THREADS, thread_name_prefix="aitl-http")
        self._health = ThreadPoolExecutor(1, thread_name_prefix="aitl-health")
        endpoint = build_endpoint(app, verifier, host, self._deliveries, self._health)
        self._server = uvicorn.Server(
            uvicorn.Config(
                endpoint,
                http="h11",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level=logging.ERROR,  # what strangers send wrongly is no news
                access_log=False,
                server_header=False,
                limit_concurrency=MAX_CONNECTIONS,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=int(FINISH_S),
            )
        )
        self._thread = Thread(target=self._serve, name="aitl-http", daemon=True)
        self._listener: socket.socket | None = None
        self._settled = Event()

    def connect(self) -> None:
        """Listen. Raises ConfigurationError where the address cannot be had."""
        self._listener = _listen(self._address)
        self._thread.start()
        self._settled.wait(STARTS_WITHIN_S)
        if not self.is_connected:
            raise ConfigurationError(f"--http {self._address.port}: the server did not start; see the log.")

    def close(self) -> None:
        """Take no further connection, and answer what is at hand."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(FINISH_S + 1.0)
        if self._listener is not None:
            self._listener.close()
        for pool in (self._deliveries, self._health):
            pool.shutdown(wait=False, cancel_futures=True)

    @property
    def is_connected(self) -> bool:
        """True while it serves."""
        return self._thread.is_alive() and self._server.started and not self._server.should_exit

    def _serve(self) -> None:
        try:
            asyncio.run(self._serve_until_told())
        except Exception:  # the thread ends, and is_connected says so
            log.exception("the web server broke")
        finally:
            self._settled.set()
        if self._server.started and not self._server.should_exit:
            self._host.give_up("The web server ended by itself; the log says why. Start the bot again.")

    async def _serve_until_told(self) -> None:
        assert self._listener is not None
        serving = asyncio.ensure_future(self._server.serve(sockets=[self._listener]))
        while not (self._server.started or serving.done()):
            await asyncio.sleep(0.005)
        self._settled.set()
        await serving
        for connection in list(self._server.server_state.connections):  # whoever reads no answer, or sends no end
            connection.transport.abort()
        await asyncio.sleep(0)  # they close at the loop's next turn


def _listen(address: Address) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # asyncio sends small answers at once only on sockets that name TCP.
        listener = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise ConfigurationError(
            f"--http: cannot listen on {address.host} port {address.port} ({error.strerror or error}). "
            "Free it, or choose another one."
        ) from error
    return listener
