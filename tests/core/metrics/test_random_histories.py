"""Whatever agents, judge and leads did, in any order: what is counted is what a slow, obvious look at the rows says.

Days are kept as they were counted whenever somebody asks in between; what changes them afterwards must not be missed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.errors import AitlError
from core.feedback import Feedback
from core.judge.ruling import Ruling
from core.knowledge.gaps import IndexCheck
from core.store.tables import Table
from core.values import Turn
from tests.conftest import a_suggestion
from tests.core.metrics.obvious import in_order, obvious

BEGIN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SURFACES = ("button", "reaction", "modal")
SOURCES = ("knowledge", "solved_case", "no_answer")
ACTIONS = (
    "open", "open", "prefer", "prefer", "adopt", "adopt", "reject", "mark", "mark", "mark", "report", "own_reply",
    "confirm", "unconfirm", "withdraw", "clear", "reply", "undo", "rule", "audit", "drop_case", "drop_drafts",
    "revise", "post", "forget", "ask", "ask", "reply",
)  # fmt: skip
# What is done, to which case, by whom, with what, under which click, how long ago, and how long after the step before.
FIELDS = ("do", "case", "who", "what", "click", "ago", "after")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.integers(0, 3),
        st.sampled_from(["U_ANN", "U_BEN"]),
        st.integers(0, 11),
        st.integers(0, 4),
        st.sampled_from([0, 0, 0, 1, 30]),
        st.sampled_from([0, 0, 1, 7, 26]),
    ).map(lambda drawn: SimpleNamespace(**dict(zip(FIELDS, drawn, strict=True)))),
    min_size=15,
    max_size=40,
)  # fmt: skip


class History:
    """What people do, one step after the other; the clock only goes forward, clicks may come late."""

    def __init__(self, store, watch) -> None:
        self.store, self.watch, self.say = store, watch, Feedback(store, watch, str)
        watch.now = BEGIN
        self.cases = []

    def take(self, step) -> None:
        self.watch.advance(step.after * 3600 + 61)
        if step.do == "open" or self.cases:
            with suppress(AitlError):
                getattr(self, f"_{step.do}")(step, self.watch() - step.ago * HOUR)

    def _case(self, step):
        return self.cases[step.case % len(self.cases)]

    def _of(self, step):
        return self.store.suggestions.of_case(self._case(step))[-1].id

    def _click(self, step):
        return {"agent_id": step.who, "source": SURFACES[step.what % 3], "key": f"{step.do} {step.click}"}

    def _open(self, step, at) -> None:
        ts = f"{len(self.cases)}.0"
        turn = Turn("customer", "Where?", ts, self.watch())
        case, _ = self.store.cases.open(f"T{step.what % 2}", "C1", ts, "U", turn)
        self.cases.append(case.id)
        drafts = self.store.suggestions.add(self._drafts(a_suggestion(case, self.watch()), step))
        if step.click % 4:
            self.watch.advance(5)
            self.store.suggestions.mark_posted(drafts.id, "C1", f"{ts}1", self.watch())

    def _drafts(self, plain, step):
        """From other sources, with other facts borne out, and in a third of them one by a challenger."""
        challenger = step.click % 3 - 1

        def one(place, draft):
            [stated] = plain.candidates[0].report.sentences
            facts = (replace(stated, supported=step.what % (2 + place) == 0),) * (1 + place)
            bundle = "1" if place == challenger else "bundle-a"
            source, report = SOURCES[(step.what + place) % 3], replace(draft.report, sentences=facts)
            return replace(draft, source=source, bundle=bundle, report=report)

        return replace(plain, candidates=tuple(one(place, draft) for place, draft in enumerate(plain.candidates)))

    def _post(self, step, at) -> None:
        self.store.suggestions.mark_posted(self._of(step), "C1", f"{step.case}.5", self.watch())

    def _revise(self, step, at) -> None:
        latest = self.store.suggestions.latest(self._case(step))
        shown = tuple(
            replace(one, snippet=replace(one.snippet, id=f"snip_{one.rank + step.what % 3}")) for one in latest.shown
        )
        newer = replace(latest, id=f"{latest.id}+", revision=latest.revision + 1, shown=shown)
        self.store.suggestions.add(newer)
        self.store.suggestions.retire(latest.id, "superseded")
        self.store.suggestions.mark_posted(newer.id, "C1", f"{step.case}.{newer.revision}", self.watch())

    def _prefer(self, step, at) -> None:
        choice = ("a2", "b1", "tie")[step.what % 3]
        self.say.prefer(self._of(step), choice=choice, at=at, group=f"group {step.what}", **self._click(step))

    def _adopt(self, step, at) -> None:
        final = None if step.what < 6 else "Refund rule number 2 applies. It takes six days."
        self.say.adopt(
            self._of(step), slot="ab"[step.what % 2], final=final, anyway=step.what % 5 == 0, at=at, **self._click(step)
        )

    def _reject(self, step, at) -> None:
        self.say.reject(self._of(step), reasons=["tone"], rationale=None, reply=None, at=at, **self._click(step))

    def _mark(self, step, at) -> None:
        label = ("helpful", "helpful", "irrelevant", "outdated", "clear")[step.click % 5]
        self.say.mark(
            self._of(step), n=1 + step.what % 3, label=label, at=at, group=f"group {step.what}", **self._click(step)
        )

    def _report(self, step, at) -> None:
        click = self._click(step)
        report = self.say.report_gap(
            self._of(step), description="More", kind="exists_not_found", link=None, at=at, **click
        )
        if step.what % 3:
            self.store.gaps.keep_check(report.id, IndexCheck(f"article-{step.what % 5}", None, "0", self.watch()))

    def _own_reply(self, step, at) -> None:
        self.say.own_reply(self._case(step), step.who, "It is on its way.", f"own {step.click}", at=at)

    def _confirm(self, step, at) -> None:
        self.say.confirm(f"own {step.click}", step.who, at=at)

    def _unconfirm(self, step, at) -> None:
        self.say.unconfirm(f"own {step.click}", step.who, at=at)

    def _withdraw(self, step, at) -> None:
        of = ("prefer", "adopt", "mark", "reject", "report", "own")[step.what % 6]
        self.say.withdraw(f"{of} {step.click}", at=at)

    def _clear(self, step, at) -> None:
        self.say.withdraw_group(f"group {step.what}", f"away {step.click}", at=at)

    def _reply(self, step, at) -> None:
        self.store.replies.mark_posted(f"adopt {step.click}", "C1", f"r{step.click}", self.watch())

    def _undo(self, step, at) -> None:
        self.say.undo(f"adopt {step.click}", step.who, self.watch())

    def _rule(self, step, at) -> None:
        for one in self.store.annotations.of_case(self._case(step)):
            verdict = ("accepted", "downweighted", "held")[step.what % 3]
            self.store.rulings.add(one.id, Ruling(verdict, 0.5), "judge")

    def _audit(self, step, at) -> None:
        for one in self.store.annotations.of_case(self._case(step)):
            self.store.audits.ask(one.id, one.judge, self.store.cases.get(one.case_id).team, 99)
            self.store.audits.answer(one.id, step.what % 2 == 0, "U_LEAD")

    def _drop_case(self, step, at) -> None:
        self.store.cases.withdraw(self._case(step))

    def _drop_drafts(self, step, at) -> None:
        self.store.suggestions.retire(self._of(step), "withdrawn")

    def _forget(self, step, at) -> None:
        self.store.forgetting.forget(self.watch() - 20 * HOUR, 2)

    def _ask(self, step, at) -> None:
        assert_right(self.store, BEGIN, self.watch(), (None,))


def assert_right(store, since, until, teams=("T0", "T1")) -> None:
    for team in teams:
        assert in_order(store.metrics.counted(since, until, team)) == in_order(obvious(store, since, until, team))


# Not made smaller where it fails: each try is a history of its own, and takes a tenth of a second.
@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, begin=st.integers(0, 60), length=st.integers(1, 80))
def test_figures_rest_on_what_a_slow_look_at_the_rows_says(store, watch, steps, begin, length):
    with store.engine.begin() as connection:
        for table in reversed(Table.metadata.sorted_tables):
            connection.execute(table.delete())
    history = History(store, watch)

    for step in steps:
        history.take(step)

    watch.advance(36 * 3600)
    assert_right(store, BEGIN, watch())
    assert_right(store, BEGIN + begin * HOUR, BEGIN + (begin + length) * HOUR)
