"""The small world that figures are counted in."""

from __future__ import annotations

import pytest


@pytest.fixture
def history(new_world, watch):
    """Twenty cases, drafts at once: 8 sent as they are, 5 edited, 4 refused, 3 answered otherwise and confirmed."""
    worlds = []
    for number in range(20):
        world = new_world(f"{number + 5}.0")
        watch.advance(60)
        say, of = world.feedback, world.suggestion.id
        key = f"k{number}"
        if number < 8:
            say.adopt(of, "U_ANN", "a", "button", key)
        elif number < 13:
            say.adopt(of, "U_ANN", "b", "modal", key, final="Refund rule number 2 applies. It takes six days.")
        elif number < 17:
            say.reject(of, "U_ANN", ["outdated"], None, None, "modal", key)
        else:
            say.own_reply(world.case.id, "U_ANN", "It is on its way.", key)
            say.confirm(key, "U_BOB")
        say.prefer(of, "U_ANN", "a2" if number < 14 else "b1" if number < 18 else "tie", "button", f"p{number}")
        say.mark(of, "U_ANN", 1, "helpful" if number < 15 else "outdated", "button", f"m{number}")
        worlds.append(world)
    watch.advance(1)
    return worlds
