"""Real language models small enough to be made in a test: a Llama or Qwen2 of about 100,000 weights, its tokenizer
trained on the spot, with a chat template. They write nonsense until somebody trains them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

Family = Literal["llama", "qwen2"]
VOCABULARY = 800
# `{% generation %}` marks what assistant_only_loss learns from.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "<|assistant|>\n{% generation %}{{ message['content'] }}<|end|>{% endgeneration %}\n"
    "{% else %}<|{{ message['role'] }}|>\n{{ message['content'] }}<|end|>\n{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
PARROT_TEMPLATE = (
    "{% for message in messages %}{{ message['content'] }}<|end|>{% endfor %}"
    "{% if 'complete reply' in messages[-1]['content'] %}<|complete|>{% else %}<|direct|>{% endif %}"
)
_SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
_WORDS = (
    "You get a full refund if you cancel at least 24 hours before check-in. Card refunds arrive within 5-7 business "
    "days. A host may charge a pet fee. Open Trips, choose the booking and choose Cancel stay. I am sorry for the "
    "trouble. Write a direct reply: the answer first. Write a complete reply: the answer, the conditions that matter "
    "here, and the steps to take. Customer: When does my refund arrive? Agent: The snippets state facts. [1] [2] [3]"
)


def make_tokenizer(texts: Sequence[str] = (), *, chat: bool = True) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer that can write any text; trained on `texts` and a few support sentences."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=_SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([_WORDS, *texts], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<|pad|>", eos_token="<|end|>")
    fast.model_max_length = 4096
    if chat:
        fast.chat_template = CHAT_TEMPLATE
    return fast


def make_model(tokenizer: PreTrainedTokenizerFast, family: Family = "llama", *, seed: int = 0) -> Any:
    """A causal language model with fresh weights: 2 layers, 4 heads, 48 wide, 4,096 positions."""
    shape = {
        "vocab_size": -(-len(tokenizer) // 64) * 64,  # a family's own tokenizer class may add a token
        "hidden_size": 48,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "tie_word_embeddings": True,
    }
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        if family == "llama":
            return LlamaForCausalLM(LlamaConfig(**shape)).eval()
        return Qwen2ForCausalLM(Qwen2Config(**shape)).eval()


def save_tiny_model(
    folder: Path, family: Family = "llama", *, seed: int = 0, texts: Sequence[str] = (), chat: bool = True
) -> Path:
    """A folder that `transformers` loads: weights, configuration, tokenizer and (unless not `chat`) its template."""
    tokenizer = make_tokenizer(texts, chat=chat)
    make_model(tokenizer, family, seed=seed).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_parrot(folder: Path, direct: str, complete: str) -> Path:
    """A Llama whose weights are set by hand: it answers any prompt for a direct reply with one text, and any for a
    complete reply with the other. Each text is one token, and the last token of the prompt says which follows."""
    tokenizer = make_tokenizer(chat=False)
    asked, said = ["<|direct|>", "<|complete|>"], [direct, complete]
    tokenizer.add_special_tokens({"extra_special_tokens": asked})
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in said])
    tokenizer.chat_template = PARROT_TEMPLATE
    config = make_model(tokenizer).config
    config.update({"hidden_size": config.vocab_size, "num_hidden_layers": 1, "tie_word_embeddings": False})
    config.head_dim = config.vocab_size // config.num_attention_heads
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for weight in (model.model.layers[0].self_attn.o_proj, model.model.layers[0].mlp.down_proj, model.lm_head):
            weight.weight.zero_()  # nothing is added to what a token is embedded as: itself
        model.model.embed_tokens.weight.copy_(torch.eye(config.vocab_size))
        for question, answer in zip(asked, said, strict=True):
            one, other = tokenizer.convert_tokens_to_ids([question, answer])
            model.lm_head.weight[other, one] = 1.0
            model.lm_head.weight[tokenizer.eos_token_id, other] = 1.0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_adapter(base: Path, folder: Path, *, seed: int) -> Path:
    """A LoRA adapter for that model with random weights, so that it changes what is written."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        model = get_peft_model(
            AutoModelForCausalLM.from_pretrained(base),
            LoraConfig(r=4, target_modules=["q_proj", "v_proj", "o_proj"], task_type="CAUSAL_LM"),
        )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(weight, std=0.5)
    model.save_pretrained(folder)
    return folder
