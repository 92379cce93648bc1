"""What a suggestion looks like on a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.terminal import print_suggestion
from core.values import Suggestion


@pytest.fixture
def shown(world: Any) -> Suggestion:
    return world.suggestion


def test_both_drafts_stand_above_their_numbered_sources(shown: Suggestion, capsys: pytest.CaptureFixture[str]) -> None:
    print_suggestion(shown, seconds=1.25)

    printed = capsys.readouterr().out
    places = [printed.index(word) for word in ("Draft A", "Draft B", "Sources", "  [1] ", "1.2 s in all")]
    assert places == sorted(places)


def test_square_brackets_are_printed_as_they_are(shown: Suggestion, capsys: pytest.CaptureFixture[str]) -> None:
    print_suggestion(shown, seconds=0.1)

    assert shown.candidates[0].text.splitlines()[0] in capsys.readouterr().out


def test_what_stands_in_for_something_else_is_said_above_it(
    shown: Suggestion, capsys: pytest.CaptureFixture[str]
) -> None:
    print_suggestion(replace(shown, notice="The model is down."), seconds=0.1)

    printed = capsys.readouterr().out
    assert 0 < printed.index("The model is down.") < printed.index("Draft A")
