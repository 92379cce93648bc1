"""The flywheel bench: a whole run on a data set of a few passages, and what simulated agents say of one screen."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from core.annotations import Adoption, MissingKnowledge, Preference, Relevance
from core.errors import ConfigurationError
from core.hashed_words import HashedWordsEmbedder
from core.values import Turn
from tests.training.cycles import RANKER, SMALL
from training.bench.flywheel.agents import Agents, Manners
from training.bench.flywheel.bench import Ahead, measure_flywheel
from training.bench.flywheel.controls import CONTROLS
from training.bench.flywheel.data import Query, address_of, read_data
from training.bench.flywheel.home import open_home
from training.bench.flywheel.plot import write_plot
from training.bench.flywheel.results import Measurement, as_json, print_results
from training.bench.flywheel.rounds import Options

PLACES = ("Blue Boar", "Old Mill", "Grand Pier", "Red Lodge", "Park View", "Corner House")
TOPICS = {
    "parking": "There is free parking behind the building for every guest.",
    "breakfast": "Breakfast is served from seven until ten on the terrace.",
    "dogs": "Dogs are welcome in the garden rooms and cost nothing.",
    "pool": "The heated pool is open all year from six in the morning.",
}
DILIGENT = Manners(noise=0.0, skips=0.0, careless=0, second=0.0)


def _written(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def _word(*seed: object) -> str:
    return "".join(random.Random(repr(seed)).choices("abcdefghijklmnoprstu", k=7))


def _queries(split: str, count: int) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for number in range(count):
        place, (topic, text) = PLACES[number % len(PLACES)], list(TOPICS.items())[number % len(TOPICS)]
        asked = (
            f"U: Tell me about the {topic} please, for {split} {' '.join(_word(split, number, n) for n in range(6))}."
        )
        gold = f"{place}/{topic}"
        turns = [f"U: I would like a room at the {place}.", "S: Sure, for how many nights?", asked]
        reply = f"Gladly. {text}"
        made.append(
            {"id": f"{split}-{number}", "turns": turns, "gold": [gold], "reply": reply, "group": f"{split}{number}"}
            | {"split": split}
        )
    return made


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 passages; 24 questions as history, 96 for the first round, 8 to score, of which one has rated replies."""
    folder = tmp_path_factory.mktemp("data") / "inns"
    folder.mkdir()
    passages = [
        {"id": f"{place}/{topic}", "title": place, "text": text} for place in PLACES for topic, text in TOPICS.items()
    ]
    _written(folder, "passages.jsonl", list(passages))
    _written(folder, "queries.jsonl", _queries("seed", 24) + _queries("live1", 96) + _queries("dev", 8))
    pair = {"chosen": TOPICS["parking"], "rejected": "I do not know.", "margin": 4.0}
    rated = ["seed-0", "seed-4", "dev-0"]
    _written(folder, "preferences.jsonl", [{"query_id": one, "split": one.split("-")[0], **pair} for one in rated])
    return folder


def _options(rounds: int) -> Options:
    return Options(rounds=rounds, embedder=HashedWordsEmbedder(), cycle=SMALL, recipes={"ranker": RANKER})


