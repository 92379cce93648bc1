// One message: who, when, what, reactions and the way into its thread.

import { api } from "./api.js";
import { buildAttachments, buildFiles } from "./attachments.js";
import { avatar, badges } from "./avatar.js";
import { buildBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { emojiCharacter } from "./emoji.js";
import { openEmojiPicker } from "./emoji_picker.js";
import { clock, fullTime, plural } from "./format.js";
import { icon } from "./icons.js";
import { mrkdwnNodes, plainText } from "./mrkdwn.js";
import { orNotice } from "./notices.js";
import { store, userName } from "./store.js";
import { buildToolbar, toggleReaction } from "./message_tools.js";

export function authorId(message) {
  if (message.user) return message.user;
  const bot = [...store.users.values()].find((user) => user.bot_id && user.bot_id === message.bot_id);
  return bot?.id ?? message.bot_profile?.user_id ?? message.bot_id ?? "";
}

export function authorName(message) {
  return message.username || message.bot_profile?.name || userName(authorId(message)) || "Unknown";
}

function time(message, className = "time") {
  const date = new Date(Number(message.ts) * 1000).toISOString();
  return h("time", { class: className, datetime: date, title: fullTime(message.ts) }, clock(message.ts));
}

function head(message) {
  const id = authorId(message);
  return h(
    "div",
    { class: "message-head" },
    h("span", { class: "author" }, authorName(message)),
    badges(id),
    time(message),
  );
}

export function surfaceOf(message, channel) {
  return { key: `m:${channel}:${message.ts}`, channel, message_ts: message.ts };
}

const SYSTEM = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive)$|^tombstone$/;

export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

function editedMark(message) {
  return message.edited ? h("span", { class: "edited", title: fullTime(message.edited.ts) }, "(edited)") : null;
}

function content(message, channel) {
  const surface = surfaceOf(message, channel);
  const blocks = message.blocks?.length ? buildBlocks(message.blocks, surface) : null;
  const text = !blocks && message.text ? h("div", { class: "rich" }, mrkdwnNodes(message.text)) : null;
  const edited = editedMark(message);
  const lastLine = text?.lastElementChild;
  if (edited && lastLine?.matches(".lines")) lastLine.append(" ", edited);
  return [
    text,
    blocks,
    edited?.parentNode ? null : edited,
    message.attachments?.length ? buildAttachments(message.attachments, surface) : null,
    message.files?.length ? buildFiles(message.files) : null,
  ];
}

function reactionPill(message, channel, reaction) {
  const mine = reaction.users.includes(store.me.id);
  const who = reaction.users.map(userName).join(", ");
  const label = `${reaction.name.replaceAll("_", " ")}: ${plural(reaction.count, "reaction")}${mine ? ", yours too" : ""}`;
  const toggle = () => toggleReaction(message, channel, reaction.name, !mine);
  return h(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(mine),
      "aria-label": label,
      title: `${who} · :${reaction.name}:`,
      data: { reaction: reaction.name },
      on: { click: toggle },
    },
    h("span", { class: "emoji", "aria-hidden": "true" }, emojiCharacter(reaction.name) ?? `:${reaction.name}:`),
    h("span", { class: "count" }, reaction.count),
  );
}

function reactions(message, channel) {
  const list = message.reactions ?? [];
  if (!list.length) return null;
  const add = h(
    "button",
    {
      type: "button",
      class: "reaction add",
      "aria-label": "Add a reaction",
      "aria-expanded": "false",
      data: { testid: "add-reaction" },
    },
    icon("smile"),
  );
  add.addEventListener("click", () => openEmojiPicker(add, (name) => toggleReaction(message, channel, name, true)));
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions", data: { testid: "reactions" } },
    list.map((reaction) => reactionPill(message, channel, reaction)),
    add,
  );
}

function threadLink(message, openThread) {
  if (!message.reply_count) return null;
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id, { size: "tiny" }));
  return h(
    "button",
    {
      type: "button",
      class: "thread-link",
      data: { testid: "open-thread" },
      on: { click: () => openThread(message.ts) },
    },
    h("span", { class: "faces" }, faces),
    h("strong", {}, plural(message.reply_count, "reply", "replies")),
    message.latest_reply ? h("span", { class: "quiet" }, `Last reply ${clock(message.latest_reply)}`) : null,
  );
}

function onlyYou(message, channel) {
  const dismiss = () => orNotice(api.remove({ user: store.me.id, channel, ts: message.ts }));
  return h(
    "div",
    { class: "only-you" },
    icon("eye"),
    "Only visible to you",
    h(
      "button",
      { type: "button", class: "text-button", data: { testid: "dismiss" }, on: { click: dismiss } },
      "Dismiss",
    ),
  );
}

function systemBody(message, view) {
  const line = h("div", { class: "system" }, mrkdwnNodes(message.text), time(message));
  return [
    h("div", { class: "message-gutter" }),
    h("div", { class: "message-main" }, line, view.inThread ? null : threadLink(message, view.openThread)),
  ];
}

// What is drawn inside a message's list item. view: {channel, inThread, compact, openThread}
export function messageBody(message, view) {
  const only = message.is_ephemeral ? onlyYou(message, view.channel) : null;
  if (isSystem(message)) return systemBody(message, view);
  const gutter = h(
    "div",
    { class: "message-gutter" },
    view.compact ? time(message, "time gutter-time") : avatar(authorId(message), { name: message.username }),
  );
  const main = h(
    "div",
    { class: "message-main" },
    only,
    view.compact ? h("span", { class: "visually-hidden" }, authorName(message)) : head(message),
    content(message, view.channel),
    reactions(message, view.channel),
    view.inThread ? null : threadLink(message, view.openThread),
  );
  return [gutter, main, message.is_ephemeral ? null : buildToolbar(message, view)];
}

export function messageLabel(message) {
  const text = plainText(message.text ?? "").slice(0, 120);
  return `${authorName(message)}, ${clock(message.ts)}: ${text}`;
}
