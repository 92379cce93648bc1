"""Made-up cases of any number with all that the bot keeps of each: copies of one that was stored the usual way.

A case has two turns, one suggestion, five annotations (every twentieth also a gap), one reply, eight inbox rows and
four outbox rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Select, select

from bot.bench.synthetic_knowledge import synthetic_texts
from bot.inbox import CLICKS, DRAFTS, EVENTS
from core.annotations import RelevanceLabel
from core.feedback import Feedback
from core.store import Store, make_engine, upgrade
from core.store.tables import Table
from core.values import Candidate, Case, CheckReport, RankedSnippet, SentenceCheck, Slot, Snippet, Suggestion, Turn

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
# Parents first: rows refer to those above.
_TABLES = ("cases", "turns", "suggestions", "annotations", "solved_cases", "replies", "inbox", "outbox")
# What names a case, or something of it: each copy gets its number behind these.
_NAMES = (
    *("id", "case_id", "suggestion_id", "annotation_id"),
    *("key", "adoption_key", "answer_key", "subject", "order_key"),
    *("thread_ts", "ts"),
)
_GAP_EVERY = 20
_PORTION = 500  # cases in one transaction
_SHOWN, _RETRIEVED = 8, 75
_LABELS: tuple[RelevanceLabel, ...] = ("helpful", "irrelevant", "outdated")
Row = dict[str, Any]


def fill_cases(store: Store, count: int, embedder: tuple[str, int] | None = None, seed: int = 0) -> None:
    """Adds `count` answered cases, one minute apart, to a store without any.

    `embedder`: version and dimension of the vectors that the solved cases are given; without it they have none.
    """
    template = _template()
    questions = synthetic_texts(count, seed)
    rng = np.random.default_rng(seed)
    for start in range(0, count, _PORTION):
        numbers = range(start, min(start + _PORTION, count))
        asked = [next(questions) for _ in numbers]
        with store.engine.begin() as connection:
            for name in _TABLES:
                rows = list(_copies(name, template[name], numbers, asked))
                if name == "solved_cases" and embedder:
                    rows = _with_vectors(rows, *embedder, rng)
                connection.execute(Table.metadata.tables[name].insert(), rows)


def _copies(table: str, rows: Sequence[Row], numbers: Sequence[int], asked: Sequence[str]) -> Iterator[Row]:
    for number, question in zip(numbers, asked, strict=True):
        for row in rows:
            if row.get("kind") == "gap" and number % _GAP_EVERY:
                continue
            copy = {name: _moved(name, value, number) for name, value in row.items()}
            if table == "turns" and row["role"] == "customer":
                copy["text"] = question
            if table == "suggestions":
                turns = [{**row["body"]["turns"][0], "text": question}, *row["body"]["turns"][1:]]
                copy["body"] = {**row["body"], "id": copy["id"], "case_id": copy["case_id"], "turns": turns}
            yield copy


def _moved(name: str, value: Any, number: int) -> Any:
    if isinstance(value, datetime):
        return value + timedelta(minutes=number)
    return f"{value}{number:08d}" if name in _NAMES and isinstance(value, str) and value else value


def _with_vectors(rows: Sequence[Row], embedder: str, dim: int, rng: np.random.Generator) -> list[Row]:
    vectors = rng.standard_normal((len(rows), dim), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    halves = vectors.astype("<f2")
    return [row | {"embedder": embedder, "vector": half.tobytes()} for row, half in zip(rows, halves, strict=True)]


def _template() -> dict[str, list[Row]]:
    """The rows by table of one case, stored the usual way in a database of its own; without integer ids."""
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/template.db")
        try:
            upgrade(engine)
            _store_one(Store(engine, lambda: BEGIN))
            with engine.connect() as connection:
                return {name: [_row(row._asdict()) for row in connection.execute(_all(name))] for name in _TABLES}
        finally:
            engine.dispose()


def _all(table: str) -> Select[Any]:
    return select(Table.metadata.tables[table])


def _row(row: Mapping[str, Any]) -> Row:
    return {name: value for name, value in row.items() if not (name == "id" and isinstance(value, int))}


def _store_one(store: Store) -> None:
    """One answered case with every kind of annotation, and the work that led there."""
    feedback, ts = Feedback(store, lambda: BEGIN, str), "1700000000.0001"
    question = Turn("customer", "Where is my refund?", ts, BEGIN)
    case, _ = store.cases.open("T1", "C1", ts, "U_CUSTOMER", question)
    store.cases.add_turn(case.id, Turn("agent", "Let me look.", "1700000001.0001", BEGIN))
    suggestion = store.suggestions.add(synthetic_suggestion(store.cases.get(case.id)))
    store.suggestions.mark_posted(suggestion.id, "C1", "1700000002.0001", BEGIN)
    feedback.prefer(suggestion.id, "U_ANN", "a2", "button", "click:1")
    for n, label in enumerate(_LABELS, 1):
        feedback.mark(suggestion.id, "U_ANN", n, label, "button", f"click:{n + 1}")
    feedback.report_gap(suggestion.id, "U_ANN", "How long a refund takes abroad", "missing", None, "modal", "click:5")
    feedback.adopt(suggestion.id, "U_ANN", "a", "button", "click:6")
    store.replies.mark_posted("click:6", "C1", "1700000003.0001", BEGIN)
    lanes = (EVENTS, DRAFTS, *[CLICKS] * 6)
    for n, lane in enumerate(lanes):
        store.inbox.put(f"work:{n}", "message", lane, {})
        for work in store.inbox.claim(lane, "template", 60):
            store.inbox.finish(work.id)
    store.outbox.put(f"suggestion:{suggestion.id}", "chat.postMessage", {}, suggestion.id, "suggestion", suggestion.id)
    store.outbox.put("reply:click:6", "chat.postMessage", {}, "click:6", "reply", "click:6")
    for purpose in ("suggestion_update", "home"):
        store.outbox.put_update(suggestion.id, purpose, suggestion.id)
    while claimed := store.outbox.claim("template", 60):
        for sending in claimed:
            store.outbox.finish(sending.id, {"ok": True, "channel": "C1", "ts": "1700000002.0001"})


def synthetic_suggestion(case: Case) -> Suggestion:
    """The first drafts of a case: two alike in style, over eight of 75 made-up snippets."""
    texts = list(synthetic_texts(_RETRIEVED, seed=0))
    retrieved = tuple(
        RankedSnippet(Snippet(f"snip-{n}", f"article-{n}", 1, f"Article {n}", "", None, texts[n]), n + 1, 1 / (n + 1))
        for n in range(_RETRIEVED)
    )
    return Suggestion(
        id="sug",
        case_id=case.id,
        revision=1,
        turns=case.turns,
        query=case.text,
        retrieved=retrieved,
        shown=retrieved[:_SHOWN],
        candidates=(_candidate("a", texts[0]), _candidate("b", texts[1])),
        similar=(),
        bundle="synthetic",
        parameters={"seed": 0},
        timings_s={},
        created_at=BEGIN,
    )


def _candidate(slot: Slot, text: str) -> Candidate:
    sentence = SentenceCheck(text, (1,), supported=True, states_fact=True, grants=False, reason="quoted")
    report = CheckReport((sentence,), citations_valid=True, answers_question=True)
    return Candidate(slot, f"{text} [1]", "direct", "knowledge", "synthetic", report)
