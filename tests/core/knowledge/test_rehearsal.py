"""Before new knowledge is put in force it sits the exam: what would lose an article changes nothing, unless meant."""

from __future__ import annotations

import contextlib

import pytest

from core.errors import ExamNotPassed, ModelUnavailable
from core.knowledge.ingest import Ingest
from core.knowledge.rehearsal import Rehearsal
from core.values import LostQuestion
from tests.core.suggesters import pipeline

CATS = "May I bring two cats along?"
CROWD = {f"cats{number}.md": f"# Cats {number}\n\nBring two cats along, may I, number {number}." for number in range(8)}


@pytest.fixture
def change(kb):
    """Ingests the folder with an exam before it; `change.asked` says of which knowledge, None for what is live."""

    def run(*, anyway=False):
        rehearsal, turn = Rehearsal(kb.store.exam, champion), contextlib.nullcontext
        ingest = Ingest(kb.store.knowledge, kb.indexes, lambda: [kb.embedder], turn, rehearsal=rehearsal)
        return ingest.run([kb.folder], anyway=anyway)

    def champion(knowledge):
        run.asked.append(knowledge)
        return pipeline(4, retriever=kb.retriever(knowledge=knowledge))

    run.asked = []
    kb.write("pets.md", "---\nid: pets\n---\n# Pets\n\nTwo cats may come along, and dogs too.")
    run()
    return run


@pytest.fixture
def asked(kb):
    """Adds an exam question of an article: its id."""

    def add(article, text, origin="written"):
        kb.store.exam.add_text(article, text, origin, "U_ANN")
        return kb.store.exam.questions(article)[-1].id

    return add


def test_without_questions_nobody_is_asked(kb, change):
    kb.write("keys.md", "# Keys\n\nThe keys are at the door.")

    report = change()

    assert (report.added, change.asked) == (1, [])


def test_a_change_that_would_lose_an_article_changes_nothing_and_says_what_to_do(kb, change, asked):
    question = asked("pets", CATS)
    before, folders = kb.live(), kb.generations()
    for name, text in CROWD.items():
        kb.write(name, text)

    with pytest.raises(ExamNotPassed) as stopped:
        change()

    assert str(stopped.value) == (
        "Nothing was changed, for the article 'pets' would not be found any more by the exam question "
        "“May I bring two cats along?”: change the article, withdraw the question with "
        f"`aitl exam withdraw {question}`, or repeat the command with --anyway if you mean it."
    )
    assert (kb.live(), kb.generations()) == (before, folders)
    assert [one.id for one in kb.store.knowledge.current_articles()] == ["pets", "refunds"]
    assert kb.found(CATS, 1) == ["pets"]


def test_a_person_who_means_it_gets_the_change_and_is_told_what_is_lost(kb, change, asked):
    question = asked("pets", CATS)
    for name, text in CROWD.items():
        kb.write(name, text)

    report = change(anyway=True)

    assert (report.added, [one.question_id for one in report.lost]) == (8, [question])
    assert "“a”, and 1 other question would lose theirs: change the article" in str(
        ExamNotPassed([LostQuestion("pets", "exam_1", "a"), LostQuestion("keys", "exam_2", "b")])
    )
    [kept] = kb.store.exam.questions()
    assert (kept.passed, kept.rank) == (False, 9)


def test_a_question_that_is_lost_already_does_not_stop_the_next_change(kb, change, asked):
    asked("pets", CATS)
    for name, text in CROWD.items():
        kb.write(name, text)
    change(anyway=True)
    kb.write("keys.md", "# Keys\n\nThe keys are at the door.")

    assert change().added == 1


def test_a_withdrawn_question_and_one_that_a_machine_made_up_stop_nothing(kb, change, asked):
    kb.store.exam.withdraw(asked("pets", CATS), "U_ANN")
    asked("pets", f"{CATS} Please!", "synthetic")
    for name, text in CROWD.items():
        kb.write(name, text)

    assert (change().added, change.asked) == (8, [])


def test_a_change_that_keeps_what_was_found_is_put_in_force_and_the_answers_are_kept(kb, change, asked):
    asked("pets", CATS)
    kb.write("keys.md", "# Keys\n\nThe keys are at the door.")

    assert change().added == 1
    [kept] = kb.store.exam.questions()
    assert (kept.passed, kept.rank, kept.passed_once) == (True, 1, True)


def test_a_retired_article_takes_its_questions_along(kb, change, asked):
    asked("pets", CATS)
    (kb.folder / "pets.md").unlink()

    report = change()

    assert (report.retired, dict(report.left)) == (1, {"pets": 1})
    assert kb.store.exam.questions() == []


def test_the_article_that_supersedes_another_must_be_found_in_its_place(kb, change, asked):
    asked("pets", CATS)
    old = "---\nid: pets\nsuperseded_by: animals\n---\n# Pets\n\nTwo cats may come along, and dogs too."
    kb.write("pets.md", old)
    kb.write("animals.md", "---\nid: animals\n---\n# Money\n\nTaxes are due in spring.")
    for name, text in CROWD.items():
        kb.write(name, text)
    with pytest.raises(ExamNotPassed, match="the article 'animals' would not be found"):
        change()
    kb.write("animals.md", "---\nid: animals\n---\n# May I bring two cats along\n\nTwo cats may come along.")

    report = change()

    assert (report.retired, dict(report.left)) == (1, {})
    [kept] = kb.store.exam.questions()
    assert (kept.article_id, kept.passed) == ("animals", True)


def test_where_the_champion_cannot_be_loaded_nothing_is_found_now_and_nothing_can_be_lost(kb, asked, change, caplog):
    asked("pets", CATS)
    kb.write("keys.md", "# Keys\n\nThe keys are at the door.")

    def gone(knowledge):
        raise ModelUnavailable("There are no files at /models/3.")

    rehearsal = Rehearsal(kb.store.exam, gone)
    ingest = Ingest(kb.store.knowledge, kb.indexes, lambda: [kb.embedder], contextlib.nullcontext, rehearsal=rehearsal)

    assert ingest.run([kb.folder]).added == 1
    assert "The exam was not asked before this change: There are no files at /models/3." in caplog.text


def test_a_change_that_is_cut_off_in_its_exam_changes_nothing_and_the_next_one_clears_up(kb, change, asked):
    asked("pets", CATS)
    before, folders = kb.live(), kb.generations()
    kb.write("keys.md", "# Keys\n\nThe keys are at the door.")

    def killed(knowledge):
        raise KeyboardInterrupt

    rehearsal = Rehearsal(kb.store.exam, killed)
    ingest = Ingest(kb.store.knowledge, kb.indexes, lambda: [kb.embedder], contextlib.nullcontext, rehearsal=rehearsal)
    with pytest.raises(KeyboardInterrupt):
        ingest.run([kb.folder])
    assert (kb.live(), len(kb.generations())) == (before, len(folders) + 1)

    assert change().added == 1
    assert sorted({before.location, kb.live().location}) == kb.generations()
