"""What a lead has set for one channel; what is not set there is as the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

# Those in which drafts can be written, by ISO 639-1.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "pt": "Portuguese",
    "it": "Italian",
}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` on and before `end`, every day, in the zone of AITL_TIMEZONE; over midnight where it ends earlier.

    The two differ.
    """

    begin: time
    end: time

    def hold(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether nobody is to be disturbed at that moment."""
        now = moment.astimezone(zone).time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def over_at(self, moment: datetime, zone: tzinfo) -> datetime:
        """When they end that hold at that moment; the moment itself where none do."""
        if not self.hold(moment, zone):
            return moment
        here = moment.astimezone(zone)
        end = here.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return end if end > here else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`bots` and `approvers` count besides those of the environment; `daily_budget` counts in place of it.

    `language`: one of LANGUAGES, in which drafts are written; "" for the customer's own. `changed_by`: "" where nobody
    has changed anything yet.
    """

    candidates: bool = True
    bots: tuple[str, ...] = ()
    language: str = ""
    daily_budget: int | None = None
    quiet: QuietHours | None = None
    approvers: tuple[str, ...] = ()
    changed_by: str = ""
    changed_at: datetime | None = None

    def is_quiet(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether nobody is asked or told anything at that moment."""
        return self.quiet is not None and self.quiet.hold(moment, zone)


DEFAULTS = ChannelSettings()
