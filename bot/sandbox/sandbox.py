"""The sandbox as tests, the demo and the command line hold it: start it, look at it, break it, stop it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

import uvicorn

from bot.sandbox.clock import Clock, SystemClock
from bot.sandbox.delivery import Wire
from bot.sandbox.errors import RulesBroken, SandboxError
from bot.sandbox.faults import Fault
from bot.sandbox.journal import Breach, CallRecord, DeliveryRecord
from bot.sandbox.local import build_local_slack
from bot.sandbox.manifest import load_manifest
from bot.sandbox.people import Person
from bot.sandbox.request_url import RequestUrlWire, deliver_to
from bot.sandbox.server import build_server
from bot.sandbox.sockets import SocketWire, goodbye
from bot.sandbox.state import Channel, SlackFile, Team, User
from bot.sandbox.transports import Transports
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import TEAM

HOST = "127.0.0.1"
STARTS_WITHIN_S = 20.0
STOPS_WITHIN_S = 10.0

T = TypeVar("T")


class Sandbox:
    """A local Slack with one workspace and one installed app, served from a thread of its own.

    manifest: the app's manifest, as a file or a mapping; None takes the project's own.
    port: 0 takes any free one. rate_limits: answer 429 as Slack's tiers do. seed: of ids and socket routing.
    team: which workspace it is; everybody and everything else in it is the same.
    Raises SandboxError when the manifest cannot be read or the port is taken.
    """

    # Whoever runs tests turns this off: then stop() raises RulesBroken for breaches that nobody looked at.
    is_forgiving: ClassVar[bool] = True

    def __init__(
        self,
        manifest: Path | Mapping[str, Any] | None = None,
        port: int = 0,
        clock: Clock | None = None,
        *,
        rate_limits: bool = True,
        seed: int = 0,
        team: Team = TEAM,
    ) -> None:
        self._listener = _listen(port)
        self._transports = Transports()
        base_url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        try:
            self._slack = build_local_slack(
                load_manifest(manifest), clock or SystemClock(), base_url, rate_limits=rate_limits, seed=seed, team=team
            )
        except SandboxError:
            self._listener.close()
            raise
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._people: list[Person] = []
        self._expected: frozenset[str] | None = frozenset()
        self._looked_at = 0

    def start(self) -> Self:
        """Serve, and return once the port answers."""
        self._thread.start()
        if not self._ready.wait(STARTS_WITHIN_S):
            raise SandboxError(f"the sandbox did not start within {STARTS_WITHIN_S:g} s on {self.url}.")
        return self

    def stop(self) -> None:
        """Close every connection and the port; the state stays readable.

        Raises RulesBroken, once all is closed, where the sandbox is not forgiving.
        """
        self._close()
        if not self.is_forgiving and (unseen := self._unseen_violations()):
            raise RulesBroken(unseen)

    def _close(self) -> None:
        for person in self._people:
            person.close()
        if self._loop is not None and self._thread.is_alive():
            self._call(self._wind_down())
            self._server.should_exit = True
            self._thread.join(STOPS_WITHIN_S)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.stop()
        else:
            self._close()  # what is raised already matters more

    @property
    def url(self) -> str:
        """The page, such as http://127.0.0.1:4321."""
        return self._slack.base_url

    @property
    def api_url(self) -> str:
        """What a WebClient takes as base_url."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The installed app's bot token, xoxb-..."""
        return self._slack.app.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, xapp-..."""
        return self._slack.app.app_token

    @property
    def signing_secret(self) -> str:
        """The secret that signs deliveries over HTTP."""
        return self._slack.app.signing_secret

    @property
    def bot_user_id(self) -> str:
        """The user id under which the app writes."""
        return self._slack.app.bot_user_id

    @property
    def team_id(self) -> str:
        """The id of the workspace, T..."""
        return self._slack.state.team.id

    @property
    def bot_id(self) -> str:
        """The bot id of the app, B..."""
        return self._slack.app.bot_id

    @property
    def is_app_online(self) -> bool:
        """True while the app has a Socket Mode connection or a request URL."""
        return bool(self._slack.delivery.wires)

    @property
    def connections(self) -> list[Wire]:
        """The ways to the app that are open now, the oldest first."""
        return list(self._slack.delivery.wires)

    @property
    def violations(self) -> list[Breach]:
        """Every breach of Slack's rules by the app so far; whoever asks has looked at them."""
        breaches = list(self._slack.journal.breaches)
        self._looked_at = len(breaches)
        return breaches

    @property
    def calls(self) -> list[CallRecord]:
        """Every Web API call so far."""
        return list(self._slack.journal.calls)

    @property
    def deliveries(self) -> list[DeliveryRecord]:
        """Every attempt to deliver something to the app so far."""
        return list(self._slack.journal.deliveries)

    def expect_violations(self, *rules: str) -> None:
        """Forgive breaches of these rules, such as "unacked", whenever they come; without a name, of all rules."""
        self._expected = frozenset(rules) or None

    def user(self, name: str) -> User:
        """Somebody in the workspace by handle: "ada", "ben", "lea", "customer", "guest", "stranger", "helpdesk"."""
        return self._slack.state.user_named(name)

    def channel(self, name: str) -> Channel:
        """A channel by name, such as "support-cases"."""
        return self._slack.state.channel_named(name)

    def person(self, name: str) -> Person:
        """Somebody who acts over real HTTP, as the page does; closed together with the sandbox."""
        person = Person(self.url, self.user(name).id, {channel.name: channel.id for channel in self._channels()})
        self._people.append(person)
        return person

    def fail_next(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        drop_after_write: bool = False,
        delay_s: float = 0.0,
        retry_after_s: int = 1,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of a Web API method go wrong; see Fault.

        "response_url" names what is sent to response addresses, for `drop_after_write` only.
        """
        fault = Fault(error, status, drop_after_write, delay_s, retry_after_s)
        self._run(lambda: self._slack.faults.add(method, fault, times))

    def faults_left(self, method: str) -> int:
        """How many calls of a method are still to go wrong; the others have come already."""
        return self._run(lambda: self._slack.faults.left(method))

    def disconnect_sockets(
        self,
        reason: str = "refresh_requested",
        *,
        close: bool = True,
        abrupt: bool = False,
        warn: bool = True,
        only: int | None = None,
    ) -> None:
        """End the app's Socket Mode connections.

        warn: send "disconnect" with the reason first. close: close from Slack's side (else the app has to);
        abrupt: break the connection without any goodbye. only: so many of them, the oldest; None: all.
        """
        self._call(self._disconnect(reason, close=close, abrupt=abrupt, warn=warn and not abrupt, only=only))

    def freeze_sockets(self) -> None:
        """Let the app's connections die without a word: they stay open and silent, and nothing is sent on them."""

        def freeze() -> None:
            for wire in [wire for wire in self._slack.delivery.wires if isinstance(wire, SocketWire)]:
                self._slack.delivery.close_wire(wire)
                self._transports.freeze(wire.address)

        self._run(freeze)

    def deliver_to(self, request_url: str, *, verify: bool = True) -> None:
        """Deliver by HTTP from now on, and no longer by Socket Mode.

        verify: first ask the address for a challenge, as Slack does when it is entered. Raises SandboxError when the
        app does not give it back.
        """
        self._call(deliver_to(self._slack, request_url, verify=verify))

    def resend(self, envelope_id: str) -> None:
        """Deliver once more what was delivered before, as Slack sometimes does with events."""
        self._run(lambda: self._slack.delivery.resend(envelope_id))

    def deliver(self, kind: str, payload: Any) -> bool:
        """Deliver a payload of one's own making, once; whether the app acknowledged it in time.

        kind: "events_api", "interactive" or "slash_commands".
        """
        return self._call(self._slack.delivery.send_interaction(kind, payload)).is_acked

    def hold_events(self) -> None:
        """Keep events back, as when Slack is slow; clicks, forms and commands still arrive."""
        self._run(self._slack.delivery.hold_events)

    def release_events(self, *, copies: int = 1, seed: int | None = None) -> None:
        """Deliver the events that were kept back, each `copies` times, shuffled by `seed` where there is one."""
        self._run(lambda: self._slack.delivery.release_events(copies, seed))

    def change_user(self, name: str, **changes: Any) -> None:
        """Change somebody's standing, such as is_restricted=True or deleted=True, and tell the app."""
        user = self.user(name)

        def change() -> None:
            for field, value in changes.items():
                setattr(user, field, value)
            self._slack.events.user_changed(user)

        self._run(change)

    def happen(self, change: Callable[[Workspace], T]) -> T:
        """Let something happen in the workspace that nobody's window offers, such as a channel with a new id."""
        return self._run(lambda: change(self._slack.workspace))

    def uninstall_app(self, *, error: str = "account_inactive", tell: bool = True) -> None:
        """Take the app out of the workspace: its bot token is answered with `error` from now on.

        tell: the app hears of it by events first.
        """

        def uninstall() -> None:
            if tell:
                self._slack.events.uninstalled()
            self._slack.refusal = error

        self._run(uninstall)

    def install_app(self) -> None:
        """Put the app back, with the token it had."""
        self._slack.refusal = ""

    def add_user(self, name: str, **fields: Any) -> User:
        """Somebody more in the workspace, such as is_bot=True; in no channel yet, and the app is not told."""
        slack = self._slack
        given = {"id": slack.ids.make("U"), "team_id": slack.state.team.id, "real_name": name.title(), **fields}
        user = User(name=name, **given)
        self._run(lambda: slack.state.users.setdefault(user.id, user))
        return user

    def set_plan(self, *, is_free: bool) -> None:
        """Put the workspace on a free plan, where there are no user groups, or on a paid one."""
        self._slack.is_free_plan = is_free

    def refuse_blocks(self, *types: str) -> None:
        """Be a workspace that answers invalid_blocks to blocks of these types, as before Slack has brought them there.

        That is no breach: no app can know it beforehand. Without a type it takes all again.
        """
        self._slack.refused_blocks = frozenset(types)

    def slow_files(self, seconds: float) -> None:
        """Let a file be shown in a block only so long after its upload; until then it is invalid_blocks."""
        self._slack.files_take_s = seconds

    @property
    def files(self) -> list[SlackFile]:
        """Everything that the app has uploaded, the oldest first."""
        return list(self._slack.state.files.values())

    def set_group_members(self, handle: str, names: list[str]) -> None:
        """Replace the members of a user group, and tell the app."""
        group = next(group for group in self._slack.state.usergroups.values() if group.handle == handle)
        before, after = list(group.users), [self.user(name).id for name in names]

        def change() -> None:
            group.users = after
            added = [user for user in after if user not in before]
            removed = [user for user in before if user not in after]
            self._slack.events.group_members_changed(group, added, removed)

        self._run(change)

    def _unseen_violations(self) -> list[Breach]:
        if self._expected is None:
            return []
        later = list(self._slack.journal.breaches)[self._looked_at :]
        return [breach for breach in later if breach.rule not in self._expected]

    def _channels(self) -> list[Channel]:
        return list(self._slack.state.channels.values())

    async def _disconnect(self, reason: str, *, close: bool, abrupt: bool, warn: bool, only: int | None) -> None:
        for wire in list(self._slack.delivery.wires)[:only]:
            if not isinstance(wire, SocketWire):
                continue
            if warn:
                await wire.send(goodbye(reason))
            if abrupt:
                self._transports.abort(wire.address)
            elif close:
                await wire.close()

    async def _wind_down(self) -> None:
        await self._slack.delivery.stop()
        for wire in list(self._slack.delivery.wires):
            if isinstance(wire, RequestUrlWire):
                await wire.close()
        self._slack.stream.close()

    def _run(self, work: Callable[[], T]) -> T:
        async def run() -> T:
            return work()

        return self._call(run())

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise SandboxError("the sandbox is not running; call start() first.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(STOPS_WITHIN_S)

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            build_server(self._slack, self._transports),
            http=self._transports.protocol(),
            ws="websockets-sansio",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )

    def _serve(self) -> None:
        asyncio.run(self._serve_until_told())

    async def _serve_until_told(self) -> None:
        self._loop = asyncio.get_running_loop()
        serving = asyncio.ensure_future(self._server.serve(sockets=[self._listener]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        self._ready.set()
        await serving
        self._transports.abort_all()
        await asyncio.sleep(0)  # they close at the loop's next turn


def _listen(port: int) -> socket.socket:
    # asyncio sends small answers at once only on sockets that name TCP; else each waits 40 ms for the next.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as problem:
        listener.close()
        raise SandboxError(f"cannot listen on port {port} ({problem}); free it or choose another one.") from problem
    return listener
