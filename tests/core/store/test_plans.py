"""What is asked on every click and event finds its rows by an index, on both databases, however many rows there are."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, text

from bot.bench.synthetic_cases import BEGIN, fill_cases
from core.feedback import Feedback
from core.values import Turn

LARGE = {"cases", "turns", "suggestions", "annotations", "solved_cases", "replies", "inbox", "outbox"}


@pytest.fixture
def asked(store):
    """The statements asked from now on, with their values."""
    statements = {}

    def remember(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            statements[statement] = parameters

    event.listen(store.engine, "before_cursor_execute", remember)
    yield statements
    event.remove(store.engine, "before_cursor_execute", remember)


def scans(engine, statements):
    """`table: statement` where a whole table is read."""
    found = []
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # small tables are read whole, whatever there is
        for statement, parameters in statements.items():
            prefix = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
            plan = "\n".join(
                str(row[-1]) for row in connection.exec_driver_sql(prefix + statement, parameters).fetchall()
            )
            found += [f"{table}: {statement}" for table in re.findall(r"(?:^SCAN|Seq Scan on) (\w+)", plan, re.M)]
    return [one for one in found if one.split(":")[0] in LARGE]


def test_a_click_an_event_and_a_page_read_no_table_as_a_whole(store, asked, watch):
    fill_cases(store, 50)
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    case = store.cases.recent(1)[0]
    [suggestion] = store.suggestions.of_case(case.id)
    asked.clear()
    feedback = Feedback(store, watch, str)

    store.cases.by_thread("T1", "C1", case.thread_ts)
    store.cases.add_turn(case.id, Turn("customer", "And when?", "9.9"))
    store.suggestions.by_message("T1", "C1", "1.0")
    store.replies.by_message("T1", "C1", "1.0")
    feedback.state(suggestion.id)
    feedback.prefer(suggestion.id, "U_BEN", "a2", "button", "new:1")
    feedback.mark(suggestion.id, "U_BEN", 1, "helpful", "button", "new:2")
    feedback.adopt(suggestion.id, "U_BEN", "a", "button", "new:3", anyway=True)
    feedback.withdraw("new:1")
    feedback.withdraw_group("reaction", "new:4")
    store.solved.standing(store.solved.arrived(0)[-8:])
    store.gaps.open(10)
    store.inbox.put("in", "message", "clicks", {})
    for work in store.inbox.claim("clicks", "w1", 30):
        store.inbox.finish(work.id)
    store.inbox.pending("clicks")
    store.outbox.put("out", "chat.postMessage", {}, order_key="x")
    for sending in store.outbox.claim("s1", 30):
        store.outbox.finish(sending.id)
    store.inbox.forget(BEGIN)
    store.outbox.forget(BEGIN)
    store.channels.settings("T1", "C1")
    store.told.may_ask("new:5", "T1", "U_BEN", "C1", 20)
    store.told.take_turn("T1", "U_BEN")
    store.own_feedback.taught("T1", "U_BEN", 1)
    store.own_feedback.teachers("T1", 1)
    store.own_feedback.articles("T1", "U_BEN")
    store.own_feedback.channels("T1", "U_BEN")

    assert len(asked) > 25
    assert scans(store.engine, asked) == []
