"""Lines of help centres that are no knowledge."""

from __future__ import annotations

import pytest

from core.knowledge.boilerplate import without_boilerplate
from core.knowledge.document import Block


def paragraphs(*texts):
    return [Block("paragraph", text) for text in texts]


def kept(*blocks):
    return [block.text for block in without_boilerplate(blocks)]


@pytest.mark.parametrize(
    "line",
    [
        "Was this article helpful? Yes / No",
        "Did you find this helpful?",
        "Yes / No",
        "Last updated 2 April 2026",
        "Updated: 2026-04-02",
        "Last updated over a year ago",
        "12 out of 15 people found this helpful",
        "Still need help? Contact us",
        "Back to top",
        "Related articles: Refund times · Paying by card",
        "Page 3 of 12",
        "© 2026 Maplekey. All rights reserved.",
    ],
)
def test_a_line_of_the_site_around_the_article_goes(line):
    assert kept(*paragraphs("You get a refund.", line)) == ["You get a refund."]


@pytest.mark.parametrize(
    "line",
    [
        "No refund is due after check-out.",
        "Yes, you can bring a dog.",
        "Updated prices apply from 1 May to new bookings.",
        "Share the door code with nobody.",
        "Open Trips > Booking > Cancel stay.",
        "See also the house rules of the listing before you book.",
        "Read more than one review before you book.",
    ],
)
def test_a_sentence_that_only_begins_alike_stays(line):
    assert kept(*paragraphs("Before.", line)) == ["Before.", line]


def test_a_section_of_links_goes_with_everything_under_it():
    blocks = [
        Block("heading", "Refunds", 2),
        Block("paragraph", "Refunds take 5 days."),
        Block("heading", "Related articles", 2),
        Block("item", "Paying by card"),
        Block("heading", "Popular", 3),
        Block("item", "Gift cards"),
        Block("heading", "Exceptions", 2),
        Block("paragraph", "Holidays take longer."),
    ]

    assert kept(*blocks) == ["Refunds", "Refunds take 5 days.", "Exceptions", "Holidays take longer."]


def test_a_line_that_announces_links_takes_its_list_along_and_nothing_else():
    blocks = [
        Block("paragraph", "Related articles"),
        Block("item", "Paying by card"),
        Block("paragraph", "Refunds take 5 days."),
    ]

    assert kept(*blocks) == ["Refunds take 5 days."]


def test_boilerplate_on_the_last_line_of_a_paragraph_goes_alone():
    assert kept(*paragraphs("Refunds take 5 days.\nWas this article helpful? Yes / No")) == ["Refunds take 5 days."]


def test_a_breadcrumb_goes_only_from_the_top():
    blocks = paragraphs("Help centre › Payments › Refunds", "Refunds take 5 days.", "Trips › Bookings › Cancel")

    assert kept(*blocks) == ["Refunds take 5 days.", "Trips › Bookings › Cancel"]
