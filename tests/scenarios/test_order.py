"""Of what one agent does in quick succession the last counts, in whichever order it arrives."""

from __future__ import annotations

import random
from typing import Any

CHOICES = {"a3": ("a", 3), "a1": ("a", 1), "tie": (None, 0), "b2": ("b", 2)}
LABELS = ("helpful", "irrelevant", "outdated", "clear")


def test_a_burst_of_clicks_and_reactions_ends_in_the_last_of_each(scene: Any, seed: int) -> None:
    chance = random.Random(seed)
    _, message = scene.post_case()
    scene.quiet()
    last: dict[str, Any] = {}

    scene.slack.hold_events()
    for _ in range(16):
        _do_something(scene, message, chance, last)
    heard = list(scene.slack.deliveries)
    again = [one.envelope_id for one in heard[-8:] if one.type == "interactive"]
    chance.shuffle(again)
    for envelope in again:
        scene.slack.resend(envelope)
    scene.slack.release_events(copies=3, seed=seed)

    scene.eventually(lambda: _standing(scene, message) == _expected(last), "the last of each to stand")
    scene.quiet()
    assert _standing(scene, message) == _expected(last)


def _do_something(scene: Any, message: dict[str, Any], chance: random.Random, last: dict[str, Any]) -> None:
    match chance.choice(["prefer", "prefer", "mark", "mark", "react"]):
        case "prefer":
            choice = chance.choice(list(CHOICES))
            scene.click("ada", message, f"preference.{choice}")
            last["preference"] = CHOICES[choice]
        case "mark":
            n, label = chance.randint(1, 2), chance.choice(LABELS)
            scene.click("ada", message, f"relevance.{n}", label)
            last[f"snippet {n}"] = label
        case "react":
            add = not last.get("reaction", False)
            scene.person("ben").react("support-cases", message["ts"], "b", add=add)
            last["reaction"] = add


def _expected(last: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in last.items() if value not in ("clear", False)}


def _standing(scene: Any, message: dict[str, Any]) -> dict[str, Any]:
    suggestion_id = message["metadata"]["event_payload"]["suggestion_id"]
    standing: dict[str, Any] = {}
    for one in scene.store.annotations.standing(suggestion_id):
        if one.source == "reaction":
            standing["reaction"] = True
        elif hasattr(one, "label"):
            standing[f"snippet {one.n}"] = one.label
        else:
            standing["preference"] = (one.chosen_slot, one.strength)
    return standing
