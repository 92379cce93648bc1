"""A language model behind a server that has every trouble there is: down, slow, overloaded, refusing, rambling."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from core.adapters.openai_chat import OpenAIModel
from core.errors import AdapterUnusable, ModelUnavailable, PromptTooLong
from core.ports import Sampling, Written
from core.prompting import Message
from tests.chat_server import COMPLETE_REPLY, DIRECT_REPLY, ChatServer, refuses, says, says_garbage, says_what_is_asked

KEY = "a-very-secret-key"
DIRECT: list[Message] = [{"role": "user", "content": "Write a direct reply."}]
COMPLETE: list[Message] = [{"role": "user", "content": "Write a complete reply."}]
SAMPLING = Sampling(seed=7, timeout_s=20.0)


@pytest.fixture
def model(chat_server: ChatServer) -> OpenAIModel:
    return OpenAIModel("some-model", base_url=chat_server.url, api_key=KEY)


def test_both_prompts_are_asked_for_with_key_model_and_sampling(model: OpenAIModel, chat_server: ChatServer) -> None:
    written = model.write([DIRECT, COMPLETE], SAMPLING)

    assert written == [Written(DIRECT_REPLY, finished=True), Written(COMPLETE_REPLY, finished=True)]
    request = next(one for one in chat_server.requests if one["messages"] == DIRECT)
    assert request["authorization"] == f"Bearer {KEY}"
    assert (request["model"], request["seed"], request["temperature"]) == ("some-model", 7, 0.7)
    assert (request["max_tokens"], request["stream"]) == (500, True)


def test_an_answer_that_reached_its_limit_says_so(model: OpenAIModel, chat_server: ChatServer) -> None:
    chat_server.answers = [says("It takes", finish="length")]

    assert model.write([DIRECT], SAMPLING) == [Written("It takes", finished=False)]


def test_an_overloaded_server_is_left_alone_as_long_as_it_asks(model: OpenAIModel, chat_server: ChatServer) -> None:
    chat_server.answers = [refuses(429, Retry_After="1"), refuses(503), says_what_is_asked]
    start = time.monotonic()

    assert model.write([DIRECT], SAMPLING)[0].text == DIRECT_REPLY

    assert time.monotonic() - start >= 1.0
    assert len(chat_server.requests) == 3


def test_a_server_that_wants_more_time_than_there_is_is_not_waited_for(
    model: OpenAIModel, chat_server: ChatServer
) -> None:
    chat_server.answers = [refuses(429, "slow down", Retry_After="600")]

    with pytest.raises(ModelUnavailable, match="answered 429"):
        model.write([DIRECT], SAMPLING)

    assert len(chat_server.requests) == 1


def test_a_server_that_stays_overloaded_is_given_up_after_three_tries(
    model: OpenAIModel, chat_server: ChatServer
) -> None:
    chat_server.answers = [refuses(500, "out of memory")]

    with pytest.raises(ModelUnavailable, match="answered 500"):
        model.write([DIRECT], SAMPLING)

    assert len(chat_server.requests) == 3


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, r"refuses the key \(401\); check AITL_OPENAI_API_KEY"),
        (404, "is not there .* check AITL_GENERATOR and AITL_OPENAI_BASE_URL"),
        (400, "answered 400"),
    ],
)
def test_what_is_refused_is_not_asked_for_again(
    model: OpenAIModel, chat_server: ChatServer, status: int, sentence: str
) -> None:
    chat_server.answers = [refuses(status, f"you sent {KEY}")]

    with pytest.raises(ModelUnavailable, match=sentence) as failure:
        model.write([DIRECT], SAMPLING)

    assert KEY not in str(failure.value)
    assert len(chat_server.requests) == 1


def test_a_parameter_that_a_model_refuses_is_renamed_or_left_out_from_then_on(
    model: OpenAIModel, chat_server: ChatServer
) -> None:
    chat_server.answers = [
        refuses(400, "Unsupported parameter: 'max_tokens'", param="max_tokens", code="unsupported_parameter"),
        refuses(400, "Unsupported value", param="temperature", code="unsupported_value"),
        says_what_is_asked,
    ]

    model.write([DIRECT], SAMPLING)
    model.write([DIRECT], SAMPLING)

    last = chat_server.requests[-1]
    assert len(chat_server.requests) == 4
    assert last["max_completion_tokens"] == 500
    assert "max_tokens" not in last
    assert "temperature" not in last


def test_a_prompt_that_is_too_long_is_told_from_other_refusals(model: OpenAIModel, chat_server: ChatServer) -> None:
    chat_server.answers = [refuses(400, "This model's maximum context length is 4096", code="context_length_exceeded")]

    with pytest.raises(PromptTooLong, match="maximum context length"):
        model.write([DIRECT], SAMPLING)


def test_a_server_that_is_down_is_named(model: OpenAIModel, chat_server: ChatServer) -> None:
    chat_server.shutdown()
    chat_server.server_close()

    with pytest.raises(ModelUnavailable, match=f"some-model' at {chat_server.url} does not answer"):
        model.write([DIRECT], Sampling(seed=1, timeout_s=2.0))
    with pytest.raises(ModelUnavailable, match="does not answer"):
        model.warm()


@pytest.mark.parametrize("pause_s", [0.2, 30.0])
def test_a_server_that_trickles_or_hangs_is_given_up_in_time(
    model: OpenAIModel, chat_server: ChatServer, pause_s: float
) -> None:
    chat_server.answers = [says(*["word "] * 200, pause_s=pause_s)]
    start = time.monotonic()

    with pytest.raises(ModelUnavailable):
        model.write([DIRECT, COMPLETE], Sampling(seed=1, timeout_s=1.0))

    assert time.monotonic() - start < 15.0


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("text/html", b"<html><body>Welcome to the proxy</body></html>"),
        ("application/json", b'{"choices": null}'),
        ("text/event-stream", b"data: {not json}\n\n"),
        ("text/event-stream", b'data: {"choices": "what?"}\n\n'),
        ("text/event-stream", b'data: {"error": {"message": "the model crashed"}}\n\n'),
        ("text/event-stream", b"data: [DONE]\n\n"),
        ("text/event-stream", b""),
        ("application/octet-stream", b"\xff\xfe\x00\x01" * 100),
    ],
)
def test_what_is_no_answer_is_no_reply(
    model: OpenAIModel, chat_server: ChatServer, content_type: str, data: bytes
) -> None:
    chat_server.answers = [says_garbage(content_type, data)]

    with pytest.raises(ModelUnavailable, match="some-model"):
        model.write([DIRECT], Sampling(seed=1, timeout_s=3.0))


def an_adapter(folder: Path, version: int) -> Path:
    adapter = folder / f"bundle-00000{version}" / "generator"
    adapter.mkdir(parents=True)
    (adapter / "adapter_model.safetensors").write_bytes(bytes([version]))
    return adapter


def test_an_adapter_is_loaded_by_the_server_and_asked_for_by_its_own_name(
    model: OpenAIModel, chat_server: ChatServer, tmp_path: Path
) -> None:
    folder = an_adapter(tmp_path, 3)
    challenger = model.with_adapter(folder)

    challenger.warm()
    challenger.write([DIRECT], SAMPLING)
    model.write([DIRECT], SAMPLING)

    (loaded,) = chat_server.loaded
    assert loaded["lora_name"].startswith("bundle-000003-")
    assert loaded["lora_path"] == str(folder)
    assert [request["model"] for request in chat_server.requests] == [loaded["lora_name"], "some-model"]
    assert challenger.version == f"some-model+{loaded['lora_name']}"


def test_an_adapter_that_the_server_knows_already_is_not_loaded_again(
    model: OpenAIModel, chat_server: ChatServer, tmp_path: Path
) -> None:
    challenger = model.with_adapter(an_adapter(tmp_path, 4))
    chat_server.models.append(challenger.version.partition("+")[2])

    challenger.warm()

    assert chat_server.loaded == []


def test_a_server_that_was_started_anew_is_given_the_adapter_again(
    model: OpenAIModel, chat_server: ChatServer, tmp_path: Path
) -> None:
    challenger = model.with_adapter(an_adapter(tmp_path, 5))
    chat_server.answers = [refuses(404, "The model does not exist"), says_what_is_asked]

    assert challenger.write([DIRECT], SAMPLING)[0].text == DIRECT_REPLY
    assert len(chat_server.loaded) == 1


def test_a_server_that_takes_no_adapters_is_told_of_with_what_to_do(
    model: OpenAIModel, chat_server: ChatServer, tmp_path: Path
) -> None:
    chat_server.load_status = 404

    with pytest.raises(AdapterUnusable, match="VLLM_ALLOW_RUNTIME_LORA_UPDATING"):
        model.with_adapter(an_adapter(tmp_path, 6)).warm()
