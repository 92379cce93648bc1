"""What an earlier run has computed of a draft is known to the next one, until anything it depends on changes."""

import numpy as np
import pytest

from training.lessons.kept_features import KeptFeatures

SCREEN = {"query": "When does my refund arrive?", "shown": []}
DRAFT = {"text": "Within five days.", "style": "direct"}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "models" / "features.npz"


def keep(file, made_with="embedder 1", draft=DRAFT, finished=True):
    kept = KeptFeatures(file, made_with)
    kept.add(*kept.keys(SCREEN, [draft]), np.array([0.5, -1.0]))
    kept.save(finished=finished)


def known(file, made_with="embedder 1", screen=SCREEN, draft=DRAFT):
    kept = KeptFeatures(file, made_with)
    return kept.get(*kept.keys(screen, [draft]))


def test_the_features_of_the_same_draft_on_the_same_screen_are_known_again(file):
    keep(file)

    assert known(file).tolist() == [0.5, -1.0]


@pytest.mark.parametrize(
    "changed",
    [
        {"made_with": "embedder 2"},
        {"screen": {**SCREEN, "query": "Where is it?"}},
        {"draft": {**DRAFT, "style": "friendly"}},
    ],
)
def test_where_anything_has_changed_nothing_is_known(file, changed):
    keep(file)

    assert known(file, **changed) is None


def test_what_a_later_run_did_not_ask_for_is_forgotten(file):
    keep(file)
    keep(file, draft={**DRAFT, "text": "Tomorrow."})

    assert known(file) is None
    assert known(file, draft={**DRAFT, "text": "Tomorrow."}) is not None


def test_a_run_that_was_stopped_forgets_nothing(file):
    keep(file)
    keep(file, draft={**DRAFT, "text": "Tomorrow."}, finished=False)

    assert known(file) is not None
    assert known(file, draft={**DRAFT, "text": "Tomorrow."}) is not None


def test_what_it_keeps_holds_no_words(file):
    keep(file)

    assert b"Within" not in file.read_bytes()


@pytest.mark.parametrize("content", [b"", b"torn", b"PK\x03\x04 torn"])
def test_a_torn_file_keeps_nothing(file, content):
    file.parent.mkdir()
    file.write_bytes(content)

    assert known(file) is None


def test_a_run_without_any_draft_saves_an_empty_file(file):
    KeptFeatures(file, "embedder 1").save(finished=True)

    assert known(file) is None
