"""Figures of small worlds, counted by hand: what is known to help, right citations, time per annotation, rivals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.judge.agreement import Audited
from core.knowledge.gaps import IndexCheck
from core.metrics.counted import Counted, together
from core.metrics.measures import figures_of
from core.metrics.periods import figures_of_the_last
from core.values import Turn
from tests.conftest import a_suggestion


def figure(name, store, watch):
    watch.advance(1)
    return figures_of_the_last(30, watch(), lambda since, until: store.metrics.counted(since, until, "T1"))[name]


def test_recall_asks_how_much_of_what_is_known_the_first_drafts_showed(new_world, store, watch):
    """Of 24 cases, 12 showed what helped, 6 only on the next revision, and 6 did not, says a report."""
    for number in range(24):
        world = new_world(f"{number + 5}.0")
        if number < 12:
            world.feedback.mark(world.suggestion.id, "U_ANN", 1, "helpful", "button", f"m{number}")
        elif number < 18:
            [first, *others] = world.suggestion.shown
            newer = world.revise(shown=(replace(first, snippet=replace(first.snippet, id="snip_9")), *others))
            world.feedback.mark(newer.id, "U_ANN", 1, "helpful", "button", f"m{number}")
        else:
            of, key = world.suggestion.id, f"r{number}"
            report = world.feedback.report_gap(of, "U_ANN", "More", "exists_not_found", None, "modal", key)
            store.gaps.keep_check(report.id, IndexCheck("article-9", 12, "0", watch()))

    found = figure("recall_of_known", store, watch)

    assert (found.value, found.n) == (0.5, 24)
    # Wilson's interval of a half of 23: with the cases' design effect of 24 / 23.
    assert (round(found.low, 3), round(found.high, 3)) == (0.311, 0.689)


def test_an_article_that_was_on_the_screen_after_all_counts_as_shown(world, store, watch):
    report = world.feedback.report_gap(world.suggestion.id, "U_ANN", "More", "exists_not_found", None, "modal", "r")
    store.gaps.keep_check(report.id, IndexCheck("article-2", 2, "0", watch()))
    world.feedback.mark(world.suggestion.id, "U_BEN", 1, "helpful", "button", "m1")
    world.feedback.mark(world.suggestion.id, "U_ANN", 1, "helpful", "button", "m2")
    watch.advance(1)

    assert store.metrics.counted(world.case.created_at, watch(), "T1").known == {(2, 2): 1}


def test_citations_are_right_where_they_bear_the_facts_out(store, watch):
    """Twenty cases with two facts each, of which five have one that its snippet does not bear out, and a greeting."""
    for number in range(20):
        turn = Turn("customer", "Where is my refund?", f"{number}.0", watch())
        case, _ = store.cases.open("T1", "C1", f"{number}.0", "U", turn)
        plain = a_suggestion(case, watch())
        a, b = plain.candidates
        [stated] = b.report.sentences
        greeting = replace(stated, text="Hello!", citations=(), states_fact=False)
        checked = replace(b.report, sentences=(greeting, replace(stated, supported=number >= 5)))
        store.suggestions.add(replace(plain, candidates=(a, replace(b, report=checked))))
        store.suggestions.mark_posted(plain.id, "C1", f"{number}.1", watch())

    found = figure("citation_correctness", store, watch)

    assert (found.value, found.n) == (0.875, 40)


def test_an_annotation_takes_the_time_since_the_same_agents_last_one(new_world, store, watch):
    """In ten cases Ann reads for a minute, clicks, and clicks again after 15 s and after 20 s; Ben clicks once."""
    for number in range(10):
        world = new_world(f"{number + 5}.0")
        of, say = world.suggestion.id, world.feedback
        watch.advance(60)
        say.mark(of, "U_ANN", 1, "helpful", "button", f"a{number}")
        watch.advance(15)
        say.mark(of, "U_ANN", 2, "irrelevant", "button", f"b{number}")
        say.mark(of, "U_BEN", 1, "helpful", "button", f"c{number}")
        watch.advance(20)
        say.prefer(of, "U_ANN", "a1", "button", f"d{number}")

    found = figure("time_per_annotation_s", store, watch)

    assert (found.value, found.n, found.low, found.high) == (17.5, 20, 15.0, 20.0)


def test_a_challenger_is_told_apart_by_the_place_it_stood_in():
    preferences = {("a", "a"): 12, ("b", "a"): 8, ("b", "b"): 15, ("a", "b"): 15, (None, "b"): 3, ("a", None): 7}

    found = figures_of(Counted(preferences=preferences), Counted())

    assert {name: (found[f"preference.{name}"].value, found[f"preference.{name}"].n) for name in (
        "challenger", "challenger_as_a", "challenger_as_b"
    )} == {"challenger": (0.54, 50), "challenger_as_a": (0.6, 20), "challenger_as_b": (0.5, 30)}  # fmt: skip


def test_the_judge_is_right_about_what_it_holds_where_people_would_hold_it_too():
    held = tuple(Audited("preference", f"case_{number}", "held", number < 5) for number in range(20))

    found = figures_of(Counted(audited=held), Counted())

    assert (found["judge.precision_held"].value, found["judge.precision_held"].n) == (0.75, 20)
    assert (found["judge.precision"].value, found["judge.precision"].n) == (None, 0)


@pytest.mark.parametrize("parts", [[], [Counted()]], ids=["nothing", "an empty period"])
def test_nothing_adds_up_to_nothing(parts):
    assert figures_of(together(parts), Counted()) == figures_of(Counted(), Counted())


def test_periods_add_up():
    one = Counted(verdicts={"held": 2}, marks={(1, 2): 3}, edits=(0.5,), drafted=4)
    other = Counted(verdicts={"held": 1, "accepted": 5}, marks={(0, 1): 1}, edits=(0.25, 1.0), drafted=1)

    assert together([one, other]) == Counted(
        verdicts={"held": 3, "accepted": 5}, marks={(1, 2): 3, (0, 1): 1}, edits=(0.5, 0.25, 1.0), drafted=5
    )