class _Interrupted(HashedWordsEmbedder):
    """Works so many times; then somebody presses Ctrl-C."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().embed(texts)


@pytest.fixture(scope="module")
def measured(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Measurement, Path]:
    """One round and one control, interrupted among the cases of history and asked for again, and the folder."""
    out = tmp_path_factory.mktemp("out")
    interrupted = replace(_options(1), embedder=_Interrupted(60))
    with pytest.raises(KeyboardInterrupt):
        measure_flywheel(directory, out, interrupted, None, (), lambda words: None)
    with open_home(out / "flywheel" / "main") as home:
        assert 0 < home.store.cases.count() < 24
    return measure_flywheel(directory, out, _options(1), None, ("seed_only",), lambda words: None), out


@pytest.mark.slow
def test_results_hold_every_metric_with_its_interval_before_and_after(measured):
    results = as_json(measured[0])

    assert [one["round"] for one in results["rounds"]] == [0, 1]
    assert [one["n"] for one in results["rounds"]] == [8, 8]
    for name in ("recall@75", "precision@8", "precision@8_share", "ndcg@10", "mrr", "pairwise_accuracy", "rouge_l"):
        for one in results["rounds"]:
            low, high = one[f"{name}_ci"]
            assert 0.0 <= low <= one[name] <= high <= 1.0
    assert results["rounds"][0]["recall@75"] == 1.0
    assert results["rounds"][0]["precision@8"] <= 0.125  # one right passage a question, and eight are shown
    assert set(results["controls"]) == {"seed_only"}
    assert {"ingest", "play", "judge", "train ranker", "evaluate", "score"} <= set(results["seconds"])
    assert results["gain"]["recall@75"] == 0.0


@pytest.mark.slow
def test_each_round_says_how_many_cases_there_were_and_what_learning_from_them_took(measured):
    before, after = as_json(measured[0])["rounds"]

    assert [before["cases"], after["cases"]] == [24, 120]
    assert before["learning_seconds"] == 0.0
    assert {"play", "judge", "train ranker", "evaluate", "score"} <= set(after["seconds"])
    assert 0.0 < after["learning_seconds"] < sum(after["seconds"].values())
    assert after["per_1000_cases"] == pytest.approx(after["learning_seconds"] / 120 * 1000, rel=0.2)


@pytest.mark.slow
def test_what_the_agents_said_has_trained_a_version_and_the_gate_has_judged_it(measured):
    last = as_json(measured[0])["rounds"][-1]

    assert last["verdict"] in ("superior", "non-inferior", "inconclusive", "inferior")
    assert last["data"]["preference"]["train"] > 2
    assert last["champion"] in (0, 1)


@pytest.mark.slow
def test_a_run_that_was_interrupted_does_nothing_twice(measured):
    with open_home(measured[1] / "flywheel" / "main") as home:
        asked = [home.store.suggestions.of_case(case_id) for case_id in home.store.cases.ids()]
        answers = [one for one in home.store.annotations.all("adoption") if isinstance(one, Adoption) and one.stands]
        assert len(asked) == 24 + 96
        assert sorted(len(some) for some in asked) == [1] * 118 + [2] * 2  # two of them with a pair of rated replies
        assert len(answers) == 120


@pytest.mark.slow
def test_a_run_that_is_there_already_is_not_run_again(directory, measured):
    first, out = measured
    told: list[str] = []

    again = measure_flywheel(directory, out, _options(1), None, ("seed_only",), told.append)

    assert told == []
    assert as_json(again) == as_json(first)


@pytest.mark.slow
def test_another_seed_does_not_go_on_with_the_rounds_of_this_one(directory, measured):
    with pytest.raises(ConfigurationError, match="seed 0"):
        measure_flywheel(directory, measured[1], replace(_options(1), seed=3), None, (), lambda words: None)


@pytest.mark.slow
def test_only_what_was_shown_has_a_label_and_one_report_a_case_names_an_article(measured):
    with open_home(measured[1] / "flywheel" / "main") as home:
        for case_id in home.store.cases.ids():
            said = home.store.annotations.of_case(case_id)
            shown = {one.snippet.id for each in home.store.suggestions.of_case(case_id) for one in each.shown}
            assert {one.snippet_id for one in said if isinstance(one, Relevance)} <= shown
            by_agent = [one.agent_id for one in said if isinstance(one, MissingKnowledge)]
            assert len(by_agent) == len(set(by_agent))


@pytest.mark.slow
def test_rated_replies_come_as_preferences_on_the_screen_of_their_question(measured):
    with open_home(measured[1] / "flywheel" / "main") as home:
        rated = [one for one in home.store.annotations.all("preference") if one.key.endswith(":rated")]
        assert len(rated) == 2
        for one in rated:
            assert one.strength == 3
            shown = home.store.suggestions.get(one.suggestion_id)
            assert shown.candidate(one.chosen_slot).text == TOPICS["parking"]


@pytest.mark.slow
def test_the_table_and_the_picture_show_the_rounds(measured, tmp_path):
    console = Console(width=200, file=StringIO())

    print_results(measured[0], console)
    write_plot(measured[0], tmp_path / "flywheel.png")

    lines = console.file.getvalue().splitlines()
    assert lines[0].split() == ["round", "0", "round", "1", "seed_only"]
    assert lines[1].split() == ["recall@75", "1.000", "1.000", "1.000"]
    assert lines[2].split() == ["1.000–1.000"] * 3
    assert (tmp_path / "flywheel.png").read_bytes().startswith(b"\x89PNG")


def test_after_each_round_it_says_how_long_the_others_take():
    ahead = Ahead(rounds=3)

    assert ahead.after(0) == ""  # it learned nothing, and tells nothing of the others
    ahead.since_s = time.monotonic() - 600
    assert ahead.after(1) == " About 20 min left."
    assert ahead.after(2) == " About 5 min left."
    assert ahead.after(3) == ""


def test_a_folder_without_a_split_to_score_is_refused(tmp_path):
    _written(tmp_path, "queries.jsonl", _queries("seed", 2))

    with pytest.raises(ConfigurationError, match="one of heldout, dev"):
        read_data(tmp_path)


def test_the_same_seed_draws_the_same_queries(directory):
    first, second, other = (read_data(directory, 5, seed) for seed in (1, 1, 2))

    assert [len(some) for some in first.splits.values()] == [5, 5, 5]
    assert first.splits == second.splits
    assert first.splits != other.splits


def _query(*gold: str) -> Query:
    return Query("q1", (Turn("customer", "Where is my refund?"),), frozenset(gold), "Rule 2 applies.", "g", "seed")


def _said(world, manners: Manners, query: Query, seed: int = 0):
    agents = Agents(world.feedback, HashedWordsEmbedder(), manners, ["article-7"], seed)
    agents.annotate(query, world.suggestion, world.clock())
    return world.store.annotations.of_case(world.case.id)


def test_a_diligent_agent_marks_all_that_is_shown_and_names_what_is_not(world):
    said = _said(world, DILIGENT, _query("article-2", "article-9"))

    marks = {one.snippet_id: one.label for one in said if isinstance(one, Relevance)}
    assert marks == {"snip_1": "irrelevant", "snip_2": "helpful", "snip_3": "irrelevant"}
    [report] = [one for one in said if isinstance(one, MissingKnowledge)]
    assert str(report.link) == address_of("article-9")
    [preference] = [one for one in said if isinstance(one, Preference)]
    assert preference.chosen_slot == "b"
    [adoption] = [one for one in said if isinstance(one, Adoption)]
    assert adoption.slot == "b"


def test_an_agent_who_finds_no_draft_sound_refuses_both_and_says_what_was_sent(world):
    said = _said(world, DILIGENT, _query("article-9"))

    [adoption] = [one for one in said if isinstance(one, Adoption)]
    assert (adoption.decision, adoption.final) == ("rejected", "Rule 2 applies.")


def test_an_agent_who_skips_all_that_is_optional_only_answers(world):
    said = _said(world, replace(DILIGENT, skips=1.0), _query("article-2", "article-9"))

    assert [type(one) for one in said] == [Adoption]


def test_a_careless_agent_takes_the_first_draft_at_once_and_finds_everything_helpful(world):
    said = _said(world, replace(DILIGENT, careless=10), _query("article-2"))

    assert {one.label for one in said if isinstance(one, Relevance)} == {"helpful"}
    assert {one.slot for one in said if isinstance(one, Adoption)} == {"a"}
    assert max(one.latency_s for one in said) < 10


def test_the_same_screen_gets_the_same_clicks_however_often(world):
    first = _said(world, Manners(second=1.0), _query("article-2"))

    assert _said(world, Manners(second=1.0), _query("article-2")) == first
    assert len({one.agent_id for one in first}) == 2


def test_chance_clicks_know_nothing_of_what_is_right(world):
    said = _said(world, replace(CONTROLS["random_labels"].manners, skips=0.0), _query("article-9"), seed=1)

    assert [str(one.link) for one in said if isinstance(one, MissingKnowledge)] == [address_of("article-7")] * len(
        [one for one in said if isinstance(one, MissingKnowledge)]
    )
