"""`aitl models`, `aitl promote`, `aitl rollback`: who serves, and changing it by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from core.bootstrap import open_store
from core.cli import aitl
from core.clock import utc_now
from core.errors import NotPossible, UnknownBundle, UnknownCase
from core.values import Turn
from tests.conftest import a_suggestion
from tests.core.registry.shelf import Shelf, drafted_by


@pytest.fixture
def register(program):
    """Registers a version with a ranker of its own."""

    def make():
        with open_store(program.settings()) as store:
            shelf = Shelf(store.registry, program.settings().home / "models")
            return shelf.trained("ranker", reason="It chooses better.").version

    return make


def test_at_first_only_what_ships_with_the_product_is_listed(invoke):
    said = invoke("models")

    assert "0        champion" in said
    assert "what ships with the product" in said
    assert "What happened" not in said


def test_versions_are_listed_with_alias_verdict_and_history(invoke, register):
    register()
    register()
    invoke("promote", "1")

    said = invoke("models")

    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0] == "Version Serves as Made From Trained Verdict"
    assert lines[1].startswith("2 20")
    assert lines[1].endswith("0 ranker superior: It chooses better.")
    assert lines[2].startswith("1 champion 20")
    assert lines[3] == "0 what ships with the product"
    assert lines[-1].endswith("version 1 made champion by command line: asked for on the terminal")


def test_the_same_as_one_json_object(invoke, register):
    register()
    invoke("promote", "1")

    listed = json.loads(invoke("models", "--json"))

    assert (listed["champion"], listed["challenger"], listed["share"]) == (1, None, 0.0)
    newest, base = listed["bundles"]
    assert (newest["version"], newest["alias"], newest["parent"], newest["files_removed"]) == (1, "champion", 0, False)
    assert newest["metrics"] == {"nDCG@10": 0.5}
    assert newest["created_at"].endswith("+00:00")
    assert (base["version"], base["alias"], base["created_at"], base["parent"]) == (0, None, None, None)
    assert [(one["version"], one["action"], one["by"]) for one in listed["history"]] == [
        (1, "registered", "gate"),
        (1, "promoted", "command line"),
    ]


def test_a_version_is_promoted_and_rolled_back_in_a_sentence_each(invoke, register):
    register()

    assert invoke("promote", "1") == "Version 1 is the champion now, in place of version 0.\n"
    assert invoke("promote", "1") == "Version 1 is the champion already.\n"
    assert invoke("rollback") == "Version 0 is the champion again, in place of version 1.\n"


def test_promote_and_rollback_answer_with_one_json_object(invoke, register):
    register()

    assert json.loads(invoke("promote", "1", "--json")) == {"champion": 1, "changed": True}
    assert json.loads(invoke("rollback", "--json")) == {"champion": 0, "rolled_back": 1}


def test_what_drafted_for_a_case_is_told_with_who_let_it_and_what_taught_it(invoke, register, program):
    register()
    with open_store(program.settings()) as store:
        store.registry.promote(1, "U0LEAD", "It is better.")
        case, _ = store.cases.open("T1", "C1", "1.0", "U", Turn("customer", "Where is my refund?", "1.0"))
        first = a_suggestion(case, utc_now())
        store.suggestions.add(drafted_by(first, "0", "1"))

    today = f"{utc_now():%Y-%m-%d}"
    lines = invoke("models", "--case", case.id).splitlines()
    assert lines[0] == f"{case.id}: 1 revision"
    assert lines[1].startswith(f"revision 1, drafted {today}")
    assert lines[2] == "  by version 0, what ships with the product"
    assert lines[3].startswith(f"  by version 1, champion since {today}")
    assert lines[3].endswith("by U0LEAD (It is better.), taught by 2 annotations (data 9f00)")

    told = json.loads(invoke("models", "--case", case.id, "--json"))
    [revision] = told["revisions"]
    base, trained = revision["versions"]
    assert (base["version"], base["by"], base["lessons"]) == (0, None, [])
    assert (trained["version"], trained["by"], trained["lessons"]) == (1, "U0LEAD", ["ann_1", "ann_2"])
    with pytest.raises(UnknownCase):
        invoke("models", "--case", "case_nonsense")


def test_a_version_without_its_files_is_listed_as_such_and_not_promoted(invoke, register, program):
    register()
    shutil.rmtree(program.settings().home / "models")

    with pytest.raises(NotPossible, match="Version 1 cannot serve: the files of its ranker are not in"):
        invoke("promote", "1")

    assert "files removed; superior" in invoke("models")


def test_a_version_that_is_not_there_is_named(invoke):
    with pytest.raises(UnknownBundle, match=r"There is no version 7\. The versions are listed by: aitl models"):
        invoke("promote", "7")


def test_a_version_is_a_whole_number(program):
    result = CliRunner().invoke(aitl, ["promote", "third"], obj=program)

    assert result.exit_code == 2
    assert "'third' is not a valid integer" in result.stderr


def test_nothing_to_go_back_to_is_one_sentence_and_a_failure(program, tmp_path):
    answer = subprocess.run(
        [sys.executable, "-c", "from core.cli import main; main()", "rollback"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), **program.environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == ("NotPossible: Version 0 serves and none was before it; there is nothing to go back to.\n")
