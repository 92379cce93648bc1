"""The list of causes: what is most often at fault first, with its lever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.causes import CAUSES, TITLES, Attribution, Cause, Listed, in_words, lines_of, message_url

AT = datetime(2026, 5, 4, tzinfo=UTC)


def listed(number: int, cause: Cause, topic: str = "Refunds") -> Listed:
    at = AT + timedelta(hours=number)
    said = Attribution(f"sug_{number}", "refused", cause, "So it is.", topic, f"id-{topic}", None, at, "basis", 3)
    return Listed(said, f"case_{number}", "", "")


def test_the_largest_group_comes_first_of_equal_ones_the_more_frequent_cause_and_taste_and_unknown_last():
    some = [
        *(listed(n, "taste") for n in range(5)),
        *(listed(n, "unknown") for n in range(10, 19)),
        listed(20, "query"),
        listed(21, "drafting", "Pets"),
        listed(22, "drafting"),
        *(listed(n, "ranking") for n in (30, 31)),
    ]

    lines = lines_of(some, {})

    assert [(one.cause, one.topic, one.count) for one in lines] == [
        ("ranking", "Refunds", 2),
        ("drafting", "Pets", 1),
        ("drafting", "Refunds", 1),
        ("query", "Refunds", 1),
        ("unknown", "Refunds", 9),
        ("taste", "Refunds", 5),
    ]
    assert in_words(lines) == "19 bad outcomes (query 1, ranking 2, drafting 2, taste 5, unknown 9)"


def test_the_examples_are_the_three_newest():
    [line] = lines_of([listed(n, "ranking") for n in range(5)], {})

    assert [one.case_id for one in line.examples] == ["case_4", "case_3", "case_2"]


def test_every_cause_has_a_title_and_a_lever():
    lines = lines_of([listed(1, cause) for cause in CAUSES], {})

    assert TITLES.keys() == set(CAUSES)
    assert all(one.lever and "{" not in one.lever for one in lines)


def test_a_message_is_found_under_the_address_of_the_api_that_it_was_posted_through():
    assert message_url("https://slack.com/api/", "C1", "17.5") == "https://slack.com/archives/C1/p175"
    assert message_url("http://127.0.0.1:80/api/", "C1", "17.5") == "http://127.0.0.1:80/archives/C1/p175"
    assert message_url("https://slack.com/api/", "", "") is None
