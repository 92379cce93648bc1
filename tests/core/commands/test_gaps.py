"""`aitl gaps` and `aitl exam`: from a report to an article that is found, on the terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from core.bootstrap import open_store
from core.cli import aitl
from core.clock import utc_now
from core.errors import NotPossible
from core.feedback import Feedback
from core.redaction import redact
from core.values import Turn
from tests.conftest import a_suggestion

WINTER = "Can I get a winter refund for my January booking?"


@pytest.fixture
def report(program):
    """A case in which an agent reports what is missing, and answers in words of their own; gives the case's id."""

    def make(number, description, reply):
        with open_store(program.settings()) as store:
            feedback = Feedback(store, utc_now, redact)
            case, _ = store.cases.open("T1", "C1", f"{number}.0", "U_CUSTOMER", Turn("customer", WINTER, f"{number}.0"))
            suggestion = store.suggestions.add(a_suggestion(case, utc_now()))
            feedback.report_gap(suggestion.id, "U_ANN", description, "missing", None, "modal", f"gap{number}")
            feedback.adopt(suggestion.id, "U_ANN", "a", "modal", f"reply{number}", final=reply)
            return case.id

    return make


def test_at_first_nothing_is_missing_and_there_is_no_exam(invoke):
    assert invoke("gaps") == "Nothing is reported as missing.\n"
    assert json.loads(invoke("gaps", "--json")) == {"gaps": [], "groups": []}
    assert json.loads(invoke("exam", "--json")) == {"articles": [], "lost": []}
    assert invoke("exam").startswith("There are no exam questions yet")


def test_a_report_becomes_an_article_that_is_found(invoke, report, tmp_path):
    case = report(1, "Refunds for winter bookings", "Hi Ana! A winter refund takes ten days.")

    said = json.loads(invoke("gaps", "--json"))
    [row], [group] = said["gaps"], said["groups"]
    gap = group["id"]
    assert (row["description"], row["kind"], row["status"], row["group"]) == (
        "Refunds for winter bookings",
        "missing",
        "open",
        gap,
    )
    assert (group["title"], group["cases"], group["reports"]) == ("Refunds for winter bookings", [case], [row["id"]])

    drafted = invoke("gaps", "draft", gap)
    assert drafted.startswith(f"---\nstatus: draft\ngap: {gap}\ntitle: Refunds for winter bookings\n")
    assert drafted.endswith("---\n\nA winter refund takes ten days.\n")
    assert f"{gap}  1 case, 0 days old, drafted: Refunds for winter bookings" in invoke("gaps")

    file = tmp_path / "mine.md"
    file.write_text("# Winter refunds\n\nA winter refund takes ten days. It is paid to the card.")
    assert invoke("gaps", "edit", gap, str(file)).startswith(f"The draft of {gap} is “Winter refunds” now.")

    approved = json.loads(invoke("gaps", "approve", gap, "--json"))
    article = f"winter-refunds-{gap[-4:]}"
    assert approved == {
        "article_id": article,
        "version": 1,
        "file": str(tmp_path / "knowledge" / f"{article}.md"),
        "questions": [{"case_id": case, "rank": 1, "passed": True}],
    }
    assert invoke("gaps") == "Nothing is reported as missing.\n"
    assert json.loads(invoke("ingest", str(tmp_path / "knowledge"), "--json"))["unchanged"] == 1

    assert (
        invoke("exam", "add", article, "How long does money take in winter?") == f"{article} has one more question.\n"
    )
    [row] = json.loads(invoke("exam", "--json"))["articles"]
    assert (row["id"], row["passed"], row["failed"]) == (article, 2, 0)


def test_what_is_not_needed_says_why(invoke, report):
    report(1, "Refunds for winter bookings", "A winter refund takes ten days.")
    [group] = json.loads(invoke("gaps", "--json"))["groups"]

    assert invoke("gaps", "rename", group["id"], "Winter") == f"{group['id']} is “Winter” now.\n"
    assert invoke("gaps", "assign", group["id"], "ann") == f"{group['id']} is assigned to ann.\n"
    assert ", for ann: Winter" in invoke("gaps")
    assert invoke("gaps", "reject", group["id"], "--reason", "No winter here") == f"{group['id']} is not needed.\n"
    assert invoke("gaps") == "Nothing is reported as missing.\n"
    with pytest.raises(NotPossible, match="is not needed: nothing is left to do"):
        invoke("gaps", "draft", group["id"])


def test_where_no_reply_has_stated_an_answer_the_draft_says_that_a_person_writes_it(program, invoke, report):
    report(1, "Refunds for winter bookings", "I will ask my colleagues and come back to you.")
    [group] = json.loads(invoke("gaps", "--json"))["groups"]

    drafted = CliRunner().invoke(aitl, ["gaps", "draft", group["id"]], obj=program)

    assert drafted.stderr == (
        f"No reply has stated an answer yet. Write it in a file: aitl gaps edit {group['id']} FILE\n"
    )
