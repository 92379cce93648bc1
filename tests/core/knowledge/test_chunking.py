"""Snippets follow headings and sentences, and their ids follow their content."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.knowledge.chunking import TOKENS_MOST, embedding_text, snippets_of
from core.knowledge.document import Block
from core.knowledge.readers.markdown_blocks import markdown_blocks
from core.values import Article


def count_words(text):
    return len(text.split())


def chunk(text, article_id="refunds", title="Refunds"):
    article = Article(article_id, 3, title, "https://help.example/refunds", text, "hash", "refunds.md")
    return snippets_of(article, markdown_blocks(text), count_words)


def sentences(count, word="alpha"):
    return " ".join(f"Sentence {number} about {word} has eight words here." for number in range(count))


def test_a_short_article_is_one_snippet_with_everything_it_needs():
    [one] = chunk("# Refunds\n\nRefunds take 5 days.\n\nWas this article helpful? Yes / No")

    assert (one.title, one.section, one.text) == ("Refunds", "", "Refunds take 5 days.")
    assert (one.article_id, one.article_version, one.url) == ("refunds", 3, "https://help.example/refunds")
    assert embedding_text(one) == "Refunds. Refunds take 5 days."


def test_an_article_of_boilerplate_has_no_snippet():
    assert chunk("# Refunds\n\nLast updated 2 April 2026") == []


def test_small_sections_under_one_heading_are_merged():
    made = chunk("## Card\n\nCards take 5 days.\n\n## Bank\n\nBanks take 10 days.")

    assert [(one.section, one.text) for one in made] == [("Card; Bank", "Cards take 5 days.\nBanks take 10 days.")]


def test_sections_of_different_chapters_stay_apart():
    made = chunk("# Guests\n\n## Card\n\nCards take 5 days.\n\n# Hosts\n\n## Bank\n\nBanks take 10 days.")

    assert [one.section for one in made] == ["Guests > Card", "Hosts > Bank"]


def test_a_section_that_is_long_enough_stands_alone():
    made = chunk(f"## One\n\n{sentences(16)}\n\n## Two\n\n{sentences(4)}")

    assert [one.section for one in made] == ["One", "Two"]


def test_a_long_section_is_cut_between_sentences_into_even_parts():
    made = chunk(f"## Long\n\n{sentences(40)}")

    assert [count_words(one.text) for one in made] == [160, 160]
    assert all(one.text.startswith("Sentence") and one.text.endswith("here.") for one in made)


def test_list_items_keep_their_markers_and_their_lead_in():
    text = "## Cancel\n\nBefore you start, sign in. To cancel:\n\n1. Open Trips.\n2. Choose **Cancel**.\n\n- Done"

    [one] = chunk(text)

    assert one.text == "Before you start, sign in.\nTo cancel:\n1. Open Trips.\n2. Choose Cancel.\n- Done"


def test_table_rows_can_be_read_alone():
    text = (
        "| Age | Counted as | Fee |\n|---|---|---|\n| Under 2 | Infant | Never |\n\n"
        "| Record | Kept for |\n|---|---|\n| Tax | 7 years |"
    )

    [one] = chunk(text)

    assert one.text == "- Under 2 – Counted as: Infant; Fee: Never\n- Tax: 7 years"


def test_the_id_follows_the_content_and_nothing_else():
    before = chunk("## Card\n\nCards take 5 days.")[0]
    same = chunk("## Card\n\nCards take 5 days.\n\nLast updated 3 May 2026", title="Money back")[0]
    changed = chunk("## Card\n\nCards take 6 days.")[0]
    elsewhere = chunk("## Card\n\nCards take 5 days.", article_id="payouts")[0]

    assert before.id == same.id
    assert len({before.id, changed.id, elsewhere.id}) == 3


@given(st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item", "row"]), st.integers(1, 400)), max_size=12))
def test_no_snippet_is_longer_than_its_window_and_no_word_is_lost(shape):
    blocks = [
        Block(kind, " ".join(f"w{place}x{number}" for number in range(length if kind != "heading" else 2)), 2)
        for place, (kind, length) in enumerate(shape)
    ]
    article = Article("a", 1, "Title", None, "", "", "a.md")

    made = snippets_of(article, blocks, count_words)

    # the marker of an item and the ": " of nothing else come on top
    assert all(count_words(one.text) <= TOKENS_MOST for one in made)
    written = [word for block in blocks if block.kind != "heading" for word in block.text.split()]
    assert [word for one in made for word in one.text.split() if word.startswith("w")] == written
