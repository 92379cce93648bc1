"""Short questions to a language model: one of a few words, or no opinion."""

from __future__ import annotations

import logging

import pytest

from core.adapters.openai_chat import OpenAIModel
from core.adapters.transformers_lm import TransformersModel
from core.circuit import Circuit
from core.errors import ModelUnavailable
from core.opinions import Opinion, Opinions
from tests.chat_server import refuses, says

QUESTION = [{"role": "user", "content": "Is it one or the other?"}]
WORDS = ("ONE", "OTHER")


@pytest.fixture
def opinions(chat_server):
    return Opinions(OpenAIModel("some-model", base_url=chat_server.url), timeout_s=5.0)


@pytest.mark.parametrize(
    ("said", "opinion"),
    [
        ("ONE", Opinion("ONE", "")),
        ("one.", Opinion("ONE", "")),
        ("**OTHER** - it is longer", Opinion("OTHER", "it is longer")),
        ("\n OTHER: it <b>ends</b> well [2]", Opinion("OTHER", "it ‹b›ends‹/b› well (2)")),
        ("ONE\n\nBecause it is short.\nAnd so on.", Opinion("ONE", "Because it is short.")),
        ("OTHER " + "x" * 500, Opinion("OTHER", "x" * 200)),
        ("ONEROUS", None),
        ("I think ONE", None),
        ("Neither of them", None),
        ("…", None),
    ],
)
def test_an_answer_begins_with_one_of_the_words_and_the_rest_is_the_reason(opinions, chat_server, said, opinion):
    chat_server.answers = [says(said)]

    assert opinions.ask([QUESTION], WORDS) == [opinion]


def test_it_asks_for_the_likeliest_short_answer(opinions, chat_server):
    chat_server.answers = [says("ONE")]

    opinions.ask([QUESTION, QUESTION], WORDS)

    assert [(one["temperature"], one["max_tokens"]) for one in chat_server.requests] == [(0.0, 60), (0.0, 60)]
    assert opinions.version == "some-model"


def test_nothing_asked_asks_nobody(opinions, chat_server):
    assert opinions.ask([], WORDS) == []
    assert chat_server.requests == []


def test_a_question_that_is_too_long_gets_no_opinion_and_is_no_outage(opinions, chat_server):
    chat_server.answers = [refuses(400, "maximum context length is 10 tokens"), says("ONE")]

    assert opinions.ask([QUESTION], WORDS) == [None]
    assert opinions.ask([QUESTION], WORDS) == [Opinion("ONE", "")]


def test_an_outage_is_told_once_and_left_alone_for_a_while(chat_server, caplog):
    caplog.set_level(logging.WARNING, "aitl.opinions")
    now = [0.0]
    opinions = Opinions(OpenAIModel("some-model", base_url=chat_server.url), circuit=Circuit(lambda: now[0]))
    chat_server.answers = [refuses(403), says("ONE")]

    during = [opinions.ask([QUESTION], WORDS) for _ in range(3)]
    asked = len(chat_server.requests)
    now[0] = 3600.0
    after = opinions.ask([QUESTION], WORDS)

    assert during == [[None]] * 3
    assert asked == 1
    assert after == [Opinion("ONE", "")]
    assert caplog.text.count("Until it answers, nothing is judged by it.") == 1


def test_whatever_else_is_wrong_is_no_matter_of_opinion():
    class Broken:
        version = "broken"

        def write(self, prompts, sampling):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Opinions(Broken()).ask([QUESTION], WORDS)


@pytest.mark.slow
def test_a_model_on_this_machine_is_asked_alike(tmp_path):
    from tests.tiny_models import save_parrot  # here: torch takes seconds

    folder = save_parrot(tmp_path / "judge", "ONE: it is first.", "OTHER: it is last.")
    opinions = Opinions(TransformersModel(str(folder), bfloat16=False))
    other = [{"role": "user", "content": "Which is the complete reply?"}]

    assert opinions.ask([QUESTION, other], WORDS) == [Opinion("ONE", "it is first."), Opinion("OTHER", "it is last.")]


def test_a_model_that_is_not_there_has_no_opinion(tmp_path):
    assert Opinions(TransformersModel(str(tmp_path / "nowhere"))).ask([QUESTION], WORDS) == [None]
    with pytest.raises(ModelUnavailable):
        TransformersModel(str(tmp_path / "nowhere")).warm()
