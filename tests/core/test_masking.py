"""What looks like a secret, or is known to be one, is not said."""

from __future__ import annotations

import io
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masking import MaskedStream, Masker, mask
from core.settings import Settings


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("token xoxb-123-abc was refused", "token xoxb-*** was refused"),
        ("xoxe.xoxp-1-abc, xapp-1-A0-77-ff", "xoxe.xoxp-***, xapp-***"),
        ("wss://wss.slack.com/link/?ticket=ab-12&app_id=7", "wss://wss.slack.com/link/?ticket=***&app_id=7"),
        ("to https://hooks.slack.com/actions/T1/22/s3cret now", "to https://hooks.slack.com/*** now"),
        (r'"url":"https:\/\/hooks.slack.com\/commands\/T1\/s3"', r'"url":"https:\/\/hooks.slack.com\/***"'),
        ("POST http://127.0.0.1:80/hooks/T1/22/s3cret", "POST http://127.0.0.1:80/hooks/***"),
        ("postgresql://bot:p%40ss@db/aitl", "postgresql://bot:***@db/aitl"),
        ("postgresql://bot:p@ss@db/aitl", "postgresql://bot:***@db/aitl"),
        ("postgresql://:hunter2@db/aitl", "postgresql://:***@db/aitl"),
        ("postgresql://bot@db/aitl?password=p%40ss&port=5", "postgresql://bot@db/aitl?password=***&port=5"),
        ("http://user:pw@proxy:8080/v1", "http://user:***@proxy:8080/v1"),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer ***"),
        ("openai key sk-proj-0123456789 is wrong", "openai key sk-*** is wrong"),
        ("{'token': 'verification', 'text': 'hi'}", "{'token': '***', 'text': 'hi'}"),
        ("https://help.example/refunds?page=2 at 12:30 @ noon", "https://help.example/refunds?page=2 at 12:30 @ noon"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_masked_and_nothing_else(said: str, masked: str) -> None:
    assert mask(said) == masked


def test_what_is_known_to_be_a_secret_is_masked_wherever_it_stands() -> None:
    masker = Masker.of(
        {
            "SLACK_SIGNING_SECRET": "0123abcd",
            "AITL_OPENAI_API_KEY": "my own key",
            "AITL_DATABASE_URL": "postgresql://bot:p%40ssw0rd@db/aitl?sslpassword=kl%C3%A4ger",
            "AITL_HOME": "/home/somebody",
            "PGPASSWORD": None,
        }
    )

    said = "0123abcd, 'my own key', p%40ssw0rd, p@ssw0rd, kl%C3%A4ger, kläger, /home/somebody"

    assert masker(said) == "***, '***', ***, ***, ***, ***, /home/somebody"


def test_a_short_word_is_no_reason_to_mask_every_text_it_stands_in() -> None:
    masker = Masker.of({"AITL_DATABASE_URL": "postgresql://bot:a@db/aitl"})

    assert masker("a database at postgresql://bot:a@db/aitl") == "a database at postgresql://bot:***@db/aitl"


def test_a_url_that_is_none_is_no_reason_to_fail() -> None:
    assert Masker.of({"AITL_DATABASE_URL": "postgresql://[bot:hunter2@db"})("all is well") == "all is well"


def test_a_stream_masks_all_that_is_written_to_it() -> None:
    below = io.StringIO()
    stream = MaskedStream(below, Masker(["signing-secret"]))

    print("first xoxb-1-2", file=cast(io.StringIO, stream))
    stream.writelines(["signing-", "secret\n", "the signing-secret\n"])

    assert below.getvalue() == "first xoxb-***\nsigning-secret\nthe ***\n"
    assert not stream.isatty()


def test_settings_mask_their_secrets_however_they_are_shown() -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-very-secret",
        "AITL_DATABASE_URL": "postgresql://bot:hunter%40two@db/aitl?sslpassword=hunter3",
        "AITL_CHROMA_URL": "http://chroma:hunter4@127.0.0.1:8000",
    }
    settings = Settings.from_environment(secrets)

    shown = f"{settings!r} {settings} {settings.described()} {settings.masker()('it is hunter@two')}"

    for secret in ("very-secret", "hunter%40two", "hunter@two", "hunter3", "hunter4"):
        assert secret not in shown
    assert "postgresql://bot:***@db/aitl" in shown


@given(st.text(), st.sampled_from(["xoxb-99-s3cretpart", "xapp-1-A-99-s3cretpart"]), st.text())
def test_a_token_is_masked_in_any_text(before: str, token: str, after: str) -> None:
    assert "s3cretpart" not in Masker([token])(before + token + after)
