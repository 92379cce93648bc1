"""One retraining cycle: data, train, index, evaluate, register, challenge.

Each phase may be killed at any moment and is done again by the next run: parts are named by what they are made of, so
that a finished one is found again; the gate's decision is kept before anything follows from it; a cycle is registered
once by its key. Until the aliases flip, in the last transaction, nothing that serves has changed.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from core.adapters.py3langid import LanguageDetector
from core.bundles import Shared, assemble, base_lookup, ensure_index, indexed
from core.clock import Clock
from core.errors import ModelUnavailable, StoreUnavailable
from core.ids import new_id
from core.knowledge.exam import lost_between
from core.ports import Progress
from core.registry.bundle import PARTS, Bundle, NewBundle, Part, PartRef
from core.registry.cycle import Cycle, Phase
from core.settings import Settings
from core.store.store import Store
from core.values import SNIPPETS_RETRIEVED
from training.datasets import data_hash
from training.errors import TrainingFailed
from training.evaluation.asked import Asked, ask
from training.evaluation.evaluate import Evaluation, EvaluationOptions, Evaluator
from training.evaluation.gate import Decision
from training.evaluation.verdict import FEWEST_CASES, verdict
from training.examples import read_examples
from training.outcome import (
    BUNDLE,
    LESSONS,
    decided,
    measures,
    new_bundle,
    public,
    refused_then,
    shown_then,
    skipped,
)
from training.parts import Workbench
from training.plan import Rows, data_rows
from training.progress import Row
from training.splits import Split, split_by_time
from training.trainers.artefact import Job, Stopped
from training.trainers.first_stage import FirstStage
from training.turn import refuse_beside_another_machine, training_turn

BY = "gate"
CANDIDATE = -1  # the version of a bundle that is being measured, and has none yet

Report = Callable[[Phase, str, int, int], None]
"""Told of (phase, what is being done, done, total)."""


@dataclass(frozen=True, slots=True)
class CycleOptions:
    """What tests and benches make small."""

    fewest_cases: int = FEWEST_CASES
    evaluation: EvaluationOptions = field(default_factory=EvaluationOptions)


@dataclass(frozen=True)
class Workshop:
    """Everything a cycle works with. `should_stop` is asked between steps."""

    settings: Settings
    store: Store
    clock: Clock
    shared: Shared
    bench: Workbench
    options: CycleOptions = field(default_factory=CycleOptions)
    report: Report = lambda phase, doing, done, total: None
    should_stop: Callable[[], bool] = lambda: False


def run_cycle(workshop: Workshop, parts: Sequence[Part] = PARTS, key: str = "") -> Mapping[str, Any]:
    """Run one cycle to its end, or go on with the one that was left unfinished; its outcome as `aitl train --json`.

    A `key` names the cycle: one that is over already is not run again. Raises NotPossible while another one runs,
    Stopped where it was asked to stop (the next run goes on from there), and whatever broke it, which is recorded.
    """
    store = workshop.store
    workshop.settings.home.mkdir(parents=True, exist_ok=True)
    with training_turn(workshop.settings.home, store.cycles.unfinished()):
        cycle = _opened(workshop, parts, key)
        if cycle.finished_at is not None:
            return cycle.outcome
        try:
            return _Run(workshop, cycle).outcome()
        except (Stopped, StoreUnavailable):  # what is done is kept
            raise
        except Exception as error:
            with suppress(StoreUnavailable):
                store.cycles.finish(cycle.key, "failed", {"verdict": "failed", "reason": f"Failed: {error}"})
            raise


def _opened(workshop: Workshop, parts: Sequence[Part], key: str) -> Cycle:
    """The cycle to run: the unfinished one where it is still what is wanted, else a new one; or one that is over."""
    cycles, host, pid = workshop.store.cycles, socket.gethostname(), os.getpid()
    known = cycles.get(key) if key else None
    if known is not None and known.finished_at is not None:
        return known
    left, champion = cycles.unfinished(), workshop.store.registry.aliases().champion
    if left is None:
        return cycles.begin(key or new_id("cycle"), parts, champion, host, pid)
    refuse_beside_another_machine(left, host, workshop.clock())
    if left.parts == tuple(parts) and key in ("", left.key) and (left.parent == champion or left.outcome):
        cycles.take_over(left.key, host, pid)
        return left
    if left.key == key:
        return cycles.begin_again(key, parts, champion, host, pid)
    cycles.finish(left.key, "discarded", {"verdict": "discarded", "reason": "Another run took its place."})
    return cycles.begin(key or new_id("cycle"), parts, champion, host, pid)


@dataclass(frozen=True)
class _Data:
    """What is learned from and what is measured on. `new`: annotations since the last version."""

    split: Split
    rows: Rows
    held_out: Rows
    new: int

    @property
    def lessons(self) -> list[str]:
        """The ids of the annotations that teach."""
        return sorted(said.id for example in self.split.train for said in example.said)

    def counts(self) -> dict[str, dict[str, int]]:
        """By kind of row, for `--json`."""
        return {kind: {"train": len(self.rows[kind]), "held_out": len(self.held_out[kind])} for kind in self.rows}


class _Run:
    """One cycle in this process."""

    def __init__(self, workshop: Workshop, cycle: Cycle) -> None:
        self._shop, self._cycle, self._store = workshop, cycle, workshop.store
        self._parent = self._store.registry.bundle(cycle.parent)
        self._phase: Phase = "data"
        self._row = Row(self._store, cycle.key)

    def outcome(self) -> Mapping[str, Any]:
        """Through all phases that are left."""
        kept = self._cycle.outcome or self._decided()
        return self._deployed(kept) if BUNDLE in kept else self._skipped(kept)

    def _decided(self) -> Mapping[str, Any]:
        self._enter("data", "")
        data = self._read()
        shortage = self._shortage(data)
        if shortage:
            return skipped(shortage, data.counts())
        refs, left_out = self._trained(data)
        trained = [part for part, ref in refs.items() if ref != self._parent.parts.get(part)]
        if not trained:
            return skipped(_nothing_new(left_out, self._cycle.parent), data.counts(), left_out)
        candidate = replace(self._parent, version=CANDIDATE, parts={**self._parent.parts, **refs})
        self._enter("index", "index")
        ensure_index(self._shop.settings, self._store, candidate, self._shop.shared, self._progress("index"))
        asked = ask(self._store, data.split)
        evaluation = self._evaluated(candidate, asked)
        decision = self._decision(evaluation, trained, asked)
        measured = measures(evaluation, trained, self._shop.options.fewest_cases, self._parent.metrics)
        measured["questions"] = {"asked": len(asked.questions), "no_answer_left": asked.gone}
        if decision.verdict == "insufficient data":
            return skipped(decision.reason, data.counts(), left_out) | measured
        new = NewBundle(
            parent=self._cycle.parent,
            parts=candidate.parts,
            data_hash=data_hash(data.rows),
            metrics=measured,
            verdict=decision.verdict,
            reason=decision.reason,
            cycle=self._cycle.key,
        )
        kept = decided(new, decision, data.counts(), left_out, data.lessons)
        self._store.cycles.keep(self._cycle.key, kept)
        return kept

    def _read(self) -> _Data:
        found = read_examples(self._store, self._cycle.started_at)
        last = self._store.cycles.last_registered()
        new = sum(last is None or said.created_at > last.started_at for example in found for said in example.said)
        split = split_by_time(found.examples)
        snippets = self._store.knowledge.current_snippets()
        rows, held_out = data_rows(split.train, snippets), data_rows(split.held_out, snippets)
        return _Data(split, rows, held_out, new)

    def _shortage(self, data: _Data) -> str:
        """Why it makes no sense to train; "" where it does."""
        wanted = self._shop.settings.retrain_min_annotations
        if data.new < wanted:
            return (
                f"Skipped: {data.new} new annotations may teach, {wanted - data.new} more are needed "
                "(AITL_RETRAIN_MIN_ANNOTATIONS)."
            )
        later, fewest = len(data.split.held_out), self._shop.options.fewest_cases
        if later < fewest:
            return f"Skipped: there are {later} later cases to measure on, {fewest - later} more are needed."
        return ""

    def _trained(self, data: _Data) -> tuple[dict[Part, PartRef], dict[Part, str]]:
        """The parts that could be made, and why the others could not."""
        refs: dict[Part, PartRef] = {}
        left_out: dict[Part, str] = {}
        for part in self._cycle.parts:
            first_stage = self._first_stage(refs) if part == "reranker" else None
            self._enter("train", part)
            job = Job(
                out=self._shop.bench.models / part,
                parent=self._cycle.parent,
                data_hash="",
                progress=self._progress(part),
                should_stop=self._shop.should_stop,
                first_stage=first_stage,
                lookup=base_lookup(self._shop.shared) if part == "ranker" else None,
            )
            try:
                refs[part] = self._shop.bench.make(part, data.rows, job)
            except (TrainingFailed, ModelUnavailable) as error:
                left_out[part] = str(error)
        return refs, left_out

    def _first_stage(self, refs: Mapping[Part, PartRef]) -> FirstStage:
        """The retriever that the candidate will have, ready to search: the reranker is weighed against it."""
        self._enter("index", "index")
        shop, candidate = self._shop, replace(self._parent, version=CANDIDATE, parts={**self._parent.parts, **refs})
        ensure_index(shop.settings, self._store, candidate, shop.shared, self._progress("index"))
        retriever = assemble(shop.settings, self._store, shop.clock, candidate, shop.shared).retriever
        return FirstStage(retriever.version, lambda turns: retriever.search(turns, SNIPPETS_RETRIEVED))

    def _evaluated(self, candidate: Bundle, asked: Asked) -> Evaluation:
        self._enter("evaluate", "evaluation")
        shop, shared = self._shop, self._shop.shared
        champion, challenger = (
            assemble(shop.settings, self._store, shop.clock, bundle, shared) for bundle in (self._parent, candidate)
        )
        champion.warm()
        challenger.warm()
        evaluator = Evaluator(
            champion,
            challenger,
            shared.embedder,
            shared.generators.opinions(),
            shop.options.evaluation,
            progress=self._progress("evaluation"),
            check=self._check,
        )
        evaluation = evaluator(asked.questions, asked.choices, asked.frozen)
        lost = lost_between(self._store.exam.questions(), champion, challenger)
        return replace(evaluation, lost=tuple(dict.fromkeys(one.article_id for one in lost)))

    def _decision(self, evaluation: Evaluation, trained: Sequence[Part], asked: Asked) -> Decision:
        cases = {one.case.id: one.case for one in asked.questions}
        languages = LanguageDetector()
        slices = {
            "channel": lambda case_id: cases[case_id].channel if case_id in cases else "",
            "language": lambda case_id: languages.detect(cases[case_id].text)[0] if case_id in cases else "",
        }
        return verdict(evaluation, trained, slices, self._shop.settings.gate_margin, self._shop.options.fewest_cases)

    def _skipped(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        self._store.cycles.finish(self._cycle.key, "skipped", kept)
        return kept

    def _deployed(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """Registered once by its key; put beside the champion it was measured against, if that still serves."""
        registry = self._store.registry
        self._enter("register", "")
        version = registry.register(new_bundle(kept), kept[LESSONS], BY).version
        self._enter("challenge", "")
        then = refused_then(version)
        if kept["share"]:
            then = self._challenge(version, kept["share"], kept["reason"])
        outcome = {**public(kept), "version": version, "next": then}
        self._store.cycles.finish(self._cycle.key, "registered", outcome)
        return outcome

    def _challenge(self, version: int, share: float, reason: str) -> str:
        registry, shop = self._store.registry, self._shop
        with indexed(shop.settings, self._store, registry.bundle(version), shop.shared):
            champion = registry.aliases().champion
            already = any(event.action == "challenger" for event in registry.log(version))
            if champion != self._cycle.parent and not already:
                return f"Version {champion} became champion meanwhile; version {version} was not measured against it."
            if not already:
                registry.challenge(version, share, BY, reason)
        return shown_then(version, share)

    def _enter(self, phase: Phase, doing: str) -> None:
        self._check()
        self._phase = phase
        self._tell(doing, 0, 0)

    def _progress(self, doing: str) -> Progress:
        return lambda done, total: self._tell(doing, done, total)

    def _tell(self, doing: str, done: int, total: int) -> None:
        self._row(self._phase, doing, done, total)
        self._shop.report(self._phase, doing, done, total)

    def _check(self) -> None:
        if self._shop.should_stop():
            raise Stopped


def _nothing_new(left_out: Mapping[Part, str], parent: int) -> str:
    reasons = " ".join(left_out.values())
    return f"Skipped: {reasons}" if reasons else f"Skipped: nothing has changed since version {parent} was trained."
