"""The only reader of the environment: one frozen `Settings`, made once from a passed-in mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from platformdirs import user_data_path

from core.cron import parse_cron
from core.errors import BadSetting
from core.masking import URL_NAMES, Masker

GENERATORS = ("extractive", "transformers:MODEL", "openai:MODEL")
LOG_LEVELS = ("error", "warning", "info", "debug")


class Secret(str):
    """A string that never prints itself. `reveal()` gives the value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'" if self.reveal() else "''"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return format(repr(self), format_spec)

    def reveal(self) -> str:
        """The value itself."""
        return str.__str__(self)


NO_SECRET = Secret("")


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Every setting with its default; `NAMES` says which environment variable fills which field."""

    home: Path
    database_url: str
    chroma_url: str = ""
    slack_api_url: str = "https://slack.com/api/"
    slack_bot_token: Secret = NO_SECRET
    slack_app_token: Secret = NO_SECRET
    slack_signing_secret: Secret = NO_SECRET
    case_channels: tuple[str, ...] = ()
    case_bots: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    knowledge_owners: tuple[str, ...] = ()
    leads_channel: str = ""
    knowledge_dir: Path | None = None
    embedder: str = ""
    generator: str = "extractive"
    openai_base_url: str = ""
    openai_api_key: Secret = NO_SECRET
    retrain_cron: str = "0 3 * * sun"
    timezone: str = "UTC"
    retrain_min_annotations: int = 50
    gate_margin: float = 0.03
    retention_days: int | None = None
    daily_budget: int = 20
    audit_share: float = 0.05
    log_level: str = "warning"
    reactions: Mapping[str, str] = field(default_factory=lambda: dict(REACTIONS))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
        """Read and check every setting; what the environment lacks comes from the `.env` file.

        An empty value counts as not given. Raises BadSetting for the first value that cannot be used.
        """
        given = {**(dotenv_values(dotenv) if dotenv and dotenv.is_file() else {}), **environ}
        values = {name: (given.get(name) or "").strip() for name in NAMES}
        home = (
            Path(values["AITL_HOME"]).expanduser() if values["AITL_HOME"] else user_data_path("aitl", appauthor=False)
        )
        made: dict[str, Any] = {"home": home}
        for name, field_name in NAMES.items():
            if values[name] and field_name != "home":
                made[field_name] = _PARSERS.get(field_name, _text)(name, values[name])
        made.setdefault("database_url", f"sqlite:///{home / 'aitl.db'}")
        made.setdefault("knowledge_owners", made.get("leads", ()))
        settings = cls(**made)
        if settings.language_model[0] == "openai" and not (
            settings.openai_base_url or settings.openai_api_key.reveal()
        ):
            raise BadSetting("AITL_OPENAI_API_KEY", "", "a key, or AITL_OPENAI_BASE_URL of a server that needs none")
        return settings

    @property
    def language_model(self) -> tuple[str, str]:
        """("transformers" or "openai", the model's folder or name); ("", "") where drafts are only put together."""
        kind, _, model = self.generator.partition(":")
        return (kind, model.strip()) if model else ("", "")

    @property
    def is_sqlite(self) -> bool:
        """True where the database is a file."""
        return self.database_url.startswith("sqlite")

    def described(self) -> dict[str, str]:
        """Every setting by its environment name, secrets as ***: what `/aitl config` and `doctor` may show."""
        shown = {name: str(getattr(self, field_name)) for name, field_name in NAMES.items()}
        masker = Masker.of({name: getattr(self, NAMES[name]) for name in URL_NAMES})
        return {name: masker(value) for name, value in shown.items()}

    def __repr__(self) -> str:
        """As described: a password in a URL is a secret too."""
        return f"Settings({self.described()})"

    def masker(self) -> Masker:
        """What keeps the secrets of these settings out of everything that is said."""
        known = {name: getattr(self, field_name) for name, field_name in NAMES.items()}
        revealed = {name: value.reveal() for name, value in known.items() if isinstance(value, Secret)}
        return Masker.of({**{name: known[name] for name in URL_NAMES}, **revealed})


NAMES: dict[str, str] = {
    "AITL_HOME": "home",
    "AITL_DATABASE_URL": "database_url",
    "AITL_CHROMA_URL": "chroma_url",
    "AITL_SLACK_API_URL": "slack_api_url",
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_APP_TOKEN": "slack_app_token",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
    "AITL_CASE_CHANNELS": "case_channels",
    "AITL_CASE_BOTS": "case_bots",
    "AITL_LEADS": "leads",
    "AITL_KNOWLEDGE_OWNERS": "knowledge_owners",
    "AITL_LEADS_CHANNEL": "leads_channel",
    "AITL_KNOWLEDGE_DIR": "knowledge_dir",
    "AITL_EMBEDDER": "embedder",
    "AITL_GENERATOR": "generator",
    "AITL_OPENAI_BASE_URL": "openai_base_url",
    "AITL_OPENAI_API_KEY": "openai_api_key",
    "AITL_RETRAIN_CRON": "retrain_cron",
    "AITL_TIMEZONE": "timezone",
    "AITL_RETRAIN_MIN_ANNOTATIONS": "retrain_min_annotations",
    "AITL_GATE_MARGIN": "gate_margin",
    "AITL_RETENTION_DAYS": "retention_days",
    "AITL_DAILY_BUDGET": "daily_budget",
    "AITL_AUDIT_SHARE": "audit_share",
    "AITL_LOG_LEVEL": "log_level",
    "AITL_REACTIONS": "reactions",
}

# What a reaction on the suggestion message means; a team may rename any of them.
REACTIONS: dict[str, str] = {
    "prefer_a": "a",
    "prefer_b": "b",
    **{
        f"irrelevant_{n}": name
        for n, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), 1)
    },
    "neither": "no_entry_sign",
    "gap": "mag",
    "confirm": "white_check_mark",
}


