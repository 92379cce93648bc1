"""The base model as training sees it: the same chat templates as when drafting."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from core.adapters.transformers_lm import model_version
from core.errors import ModelUnavailable
from core.prompting import PLAIN_CHAT_TEMPLATE
from tests.tiny_models import save_tiny_model
from training.trainers.base_model import Base

pytestmark = pytest.mark.slow

PROMPT = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Where is my refund?"}]
WITHOUT_SYSTEM = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    "{{ message['content'] }}<|end|>"
    "{% endfor %}"
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose tokenizer has no chat template."""
    return save_tiny_model(tmp_path_factory.mktemp("bare") / "tiny", chat=False)


def test_a_tokenizer_without_a_chat_template_gets_the_one_of_drafting(bare: Path) -> None:
    assert Base(bare).tokenizer.chat_template == PLAIN_CHAT_TEMPLATE


def test_where_the_template_refuses_a_system_message_the_rules_open_the_question(bare: Path, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(bare)
    tokenizer.chat_template = WITHOUT_SYSTEM
    tokenizer.save_pretrained(tmp_path)

    assert Base(bare).asked(PROMPT) == PROMPT
    assert Base(tmp_path).asked(PROMPT) == [{"role": "user", "content": "Be kind.\n\nWhere is my refund?"}]


def test_prompt_and_longest_reply_are_counted_together(bare: Path) -> None:
    base = Base(bare)

    assert base.window == 4096
    assert base.tokens(PROMPT, ["Soon.", "Soon, soon, soon, soon."]) == base.tokens(PROMPT, ["Soon, soon, soon, soon."])
    assert base.tokens(PROMPT, ["Soon, soon."]) > base.tokens(PROMPT, ["Soon."]) > base.tokens(PROMPT[1:], ["Soon."])


def test_a_base_has_the_version_that_drafting_gives_it(bare: Path) -> None:
    assert Base(bare).version == model_version(str(bare))


def test_a_name_that_is_not_on_this_machine_is_not_fetched_where_it_must_not_be() -> None:
    with pytest.raises(ModelUnavailable, match="'nowhere/such-a-model' could not be loaded for training"):
        _ = Base("nowhere/such-a-model", download=False).folder
