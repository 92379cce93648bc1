"""BM25 over lists of words."""

from __future__ import annotations

from core.adapters.bm25s import Bm25Index

DOCUMENTS = [["refund", "card", "five", "day"], ["dog", "garden"], ["refund", "bank"]]


def test_documents_that_share_rarer_words_score_higher():
    scores = Bm25Index(DOCUMENTS).scores(["refund", "bank"])

    assert scores[2] > scores[0] > scores[1] == 0.0


def test_unknown_words_and_no_words_score_nothing():
    index = Bm25Index(DOCUMENTS)

    assert index.scores(["reembolso"]).tolist() == [0.0, 0.0, 0.0]
    assert index.scores([]).tolist() == [0.0, 0.0, 0.0]


def test_no_documents_and_empty_documents_are_fine():
    assert Bm25Index([]).scores(["refund"]).tolist() == []
    assert Bm25Index([[], []]).scores(["refund"]).tolist() == [0.0, 0.0]
