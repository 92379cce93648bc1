"""The doctor finds what is wrong, and says what to do."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import doctor_command, run_checks
from bot.sandbox import Sandbox
from core.ingest_command import ingest
from core.settings import Secret, Settings
from core.store import Store, make_engine, upgrade
from tests.chat_server import ChatServer
from tests.core.registry.shelf import Shelf


@pytest.fixture
def settings(slack: Sandbox, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'aitl.db'}",
        slack_api_url=slack.api_url,
        slack_bot_token=Secret(slack.bot_token),
        slack_app_token=Secret(slack.app_token),
        case_channels=(slack.channel("support-cases").id,),
        leads=(slack.user("lea").id,),
    )


def faults(settings: Settings) -> dict[str, str]:
    return {check.name: check.advice for check in run_checks(settings) if not check.ok}


def test_a_fresh_installation_only_lacks_knowledge(settings: Settings, capsys: Any) -> None:
    assert doctor_command(settings, as_json=True) == 1

    checks = json.loads(capsys.readouterr().out)["checks"]
    assert [check["name"] for check in checks if not check["ok"]] == ["knowledge"]
    assert {"name", "ok", "advice"} == set(checks[0])


def test_a_channel_without_the_bot_or_with_a_guest_is_a_fault(settings: Settings, slack: Sandbox) -> None:
    random = slack.channel("random").id
    slack.person("lea").invite("support-cases", slack.user("guest").id)

    found = faults(replace(settings, case_channels=(slack.channel("support-cases").id, random)))

    assert f"The bot is not in {random}. Invite it there with /invite." == found[f"case channel {random}"]
    assert "can be read from outside" in found[f"case channel {slack.channel('support-cases').id}"]


def test_a_language_model_that_is_there_is_named_and_one_that_is_not_is_a_fault(
    settings: Settings, tiny_llama: Path, tmp_path: Path, chat_server: ChatServer
) -> None:
    def said(generator: str) -> tuple[bool, str]:
        checks = run_checks(replace(settings, generator=generator, openai_base_url=chat_server.url))
        return next((check.ok, check.advice) for check in checks if check.name == "language model")

    assert said("extractive")[0]
    assert said(f"transformers:{tiny_llama}") == (True, "tiny-llama is there, with 0.00 GB of weights")
    assert said("transformers:some/model") == (True, "some/model is loaded by name when it is first needed")
    assert said(f"transformers:{tmp_path / 'no'}")[1].startswith(f"There is no folder {tmp_path / 'no'}.")
    assert said(f"transformers:{tmp_path}")[1].startswith(f"{tmp_path} holds no model")
    assert said("openai:some-model") == (True, "the server of some-model answers")
    chat_server.shutdown()
    chat_server.server_close()
    assert not said("openai:some-model")[0]


def test_missing_tokens_and_leads_are_faults(settings: Settings) -> None:
    assert "SLACK_BOT_TOKEN is not set." in faults(replace(settings, slack_bot_token=Secret("")))["bot token"]
    assert "AITL_LEADS is empty" in faults(replace(settings, leads=()))["leads"]
    assert "was refused by Slack" in faults(replace(settings, slack_app_token=Secret("xapp-no")))["app token"]
    assert "is not set" in faults(replace(settings, slack_app_token=Secret("")))["app token"]


def test_who_receives_over_http_needs_no_app_token(settings: Settings) -> None:
    over_http = replace(settings, slack_app_token=Secret(""), slack_signing_secret=Secret("s" * 32))

    assert "app token" not in faults(over_http)


def test_leads_and_owners_who_can_do_nothing_are_faults(settings: Settings, slack: Sandbox) -> None:
    guest, ada, dee = (slack.user(name).id for name in ("guest", "ada", "dee"))
    group = "S08LEADSG1D"

    found = faults(replace(settings, leads=(guest, ada, "S0NOWHERE"), knowledge_owners=(dee, "U0NOBODY", group)))

    assert found["leads"] == (
        f"In AITL_LEADS, {guest} is a guest, who may do nothing here; the group S0NOWHERE is no user group of this "
        "workspace: copy the id (S...) from the group's profile in Slack."
    )
    assert found["knowledge owners"] == (
        f"In AITL_KNOWLEDGE_OWNERS, {dee} is deactivated; U0NOBODY is nobody in this workspace."
    )

    slack.set_group_members("support-leads", ["guest"])
    found = faults(replace(settings, leads=(group,)))
    assert found["leads"].endswith(f"the group {group} has no member who is a full member of this workspace.")

    slack.fail_next("usergroups.users.list", error="plan_upgrade_required", times=9)
    found = faults(replace(settings, leads=(group, ada)))
    assert "user groups need a paid plan): name people by their user ids." in found["leads"]


def test_work_that_was_given_up_is_a_fault(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    upgrade(engine)
    store = Store(engine, lambda: datetime.now(UTC))
    store.inbox.put("k", "message", "events", {})
    for _ in range(5):
        (work,) = store.inbox.claim("events", "w", 60)
        store.inbox.fail(work.id, "ValueError: too odd", retry_in_s=-1)
    said = faults(settings)["parked work"]
    assert re.fullmatch(
        r"Pieces of work that were given up: 1\. message, 0 min old \(ref [0-9a-f]{4}\): ValueError: too odd\. "
        r"Once the cause is gone: aitl doctor --retry-parked",
        said,
    )

    assert doctor_command(settings, as_json=True, retry=True) == 1  # there is no knowledge yet

    assert "parked work" not in faults(settings)
    assert [work.attempts for work in store.inbox.claim("events", "w", 60)] == [1]
    engine.dispose()


def test_a_champion_without_its_files_is_a_fault(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    upgrade(engine)
    models = settings.home / "models"
    registry = Store(engine, lambda: datetime.now(UTC), models=models).registry
    shelf = Shelf(registry, models)
    shelf.trained("ranker")
    shelf.trained("ranker")
    registry.promote(1, "gate", "")
    registry.challenge(2, 0.2, "gate", "")
    checks = {check.name: check for check in run_checks(settings)}
    assert checks["models"].ok
    assert checks["models"].advice == (
        "version 1 is the champion, version 2 challenges it on 20% of the cases; all files are whole"
    )

    shutil.rmtree(models / "bundle-000002")

    assert faults(settings)["models"].startswith("Version 2 cannot serve: the files of its ranker are not in")
    engine.dispose()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "the words of cases are kept for good (redacted); AITL_RETENTION_DAYS removes them after so many days"),
        (1, "the words of a case are removed 1 day after its last activity; labels stay"),
        (90, "the words of a case are removed 90 days after its last activity; labels stay"),
    ],
)
def test_how_long_words_are_kept_is_said(settings: Settings, days: int | None, said: str) -> None:
    checks = {check.name: check for check in run_checks(replace(settings, retention_days=days))}

    assert (checks["retention"].ok, checks["retention"].advice) == (True, said)


def test_a_home_that_is_a_file_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    assert "set AITL_HOME" in faults(replace(settings, home=tmp_path / "file"))["home"]


def test_a_database_url_that_is_none_is_a_fault(settings: Settings) -> None:
    assert "AITL_DATABASE_URL is" in faults(replace(settings, database_url="postgresql://a@b:port/c"))["database"]


@pytest.mark.slow
def test_an_index_that_is_gone_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "refunds.md").write_text("# Refunds\n\nA refund takes five days.", "utf-8")
    ingest([tmp_path / "refunds.md"], settings)
    assert "index" not in faults(settings)

    shutil.rmtree(tmp_path / "index")

    assert "There is no vector index at" in faults(settings)["index"]
