"""The preference export trains: it goes into TRL's DPOTrainer as it is, with a tiny model made here."""

from __future__ import annotations

import pytest

from core.exports import export_rows

CHOICES = ("a3", "b1", "b2", "a1")
CASES = 8


@pytest.fixture
def offline(monkeypatch):
    """No model hub, no telemetry."""
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "1")


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# transformers warns of its own old name, which TRL still uses.
@pytest.mark.filterwarnings("ignore:`(is_)?gradient_checkpointing` is deprecated:FutureWarning")
def test_the_preference_export_goes_into_the_trainer_as_it_is(offline, new_world, store, tmp_path):
    for number in range(CASES):
        world = new_world(f"{number}.0")
        world.feedback.prefer(world.suggestion.id, "U_ANN", CHOICES[number % 4], "button", f"k{number}")
    export_rows(store, "preferences", tmp_path / "preferences.jsonl")

    # Heavy, and wanted by this test alone.
    from datasets import load_dataset
    from trl import DPOConfig, DPOTrainer

    data = load_dataset(
        "json", data_files=str(tmp_path / "preferences.jsonl"), split="train", cache_dir=str(tmp_path / "cache")
    )
    arguments = DPOConfig(
        output_dir=str(tmp_path / "trained"),
        max_steps=2,
        per_device_train_batch_size=4,
        learning_rate=1e-3,
        bf16=False,
        gradient_checkpointing=False,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        logging_steps=1,
        disable_tqdm=True,
    )
    tokenizer = a_tokenizer([text for row in data for text in (row["prompt"], row["chosen"], row["rejected"])])
    # By its folder: the frozen reference model is read from there a second time.
    a_llama(tokenizer).save_pretrained(tmp_path / "llama")
    trainer = DPOTrainer(str(tmp_path / "llama"), args=arguments, train_dataset=data, processing_class=tokenizer)
    result = trainer.train()

    assert len(trainer.train_dataset) == CASES
    assert result.global_step == 2
    assert 0 < result.training_loss < 1


def a_tokenizer(texts):
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<unk>", "<pad>", "<s>", "</s>"]
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=400, special_tokens=special))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", bos_token="<s>", eos_token="</s>"
    )


def a_llama(tokenizer):
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(7)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=1024,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
