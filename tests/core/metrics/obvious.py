"""What is to be counted, the slow and obvious way: every row read, and one question after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from types import SimpleNamespace

from sqlalchemy import select

from core.judge.agreement import Audited
from core.metrics.counted import Counted
from core.store.tables import Table


def obvious(store, since, until, team):
    """The same as `store.metrics.counted`."""
    return Rows(store, since, until, team).counted()


def in_order(counted):
    """Comparable: durations and audits are in no particular order."""
    values = {name: getattr(counted, name) for name in Counted.__dataclass_fields__}
    return {
        name: sorted(value, key=repr) if isinstance(value, tuple) else dict(value) if hasattr(value, "keys") else value
        for name, value in values.items()
    }


def _seconds(begin, end):
    return max(0.0, (end - begin).total_seconds())


class Rows:
    """Everything of a workspace, or of all, and what of it belongs to a period."""

    def __init__(self, store, since, until, team) -> None:
        self.store, self.since, self.until, self.team = store, since, until, team
        self.cases = {one.id: one for one in self.all("cases") if one.status != "withdrawn" and self.ours(one)}
        self.drafts = {one.id: one for one in self.all("suggestions")}
        self.first = {one.case_id: one for one in self.drafts.values() if one.revision == 1}
        self.annotations = {one.id: one for one in self.all("annotations")}
        of_ours = [one for one in self.annotations.values() if one.case_id in self.cases]
        self.stands = [one for one in of_ours if not one.superseded and not one.withdrawn]
        self.said = [one for one in self.stands if self.within(one.created_at) and not self.on_withdrawn_drafts(one)]
        self.clicks = [one for one in self.said if one.source != "message"]
        self.came = [one for one in self.cases.values() if self.within(one.created_at) and self.has_drafts(one)]

    def all(self, table):
        with self.store.engine.connect() as connection:
            return [
                SimpleNamespace(**row._asdict()) for row in connection.execute(select(Table.metadata.tables[table]))
            ]

    def ours(self, row):
        return self.team is None or row.team == self.team

    def within(self, moment):
        return self.since <= moment < self.until

    def on_withdrawn_drafts(self, one):
        return one.suggestion_id is not None and self.drafts[one.suggestion_id].retired == "withdrawn"

    def has_drafts(self, case):
        drafts = self.first.get(case.id)
        return drafts is not None and drafts.posted_at is not None and drafts.retired != "withdrawn"

    def of_kind(self, kind):
        return [one for one in self.said if one.kind == kind]

    def candidates(self, one):
        return self.drafts[one.suggestion_id].body["candidates"] if one.suggestion_id else []

    def adopted(self):
        return [one for one in self.of_kind("adoption") if one.details["confirmed"]]

    def with_reasons(self):
        return [one for one in self.adopted() if one.details["decision"] in ("rejected", "edited")]

    def decision(self, one):
        sources = [draft["source"] for draft in self.candidates(one)] or [None, None]
        return one.details["decision"], one.details["slot"], *sources

    def preference(self, one):
        a, b = (draft["bundle"] != self.drafts[one.suggestion_id].bundle for draft in self.candidates(one))
        return one.details["chosen_slot"], None if a == b else "a" if a else "b"

    def marked(self):
        labels = defaultdict(list)
        for one in self.of_kind("relevance"):
            labels[one.suggestion_id, one.created_at.date()].append(one.details["label"])
        return list(labels.values())

    def known(self, case, checks):
        of_case = [one for one in self.stands if one.case_id == case.id]
        marks = [one for one in of_case if one.kind == "relevance" and not self.on_withdrawn_drafts(one)]
        helpful = {one.details["snippet_id"] for one in marks if one.details["label"] == "helpful"}
        named = {checks[one.id] for one in of_case if one.id in checks}
        screen = [one["snippet"] for one in self.first[case.id].body["shown"]]
        shown = len(helpful & {one["id"] for one in screen}) + len(named & {one["article_id"] for one in screen})
        return shown, len(helpful) + len(named)

    def facts(self, case):
        drafts = self.first[case.id].body["candidates"]
        stated = [one for draft in drafts for one in draft["report"]["sentences"] if one["states_fact"]]
        return sum(one["supported"] for one in stated), len(stated)

    def unanswerable(self, case):
        return any(draft["source"] == "no_answer" for draft in self.first[case.id].body["candidates"])

    def annotated(self, case):
        return any(one.case_id == case.id and one.source != "message" for one in self.stands)

    def before(self, one):
        """When the same agent last said something else about the same drafts."""
        theirs = [
            other.created_at
            for other in self.stands
            if other.suggestion_id == one.suggestion_id is not None
            and other.agent_id == one.agent_id
            and other.source != "message"
            and (other.created_at, other.id) < (one.created_at, one.id)
        ]
        return max(theirs, default=None)

    def replied(self):
        posted = defaultdict(list)
        for one in self.all("replies"):
            if one.state == "posted":
                posted[one.case_id].append(one.posted_at)
        return [_seconds(case.created_at, min(posted[case.id])) for case in self.came if posted[case.id]]

    def audited(self):
        answers = {one.annotation_id: one for one in self.all("audit_answers") if self.within(one.at)}
        for one in self.all("audits"):
            if one.annotation_id in answers and self.ours(one):
                of = self.annotations[one.annotation_id]
                yield Audited(of.kind, of.case_id, one.verdict, answers[of.id].may_teach)

    def counted(self):
        checks = {one.annotation_id: one.article_id for one in self.all("gap_checks")}
        edited = [one for one in self.adopted() if one.details["decision"] == "edited"]
        return Counted(
            adoptions=Counter(self.decision(one) for one in self.adopted()),
            reasons=Counter((one.details["decision"], tuple(one.details["reasons"])) for one in self.with_reasons()),
            edits=tuple(one.details["edit_distance"] for one in edited),
            preferences=Counter(self.preference(one) for one in self.of_kind("preference")),
            marks=Counter((labels.count("helpful"), len(labels)) for labels in self.marked()),
            outdated=sum(labels.count("outdated") for labels in self.marked()),
            known=Counter(self.known(one, checks) for one in self.came if self.known(one, checks)[1]),
            facts=Counter(self.facts(one) for one in self.came),
            verdicts=Counter(one.judge for one in self.said),
            audited=tuple(self.audited()),
            said=sum(one.kind != "adoption" or one.details["confirmed"] for one in self.said),
            annotation_s=tuple(one.latency_s for one in self.clicks if one.latency_s is not None),
            between_s=tuple(_seconds(self.before(one), one.created_at) for one in self.clicks if self.before(one)),
            drafted=len(self.came),
            unanswerable=sum(self.unanswerable(one) for one in self.came),
            annotated=sum(self.annotated(one) for one in self.came),
            suggestion_s=tuple(_seconds(one.created_at, self.first[one.id].posted_at) for one in self.came),
            reply_s=tuple(self.replied()),
        )