def _text(name: str, value: str) -> str:
    return value


def _secret(name: str, value: str) -> Secret:
    return Secret(value)


def _ids(name: str, value: str) -> tuple[str, ...]:
    ids = tuple(part for part in value.replace(",", " ").split() if part)
    for one in ids:
        if not one.isalnum():
            raise BadSetting(name, value, f"Slack ids such as C0123ABC, separated by commas ({one!r} is none)")
    return ids


def _id(name: str, value: str) -> str:
    if len(_ids(name, value)) != 1:
        raise BadSetting(name, value, "one Slack id such as C0123ABC")
    return value


def _cron(name: str, value: str) -> str:
    try:
        parse_cron(value)
    except ValueError as error:
        raise BadSetting(name, value, f"the five fields of cron, such as 0 3 * * sun ({error})") from error
    return value


def _whole_number(low: int, high: int) -> Any:
    def parse(name: str, value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise BadSetting(name, value, f"a whole number from {low} to {high:,}".replace(",", ""))
        return number

    return parse


def _share(low: float, high: float) -> Any:
    def parse(name: str, value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise BadSetting(name, value, f"a number from {low:g} to {high:g}")
        return number

    return parse


def _api_url(name: str, value: str) -> str:
    if not value.startswith(("http://", "https://")) or not value.endswith("/api/"):
        raise BadSetting(name, value, "a URL ending in /api/, such as https://slack.com/api/")
    return value


def _url(name: str, value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise BadSetting(name, value, "a URL such as http://127.0.0.1:8000")
    return value


def _database_url(name: str, value: str) -> str:
    if not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
        raise BadSetting(name, value.split("@")[-1], "a SQLAlchemy URL starting with sqlite:/// or postgresql://")
    return value


def _generator(name: str, value: str) -> str:
    kind, _, model = value.partition(":")
    if value != "extractive" and (kind not in ("transformers", "openai") or not model.strip()):
        raise BadSetting(name, value, "one of: " + ", ".join(GENERATORS))
    return value


def _log_level(name: str, value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise BadSetting(name, value, "one of: " + ", ".join(LOG_LEVELS))
    return value.lower()


def _timezone(name: str, value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSetting(name, value, "a time zone such as Europe/Berlin") from None
    return value


def _reactions(name: str, value: str) -> Mapping[str, str]:
    """`prefer_a=thumbsup,gap=question` on top of the defaults."""
    named = dict(REACTIONS)
    for part in value.split(","):
        meaning, _, emoji = (piece.strip() for piece in part.partition("="))
        if meaning not in REACTIONS or not emoji:
            raise BadSetting(name, value, f"pairs such as gap=mag; the meanings are {', '.join(REACTIONS)}")
        named[meaning] = emoji.strip(":")
    if len(set(named.values())) < len(named):
        raise BadSetting(name, value, "a different emoji for each meaning")
    return named


def _path(name: str, value: str) -> Path:
    return Path(value).expanduser()


_PARSERS: dict[str, Any] = {
    "database_url": _database_url,
    "chroma_url": _url,
    "slack_api_url": _api_url,
    "slack_bot_token": _secret,
    "slack_app_token": _secret,
    "slack_signing_secret": _secret,
    "case_channels": _ids,
    "case_bots": _ids,
    "leads": _ids,
    "knowledge_owners": _ids,
    "leads_channel": _id,
    "knowledge_dir": _path,
    "openai_base_url": _url,
    "openai_api_key": _secret,
    "generator": _generator,
    "retrain_cron": _cron,
    "timezone": _timezone,
    "retrain_min_annotations": _whole_number(1, 1_000_000),
    "gate_margin": _share(0.001, 0.5),
    "retention_days": _whole_number(1, 36_500),
    "daily_budget": _whole_number(0, 1000),
    "audit_share": _share(0.0, 1.0),
    "log_level": _log_level,
    "reactions": _reactions,
}
