"""A year of made-up annotations, four to a case, in the proportions of a working team: copies of a few dozen cases.

The few are stored the usual way, through the product's own feedback, each with other drafts, decisions and times. Their
copies are written past the store, a portion of cases at a time, by the fastest way each database has. Conversations and
queues are left out: no figure reads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, delete, select, text

from bot.bench.synthetic_cases import synthetic_suggestion
from core.annotations import Verdict
from core.feedback import Feedback, PreferenceChoice
from core.ids import new_id
from core.judge.ruling import Ruling
from core.redaction import redact
from core.store import Store, make_engine
from core.store.tables import CountedDayRow, Table
from core.values import Candidate, DraftSource, Slot, Suggestion, Turn

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
END = BEGIN + timedelta(days=365, hours=15, minutes=30)
TEAM = "T1"
ANNOTATIONS_PER_CASE = 4
_TABLES = ("cases", "suggestions", "annotations", "replies", "audits", "audit_answers")
_NAMES = ("id", "case_id", "suggestion_id", "annotation_id", "key", "adoption_key", "answer_key", "thread_ts", "ts")
_KINDS_OF_CASE = 16
_PORTION = 5000  # cases in one transaction

Cell = Callable[[int, timedelta], Any]


def fill_year(engine: Engine, cases: int, first: int = 0, seed: int = 0) -> None:
    """Adds `cases` cases over the year before `END`, at random moments; `first`: how many were added before."""
    rng = np.random.default_rng([seed, first])
    moments = rng.integers(0, int((END - BEGIN).total_seconds()) - 3600, cases)
    kinds = rng.integers(0, _KINDS_OF_CASE, cases)
    rows = _kinds_of_case(seed, engine.dialect.name == "sqlite")
    for start in range(0, cases, _PORTION):
        numbers = range(start, min(start + _PORTION, cases))
        drawn = [(first + number, timedelta(seconds=int(moments[number])), int(kinds[number])) for number in numbers]
        with engine.begin() as connection:
            for name in _TABLES:
                _write(connection, name, (
                    [cell(number, after) for cell in row] for number, after, kind in drawn for row in rows[kind][name]
                ))  # fmt: skip
    with engine.begin() as connection:
        connection.execute(delete(CountedDayRow))  # the store has not seen what was written past it
        connection.execute(text("ANALYZE"))  # a server would do so by itself, some time


def _write(connection: Connection, table: str, rows: Iterator[list[Any]]) -> None:
    columns = [column.name for column in Table.metadata.tables[table].columns]
    named = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({', '.join('?' * len(columns))})", rows)
        return
    with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@cache
def _kinds_of_case(seed: int, sqlite: bool) -> list[dict[str, list[list[Cell]]]]:
    """For each kind its rows by table, each row as what makes a copy's cells of a number and a time after `BEGIN`."""
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/kinds.db")
        try:
            Table.metadata.create_all(engine)
            ids = [_store_one(engine, np.random.default_rng([seed, number, 1])) for number in range(_KINDS_OF_CASE)]
            kinds: dict[str, dict[str, list[list[Cell]]]] = {case: {name: [] for name in _TABLES} for case in ids}
            case_of: dict[str, str] = {}  # by annotation
            with engine.connect() as connection:
                for name in _TABLES:
                    for row in connection.execute(select(Table.metadata.tables[name])):
                        values: dict[str, Any] = row._asdict()
                        if name == "annotations":
                            case_of[values["id"]] = values["case_id"]
                        about = case_of.get(values.get("annotation_id", ""), "")
                        case = values["id"] if name == "cases" else values.get("case_id", about)
                        kinds[case][name].append([_cell(column, value, sqlite) for column, value in values.items()])
            return list(kinds.values())
        finally:
            engine.dispose()


def _cell(column: str, value: Any, sqlite: bool) -> Cell:
    if isinstance(value, datetime):
        if sqlite:  # as SQLAlchemy keeps moments there
            return lambda number, after: (value + after).isoformat(" ", "microseconds")[:26]
        return lambda number, after: value + after
    if column in _NAMES and value:
        return lambda number, after: f"{value}{number:08d}"
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    return lambda number, after: value


