"""How fast a click is acknowledged while slow cases are in flight, beside what nobody could do without.

Three things by turns, so that whatever else the machine does hits all alike: a click on our bot, which is stored
before it is acknowledged; a click on a bare Bolt app, which only acknowledges; one committed insert into the same
database. Each app runs in a process of its own; ours drafts all the while. The local Slack measures.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from sqlalchemy import Engine, insert

from bot.bench.processes import child, run_bare_bolt, run_bot
from bot.bench.scene import Scene
from bot.bench.spread import Spread, spread_of
from bot.inbox import DRAFTS
from bot.sandbox import Sandbox, wait_for
from core.clock import utc_now
from core.store import Store
from core.store.engine import WRITES
from core.store.tables import InboxRow

_CHANNEL = "support-cases"
_TOP_UP_EVERY = 10  # rounds
_WARM_UP = 10  # rounds that do not count
_PAUSE_S = 0.02  # after each round: people do not click a thousand times a second
_CLICKS = ("preference.a3", "preference.b3", "preference.a2", "preference.b2")
_PICKED_UP_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class AckTimes:
    """Milliseconds; and the fewest cases that were waiting or being drafted while it was measured."""

    bot_ms: Spread
    bare_bolt_ms: Spread
    insert_ms: Spread
    fewest_in_flight: int


def measure_acknowledgements(
    scene: Scene, store: Store, reranker: Path, texts: Sequence[str], rounds: int, in_flight: int
) -> AckTimes:
    """`texts`: the cases that keep the bot busy, by turns; `reranker`: the cross-encoder that makes them slow."""
    with Sandbox(seed=1) as bare:
        channel = bare.channel(_CHANNEL).id
        bolt = child(run_bare_bolt, bare.api_url, bare.bot_token, bare.app_token, channel)
        with child(run_bot, scene.settings, reranker), bolt:
            press = [_clicks_on_the_bot(scene, texts[0]), _clicks_on_bolt(bare)]
            inserts_ms: list[float] = []
            press.append(lambda: inserts_ms.append(_insert_ms(store.engine, len(inserts_ms))))
            fewest = _rounds(scene, store, press, texts, rounds + _WARM_UP, in_flight)
        bot_ms, bolt_ms = _acknowledged_ms(scene.sandbox), _acknowledged_ms(bare)
    return AckTimes(
        bot_ms=spread_of(bot_ms[-rounds:]),
        bare_bolt_ms=spread_of(bolt_ms[-rounds:]),
        insert_ms=spread_of(inserts_ms[-rounds:]),
        fewest_in_flight=fewest,
    )


def _rounds(
    scene: Scene, store: Store, press: list[Callable[[], None]], texts: Sequence[str], rounds: int, in_flight: int
) -> int:
    """Each thing once per round, in an order drawn anew; tells the fewest cases in flight."""
    draw, more, fewest = random.Random(0), cycle(texts), in_flight
    for number in range(rounds):
        if number % _TOP_UP_EVERY == 0:
            waiting = store.inbox.pending(DRAFTS)
            fewest = min(fewest, waiting) if number else fewest
            _post(scene, store, more, in_flight - waiting, in_flight)
        for one in draw.sample(press, len(press)):
            one()
        time.sleep(_PAUSE_S)
    return fewest


def _post(scene: Scene, store: Store, more: cycle[str], count: int, in_flight: int) -> None:
    for _ in range(count):
        scene.post(next(more))
    if count > 0:
        wait_for(lambda: store.inbox.pending(DRAFTS) >= in_flight, _PICKED_UP_WITHIN_S, "the cases to be picked up")


def _clicks_on_the_bot(scene: Scene, text: str) -> Callable[[], None]:
    """Clicks on the drafts of one case, each another choice than the one before."""
    channel, thread_ts = scene.post(text)
    message_ts = str(scene.drafted(thread_ts).response["ts"])
    wait_for(lambda: scene.author.messages(channel, thread_ts)[1:], what="the message with the drafts")
    choices = cycle(_CLICKS)

    def press() -> None:
        answer = scene.author.click(channel, message_ts, next(choices))
        assert answer["acked"], answer

    return press


def _clicks_on_bolt(bare: Sandbox) -> Callable[[], None]:
    person = bare.person("ada")
    message = next(one for one in person.messages(_CHANNEL) if one["text"] == "Press")

    def press() -> None:
        answer = person.click(_CHANNEL, message["ts"], "press")
        assert answer["acked"], answer

    return press


def _insert_ms(engine: Engine, number: int) -> float:
    """One row like those that clicks become, committed; in a lane that nobody works off."""
    payload = {"user": "U0000000000", "channel": "C0000000000", "action_id": "preference.a3", "value": str(number)}
    row = {"key": f"bench:{time.time_ns()}", "kind": "bench", "lane": "bench", "payload": payload}
    statement = insert(InboxRow).values(**row, received_at=utc_now())
    started_s = time.perf_counter()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(statement)
    return 1000 * (time.perf_counter() - started_s)


def _acknowledged_ms(sandbox: Sandbox) -> list[float]:
    """How long each click took to be acknowledged, in their order."""
    clicks = [one for one in sandbox.deliveries if one.type == "interactive"]
    return [one.acked_ms for one in clicks if one.acked_ms is not None]
