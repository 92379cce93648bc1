"""The response ranker learns what agents prefer: real vectors, real regression, few rows."""

from __future__ import annotations

import random

import pytest

from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.response_ranker.ranker import load_ranker
from core.shared_embedder import SharedEmbedder
from core.suggest import FirstDraftsRanker
from training.errors import TooFewRows, TooManyDropped
from training.lessons.ranking_rows import preferred_shares
from training.trainers.artefact import Job, Stopped, read_artefact
from training.trainers.ranker import RankerOptions, train_ranker

FACTS = [
    ("Refunds", "When does my refund arrive?", "A refund arrives within five business days."),
    ("Cancelling", "How do I cancel my booking?", "Open your booking and choose Cancel booking."),
    ("Cameras", "May the host have cameras?", "Cameras inside a flat are never allowed."),
    ("Receipts", "Where do I get a receipt?", "Receipts are listed under Payments in your account."),
    ("Deposits", "How large is the deposit?", "The deposit is 200 euros and is released after checkout."),
    ("Keys", "I lost the key of the flat.", "A lost key costs 40 euros; tell the host at once."),
    ("Pets", "Can I bring my dog?", "Pets are welcome where the listing says so."),
    ("Cleaning", "The flat was dirty!", "Report an unclean flat within 24 hours with photos."),
]
SHOWN = [
    {
        "rank": n, "score": 1.0 - n / 10, "id": f"snip_{n}", "article_id": f"article_{n}", "article_version": 1,
        "title": title, "section": "", "url": None, "text": text,
    }
    for n, (title, _, text) in enumerate(FACTS, 1)
]  # fmt: skip


@pytest.fixture(scope="module")
def embedder() -> SharedEmbedder:
    return SharedEmbedder(SentenceTransformerEmbedder())


def preference(number: int, **more) -> dict:
    """One where the agent prefers the draft that answers over the one that talks about something else."""
    draw = random.Random(number)
    right, wrong = draw.sample(range(len(FACTS)), 2)
    shown = sorted(SHOWN, key=lambda one: (one["rank"] != right + 1, one["rank"]))
    shown = [{**one, "rank": n, "score": 1.0 - n / 10} for n, one in enumerate(shown, 1)]
    place = {one["title"]: one["rank"] for one in shown}
    good, bad = (f"Hello! {FACTS[one][2]}" for one in (right, wrong))
    row = {
        "prompt": f"Customer: {FACTS[right][1]}",
        "chosen": good,
        "rejected": bad,
        "margin": draw.choice([1 / 3, 2 / 3, 1.0]),
        "weight": 1.0,
        "case_id": f"case_{number}",
        "chosen_slot": draw.choice("ab"),
        "chosen_draft": draft(f"{good} [{place[FACTS[right][0]]}]", number % 2),
        "rejected_draft": draft(f"{bad} [{place[FACTS[wrong][0]]}]", 1 - number % 2),
        "screen": {
            "turns": [{"role": "customer", "text": FACTS[right][1]}], "query": FACTS[right][1], "shown": shown,
            "similar": [],
        },
    }  # fmt: skip
    return {**row, **more}


def draft(text: str, place: int) -> dict:
    return {"text": text, "style": "direct", "source": "knowledge", "place": place}


def refused(number: int) -> dict:
    row = preference(number)
    return {
        "prompt": row["prompt"], "completion": row["rejected"], "label": False, "draft": row["rejected_draft"],
        "screen": row["screen"], "weight": 1.0, "case_id": row["case_id"],
    }  # fmt: skip


ROWS = [preference(number) for number in range(60)]
LATER = [preference(number) for number in range(100, 140)]


@pytest.fixture(scope="module")
def artefact(embedder, tmp_path_factory):
    job = Job(tmp_path_factory.mktemp("models") / "ranker", parent=0, data_hash="d1")
    return train_ranker([*ROWS, *map(refused, range(60, 70))], embedder, job)


def test_on_later_cases_it_puts_the_preferred_draft_first_more_often_than_the_order_of_writing(artefact, embedder):
    learned = preferred_shares(load_ranker(artefact.folder, embedder), LATER)
    as_written = preferred_shares(FirstDraftsRanker(), LATER)

    assert sum(learned) / len(LATER) > 0.9
    assert 0.3 < sum(as_written) / len(LATER) < 0.7


def test_its_manifest_says_how_well_left_out_pairs_are_ordered_and_what_length_alone_tells(artefact, embedder):
    manifest = read_artefact(artefact.folder).manifest
    metrics = manifest["metrics"]

    assert manifest["part"] == "ranker"
    assert manifest["base"] == embedder.version
    assert (manifest["rows"], manifest["dropped"]) == (70, 0)
    assert (metrics["pairs"], metrics["adoptions"]) == (60, 10)
    assert metrics["accuracy_low"] <= metrics["accuracy"] <= metrics["accuracy_high"]
    assert metrics["accuracy"] > 0.9 > metrics["accuracy_of_length"]
    assert 0.3 < metrics["share_of_slot_a"] < 0.7


