"""Cases: one per thread, the first answer wins, turns arrive once."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UnknownCase
from core.redaction import redact
from core.store import Store
from core.values import Turn

THREADS = itertools.count(1)


def open_case(store: Store, thread_ts: str = "1.0", text: str = "Where is my refund?"):
    return store.cases.open("T1", "C1", thread_ts, "U_CUSTOMER", Turn("customer", text, thread_ts))


def test_a_thread_is_one_case_however_often_it_is_opened(store):
    first, new = open_case(store)

    second, new_again = open_case(store, text="Something else")

    assert (new, new_again) == (True, False)
    assert second == first
    assert second.text == "Where is my refund?"
    assert store.cases.count() == 1


def test_one_timestamp_in_two_workspaces_is_two_cases(store):
    here, _ = open_case(store)

    elsewhere, new = store.cases.open("T2", "C1", "1.0", "U_OTHER", Turn("customer", "Hello", "1.0"))

    assert new
    assert elsewhere.id != here.id
    assert store.cases.by_thread("T2", "C1", "1.0") == elsewhere


def test_the_threads_of_a_channel_are_told_from_a_moment_on(store):
    for thread_ts in ("1700000300.000000", "1700000100.000000", "1700000200.000100"):
        open_case(store, thread_ts)
    store.cases.open("T1", "C2", "1700000400.000000", "U", Turn("customer", "Hello", "1700000400.000000"))
    withdrawn = store.cases.by_thread("T1", "C1", "1700000300.000000")
    store.cases.withdraw(withdrawn.id)

    threads = store.cases.threads("T1", "C1", "1700000200.000100")

    assert list(threads.items()) == [("1700000200.000100", "open"), ("1700000300.000000", "withdrawn")]


def test_a_case_is_found_by_its_id_as_a_person_types_it(store):
    case, _ = open_case(store)
    bare = case.id.removeprefix("case_")

    found = [store.cases.find("T1", text) for text in (case.id, case.id.upper(), f"  {bare} ", bare.upper())]

    assert found == [case] * 4
    assert store.cases.find("T1", "case_\x00nope") is None
    assert store.cases.find("T1", "") is None


def test_an_unknown_case_is_an_error_that_names_it(store):
    with pytest.raises(UnknownCase, match="case_nope"):
        store.cases.get("case_nope")
    with pytest.raises(UnknownCase):
        store.cases.add_turn("case_nope", Turn("customer", "Hello", "2.0"))
    with pytest.raises(UnknownCase):
        store.cases.answer("case_nope", "U1", "k1")


def test_a_turn_is_added_once(store, watch):
    case, _ = open_case(store)
    watch.advance(5)

    added = [store.cases.add_turn(case.id, Turn("customer", "Booking 20394857", "2.0")) for _ in range(3)]

    assert added == [True, False, False]
    assert [turn.text for turn in store.cases.get(case.id).turns] == ["Where is my refund?", "Booking 20394857"]


def test_turns_stand_in_the_order_in_which_they_were_written(store, watch):
    case, _ = store.cases.open("T1", "C1", "1.0", "U", Turn("customer", "first", "1.0", watch()))
    second_at = watch()
    watch.advance(10)

    store.cases.add_turn(case.id, Turn("customer", "third", "3.0", watch()))
    store.cases.add_turn(case.id, Turn("agent", "second", "2.0", second_at))

    assert [turn.text for turn in store.cases.get(case.id).turns] == ["first", "second", "third"]


def test_an_edited_turn_says_the_new_words(store):
    case, _ = open_case(store)

    changed = store.cases.edit_turn(case.id, "1.0", "Where is my deposit?")

    assert changed
    assert store.cases.get(case.id).text == "Where is my deposit?"
    assert not store.cases.edit_turn(case.id, "1.0", "Where is my deposit?")
    assert not store.cases.edit_turn(case.id, "9.9", "No such turn")


def test_a_removed_turn_stays_away_when_it_is_delivered_again(store, watch):
    case, _ = open_case(store)
    watch.advance(1)
    store.cases.add_turn(case.id, Turn("customer", "secret", "2.0"))

    store.cases.remove_turn(case.id, "2.0")

    assert not store.cases.add_turn(case.id, Turn("customer", "secret", "2.0"))
    assert [turn.key for turn in store.cases.get(case.id).turns] == ["1.0"]


def test_a_case_keeps_its_first_turn_as_a_mark_when_that_is_deleted(store):
    case, _ = open_case(store)

    store.cases.remove_turn(case.id, "1.0")

    assert store.cases.get(case.id).text == "[deleted]"


def test_only_the_first_answer_counts_and_only_its_click_can_take_it_back(store):
    case, _ = open_case(store)

    first = store.cases.answer(case.id, "U_ANN", "k1")
    second = store.cases.answer(case.id, "U_BEN", "k2")
    first_again = store.cases.answer(case.id, "U_ANN", "k1")

    assert (first, second, first_again) == (True, False, True)
    assert store.cases.get(case.id).answered_by == "U_ANN"
    assert not store.cases.reopen(case.id, "k2")
    assert store.cases.reopen(case.id, "k1")
    assert (store.cases.get(case.id).status, store.cases.get(case.id).answered_by) == ("open", None)


def test_a_withdrawn_case_takes_no_answer(store):
    case, _ = open_case(store)

    store.cases.withdraw(case.id)

    assert not store.cases.answer(case.id, "U_ANN", "k1")
    assert store.cases.get(case.id).status == "withdrawn"


def test_personal_data_never_reaches_the_database(store):
    case, _ = open_case(store, text="I am jo@mail.example, call +1 415 555 0132")

    store.cases.add_turn(case.id, Turn("customer", "My card is 4111 1111 1111 1111", "2.0"))
    store.cases.edit_turn(case.id, "1.0", "I am jo@mail.example")

    texts = [turn.text for turn in store.cases.get(case.id).turns]
    assert texts == ["I am [email]", "My card is [card]"]


def test_the_newest_cases_come_first(store, watch):
    for thread_ts in ("1.0", "2.0", "3.0"):
        open_case(store, thread_ts)
        watch.advance(60)

    assert [case.thread_ts for case in store.cases.recent(2)] == ["3.0", "2.0"]
    assert len(store.cases.ids()) == 3


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None)))
def test_whatever_a_customer_writes_is_kept(store, text):
    case, _ = store.cases.open("T1", "C1", f"{next(THREADS)}.0", "U", Turn("customer", text, "1.0"))

    kept = case.text.replace("\ufffd", "")
    assert store.cases.get(case.id) == case
    assert kept == redact("".join(one for one in text if not "\ud800" <= one <= "\udfff")).replace("\ufffd", "")


def test_text_that_postgresql_would_refuse_is_kept_without_the_refused_part(store):
    case, _ = open_case(store, text="a\x00b\ud83d \U0001f600")

    assert store.cases.get(case.id).text == "ab\ufffd \U0001f600"


def test_a_tidied_turn_keeps_the_new_words_and_is_no_change(store):
    case, _ = open_case(store)
    store.cases.edit_turn(case.id, "1.0", "where is it")

    assert not store.cases.edit_turn(case.id, "1.0", "Where is it?")
    assert store.cases.get(case.id).text == "Where is it?"


def test_an_edit_that_comes_late_does_not_undo_a_newer_one(store, watch):
    case, _ = store.cases.open("T1", "C1", "1.0", "U_CUSTOMER", Turn("customer", "First", "1.0", watch()))

    assert store.cases.edit_turn(case.id, "1.0", "Third", watch() + timedelta(seconds=2))
    assert not store.cases.edit_turn(case.id, "1.0", "Second", watch() + timedelta(seconds=1))

    assert store.cases.get(case.id).text == "Third"


def test_a_turn_that_comes_after_its_deletion_adds_nothing(store, watch):
    case, _ = store.cases.open("T1", "C1", "1.0", "U_CUSTOMER", Turn("customer", "First", "1.0", watch()))

    store.cases.remove_turn(case.id, "2.0")

    assert not store.cases.add_turn(case.id, Turn("customer", "Second", "2.0", watch()))
    assert [turn.text for turn in store.cases.get(case.id).turns] == ["First"]
