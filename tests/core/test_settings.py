"""Settings: read once from a passed-in environment, checked, secrets never printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadSetting
from core.settings import REACTIONS, Settings


def test_an_empty_environment_gives_the_embedded_defaults() -> None:
    settings = Settings.from_environment({})

    assert settings.database_url == f"sqlite:///{settings.home / 'aitl.db'}"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.generator == "extractive"
    assert settings.daily_budget == 20
    assert settings.retention_days is None


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("AITL_DAILY_BUDGET=3\nAITL_TIMEZONE=Europe/Berlin\n", "utf-8")

    settings = Settings.from_environment({"AITL_DAILY_BUDGET": "7"}, dotenv)

    assert (settings.daily_budget, settings.timezone) == (7, "Europe/Berlin")


def test_an_empty_value_counts_as_not_given() -> None:
    assert Settings.from_environment({"AITL_DAILY_BUDGET": " "}).daily_budget == 20


def test_ids_may_be_separated_by_commas_or_spaces() -> None:
    settings = Settings.from_environment({"AITL_LEADS": "U1, U2  S3"})

    assert settings.leads == ("U1", "U2", "S3")


def test_knowledge_owners_are_the_leads_unless_named() -> None:
    assert Settings.from_environment({"AITL_LEADS": "U1"}).knowledge_owners == ("U1",)
    assert Settings.from_environment({"AITL_LEADS": "U1", "AITL_KNOWLEDGE_OWNERS": "U2"}).knowledge_owners == ("U2",)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AITL_DAILY_BUDGET", "many", "AITL_DAILY_BUDGET is 'many', expected a whole number from 0 to 1000."),
        ("AITL_DAILY_BUDGET", "1001", "AITL_DAILY_BUDGET is '1001', expected a whole number from 0 to 1000."),
        (
            "AITL_GENERATOR",
            "magic",
            "AITL_GENERATOR is 'magic', expected one of: extractive, transformers:MODEL, openai:MODEL.",
        ),
        ("AITL_TIMEZONE", "Mars", "AITL_TIMEZONE is 'Mars', expected a time zone such as Europe/Berlin."),
    ],
)
def test_a_bad_value_is_named_with_what_would_be_right(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as failure:
        Settings.from_environment({name: value})

    assert str(failure.value) == sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AITL_SLACK_API_URL", "http://127.0.0.1:1234"),
        ("AITL_CASE_CHANNELS", "#support"),
        ("AITL_CHROMA_URL", "localhost"),
        ("AITL_DATABASE_URL", "mysql://somewhere"),
        ("AITL_REACTIONS", "prefer_a=b"),
        ("AITL_REACTIONS", "shout=mega"),
        ("AITL_RETENTION_DAYS", "0"),
        ("AITL_LEADS_CHANNEL", "#leads"),
        ("AITL_LEADS_CHANNEL", "C1 C2"),
        ("AITL_RETRAIN_CRON", "weekly"),
        ("AITL_RETRAIN_CRON", "0 3 * * sunday"),
        ("AITL_GENERATOR", "transformers:"),
        ("AITL_GENERATOR", "openai"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environment({name: value})


def test_a_language_model_is_named_after_where_it_runs() -> None:
    local = Settings.from_environment({"AITL_GENERATOR": "transformers:some/model"})
    served = Settings.from_environment({"AITL_GENERATOR": "openai:qwen:7b", "AITL_OPENAI_BASE_URL": "http://llm/v1"})

    assert local.language_model == ("transformers", "some/model")
    assert served.language_model == ("openai", "qwen:7b")
    assert Settings.from_environment({}).language_model == ("", "")


def test_a_served_model_needs_a_key_or_a_server_of_ones_own() -> None:
    with pytest.raises(BadSetting, match="AITL_OPENAI_API_KEY is '', expected a key, or AITL_OPENAI_BASE_URL"):
        Settings.from_environment({"AITL_GENERATOR": "openai:some-model"})


def test_a_reaction_can_be_renamed() -> None:
    settings = Settings.from_environment({"AITL_REACTIONS": "gap=:question:"})

    assert settings.reactions == {**REACTIONS, "gap": "question"}


def test_secrets_never_print_themselves() -> None:
    settings = Settings.from_environment(
        {
            "SLACK_BOT_TOKEN": "xoxb-very-secret",
            "AITL_DATABASE_URL": "postgresql://bot:hunter2@db/aitl",
        }
    )

    shown = f"{settings.slack_bot_token} {settings.slack_bot_token!r} {settings.described()}"

    assert "very-secret" not in shown + repr(settings)
    assert "hunter2" not in shown
    assert settings.slack_bot_token.reveal() == "xoxb-very-secret"


def test_a_refused_database_url_does_not_print_its_password() -> None:
    with pytest.raises(BadSetting) as failure:
        Settings.from_environment({"AITL_DATABASE_URL": "mysql://bot:hunter2@db/aitl"})

    assert "hunter2" not in str(failure.value)
