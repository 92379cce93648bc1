"""One bundle answers a question, stage by stage."""

from __future__ import annotations

from core.ports import DraftRequest
from core.values import SNIPPETS_SHOWN, Turn
from tests.core.suggesters import SNIPPETS, LastDraftsRanker, pipeline
from tests.training.evaluation.asking import answered, draft, found, question
from training.evaluation.answers import RANKED, answer, chooses_right, find
from training.evaluation.questions import Choice

REFUND = question(1, {"refund times": 1.0}, text="When does my card refund arrive?")


def test_what_is_found_is_ranked_as_deep_as_the_measures_look_and_shown_as_deep_as_a_screen():
    one = find(pipeline(0), REFUND)

    assert len(one.retrieved) == len(one.ranked) == RANKED == 10
    assert len(one.shown) == SNIPPETS_SHOWN
    assert one.ids == [SNIPPETS[title].id for title in SNIPPETS]
    assert one.seconds > 0


def test_the_rest_of_the_first_stage_comes_after_what_was_reranked():
    one = found("pets", "keys", "pool", shown=2)
    assert one.ids == ["id-pets", "id-keys", "id-pool"]
    assert one.shown == {"id-pets", "id-keys"}


def test_the_drafts_are_made_of_what_is_shown_and_scored_by_the_bundles_own_ranker():
    plain, turned = pipeline(0), pipeline(1, ranker=LastDraftsRanker())
    shown = find(plain, REFUND)

    one, other = (answer(suggester, REFUND, shown, seed=3) for suggester in (plain, turned))

    assert [snippet.snippet.id for snippet in one.request.shown] == shown.ids[:SNIPPETS_SHOWN]
    assert one.drafts == other.drafts
    assert len(one.drafts) >= 2
    assert (one.first, other.first) == (one.drafts[0], one.drafts[-1])


def test_of_equal_drafts_the_generators_first_one_is_first():
    assert answered(draft("a"), draft("b"), scores=(1.0, 1.0)).first.text == "a"


def test_a_ranker_chooses_right_wrong_or_between_equals():
    request = DraftRequest((Turn("customer", "When?"),), "when", (), (), 0)
    pair = (draft("one"), draft("other"))
    choices = [Choice("c1", request, pair, 0), Choice("c2", request, pair, 1)]

    assert chooses_right(pipeline(0), choices) == [1.0, 0.0]
    assert chooses_right(pipeline(0, ranker=LastDraftsRanker()), choices) == [0.0, 1.0]
    assert chooses_right(pipeline(0, ranker=_Equal()), choices) == [0.5, 0.5]
    assert chooses_right(pipeline(0), []) == []


class _Equal:
    """Likes all drafts alike."""

    version = "equal"

    def score(self, request, drafts):
        return [0.0 for _ in drafts]