def test_the_same_rows_make_the_same_artefact(artefact, embedder, tmp_path):
    again = train_ranker(
        [*ROWS, *map(refused, range(60, 70))], embedder, Job(tmp_path / "ranker", parent=0, data_hash="d1")
    )

    assert again.sha256 == artefact.sha256


class Counting:
    """An embedder, and how many texts it was given."""

    def __init__(self, embedder):
        self._embedder, self.version, self.dim, self.texts = embedder, embedder.version, embedder.dim, 0

    def embed(self, texts):
        self.texts += len(texts)
        return self._embedder.embed(texts)


def test_what_an_earlier_run_has_read_is_not_read_again(artefact, embedder, tmp_path):
    rows, spent = [*ROWS, *map(refused, range(60, 70))], []
    for number in range(2):
        counting = Counting(embedder)
        again = train_ranker(rows, counting, Job(tmp_path / f"ranker-{number}", parent=0, data_hash="d1"))
        spent.append(counting.texts)

    assert spent[0] > 0
    assert spent[1] == 0
    assert again.sha256 == artefact.sha256


def test_stopped_it_keeps_what_it_read_and_goes_on_from_there(artefact, embedder, tmp_path):
    rows, heard = [*ROWS, *map(refused, range(60, 70))], []
    stopped = Job(
        tmp_path / "ranker", parent=0, data_hash="d1", progress=lambda done, total: heard.append(done),
        should_stop=lambda: heard[-1] >= 30,
    )  # fmt: skip
    whole, before, after = Counting(embedder), Counting(embedder), Counting(embedder)
    train_ranker(rows, whole, Job(tmp_path / "elsewhere" / "ranker", parent=0, data_hash="d1"))
    with pytest.raises(Stopped):
        train_ranker(rows, before, stopped)
    assert not stopped.out.exists()

    finished = train_ranker(rows, after, Job(tmp_path / "ranker", parent=0, data_hash="d1"))

    assert before.texts > 0
    assert after.texts == whole.texts - before.texts
    assert finished.sha256 == artefact.sha256
    assert not stopped.work.exists()


def test_preferences_of_too_few_cases_teach_nothing(embedder, tmp_path):
    rows = [preference(number, case_id=f"case_{number % 9}") for number in range(20)]

    with pytest.raises(TooFewRows, match="preferences of 10 cases and there are 9"):
        train_ranker(rows, embedder, Job(tmp_path / "ranker", parent=0, data_hash="d1"))


def test_rows_that_say_nothing_are_counted_and_too_many_of_them_stop_it(embedder, tmp_path):
    equal = preference(70, chosen_draft=draft("The same.", 0), rejected_draft=draft("The same.", 1))
    job = Job(tmp_path / "ranker", parent=0, data_hash="d1")

    assert train_ranker([*ROWS[:30], equal], embedder, job).manifest["dropped"] == 1
    with pytest.raises(TooManyDropped, match="2 of 32 rows"):
        train_ranker([*ROWS[:30], equal, equal], embedder, job)


def test_replies_of_people_without_marks_or_style_teach_too(embedder, tmp_path):
    rows = [
        {name: value for name, value in row.items() if not name.endswith("_draft") and name != "chosen_slot"}
        for row in ROWS
    ]

    artefact = train_ranker(rows, embedder, Job(tmp_path / "ranker", parent=0, data_hash="d2"), RankerOptions(folds=3))

    assert artefact.manifest["metrics"]["accuracy"] > 0.9
    assert "share_of_slot_a" not in artefact.manifest["metrics"]


def test_an_edited_reply_teaches_as_a_pair_and_what_was_sent_as_it_was_does_not(embedder, tmp_path):
    row = preference(80)
    sent = {
        "prompt": row["prompt"], "completion": row["chosen"], "draft": row["rejected_draft"], "screen": row["screen"],
        "reasons": ["wrong_fact"], "weight": 1.0, "case_id": "case_80",
    }  # fmt: skip
    rows = [*ROWS[:20], {**sent, "decision": "edited"}, {**sent, "decision": "as_is"}]

    artefact = train_ranker(rows, embedder, Job(tmp_path / "ranker", parent=0, data_hash="d3"))

    assert (artefact.manifest["rows"], artefact.manifest["dropped"]) == (21, 0)
    assert artefact.manifest["metrics"]["pairs"] == 21
