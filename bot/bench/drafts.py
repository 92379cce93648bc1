"""From a case to its drafts, end to end: how long, how many a minute, and how much of it the models are.

After each case the very same calls of the models are made once more, with nothing around them: what a case takes
beyond that is everything else (search, store, queues, rendering, calls to Slack).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.app import Bot
from bot.bench.metered import MeteredEmbedder, MeteredReranker, ModelCall, ModelCalls, seconds_again
from bot.bench.scene import Scene
from bot.bench.spread import Spread, spread_of
from bot.sandbox import wait_for
from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.bootstrap import Services, make_suggester
from core.clock import utc_now
from core.feedback import Feedback
from core.ports import Reranker
from core.publishing import make_gap_queue
from core.redaction import redact
from core.shared_embedder import SharedEmbedder
from core.store import Store

_WARM_UP = 2
_DONE_WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class DraftTimes:
    """Seconds per case, one case at a time; and cases a minute where all come at once."""

    total_s: Spread
    models_s: Spread  # inside the bot
    bare_s: Spread  # the same calls, alone
    pipeline_rest_s: Spread  # search, solved cases, drafting, checking, without the models
    around_s: Spread  # queues, store, rendering, Slack
    share_of_everything_else: float  # of the summed total, against the bare calls; in [0, 1]
    per_minute: float
    per_minute_bare: float  # what the bare calls alone would allow, one after the other
    texts_asked: float  # per case, mean
    texts_encoded: float  # of them, those no cache knew


@dataclass(frozen=True)
class _Meters:
    asked: ModelCalls
    used: ModelCalls


def measure_drafts(
    scene: Scene, store: Store, reranker: Reranker | None, texts: Sequence[str], flood: Sequence[str]
) -> DraftTimes:
    """`texts`: cases posted one after the other, the first two to warm up; `flood`: cases posted all at once.

    `reranker`: None keeps the first stage's order.
    """
    with _running_bot(scene, store, reranker) as meters:
        totals, models, bare, pipeline, asked, encoded = [], [], [], [], [], []
        for text in texts:
            meters.asked.take()
            meters.used.take()
            channel, ts = scene.post(text)
            totals.append(scene.drafted(ts).at - float(ts))
            used = meters.used.take()
            asked.append(_texts(meters.asked.take()))
            encoded.append(_texts(used))
            models.append(sum(call.seconds for call in used))
            pipeline.append(_pipeline_s(store, scene, channel, ts))
            bare.append(seconds_again(used))
        cases = slice(_WARM_UP, None)
        per_minute, per_minute_bare = _flood(scene, meters, flood)
    rest = [whole - model for whole, model in zip(pipeline, models, strict=True)]
    around = [whole - inside for whole, inside in zip(totals, pipeline, strict=True)]
    return DraftTimes(
        total_s=spread_of(totals[cases]),
        models_s=spread_of(models[cases]),
        bare_s=spread_of(bare[cases]),
        pipeline_rest_s=spread_of(rest[cases]),
        around_s=spread_of(around[cases]),
        share_of_everything_else=1.0 - sum(bare[cases]) / sum(totals[cases]),
        per_minute=per_minute,
        per_minute_bare=per_minute_bare,
        texts_asked=sum(asked[cases]) / len(asked[cases]),
        texts_encoded=sum(encoded[cases]) / len(encoded[cases]),
    )


@contextmanager
def _running_bot(scene: Scene, store: Store, reranker: Reranker | None) -> Iterator[_Meters]:
    """The bot with meters on its models: below the cache what is encoded, above it what is asked for."""
    meters = _Meters(ModelCalls(), ModelCalls())
    model = SentenceTransformerEmbedder(scene.settings.embedder)
    embedder = MeteredEmbedder(SharedEmbedder(MeteredEmbedder(model, meters.used)), meters.asked)
    suggester = make_suggester(scene.settings, store, utc_now, embedder)
    if reranker is not None:
        suggester = replace(suggester, reranker=MeteredReranker(reranker, meters.used))
    gaps = make_gap_queue(scene.settings, store, utc_now, embedder, lambda: suggester)
    services = Services(scene.settings, store, Feedback(store, utc_now, redact), utc_now, suggester, gaps)
    suggester.warm()
    bot = Bot(scene.settings, services)
    bot.start()
    try:
        yield meters
    finally:
        bot.stop()


def _pipeline_s(store: Store, scene: Scene, channel: str, ts: str) -> float:
    case = store.cases.by_thread(scene.sandbox.user("ben").team_id, channel, ts)
    latest = store.suggestions.latest(case.id) if case else None
    return sum(latest.timings_s.values()) if latest else 0.0


def _flood(scene: Scene, meters: _Meters, texts: Sequence[str]) -> tuple[float, float]:
    """Cases a minute when all are posted at once; and what the models' calls alone would allow."""
    meters.used.take()
    posted = [ts for _, ts in map(scene.post, texts)]
    wait_for(lambda: set(posted) <= scene.drafts().keys(), _DONE_WITHIN_S, f"the drafts of {len(posted)} cases")
    drafts = scene.drafts()
    seconds = max(drafts[ts].at for ts in posted) - float(posted[0])
    return 60 * len(posted) / seconds, 60 * len(posted) / seconds_again(meters.used.take())


def _texts(calls: Sequence[ModelCall]) -> int:
    return sum(call.texts for call in calls)