def _store_one(engine: Engine, rng: np.random.Generator) -> str:
    """A case of a kind of its own that came at `BEGIN`: its id."""
    clock = _Clock()
    store = Store(engine, clock)
    say, key = Feedback(store, clock, redact), iter(f"click:{rng.integers(1 << 60)}:{n}" for n in range(9)).__next__
    ts = f"{rng.integers(1 << 40)}.0"
    case, _ = store.cases.open(TEAM, "C1", ts, "U_CUSTOMER", Turn("customer", "Where is my refund?", ts, clock()))
    clock.wait(rng.uniform(2, 6))
    drafts = store.suggestions.add(_drafts(synthetic_suggestion(case), rng))
    store.suggestions.mark_posted(drafts.id, "C1", f"{ts}1", clock())
    clock.wait(rng.uniform(15, 900))
    decided = rng.random()
    sent = None
    if decided < 0.8:
        slot: Slot = "a" if rng.random() < 0.55 else "b"
        final = None if decided < 0.45 else f"{drafts.candidate(slot).text[: rng.integers(20, 200)]} Kind regards, Ann"
        sent = key()
        say.adopt(drafts.id, "U_ANN", slot, "button" if final is None else "modal", sent, final)
        store.replies.mark_posted(sent, "C1", f"{ts}2", clock())
    else:
        say.reject(drafts.id, "U_ANN", ["outdated"], None, None, "modal", key())
    clock.wait(rng.uniform(3, 60))
    choices: tuple[PreferenceChoice, ...] = ("a3", "a2", "a1", "tie", "b1", "b2")
    preference = say.prefer(drafts.id, "U_ANN", choices[rng.integers(6)], "button", key())
    clock.wait(rng.uniform(2, 20))
    say.mark(
        drafts.id, "U_ANN", int(rng.integers(1, 9)), "helpful" if rng.random() < 0.6 else "outdated", "button", key()
    )
    clock.wait(rng.uniform(2, 20))
    if rng.random() < 0.1:
        say.report_gap(drafts.id, "U_BEN", "How long it takes", "exists_not_found", None, "modal", key())
    else:
        say.mark(drafts.id, "U_BEN", int(rng.integers(1, 9)), "irrelevant", "button", key())
    verdict: Verdict = "accepted" if rng.random() < 0.85 else "held"
    store.rulings.add(preference.id, Ruling(verdict, float(verdict == "accepted")), "bench")
    if rng.random() < 0.05:
        store.audits.ask(preference.id, verdict, TEAM, 1000)
        store.audits.answer(preference.id, (verdict == "accepted") == (rng.random() < 0.9), "U_LEAD")
    if rng.random() < 0.05:
        say.withdraw(preference.key)
    if rng.random() < 0.02:
        store.cases.withdraw(case.id)
    return case.id


def _drafts(plain: Suggestion, rng: np.random.Generator) -> Suggestion:
    """Other drafts: from other sources, one of them a challenger's in a third of the cases."""
    sources: tuple[DraftSource, ...] = ("knowledge", "knowledge", "knowledge", "solved_case", "no_answer")
    challenged = rng.integers(6)  # which slot, if any

    def one(place: int, draft: Candidate) -> Candidate:
        bundle = "1" if place == challenged else "0"
        return replace(draft, source=sources[rng.integers(5)], bundle=bundle)

    candidates = tuple(one(place, draft) for place, draft in enumerate(plain.candidates))
    # What was found and not shown is of no figure's concern, and would fill a disk.
    return replace(plain, id=new_id("sug"), bundle="0", candidates=candidates, retrieved=plain.shown)


class _Clock:
    """Stands at `BEGIN` until it is told to wait."""

    def __init__(self) -> None:
        self._now = BEGIN

    def __call__(self) -> datetime:
        return self._now

    def wait(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
