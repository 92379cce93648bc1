"""The form for one channel's settings, and what it says once they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot import ids
from bot.blocks.elements import Block, context, input_block, modal, option, options, plain_text, section, text_input
from bot.mrkdwn import escape
from bot.refs import ConfigRef
from core.channel_settings import LANGUAGES, ChannelSettings

AUTOMATIC = "automatic"
CANDIDATES: Mapping[str, str] = {"on": "Draft replies for every case", "off": "Draft nothing in this channel"}
_LANGUAGES: Mapping[str, str] = {AUTOMATIC: "The customer's own", **LANGUAGES}
_LANGUAGE_HINT = "Facts are quoted in the language of your articles, unless a language model writes the drafts."
_BOTS_HINT = "Ids such as B0123ABCD, separated by commas. An app's profile in Slack has it: Copy member ID."
_BUDGET_HINT = "Asked for more feedback, or told what their feedback changed. 0: never."
_QUIET_HINT = "Such as 22:00, in the time zone {}. Leave both empty for no quiet hours."
_APPROVERS_HINT = "An article is read in every channel, so they may approve any."


@dataclass(frozen=True, slots=True)
class Fixed:
    """What the environment says, which no form changes. `watched`: the chosen channel's messages are cases."""

    watched: bool
    names_channels: bool  # AITL_CASE_CHANNELS says which are watched
    case_bots: tuple[str, ...]
    owners: tuple[str, ...]  # users and user groups
    daily_budget: int
    timezone: str


def build_config(ref: ConfigRef, now: ChannelSettings, fixed: Fixed) -> Block:
    """The view; without a channel in `ref` it only asks for one."""
    if not ref.channel:
        view = _view(ref, [_channel(ref, "Which channel?")])
        return {name: part for name, part in view.items() if name != "submit"}
    blocks = [_channel(ref, _about(ref, fixed)), context(_fixed_in_words(fixed)), *_fields(ref, now, fixed)]
    if now.changed_by and now.changed_at:
        blocks.append(context(f"Last changed by <@{now.changed_by}> on {now.changed_at:%Y-%m-%d}."))
    return _view(ref, blocks)


def in_words(channel: str, now: ChannelSettings, fixed: Fixed) -> str:
    """What holds in the channel from now on: a sentence of escaped mrkdwn."""
    budget = fixed.daily_budget if now.daily_budget is None else now.daily_budget
    quiet = f", not from {now.quiet.begin:%H:%M} to {now.quiet.end:%H:%M}" if now.quiet else ""
    often = f"an agent is asked or told something at most {_times(budget)} a day{quiet}"
    asked = often if budget else "no agent is asked or told anything"
    language = f"in {LANGUAGES[now.language]}" if now.language else "in the customer's language"
    parts = [f"replies are drafted {language}" if now.candidates else "no replies are drafted", asked]
    if now.bots:
        parts.append(f"posts of {', '.join(now.bots)} are cases too")
    if now.approvers:
        parts.append(f"{', '.join(f'<@{one}>' for one in now.approvers)} may approve articles too")
    return f"Kept. In <#{channel}> {'; '.join(parts)}."


def _view(ref: ConfigRef, blocks: list[Block]) -> Block:
    return modal(ids.CONFIG, "Channel settings", "Save", ref.dumps(), blocks)


def _channel(ref: ConfigRef, about: str) -> Block:
    select: Block = {
        "type": "conversations_select",
        "action_id": ids.CONFIG_CHANNEL,
        "placeholder": plain_text("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if ref.channel:
        select["initial_conversation"] = ref.channel
    return section(about, accessory=select, block_id=ref.block_id("channel"))


def _about(ref: ConfigRef, fixed: Fixed) -> str:
    if fixed.watched:
        return f"In <#{ref.channel}> every new message that starts a thread is a case."
    how = "AITL_CASE_CHANNELS names those that I do" if fixed.names_channels else "invite me there, and I ask a lead"
    return f"I don't watch <#{ref.channel}> for cases ({how}). Its settings count for drafts that somebody asks for."


def _fixed_in_words(fixed: Fixed) -> str:
    """One sentence; what is not set is not mentioned."""
    bots = f"cases from {', '.join(map(escape, fixed.case_bots))} (AITL_CASE_BOTS)" if fixed.case_bots else ""
    owners = " and ".join(f"<!subteam^{one}>" if one.startswith("S") else f"<@{one}>" for one in fixed.owners[:5])
    more = f" and {len(fixed.owners) - 5} more" if len(fixed.owners) > 5 else ""
    approved = f"articles approved by {owners}{more} (AITL_KNOWLEDGE_OWNERS)" if owners else ""
    parts = [part for part in (bots, approved) if part]
    everywhere = f"Fixed for every channel: {', '.join(parts)}. " if parts else ""
    return f"{everywhere}`/aitl config all` lists what whoever runs AITL has set."


def _fields(ref: ConfigRef, now: ChannelSettings, fixed: Fixed) -> list[Block]:
    switch = "on" if now.candidates else "off"
    language = now.language or AUTOMATIC
    budget = "" if now.daily_budget is None else str(now.daily_budget)
    begin, end = (f"{now.quiet.begin:%H:%M}", f"{now.quiet.end:%H:%M}") if now.quiet else ("", "")
    several = {"type": "multi_users_select", **({"initial_users": list(now.approvers)} if now.approvers else {})}
    fields = [
        input_block(
            "candidates",
            "Draft replies",
            {
                "type": "radio_buttons",
                "options": options(CANDIDATES.items()),
                "initial_option": option(switch, CANDIDATES[switch]),
            },
        ),
        input_block(
            "language",
            "Language of the drafts",
            {
                "type": "static_select",
                "options": options(_LANGUAGES.items()),
                "initial_option": option(language, _LANGUAGES[language]),
            },
            hint=_LANGUAGE_HINT,
        ),
        input_block("bots", "Bots whose posts are cases", _line(", ".join(now.bots)), optional=True, hint=_BOTS_HINT),
        input_block(
            "budget",
            "How often a day an agent is asked or told",
            _line(budget, f"{fixed.daily_budget}, as AITL_DAILY_BUDGET says"),
            optional=True,
            hint=_BUDGET_HINT,
        ),
        input_block("quiet_from", "Quiet hours from", _line(begin), optional=True),
        input_block("quiet_to", "Quiet hours to", _line(end), optional=True, hint=_QUIET_HINT.format(fixed.timezone)),
        input_block("approvers", "May approve articles", several, optional=True, hint=_APPROVERS_HINT),
    ]
    return [{**field, "block_id": ref.block_id(field["block_id"])} for field in fields]


def _line(initial: str, placeholder: str | None = None) -> Block:
    return text_input(initial, multiline=False, placeholder=placeholder)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
