"""`aitl exam` on the terminal: the report per article, its questions, what stops a change, and knowledge that ails."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from core.cli import aitl
from core.errors import ConfigurationError, ExamNotPassed, UnknownQuestion
from tests.chat_server import says

CATS = "May I bring two cats along?"


@pytest.fixture
def articles(tmp_path, invoke):
    """A folder with two articles, ingested; the one about pets has an exam question."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pets.md").write_text("# Pets\n\nTwo cats may come along, and dogs too.")
    (folder / "keys.md").write_text("---\nreview_by: 2020-01-31\n---\n# Keys\n\nThe keys are in a box at the door.")
    invoke("ingest", str(folder))
    invoke("exam", "add", "pets", CATS)
    return folder


def crowd(folder):
    """As many articles as are shown, all closer to the question."""
    for number in range(8):
        (folder / f"cats{number}.md").write_text(f"# May I bring two cats along, {number}?\n\n{CATS} Yes, {number}.")


def test_the_report_tells_how_each_article_does(invoke, articles):
    invoke("exam", "add", "pets", "Are dogs allowed?", "--synthetic")

    [row] = json.loads(invoke("exam", "--json"))["articles"]

    assert row == {
        "id": "pets",
        "passed": 1,
        "failed": 0,
        "lost": 0,
        "hit@8": 1.0,
        "median_rank": 1,
        "synthetic": {"passed": 1, "failed": 0},
        "age_days": 0,
        "cited": 0,
        "outdated": 0,
        "irrelevant": 0,
    }
    assert invoke("exam").splitlines() == [
        "Article   Found  Median rank  Made up  Days old  Cited  Outdated  Irrelevant",
        "pets     1 of 1            1   1 of 1         0      0         0           0",
        "Found: questions that show it among the eight; made-up ones are counted apart.",
        "Cited: by the newest 2,000 replies sent in the last 90 days, at most.",
    ]


def test_an_ingest_that_would_lose_an_article_stops_until_it_is_meant(program, invoke, articles):
    crowd(articles)

    stopped = CliRunner().invoke(aitl, ["ingest", str(articles), "--json"], obj=program)
    assert isinstance(stopped.exception, ExamNotPassed)
    said = json.loads(stopped.stdout)
    assert (said["added"], said["lost"][0]["article_id"], said["lost"][0]["words"]) == (0, "pets", CATS)
    assert len(json.loads(invoke("exam", "--json"))["lost"]) == 0

    meant = CliRunner().invoke(aitl, ["ingest", str(articles), "--anyway"], obj=program)
    [question] = json.loads(invoke("exam", "questions", "pets", "--json"))["questions"]
    assert meant.stdout == "8 added, 0 updated, 2 unchanged, 0 retired\n"
    assert meant.stderr == f"lost pets: “{CATS}” ({question['id']})\n"
    assert (question["passed"], question["origin"]) == (False, "written")


def test_knowledge_that_ails_is_listed_with_reasons(invoke, articles):
    text = invoke("exam", "health")

    [keys] = json.loads(invoke("exam", "health", "--json"))["articles"]
    assert text.startswith("keys: Keys\n  - was to be reviewed by 2020-01-31, ")
    assert (keys["id"], keys["url"], keys["reasons"][0]["ailment"]) == ("keys", None, "review")


def test_an_article_that_says_another_figure_than_a_newer_one_is_listed(invoke, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for year, days in ((2024, 5), (2026, 7)):
        front_matter = f"---\nupdated: {year}-02-01\n---\n"
        (folder / f"{year}.md").write_text(f"{front_matter}# Refund times\n\nA refund to a card takes {days} days.")
    invoke("ingest", str(folder))

    assert invoke("exam", "health") == (
        "2024: Refund times\n  - “A refund to a card takes 5 days.”, while “Refund times”, which is newer, says "
        "“A refund to a card takes 7 days.”\n"
    )


def test_at_first_no_knowledge_ails(invoke):
    assert invoke("exam", "health") == "No article needs to be looked at.\n"
    assert json.loads(invoke("exam", "health", "--json")) == {"articles": []}


def test_questions_are_listed_made_up_by_a_language_model_only_and_withdrawn(program, invoke, articles, chat_server):
    question = invoke("exam", "questions").split()[0]
    assert invoke("exam", "questions") == f"{question}  pets  written by a person, not asked yet: {CATS}\n"
    assert invoke("exam", "withdraw", question) == f"{question} is not asked any more.\n"
    assert invoke("exam", "questions").startswith("There are no exam questions yet.")
    with pytest.raises(UnknownQuestion):
        invoke("exam", "withdraw", question)

    with pytest.raises(ConfigurationError, match="AITL_GENERATOR is 'extractive', which makes up no questions"):
        invoke("exam", "generate")
    chat_server.answers = [says("Can my two tomcats stay with me?"), says("ANSWERED")]
    program.environ.update(AITL_GENERATOR="openai:some-model", AITL_OPENAI_BASE_URL=chat_server.url)
    made = invoke("exam", "generate", "--article", "pets").splitlines()

    assert made[0].endswith("  pets: Can my two tomcats stay with me?")
    assert made[1] == "1 question made up."
    assert "pets  made up by a machine, not asked yet: Can my two tomcats" in invoke("exam", "questions")


def test_a_retired_article_tells_that_its_questions_went_with_it(program, invoke, articles):
    (articles / "pets.md").unlink()

    (articles / "keys.md").unlink()
    invoke("exam", "add", "keys", "Where is the box?")
    (articles / "doors.md").write_text("# Doors\n\nDoors are blue.")
    retired = CliRunner().invoke(aitl, ["ingest", str(articles)], obj=program)

    assert retired.stderr == ("retired keys with its 1 exam question\nretired pets with its 1 exam question\n")
