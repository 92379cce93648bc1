"""Personal data in every place where a person can type it: sent as written, and a day later in no file of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.housekeeping import Housekeeping
from core.redaction.logs import RedactedFormatter

# One for each place, so that a test that fails says which.
TYPED = {
    "case": "jo.case@mail.example",
    "case phone": "+1 415 555 0132",
    "edited case": "4111 1111 1111 1111",
    "second turn": "DE89 3704 0044 0532 0130 00",
    "own reply": "+49 30 901820",
    "edited reply": "jo.reply@mail.example",
    "rationale": "536-22-4571",
    "refusal": "jo.refusal@mail.example",
    "what was sent instead": "C01X00T47",
    "held reply": "jo.held@mail.example",
    "gap": "jo.gap@mail.example",
    "link": "jo.link@mail.example",
    "command": "jo.command@mail.example",
    "pasted case": "jo.pasted@mail.example",
    "deleted turn": "jo.deleted@mail.example",
}


@pytest.fixture
def logged(tmp_path: Path) -> Any:
    """The file of a log with every detail of ours."""
    path = tmp_path / "aitl.log"
    handler = logging.FileHandler(path)
    handler.setFormatter(RedactedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("aitl")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield path
    logger.removeHandler(handler)
    logger.setLevel(level)
    handler.close()


def submit(scene: Any, by: str, message: dict[str, Any], action: str, view: str, values: dict[str, Any]) -> None:
    scene.click(by, message, action)
    opened = scene.person(by).wait_for_view(view)
    assert scene.person(by).submit(opened["id"], values)["closed"]


def say_it_all(scene: Any) -> None:
    """The main job, with somebody's data in every field."""
    ada, ben, lea = (scene.person(name) for name in ("ada", "ben", "lea"))
    thread_ts, message = scene.post_case(f"When is my refund? I am {TYPED['case']}, call {TYPED['case phone']}")
    ben.edit("support-cases", thread_ts, f"When is my refund? My card is {TYPED['edited case']}")
    message = scene.suggestion(thread_ts, 2)
    ben.post("support-cases", f"Or to {TYPED['second turn']}?", thread_ts)
    message = scene.suggestion(thread_ts, 3)
    ada.post("support-cases", f"We call you at {TYPED['own reply']}", thread_ts)
    gone = ada.post("support-cases", f"My own is {TYPED['deleted turn']}", thread_ts)
    ada.delete("support-cases", gone)

    reply = {
        "reply": f"It goes to {TYPED['edited reply']}",
        "reasons": ["tone"],
        "rationale": f"SSN {TYPED['rationale']}",
    }
    submit(scene, "ada", message, "edit.a", "adoption", reply)
    scene.reply(thread_ts, lambda one: TYPED["edited reply"] in one.get("text", ""))
    held = {"reply": f"Or to {TYPED['held reply']}", "reasons": [], "rationale": None}
    submit(scene, "lea", message, "edit.b", "adoption", held)
    scene.note("lea", thread_ts, "already answered by")
    refusal = {
        "reasons": ["other"],
        "rationale": f"wrote to {TYPED['refusal']}",
        "reply": f"Passport {TYPED['what was sent instead']} is fine",
    }
    submit(scene, "lea", message, "neither", "rejection", refusal)
    link = f"https://help.example/users/{TYPED['link']}?tab=1"
    gap = {"description": f"Who is {TYPED['gap']}?", "kind": "missing", "link": link}
    submit(scene, "lea", message, "report_gap", "missing_knowledge", gap)
    lea.command(f"case {TYPED['command']}")
    lea.shortcut("new_case")
    view = lea.wait_for_view("new_case")
    pasted = {"channel": scene.cases, "text": f"Is the wifi free? Write to {TYPED['pasted case']}"}
    assert lea.submit(view["id"], pasted)["closed"]
    scene.eventually(lambda: scene.store.cases.count() == 2, "the pasted case")
    scene.eventually(lambda: len(list(scene.store.annotations.all("gap"))) == 1, "the report")
    scene.quiet()


@pytest.mark.slow
def test_a_day_later_nothing_personal_is_in_any_file(play: Callable[..., Any], settings: Any, logged: Path) -> None:
    scene = play()
    say_it_all(scene)
    files = settings.home

    def tomorrow() -> Any:
        return scene.parts.clock() + timedelta(hours=25)

    scene.eventually(lambda: Housekeeping(scene.store, tomorrow).tidy() or scene.store.wipe(), "the file to be emptied")

    read = {path.name: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    found = {(place, name) for place, raw in TYPED.items() for name, held in read.items() if raw.encode() in held}
    assert found == set()
    assert b"[email]" in read["aitl.db"]  # the words around it are there
    (report,) = scene.store.annotations.all("gap")
    assert (report.description, str(report.link)) == ("Who is [email]?", "https://help.example/")
    assert logged.read_text("utf-8") != ""


def test_what_a_person_sends_goes_out_as_written(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    reply = {"reply": f"It goes to {TYPED['edited reply']}", "reasons": [], "rationale": None}

    submit(scene, "ada", message, "edit.a", "adoption", reply)

    sent = scene.reply(thread_ts, lambda one: "It goes to" in one.get("text", ""))
    assert sent["text"] == "It goes to jo.reply@mail.example"
    (adoption,) = scene.store.annotations.all("adoption")
    assert adoption.final == "It goes to [email]"
